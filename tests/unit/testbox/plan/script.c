// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Golden tests: each tests/unit/testbox/plan/scripts/NAME.ipxe, an iPXE script as a scheduler sends
 * it, must give NAME.boot: what the launcher will do, or "error: …". It came from
 * http://sched:3000/boot.ipxe/…, from a file where NAME begins with "file-", through a WebSocket
 * where it begins with "ws-".
 */
#include "src/testbox/plan/script.h"
#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/testbox/plan/script_packed.h"
#include "tests/unit/golden.h"

#define CASES "tests/unit/testbox/plan/scripts/"

static const char *base_of(const char *path)
{
	const char *name = path + strlen(CASES);

	if (!strncmp(name, "ws-", 3))
		return NULL;
	return strncmp(name, "file-", 5) ? "http://sched:3000/boot.ipxe/mac/0a-01-02-03-04-05"
					 : "file:///srv/lab%20one/boot/job.ipxe";
}

static void print_words(FILE *out, const char *name, char *const *list)
{
	for (; list && *list; list++)
		fprintf(out, "%s: %s\n", name, *list);
}

static void print(FILE *out, const struct boot_script *script)
{
	static const char *const ends[] = { "boot", "no job", "chain", "exit" };

	fprintf(out, "%s\n", ends[script->end]);
	if (script->chain)
		fprintf(out, "chain: %s\n", script->chain);
	if (script->kernel)
		fprintf(out, "kernel: %s\nargs: %s\n", script->kernel, script->args);
	print_words(out, "initrd", script->initrds);
	if (script->job_id)
		fprintf(out, "job: %s\n", script->job_id);
	if (script->wishes.nr_disk)
		fprintf(out, "disks: %u\n", script->wishes.nr_disk);
	if (script->wishes.disk_size)
		fprintf(out, "disk size: %llu\n", (unsigned long long)script->wishes.disk_size);
	if (script->wishes.nr_nic)
		fprintf(out, "nics: %u\n", script->wishes.nr_nic);
	if (script->pause)
		fprintf(out, "pause: %u\n", script->pause);
	print_words(out, "echo", script->echo);
}

/* What comes out of a jail is what went in. */
static void through_a_jail(struct boot_script *script, const char *base,
			   struct variables *variables)
{
	auto_failure struct failure f = { 0 };
	auto_free char *answer = NULL;
	size_t names = strv_len(variables->names), len;
	FILE *out = open_memstream(&answer, &len);

	script_packed_put(out, script, variables);
	fclose(out);
	boot_script_done(script);
	assert_int_equal(script_packed_take(answer, len, base, variables, script, &f), 0);
	assert_int_equal(strv_len(variables->names), names);
}

static char *outcome(const char *path)
{
	auto_failure struct failure f = { 0 };
	struct variables variables = { 0 };
	struct boot_script script = { 0 };
	auto_free char *text = NULL, *error = NULL;
	char *said = NULL;
	size_t len;
	FILE *out = open_memstream(&said, &len);

	assert_int_equal(file_read(AT_FDCWD, path, SCRIPT_SIZE_MAX, &text), 0);
	variables_of_machine(&variables, "vm-2p8g-1", "0a-01-02-03-04-05");
	if (script_read(text, base_of(path), &variables, &script, &f) < 0) {
		error = log_failure_text(&f);
		fprintf(out, "error: %s\n", error);
	} else {
		through_a_jail(&script, base_of(path), &variables);
		print(out, &script);
	}
	fclose(out);
	boot_script_done(&script);
	variables_done(&variables);
	return said;
}

static void gives_its_boot(void **state)
{
	const char *path = *state;
	auto_free char *said = outcome(path);

	/* What no message may show. */
	if (!strncmp(said, "error", 5))
		assert_null(strstr(said, "S3CRET"));
	golden_compare(path, ".boot", said);
}

int main(void)
{
	return golden_run(CASES, ".ipxe", 50, gives_its_boot);
}
