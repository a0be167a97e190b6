// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/read/verify_job.h"

#include "initrd-builder/read/verify_payload.h"
#include "initrd-builder/read/verify_tell.h"
#include "src/common/mem.h"
#include "src/rootovl/newroot/newroot.h"
#include "src/rootovl/plan/job_start.h"

#include <string.h>
#include <sys/stat.h>

#define JOB_YAML "lkp/scheduled/job.yaml"
#define JOB_SH	 "lkp/scheduled/job.sh"
#define UNIT_MAX ((size_t)1 << 20)

/* The job that rootovl hands over: rootovl(8). It is expected where anything else of LKP is. */
static void check_files(struct verify *verify)
{
	static const char *const files[] = { JOB_YAML, JOB_SH };

	if (!verify->entry.lkp || !(verify->entry.scheduled || verify->read.image))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (!tree_follow(verify->entry.tree, files[i]))
			verify_tell(verify, verify->entry.lkp, files[i],
				    "missing, although there is more of LKP");
	}
}

/* A hard link has its contents elsewhere: what is not known is not wrong. */
static void check_script(struct verify *verify)
{
	const struct node *node = tree_follow(verify->entry.tree, JOB_SH);
	const char *wrong, *text = node && node->text ? node->text : "";

	if (!node || !S_ISREG(node->mode) || (node->size && !node->text))
		return;
	wrong = job_start_bad_script(text, strlen(text), node->mode);
	if (wrong)
		verify_tell(verify, node->segment, node->path, "%s", wrong);
}

/* The names of a path in a merged /usr and in a split one. */
static void add_names(char ***names, const char *path)
{
	static const char *const tops[] = { "/bin/", "/sbin/", "/lib/", "/lib64/" };

	strv_add(names, xstrdup(path));
	for (size_t i = 0; i < ARRAY_SIZE(tops); i++) {
		if (strncmp(path, tops[i], strlen(tops[i])) == 0)
			strv_add(names, xasprintf("/usr%s", path));
		if (strncmp(path, "/usr", 4) == 0 &&
		    strncmp(path + 4, tops[i], strlen(tops[i])) == 0)
			strv_add(names, xstrdup(path + 4));
	}
}

/* Will the new root have it? Where the root is not known, only what is below /lkp is not its. */
static bool is_there(struct verify *verify, const struct payload_rules *rules, const char *path)
{
	auto_strv char **names = NULL;
	struct stat st;

	add_names(&names, path);
	for (char **name = names; *name; name++) {
		if (verify_payload_file(verify, rules, *name))
			return true;
	}
	if (!verify->known.root)
		return strncmp(path, "/lkp/", 5) != 0;
	return newroot_stat(verify->known.root, path, true, &st) == 0;
}

static const char *const unit_dirs[] = {
	"/etc/systemd/system",
	"/usr/local/lib/systemd/system",
	"/usr/lib/systemd/system",
	"/lib/systemd/system",
};

/* Are there files beside the unit's own that can change what it starts? */
static bool has_dropins(struct verify *verify, const struct payload_rules *rules, const char *unit)
{
	auto_strv char **names = job_start_dropins(unit);
	struct stat st;

	for (char **name = names; *name; name++) {
		for (size_t i = 0; i < ARRAY_SIZE(unit_dirs); i++) {
			auto_free char *path = xasprintf("%s/%s", unit_dirs[i], *name);

			if (verify_payload_file(verify, rules, path) ||
			    (verify->known.root &&
			     newroot_stat(verify->known.root, path, false, &st) == 0))
				return true;
		}
	}
	return false;
}

/* The text of a unit of the payload, or else of the root; NULL where there is none or no text. */
static char *unit_text(struct verify *verify, const struct payload_rules *rules, const char *unit,
		       bool *ret_found)
{
	struct stat st;
	char *text;
	size_t len;

	*ret_found = false;
	for (size_t i = 0; i < ARRAY_SIZE(unit_dirs); i++) {
		auto_free char *path = xasprintf("%s/%s", unit_dirs[i], unit);
		const struct node *node = verify_payload_file(verify, rules, path);

		*ret_found = *ret_found || node;
		if (node && node->text)
			return xstrdup(node->text);
	}
	for (size_t i = 0; !*ret_found && verify->known.root && i < ARRAY_SIZE(unit_dirs); i++) {
		auto_free char *path = xasprintf("%s/%s", unit_dirs[i], unit);

		*ret_found = newroot_stat(verify->known.root, path, false, &st) == 0;
		if (*ret_found &&
		    newroot_read(verify->known.root, path, UNIT_MAX, &text, &len) == 0)
			return text;
	}
	return NULL;
}

static void check_unit(struct verify *verify, const struct payload_rules *rules, const char *unit,
		       size_t segment)
{
	auto_strv char **programs = NULL;
	bool found;
	auto_free char *text = unit_text(verify, rules, unit, &found);

	/* The file of an instance is mostly its template's, which is left to the boot. */
	if (!found && verify->known.root && !strchr(unit, '@')) {
		auto_free char *none = job_start_no_unit(unit);

		verify_tell(verify, segment, JOB_YAML, "%s", none);
	}
	if (!text || has_dropins(verify, rules, unit))
		return;
	programs = job_start_programs(text);
	for (char **program = programs; program && *program; program++) {
		auto_free char *none = NULL;

		if (is_there(verify, rules, *program))
			continue;
		none = job_start_no_program(unit, *program);
		verify_tell(verify, segment, JOB_YAML, "%s", none);
		return;
	}
}

void verify_job(struct verify *verify, const struct payload_rules *rules)
{
	const struct node *job = tree_follow(verify->entry.tree, JOB_YAML);

	check_files(verify);
	check_script(verify);
	if (!job)
		return;
	if (!verify->known.enable)
		check_unit(verify, rules, JOB_UNIT, job->segment);
	for (char **unit = verify->known.enable; unit && *unit; unit++)
		check_unit(verify, rules, *unit, job->segment);
}
