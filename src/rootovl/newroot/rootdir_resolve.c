// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/newroot/rootdir_resolve.h"

#include "src/common/mem.h"

#include <errno.h>
#include <string.h>

/* As many links as the kernel follows in one path. */
#define LINKS_MAX 40

/* A path on its way to be resolved. */
struct walk {
	struct rootdir *dir; /* reached so far; held */
	char *path;	     /* what the rest lies in; owned */
	const char *rest;    /* the components still to go */
	unsigned int links;
};

/* Takes the next component into `name`; it stays empty at the end. */
static int next_component(struct walk *w, char name[NAME_MAX + 1])
{
	size_t len;

	w->rest += strspn(w->rest, "/");
	len = strcspn(w->rest, "/");
	if (len > NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(name, w->rest, len);
	name[len] = '\0';
	w->rest += len;
	return 0;
}

static void walk_to(struct walk *w, struct rootdir *dir)
{
	rootdir_ref(dir);
	rootdir_put(w->dir);
	w->dir = dir;
}

/* Puts what the link says in the place of its name. */
static int walk_link(struct walk *w, const char *name)
{
	auto_free char *target = NULL;
	int r;

	if (++w->links > LINKS_MAX)
		return -ELOOP;
	r = rootdir_readlink(w->dir, name, &target);
	if (r < 0)
		return r;
	if (target[0] == '/')
		walk_to(w, w->dir->nr->root);
	set_text(&w->path, xasprintf("%s/%s", target, w->rest));
	w->rest = w->path;
	return 0;
}

/* Goes on by one name. Gives 1 where the walk ends at `name`, which is no directory. */
static int walk_name(struct walk *w, const char *name, bool follow)
{
	bool last = w->rest[strspn(w->rest, "/")] == '\0';
	struct rootdir *child;
	int r;

	if (strcmp(name, ".") == 0)
		return 0;
	if (strcmp(name, "..") == 0) {
		if (w->dir->parent)
			walk_to(w, w->dir->parent);
		return 0;
	}
	if (last && !follow)
		return 1;
	r = rootdir_child(w->dir, name, &child);
	if (r == -ELOOP)
		return walk_link(w, name);
	if (r == -ENOTDIR && last)
		return 1;
	if (r < 0)
		return r;
	walk_to(w, child);
	rootdir_put(child);
	return 0;
}

int rootdir_resolve(struct rootdir *start, const char *path, bool follow, struct rootdir **ret_dir,
		    char ret_name[NAME_MAX + 1])
{
	struct walk w = { .path = xstrdup(path) };
	int r = 0;

	w.rest = w.path;
	w.dir = rootdir_ref(path[0] == '/' ? start->nr->root : start);
	while (r == 0) {
		r = next_component(&w, ret_name);
		if (r < 0 || ret_name[0] == '\0')
			break;
		r = walk_name(&w, ret_name, follow);
	}
	free(w.path);
	if (r < 0) {
		rootdir_put(w.dir);
		return r;
	}
	*ret_dir = w.dir;
	return 0;
}
