// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/plan/job_wants.h"

#include "initrd-builder/base/yaml_text.h"
#include "src/common/mem.h"
#include "src/common/packed.h"
#include "src/testbox/plan/disk_keys.h"
#include "src/testbox/plan/host_file.h"
#include "src/testbox/plan/script_words.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define LETTERS 26 /* of /dev/vda to /dev/vdz */

static int wrong(const yaml_node_t *node, const char *key, const char *wanted, struct failure *f)
{
	return fail(f, EINVAL, NULL, "line %zu: %s: %s is wanted", node->start_mark.line + 1, key,
		    wanted);
}

static int take_cpus(yaml_document_t *job, const char *key, unsigned *ret, struct failure *f)
{
	const yaml_node_t *node = yaml_text_find(job, key);
	const char *text = node ? yaml_text_scalar(node) : NULL;

	if (!node || yaml_text_is_null(node))
		return 0;
	if (!text || !script_number(text, ret) || !*ret || *ret > HOST_CPUS_MAX)
		return wrong(node, key, "a number", f);
	return 0;
}

/* A number alone is of GB where the key says so, else of bytes. */
static int take_memory(yaml_document_t *job, const char *key, const char *unit, uint64_t *ret,
		       struct failure *f)
{
	const yaml_node_t *node = yaml_text_find(job, key);
	const char *text = node ? yaml_text_scalar(node) : NULL;
	auto_free char *sized = NULL;
	unsigned number;

	if (!node || yaml_text_is_null(node))
		return 0;
	if (text && script_number(text, &number))
		sized = xasprintf("%s%s", text, unit);
	if (!text || host_file_size(sized ? sized : text, ret) < 0)
		return wrong(node, key, "a size such as 8G", f);
	if (*ret < HOST_MEMORY_MIN)
		return wrong(node, key, "a size with its unit, such as 8G,", f);
	return 0;
}

static void add_names(char ***lines, const char *key, unsigned *letter, unsigned n)
{
	auto_strv char **names = NULL;
	auto_free char *value = NULL;

	for (unsigned i = 0; i < n && *letter < LETTERS; i++)
		strv_add(&names, xasprintf("/dev/vd%c", 'a' + (int)(*letter)++));
	value = names ? strv_join(names, " ") : NULL;
	if (value)
		strv_add(lines, xasprintf("\texport %s='%s'", key, value));
}

/* In the order of lkp-exec/qemu. /dev/vda is for rootfs_disk=, see disk_keys.h. */
static char *name_disks(const struct disk_keys *keys)
{
	auto_strv char **lines = NULL;
	unsigned letter = keys->rootfs ? keys->rootfs : 1;

	/* The job names them as they are here. */
	if (keys->highest)
		return NULL;
	add_names(&lines, "hdd_partitions", &letter, keys->nr_hdd_said ? keys->nr_hdd : keys->hdd);
	add_names(&lines, "ssd_partitions", &letter, keys->nr_ssd_said ? keys->nr_ssd : keys->ssd);
	add_names(&lines, "rootfs_partition", &letter, keys->partition);
	add_names(&lines, "swap_partitions", &letter, keys->swap);
	return lines ? strv_join(lines, "\n") : NULL;
}

static int take_disks(yaml_document_t *job, struct job_wants *ret, struct failure *f)
{
	struct disk_keys keys = { 0 };
	const char *name;

	for (size_t i = 0; (name = disk_keys_nth(i)); i++) {
		auto_free char *value = yaml_text_words(job, yaml_text_find(job, name));
		int r = value ? disk_keys_take(&keys, name, value, f) : 0;

		if (r < 0)
			return r;
	}
	ret->wishes.disks = disk_keys_count(&keys);
	ret->exports = name_disks(&keys);
	return 0;
}

int job_wants_read(const char *yaml, struct job_wants *ret, struct failure *f)
{
	yaml_document_t job;
	int r;

	*ret = (struct job_wants){ 0 };
	r = yaml_text_load(yaml, YAML_TEXT_SPLIT_HINT, &job, f);
	if (r < 0)
		return r;
	ret->result_root = yaml_text_words(&job, yaml_text_find(&job, "result_root"));
	r = take_cpus(&job, "nr_cpu", &ret->wishes.cpus, f);
	if (r == 0)
		r = take_cpus(&job, "cpu_minimum", &ret->wishes.cpus_minimum, f);
	if (r == 0)
		r = take_memory(&job, "memory", "", &ret->wishes.memory, f);
	if (r == 0)
		r = take_memory(&job, "memory_minimum", "G", &ret->wishes.memory_minimum, f);
	if (r == 0)
		r = take_disks(&job, ret, f);
	yaml_document_delete(&job);
	return r;
}

void job_wants_put(FILE *out, const struct job_wants *wants)
{
	packed_put(out, wants->result_root);
	packed_put(out, wants->exports);
	packed_put_number(out, wants->wishes.disks);
	packed_put_number(out, wants->wishes.cpus);
	packed_put_number(out, wants->wishes.cpus_minimum);
	packed_put_number(out, wants->wishes.memory);
	packed_put_number(out, wants->wishes.memory_minimum);
}

int job_wants_take(const char *data, size_t len, struct job_wants *ret, struct failure *f)
{
	struct packed packed = { .at = data, .left = len };

	*ret = (struct job_wants){ 0 };
	ret->result_root = packed_text(&packed);
	ret->exports = packed_text(&packed);
	ret->wishes.disks = (unsigned)packed_number(&packed, UINT_MAX);
	ret->wishes.cpus = (unsigned)packed_number(&packed, HOST_CPUS_MAX);
	ret->wishes.cpus_minimum = (unsigned)packed_number(&packed, HOST_CPUS_MAX);
	ret->wishes.memory = packed_number(&packed, UINT64_MAX);
	ret->wishes.memory_minimum = packed_number(&packed, UINT64_MAX);
	return packed_is_whole(&packed)
		       ? 0
		       : fail(f, EPROTO, NULL,
			      "what read the job gave another answer than a job's");
}

void job_wants_done(struct job_wants *wants)
{
	free(wants->result_root);
	free(wants->exports);
	*wants = (struct job_wants){ 0 };
}
