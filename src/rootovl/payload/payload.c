// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/payload/payload.h"

#include "src/common/mem.h"
#include "src/rootovl/newroot/contents.h"
#include "src/rootovl/newroot/rootdir_resolve.h"
#include "src/rootovl/newroot/rootdir_write.h"
#include "src/rootovl/payload/payload_object.h"
#include "src/rootovl/payload/payload_sides.h"
#include "src/rootovl/payload/payload_walk.h"
#include "src/rootovl/plan/payload_settle.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/vfs.h>

/*
 * Opens the directories above the destination, and creates missing ones. *ret_name gets the last
 * name, which is empty for the root.
 */
static int enter_dest(struct copier *c, struct rootdir **ret, const char **ret_name)
{
	const char *dest = c->rule->dest, *name = strrchr(dest, '/') + 1;
	auto_free char *above = xstrndup(dest, (size_t)(name - dest));
	bool replace = c->rule->mode == PAYLOAD_TREE;

	*ret_name = name;
	return rootdir_enter_path(c->root->root, above, replace ? ENTER_REPLACE : ENTER_MISSING,
				  ret);
}

static int fail_absent(const struct payload_rule *rule, struct failure *f)
{
	return fail(f, ENOENT, "did the initrd with it arrive?",
		    "rootovl.copy=%s: the payload has no such thing", rule->source);
}

/*
 * Returns whether the root already has the file that makes the rule needless. One lookup replaces
 * one for each file.
 */
static bool is_needless(struct copier *c, const struct payload_rule *rule)
{
	auto_free char *path = xasprintf("%s/%s", rule->dest, rule->unless);
	struct stat st;

	return newroot_stat(c->root, path, true, &st) == 0;
}

static int carry_out(struct copier *c, const struct payload_rule *rule)
{
	auto_rootdir struct rootdir *from = NULL, *to = NULL;
	char name[NAME_MAX + 1];
	struct object o = { .name = name };
	struct stat st;
	int r;

	if (rule->unless && is_needless(c, rule))
		return 0;
	c->rule = rule;
	copier_pop(c, 0);
	r = copier_push(c, rule->source);
	if (r < 0)
		return r;
	r = rootdir_resolve(c->source->root, rule->source, false, &from, name);
	if (r == -ENOENT && rule->asked)
		return fail_absent(rule, c->f);
	if (r < 0)
		return copier_fail_source(c, r);
	if (name[0] == '\0')
		strcpy(name, ".");
	o.dir = from->lower;
	if (fstat(o.dir, &st) < 0)
		return copier_fail_source(c, -errno);
	if (st.st_dev != c->dev)
		return 0;
	if (fstatat(o.dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno != ENOENT ? copier_fail_source(c, -errno)
		       : rule->asked   ? fail_absent(rule, c->f)
				       : 0;
	r = enter_dest(c, &to, &o.to_name);
	if (r == -EEXIST && rule->mode == PAYLOAD_MISSING)
		return 0;
	o.to = to;
	o.move = rule->move;
	if (r == 0 && o.to_name[0] == '\0' && S_ISLNK(st.st_mode))
		return payload_object_leave_link(c, &o);
	if (r == 0 && o.to_name[0] == '\0' && !S_ISDIR(st.st_mode))
		r = -EISDIR;
	if (r < 0)
		return copier_fail_put(c, r);
	r = payload_walk(c, &o, IFTODT(st.st_mode));
	hardlinks_forget_staying(&c->links);
	return r;
}

/* Resolves the links on the way to the rule's source. *ret is NULL if there is no such object. */
static int real_source(struct newroot *source, const char *path, char **ret)
{
	auto_rootdir struct rootdir *dir = NULL;
	auto_free char *above = NULL;
	char name[NAME_MAX + 1];
	int r = rootdir_resolve(source->root, path, false, &dir, name);

	*ret = NULL;
	if (r < 0)
		return r == -ENOENT || r == -ENOTDIR ? 0 : r;
	above = rootdir_path(dir);
	*ret = xasprintf("%s/%s", dir->parent ? above : "", name);
	return 0;
}

/* Keeps the rules that have something to copy, and resolves their sources. */
static int resolve_sources(struct newroot *source, const struct payload_rules *rules,
			   struct payload_rules *real, struct failure *f)
{
	int r;

	real->rules = xcalloc(rules->n + 1, sizeof(*real->rules));
	for (size_t i = 0; i < rules->n; i++) {
		const struct payload_rule *rule = &rules->rules[i];
		char *path;

		r = real_source(source, rule->source, &path);
		if (r < 0)
			return fail_errno(f, -r, NULL, "payload %s", rule->source);
		if (!path && rule->asked)
			return fail_absent(rule, f);
		if (!path)
			continue;
		real->rules[real->n++] = (struct payload_rule){
			.mode = rule->mode,
			.source = path,
			.dest = xstrdup(rule->dest),
			.unless = rule->unless ? xstrdup(rule->unless) : NULL,
			.asked = rule->asked,
			.stays = !rule->move,
		};
	}
	return 0;
}

static int copy_rules(struct copier *c, struct payload_rules *rules)
{
	const struct payload_sides sides = payload_sides(c);
	auto_free char *buffer = malloc(COPY_BUFFER);
	int r = 0;

	if (!buffer)
		return fail_errno(c->f, ENOMEM, NULL, "payload");
	c->buffer = buffer;
	c->rules = rules;
	r = payload_links_expand(rules, &sides, c->f);
	/*
	 * Two paths may lead to the same object by links, which the text of the rules does not
	 * show. So the rules that may move files are chosen again.
	 */
	payload_settle(rules);
	for (size_t i = 0; r == 0 && i < rules->n; i++)
		r = carry_out(c, &rules->rules[i]);
	hardlinks_done(&c->links);
	return r;
}

/*
 * Raises the limit of open files for the copy. Each directory needs up to three descriptors and
 * each hard link one, so the usual 1024 are too few.
 */
static int with_many_files(struct copier *c, struct payload_rules *rules)
{
	struct rlimit limit, most;
	int r;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return fail_errno(c->f, errno, NULL, "payload: limit of open files");
	most = limit;
	most.rlim_cur = most.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &most) < 0)
		most = limit;
	c->links_max = most.rlim_cur / 2;
	r = copy_rules(c, rules);
	(void)setrlimit(RLIMIT_NOFILE, &limit);
	return r;
}

static int look_at_source(int fd, struct copier *c)
{
	struct statfs fs;
	struct stat st;

	if (fstat(fd, &st) < 0 || fstatfs(fd, &fs) < 0)
		return fail_errno(c->f, errno, NULL, "payload: the initramfs");
	c->dev = st.st_dev;
	c->xattrs = fs.f_type != RAMFS_MAGIC;
	return newroot_open(fd, &c->source, c->f);
}

int payload_copy(int source_fd, struct newroot *nr, const struct payload_rules *rules,
		 struct payload_stats *stats, struct failure *f)
{
	struct copier c = { .root = nr, .stats = stats, .f = f };
	uint64_t hidden = nr->hidden, skipped = nr->xattrs_skipped;
	struct payload_rules real = { .n = 0 };
	mode_t mask;
	int r = look_at_source(source_fd, &c);

	if (r < 0)
		return r;
	mask = umask(0);
	r = resolve_sources(c.source, rules, &real, f);
	if (r == 0)
		r = with_many_files(&c, &real);
	umask(mask);
	stats->replaced += nr->hidden - hidden;
	stats->xattrs_skipped += nr->xattrs_skipped - skipped;
	payload_rules_done(&real);
	newroot_close(c.source);
	return r;
}

void payload_stats_done(struct payload_stats *stats)
{
	strv_free(stats->warnings);
	stats->warnings = NULL;
}
