// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/read/verify_payload.h"

#include "initrd-builder/read/verify_tell.h"
#include "src/common/mem.h"
#include "src/rootovl/newroot/names.h"
#include "src/rootovl/newroot/newroot.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define TABLE "usr/lib/rootovl/payload.conf"
#define MORE  "etc/rootovl/payload.d/"
#define ADDON "/src/rootfs/addon"

/* A search through all nodes, and what it collects. */
struct search {
	struct verify *verify;
	const struct payload_words *words;
	struct payload_rules *rules;
	char *user;
};

static bool begins(const char *path, const char *prefix)
{
	return strncmp(path, prefix, strlen(prefix)) == 0;
}

/* Whose LKP it is: the first that has an addon. */
static void find_user(void *arg, const struct node *node)
{
	struct search *search = arg;
	const char *name = node->path + strlen("lkp/"), *slash;

	if (search->user || !begins(node->path, "lkp/"))
		return;
	slash = strchr(name, '/');
	if (slash && strcmp(slash, ADDON) == 0)
		search->user = xstrndup(name, (size_t)(slash - name));
}

/* A table that cannot be read ends the boot, which says so. */
static void add_table(struct search *search, const char *text)
{
	auto_failure struct failure f = { 0 };

	(void)payload_rules_parse(search->rules, "table", text, search->words, &f);
}

static void add_more(void *arg, const struct node *node)
{
	size_t len = strlen(node->path);

	if (begins(node->path, MORE) && len > 5 && strcmp(node->path + len - 5, ".conf") == 0 &&
	    node->text)
		add_table(arg, node->text);
}

void verify_payload_rules(struct verify *verify, struct payload_rules *ret)
{
	struct payload_rules rules = { 0 };
	struct payload_words words = { 0 };
	struct search search = { verify, &words, &rules, NULL };
	const struct tree *tree = verify->entry.tree;
	const struct node *table = tree_follow(tree, TABLE);

	tree_each(tree, find_user, &search);
	words.user = search.user;
	if (verify->read.image && verify->read.segments[verify->read.image - 1].kernels)
		words.kernel = verify->read.segments[verify->read.image - 1].kernels[0];
	if (table && table->text)
		add_table(&search, table->text);
	if (!rules.n && verify->known.table)
		add_table(&search, verify->known.table);
	tree_each(tree, add_more, &search);
	for (size_t i = 0; i < rules.n; i++) {
		struct payload_rule *rule = &rules.rules[i];
		char *place = tree_place(tree, rule->source + 1);

		if (!place || !tree_get(tree, place)) {
			free(place);
			continue;
		}
		free(rule->source);
		rule->source = xasprintf("/%s", place);
		free(place);
		ret->rules = xreallocarray(ret->rules, ret->n + 1, sizeof(*ret->rules));
		ret->rules[ret->n++] = *rule;
		*rule = (struct payload_rule){ 0 };
	}
	payload_rules_done(&rules);
	free(search.user);
}

const struct node *verify_payload_file(const struct verify *verify,
				       const struct payload_rules *rules, const char *path)
{
	for (size_t i = rules->n; i; i--) {
		auto_free char *source = payload_links_source(&rules->rules[i - 1], path);
		auto_free char *place = source ? tree_place(verify->entry.tree, source + 1) : NULL;
		const struct node *node = place ? tree_follow(verify->entry.tree, place) : NULL;

		/* A link may lead to what the root has. */
		if (!node && place)
			node = tree_get(verify->entry.tree, place);
		if (node)
			return node;
	}
	return NULL;
}

static int look(void *arg, const char *source, enum payload_type *ret, char **ret_target)
{
	const struct verify *verify = arg;
	const struct node *node = tree_get(verify->entry.tree, source + 1);

	*ret = !node		     ? PAYLOAD_NOTHING
	       : S_ISDIR(node->mode) ? PAYLOAD_DIR
	       : S_ISLNK(node->mode) ? PAYLOAD_LINK
				     : PAYLOAD_OTHER;
	if (*ret == PAYLOAD_LINK)
		*ret_target = xstrdup(node->target ? node->target : "");
	return 0;
}

struct link_search {
	const char *source;
	payload_links_each *each;
	void *arg;
	int r;
};

static void on_node(void *arg, const struct node *node)
{
	struct link_search *search = arg;
	auto_free char *path = NULL;

	if (search->r < 0 || !S_ISLNK(node->mode) || !node->target)
		return;
	path = xasprintf("/%s", node->path);
	if (payload_rules_cover(search->source, path))
		search->r = search->each(search->arg, path, node->target);
}

static int find_links(void *arg, const char *source, payload_links_each *each, void *each_arg)
{
	const struct verify *verify = arg;
	auto_free char *below = xstrdup(source); /* the rules grow meanwhile */
	struct link_search search = { below, each, each_arg, 0 };

	tree_each(verify->entry.tree, on_node, &search);
	return search.r;
}

static int has_dir(void *arg, const char *dest, bool *ret)
{
	const struct verify *verify = arg;
	struct stat st;

	*ret = newroot_stat(verify->known.root, dest, false, &st) == 0 && S_ISDIR(st.st_mode);
	return 0;
}

static bool is_filled(const struct verify *verify, const char *dest)
{
	auto_close int fd = rootfs_openat(&verify->known.rootfs, dest, O_RDONLY | O_DIRECTORY);
	struct names *names;
	bool filled;

	if (fd < 0 || names_read(fd, &names) < 0)
		return fd >= 0;
	filled = names_count(names);
	names_free(names);
	return filled;
}

/* One rule, whose tree is gone through. */
struct meeting {
	struct verify *verify;
	const struct payload_rules *rules;
	const struct payload_rule *rule;
};

static void tell_link(const struct meeting *m, const struct node *node, const char *path,
		      const char *dest)
{
	auto_free char *text = NULL;

	if (payload_links_followed(m->rules, path, dest)) {
		verify_tell_note(m->verify, node->segment, node->path,
				 "the root has the directory %s: the boot follows this link to %s, "
				 "and merges what is behind it",
				 dest, node->target);
		return;
	}
	if (m->rule->mode == PAYLOAD_MISSING)
		return;
	text = payload_links_left_out(path, node->target, dest);
	verify_tell(m->verify, node->segment, node->path, "%s", text);
}

static void meet(void *arg, const struct node *node)
{
	const struct meeting *m = arg;
	auto_free char *path = NULL, *dest = NULL;
	bool dir;

	if (S_ISDIR(node->mode) || !node->segment)
		return;
	path = xasprintf("/%s", node->path);
	if (!payload_rules_cover(m->rule->source, path))
		return;
	dest = payload_links_dest(m->rule, path);
	has_dir(m->verify, dest, &dir);
	if (!dir)
		return;
	if (S_ISLNK(node->mode))
		tell_link(m, node, path, dest);
	else if (m->rule->mode == PAYLOAD_TREE && is_filled(m->verify, dest))
		verify_tell(m->verify, node->segment, node->path,
			    "the boot will fail: this would hide the directory %s of the root with "
			    "what is in it",
			    dest);
}

void verify_payload(struct verify *verify, struct payload_rules *rules)
{
	const struct payload_sides sides = { verify, look, find_links, has_dir };
	auto_failure struct failure f = { 0 };

	if (!verify->known.root || !verify->read.n_segments)
		return;
	if (payload_links_expand(rules, &sides, &f) < 0)
		verify_tell(verify, verify->read.n_segments, NULL, "the boot will fail: %s",
			    f.what);
	for (size_t i = 0; i < rules->n; i++)
		tree_each(verify->entry.tree, meet,
			  &(struct meeting){ verify, rules, &rules->rules[i] });
}
