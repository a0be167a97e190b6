// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/newroot/rootdir_resolve.h"

#include "src/common/mem.h"

#include <errno.h>
#include <string.h>

/* The most links that the kernel follows in one path (path_resolution(7)). */
#define LINKS_MAX 40

/* Holds the state while a path is resolved. */
struct walk {
	struct rootdir *dir; /* the directory reached so far; a reference */
	char *path;	     /* owned; `rest` points into it */
	const char *rest;    /* the components that are left */
	unsigned int links;
};

/* Copies the next component to `name`, which is empty at the end. */
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

/* Replaces the name of a link by its target. */
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

/* Resolves one name. Returns 1 if the walk ends at `name`, which is no directory. */
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
