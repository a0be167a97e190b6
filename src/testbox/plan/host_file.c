// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/plan/host_file.h"

#include "initrd-builder/base/yaml_text.h"
#include "src/common/mem.h"
#include "src/testbox/plan/host_foreign.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

struct reader {
	yaml_document_t *document;
	struct host *host;
	struct host_foreign foreign;
	struct host_file_said said;
	struct failure *f;
};

static int wrong(struct reader *reader, const yaml_node_t *node, const char *what,
		 const char *wanted)
{
	return fail(reader->f, EINVAL, NULL, "line %zu: %s: %s is wanted",
		    node->start_mark.line + 1, what, wanted);
}

static int take_number(struct reader *reader, const yaml_node_t *node, const char *key,
		       unsigned max, unsigned *ret)
{
	const char *text = yaml_text_scalar(node);
	char *end = NULL;
	unsigned long n = text && isdigit((unsigned char)*text) ? strtoul(text, &end, 10) : 0;

	if (!end || *end || n == 0 || n > max)
		return wrong(reader, node, key, "a number");
	*ret = (unsigned)n;
	return 0;
}

int host_file_size(const char *text, uint64_t *ret)
{
	static const char units[] = "KMGT";
	uint64_t n = 0;
	unsigned shift = 0;
	const char *unit;

	if (!isdigit((unsigned char)*text))
		return -EINVAL;
	for (; isdigit((unsigned char)*text); text++) {
		if (n > (UINT64_MAX >> 4) / 10)
			return -EINVAL;
		n = n * 10 + (uint64_t)(*text - '0');
	}
	if (*text) {
		unit = strchr(units, toupper((unsigned char)*text++));
		if (!unit)
			return -EINVAL;
		shift = 10 * (unsigned)(unit - units + 1);
		if (toupper((unsigned char)*text) == 'B')
			text++;
	}
	if (*text || n == 0 || n > UINT64_MAX >> 1 >> shift)
		return -EINVAL;
	*ret = n << shift;
	return 0;
}

static int take_size(struct reader *reader, const yaml_node_t *node, const char *key, uint64_t *ret)
{
	const char *text = yaml_text_scalar(node);

	return text && host_file_size(text, ret) == 0
		       ? 0
		       : wrong(reader, node, key, "a size such as 8G");
}

static int take_word(struct reader *reader, const yaml_node_t *node, const char *key,
		     const char *also, char **ret)
{
	const char *text = yaml_text_scalar(node);

	if (!text || !host_foreign_is_word(text, also))
		return wrong(reader, node, key, "a word");
	set_text(ret, xstrdup(text));
	return 0;
}

static int set_cpus(struct reader *reader, const yaml_node_t *node)
{
	reader->host->cpus_said = true;
	return take_number(reader, node, "nr_cpu", HOST_CPUS_MAX, &reader->host->cpus);
}

static int set_memory(struct reader *reader, const yaml_node_t *node)
{
	int r = take_size(reader, node, "memory", &reader->host->memory);

	reader->host->memory_said = true;
	return r == 0 && reader->host->memory < HOST_MEMORY_MIN
		       ? wrong(reader, node, "memory", "a size with its unit, such as 8G,")
		       : r;
}

static int set_results(struct reader *reader, const yaml_node_t *node)
{
	return take_size(reader, node, "results_size", &reader->host->results_size);
}

static int set_arch(struct reader *reader, const yaml_node_t *node)
{
	static const struct {
		const char *name;
		enum host_arch arch;
	} names[] = {
		{ "amd64", ARCH_AMD64 },
		{ "x86_64", ARCH_AMD64 },
		{ "arm64", ARCH_ARM64 },
		{ "aarch64", ARCH_ARM64 },
	};
	const char *text = yaml_text_scalar(node);

	for (size_t i = 0; text && i < ARRAY_SIZE(names); i++)
		if (!strcmp(text, names[i].name)) {
			reader->host->arch = names[i].arch;
			reader->host->arch_said = true;
			return 0;
		}
	return wrong(reader, node, "arch", "amd64 or arm64");
}

static int set_cpu(struct reader *reader, const yaml_node_t *node)
{
	return take_word(reader, node, "cpu", ",=", &reader->host->cpu);
}

static int set_firmware(struct reader *reader, const yaml_node_t *node)
{
	const char *text = yaml_text_scalar(node);

	if (!text || *text != '/')
		return wrong(reader, node, "firmware", "an absolute path");
	return take_word(reader, node, "firmware", "", &reader->host->firmware);
}

static int set_share(struct reader *reader, const yaml_node_t *node)
{
	const char *text = yaml_text_scalar(node);

	if (!text || (strcmp(text, "virtiofs") != 0 && strcmp(text, "9p") != 0))
		return wrong(reader, node, "share", "virtiofs or 9p");
	reader->host->share = strcmp(text, "9p") == 0 ? SHARE_9P : SHARE_VIRTIOFS;
	return 0;
}

static int take_pair(struct reader *reader, const yaml_node_pair_t *pair, const char **ret_key,
		     const yaml_node_t **ret_value)
{
	const yaml_node_t *key = yaml_document_get_node(reader->document, pair->key);

	*ret_key = yaml_text_scalar(key);
	*ret_value = yaml_document_get_node(reader->document, pair->value);
	return *ret_key ? 0 : wrong(reader, key, "a key", "a word");
}

static int read_disk(struct reader *reader, const yaml_node_t *node, struct host_disk *disk)
{
	const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
	int r = 0;

	for (; r == 0 && pair < node->data.mapping.pairs.top; pair++) {
		const yaml_node_t *value;
		const char *key, *text;

		r = take_pair(reader, pair, &key, &value);
		if (r < 0)
			break;
		text = yaml_text_scalar(value);
		if (!strcmp(key, "size"))
			r = take_size(reader, value, "size", &disk->size);
		else if (!strcmp(key, "keep") && text && !strcmp(text, "yes"))
			disk->kind = DISK_KEPT;
		else if (!strcmp(key, "base") && text &&
			 (*text == '/' || !strncmp(text, "nbd://", 6)))
			r = take_word(reader, value, "base", "[]", &disk->base);
		else
			r = wrong(reader, value, key,
				  "size: SIZE, keep: yes, or base: /FILE or nbd://HOST/EXPORT");
	}
	if (r == 0 && disk->base && disk->kind == DISK_KEPT)
		r = wrong(reader, node, "disks", "either keep or base");
	if (r == 0 && disk->base)
		disk->kind = DISK_THIN;
	if (r == 0 && !disk->base && !disk->size)
		r = wrong(reader, node, "disks", "a size");
	return r;
}

static int set_disks(struct reader *reader, const yaml_node_t *node)
{
	struct host *host = reader->host;
	const yaml_node_item_t *item;
	int r = 0;

	if (node->type != YAML_SEQUENCE_NODE)
		return wrong(reader, node, "disks", "a list");
	for (item = node->data.sequence.items.start; r == 0 && item < node->data.sequence.items.top;
	     item++) {
		const yaml_node_t *disk = yaml_document_get_node(reader->document, *item);

		if (disk->type != YAML_MAPPING_NODE || host->n_disks == HOST_DISKS_MAX)
			return wrong(reader, disk, "disks", "at most 24 of {size: 20G}");
		host->disks = xreallocarray(host->disks, host->n_disks + 1, sizeof(*host->disks));
		host->disks[host->n_disks] = (struct host_disk){ 0 };
		r = read_disk(reader, disk, &host->disks[host->n_disks++]);
	}
	return r;
}

/* "user", or "bridge: NAME". */
static int read_nic(struct reader *reader, const yaml_node_t *node, struct host_nic *nic)
{
	const yaml_node_pair_t *pair;
	const char *text = yaml_text_scalar(node);
	int r = 0;

	if (text)
		return !strcmp(text, "user") ? 0
					     : wrong(reader, node, "nics", "user, or bridge: NAME");
	if (node->type != YAML_MAPPING_NODE)
		return wrong(reader, node, "nics", "user, or bridge: NAME");
	for (pair = node->data.mapping.pairs.start; r == 0 && pair < node->data.mapping.pairs.top;
	     pair++) {
		const yaml_node_t *value;
		const char *key;

		r = take_pair(reader, pair, &key, &value);
		if (r == 0 && strcmp(key, "bridge") != 0)
			r = wrong(reader, value, key, "bridge: NAME");
		if (r == 0)
			r = take_word(reader, value, "bridge", "", &nic->bridge);
	}
	return r;
}

static int set_nics(struct reader *reader, const yaml_node_t *node)
{
	struct host *host = reader->host;
	const yaml_node_item_t *item;
	int r = 0;

	if (node->type != YAML_SEQUENCE_NODE)
		return wrong(reader, node, "nics", "a list");
	reader->said.nics = true;
	for (item = node->data.sequence.items.start; r == 0 && item < node->data.sequence.items.top;
	     item++) {
		const yaml_node_t *nic = yaml_document_get_node(reader->document, *item);

		if (host->n_nics == HOST_NICS_MAX)
			return wrong(reader, nic, "nics", "at most 8");
		host->nics = xreallocarray(host->nics, host->n_nics + 1, sizeof(*host->nics));
		host->nics[host->n_nics] = (struct host_nic){ 0 };
		r = read_nic(reader, nic, &host->nics[host->n_nics++]);
	}
	return r;
}

/* One word or a list of them. */
static int set_reach(struct reader *reader, const yaml_node_t *node)
{
	auto_free char *text = yaml_text_words(reader->document, node);
	auto_strv char **words = text ? strv_split(text, " \t\n") : NULL;

	for (size_t i = 0; words && words[i]; i++)
		if (reach_read(&reader->host->reach, words[i]) < 0)
			return wrong(reader, node, words[i],
				     "HOST, HOST:PORT, ADDRESS/PREFIX or all");
	return text ? 0 : wrong(reader, node, "reach", "a list of servers, or all");
}

static const struct key {
	const char *name;
	int (*set)(struct reader *reader, const yaml_node_t *node);
} keys[] = {
	{ "nr_cpu", set_cpus },	      { "memory", set_memory },
	{ "arch", set_arch },	      { "cpu", set_cpu },
	{ "firmware", set_firmware }, { "disks", set_disks },
	{ "nics", set_nics },	      { "reach", set_reach },
	{ "share", set_share },	      { "results_size", set_results },
};

const char *host_file_key(size_t i)
{
	return i < ARRAY_SIZE(keys) ? keys[i].name : host_foreign_key(i - ARRAY_SIZE(keys));
}

static int read_foreign(struct reader *reader, const yaml_node_t *value, const char *name)
{
	auto_free char *text = yaml_text_words(reader->document, value);
	int r = host_foreign_take(&reader->foreign, reader->host, name, text ? text : "",
				  reader->f);

	if (r == 0)
		r = fail(reader->f, EINVAL, "testbox(8) lists the keys", "unknown key \"%s\"",
			 name);
	if (r < 0)
		failure_prefix(reader->f, "line %zu", value->start_mark.line + 1);
	return r < 0 ? r : 0;
}

static int read_key(struct reader *reader, const yaml_node_pair_t *pair)
{
	const yaml_node_t *value;
	const char *name;
	int r = take_pair(reader, pair, &name, &value);

	if (r < 0)
		return r;
	reader->said.something = true;
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (!strcmp(name, keys[i].name))
			return keys[i].set(reader, value);
	return read_foreign(reader, value, name);
}

static int read_document(struct reader *reader)
{
	const yaml_node_t *root = yaml_document_get_root_node(reader->document);
	const yaml_node_pair_t *pair;
	int r = 0;

	if (!root)
		return 0;
	for (pair = root->data.mapping.pairs.start; r == 0 && pair < root->data.mapping.pairs.top;
	     pair++)
		r = read_key(reader, pair);
	host_foreign_settle(&reader->foreign, reader->host);
	return r;
}

int host_file_read(struct host *host, const char *file, const char *text,
		   struct host_file_said *ret, struct failure *f)
{
	yaml_document_t document;
	struct reader reader = { .document = &document, .host = host, .f = f };
	int r = yaml_text_load(text, NULL, &document, f);

	if (r == 0) {
		r = read_document(&reader);
		yaml_document_delete(&document);
	}
	if (r < 0)
		failure_prefix(f, "%s", file);
	*ret = reader.said;
	return r;
}
