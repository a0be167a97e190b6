// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/read/tree.h"

#include "src/common/mem.h"

#include <search.h>
#include <string.h>
#include <sys/stat.h>

#define LINKS_MAX 40		      /* as the kernel's MAXSYMLINKS */
#define PATHS_MAX ((size_t)256 << 20) /* bytes of all paths together */
#define PAGE	  4096
#define INODE	  1024 /* an inode and its name in the kernel's memory, roundly */

/*
 * A step is one part of a path, more where the paths are long. 2 Mi entries eight directories down
 * take 16 million; a chain of links makes a million of one entry.
 */
#define STEPS_MAX  (20 * 1000 * 1000)
#define STEP_BYTES 128 /* of paths that are copied in a step */
#define STEP_NODES 4   /* that are gone through */

struct tree {
	void *nodes;	   /* of tsearch(3), by path */
	size_t n;	   /* of them */
	size_t path_bytes; /* of all paths and targets */
	uint64_t *steps;   /* so far: looking counts too */
};

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct node *)a)->path, ((const struct node *)b)->path);
}

struct tree *tree_new(void)
{
	struct tree *tree = xcalloc(1, sizeof(*tree));

	tree->steps = xcalloc(1, sizeof(*tree->steps));
	tree_put(tree, "", S_IFDIR | 0755, NULL, 0);
	tree_put(tree, "dev", S_IFDIR | 0755, NULL, 0);
	tree_put(tree, "dev/console", S_IFCHR | 0600, NULL, 0);
	tree_put(tree, "root", S_IFDIR | 0700, NULL, 0);
	return tree;
}

static void free_node(void *arg)
{
	struct node *node = arg;

	free((char *)node->path);
	free(node->target);
	free(node->text);
	free(node);
}

void tree_free(struct tree *tree)
{
	if (!tree)
		return;
	tdestroy(tree->nodes, free_node);
	free(tree->steps);
	free(tree);
}

struct node *tree_get(const struct tree *tree, const char *place)
{
	const struct node key = { .path = place };
	struct node *const *found = tfind(&key, &tree->nodes, by_path);

	return found ? *found : NULL;
}

/* Takes the last part away; "" stays. */
static void go_up(char *place)
{
	char *slash = strrchr(place, '/');

	*(slash ? slash : place) = '\0';
}

/* One way through the tree: `place` is where it has come to, `rest` what is still to go. */
struct way {
	const struct tree *tree;
	char *place, *rest;
	unsigned links;
};

/* Replaces a link, the way's last step, by its target; gives false for a loop. */
static bool follow_link(struct way *way, const struct node *link)
{
	char *rest = xasprintf("%s/%s", link->target, way->rest);

	if (link->target[0] == '/')
		way->place[0] = '\0';
	else
		go_up(way->place);
	free(way->rest);
	way->rest = rest;
	return ++way->links <= LINKS_MAX;
}

/* Goes one step; gives false where it does not go on. */
static bool step(struct way *way, bool follow_last)
{
	size_t len = strcspn(way->rest, "/"), rest = strlen(way->rest);
	auto_free char *name = xstrndup(way->rest, len);
	bool last = !way->rest[len + strspn(way->rest + len, "/")];
	const struct node *node;
	char *next;

	*way->tree->steps += 1 + (strlen(way->place) + rest) / STEP_BYTES;
	memmove(way->rest, way->rest + len, strlen(way->rest + len) + 1);
	memmove(way->rest, way->rest + strspn(way->rest, "/"),
		strlen(way->rest) + 1 - strspn(way->rest, "/"));
	if (!*name || strcmp(name, ".") == 0)
		return true;
	if (strcmp(name, "..") == 0) {
		go_up(way->place);
		return true;
	}
	next = xasprintf("%s%s%s", way->place, *way->place ? "/" : "", name);
	free(way->place);
	way->place = next;
	node = tree_get(way->tree, way->place);
	if (node && S_ISLNK(node->mode) && (!last || follow_last))
		return follow_link(way, node);
	return last ? node || !follow_last : node && S_ISDIR(node->mode);
}

bool tree_is_exhausted(const struct tree *tree)
{
	return *tree->steps > STEPS_MAX;
}

static char *resolve(const struct tree *tree, const char *path, bool follow_last)
{
	struct way way = { .tree = tree, .place = xstrdup(""), .rest = xstrdup(path) };
	bool well = true;

	while (well && *way.rest && !tree_is_exhausted(tree))
		well = step(&way, follow_last);
	free(way.rest);
	if (well && !tree_is_exhausted(tree))
		return way.place;
	free(way.place);
	return NULL;
}

char *tree_place(const struct tree *tree, const char *path)
{
	return resolve(tree, path, false);
}

struct node *tree_follow(const struct tree *tree, const char *path)
{
	auto_free char *place = resolve(tree, path, true);

	return place ? tree_get(tree, place) : NULL;
}

static struct node *add_node(struct tree *tree, const char *place)
{
	struct node *node, *parent;
	auto_free char *above = xstrdup(place);

	tree->path_bytes += strlen(place);
	if (tree->path_bytes > PATHS_MAX)
		return NULL;
	node = xcalloc(1, sizeof(*node));
	node->path = xstrdup(place);
	tree->n++;
	if (!tsearch(node, &tree->nodes, by_path))
		abort(); /* of memory: see common/mem.h */
	go_up(above);
	parent = *place ? tree_get(tree, above) : NULL;
	if (parent)
		parent->children++;
	return node;
}

struct node *tree_put(struct tree *tree, const char *place, mode_t mode, const char *target,
		      unsigned segment)
{
	struct node *node = tree_get(tree, place);

	if (!node)
		node = add_node(tree, place);
	if (!node)
		return NULL;
	free(node->target);
	free(node->text);
	node->text = NULL;
	node->target = target ? xstrdup(target) : NULL;
	tree->path_bytes += target ? strlen(target) : 0;
	node->mode = mode;
	node->size = 0;
	node->sum = 0;
	node->segment = segment;
	return node;
}

/* What is called for each node. */
struct visit {
	void (*each)(void *arg, const struct node *node);
	void *arg;
};

static void visit_node(const void *nodep, VISIT which, void *arg)
{
	const struct visit *visit = arg;

	if (which == postorder || which == leaf)
		visit->each(visit->arg, *(struct node *const *)nodep);
}

void tree_each(const struct tree *tree, void (*each)(void *arg, const struct node *node), void *arg)
{
	*tree->steps += tree->n / STEP_NODES;
	if (!tree_is_exhausted(tree))
		twalk_r(tree->nodes, visit_node, &(struct visit){ each, arg });
}

static void add_memory(void *arg, const struct node *node)
{
	*(uint64_t *)arg += (node->size + PAGE - 1) / PAGE * PAGE + INODE;
}

uint64_t tree_memory(const struct tree *tree)
{
	uint64_t memory = 0;

	tree_each(tree, add_memory, &memory);
	return memory;
}
