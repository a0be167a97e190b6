// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/plan/payload_links.h"

#include "src/common/mem.h"
#include "src/common/one_line.h"

#include <errno.h>
#include <string.h>

#define HOPS_MAX 40 /* as many links as the kernel follows in one path */

/* One run: the rules grow while it goes through them. */
struct expansion {
	struct payload_rules *rules;
	const struct payload_sides *sides;
	size_t now;   /* the rule whose links are looked at */
	size_t next;  /* where its next rule is put */
	size_t added; /* so far, in all */
	struct failure *f;
};

/* A path on its way: `place` has no links in it, `rest` is still to go. */
struct way {
	struct expansion *x;
	bool in_root; /* paths of the new root, not of the initramfs */
	char *place;  /* "" is the top */
	char *rest;
	unsigned hops;
};

/* `path`, which `from` covers, with `to` in the place of `from`; all are clean. */
static char *moved_path(const char *from, const char *path, const char *to)
{
	const char *below = path + (from[1] ? strlen(from) : 0);

	below += *below == '/';
	if (!*below)
		return xstrdup(to);
	return xasprintf("%s/%s", to[1] ? to : "", below);
}

char *payload_links_dest(const struct payload_rule *rule, const char *source)
{
	return moved_path(rule->source, source, rule->dest);
}

char *payload_links_source(const struct payload_rule *rule, const char *dest)
{
	return payload_rules_cover(rule->dest, dest) ? moved_path(rule->dest, dest, rule->source)
						     : NULL;
}

/*
 * What the payload brings to a path of the new root. The rule at hand comes first, then the others.
 * Gives the path in the initramfs too; NULL for a directory above all that a rule brings.
 */
static int look_in_root(struct expansion *x, const char *path, enum payload_type *ret,
			char **ret_target, char **ret_source)
{
	struct payload_rules *rules = x->rules;
	bool above = false;
	int r = 0;

	*ret = PAYLOAD_NOTHING;
	for (size_t i = 0; r == 0 && *ret == PAYLOAD_NOTHING && i <= rules->n; i++) {
		const struct payload_rule *rule = &rules->rules[i ? i - 1 : x->now];
		auto_free char *source = payload_links_source(rule, path);

		above = above || payload_rules_cover(path, rule->dest);
		if (!source)
			continue;
		r = x->sides->look(x->sides->arg, source, ret, ret_target);
		if (r == 0 && *ret != PAYLOAD_NOTHING)
			*ret_source = STEAL(source);
	}
	if (r == 0 && *ret == PAYLOAD_NOTHING && above)
		*ret = PAYLOAD_DIR;
	return r;
}

static int look(struct way *way, enum payload_type *ret, char **ret_target, char **ret_source)
{
	const char *path = way->place[0] ? way->place : "/";

	if (way->in_root)
		return look_in_root(way->x, path, ret, ret_target, ret_source);
	*ret_source = xstrdup(path);
	return way->x->sides->look(way->x->sides->arg, path, ret, ret_target);
}

static void go_up(char *place)
{
	char *slash = strrchr(place, '/');

	*(slash ? slash : place) = '\0';
}

/* Takes the first name off the rest; NULL at its end. */
static char *next_name(struct way *way)
{
	char *name = way->rest + strspn(way->rest, "/");
	size_t len = strcspn(name, "/");
	char *taken = len ? xstrndup(name, len) : NULL;

	memmove(way->rest, name + len, strlen(name + len) + 1);
	return taken;
}

/* Puts the target of the link, the last name of the place, before the rest. */
static void follow_link(struct way *way, const char *target)
{
	if (target[0] == '/')
		way->place[0] = '\0';
	else
		go_up(way->place);
	set_text(&way->rest, xasprintf("%s/%s", target, way->rest));
}

/* Goes on by one name. Gives 1 where there is a way on, 0 where there is none, or -errno. */
static int step(struct way *way, const char *name)
{
	auto_free char *target = NULL, *source = NULL;
	enum payload_type type;
	int r;

	if (strcmp(name, ".") == 0)
		return 1;
	if (strcmp(name, "..") == 0) {
		go_up(way->place);
		return 1;
	}
	set_text(&way->place, xasprintf("%s/%s", way->place, name));
	r = look(way, &type, &target, &source);
	if (r < 0 || type == PAYLOAD_DIR)
		return r < 0 ? r : 1;
	if (type != PAYLOAD_LINK || ++way->hops > HOPS_MAX)
		return 0;
	follow_link(way, target);
	return 1;
}

static bool is_payload(const struct payload_rules *rules, const char *path)
{
	for (size_t i = 0; i < rules->n; i++) {
		if (payload_rules_cover(rules->rules[i].source, path))
			return true;
	}
	return false;
}

/* The directory of the payload that a link at `at` leads to; NULL in *ret: it leads to none. */
static int find_dir(struct expansion *x, bool in_root, const char *at, const char *target,
		    char **ret)
{
	struct way way = {
		.x = x,
		.in_root = in_root,
		.place = xstrdup(at[1] ? at : ""),
		.rest = xstrdup(""),
		.hops = 1,
	};
	auto_free char *source = NULL, *other = NULL;
	enum payload_type type = PAYLOAD_NOTHING;
	char *name;
	int r = 1;

	follow_link(&way, target);
	while (r > 0 && (name = next_name(&way))) {
		r = step(&way, name);
		free(name);
	}
	if (r > 0)
		r = look(&way, &type, &other, &source);
	if (r == 0 && type == PAYLOAD_DIR && source && is_payload(x->rules, source))
		*ret = STEAL(source);
	free(way.place);
	free(way.rest);
	return r < 0 ? r : 0;
}

/* Leads it to a directory that the link, or one that was followed to come to it, lies in? */
static bool leads_back(const struct payload_rule *rule, const char *link, const char *dir)
{
	if (payload_rules_cover(dir, link))
		return true;
	for (char **via = rule->via; via && *via; via++) {
		if (payload_rules_cover(dir, *via))
			return true;
	}
	return false;
}

/* Will there be a directory: the root's, or one that a rule before brings? */
static int meets_dir(struct expansion *x, const char *dest, bool *ret)
{
	enum payload_type type = PAYLOAD_NOTHING;
	int r = x->sides->has_dir(x->sides->arg, dest, ret);

	for (size_t i = 0; r == 0 && !*ret && i < x->now; i++) {
		const struct payload_rule *rule = &x->rules->rules[i];
		auto_free char *source = payload_links_source(rule, dest), *target = NULL;

		if (!source)
			continue;
		r = x->sides->look(x->sides->arg, source, &type, &target);
		*ret = r == 0 && type == PAYLOAD_DIR;
	}
	return r;
}

static void insert_rule(struct expansion *x, const char *link, char *dir, char *dest)
{
	struct payload_rules *rules = x->rules;
	const struct payload_rule *from;
	struct payload_rule rule = { .source = dir, .dest = dest };

	rules->rules = xreallocarray(rules->rules, rules->n + 1, sizeof(*rules->rules));
	from = &rules->rules[x->now];
	rule.mode = from->mode;
	rule.stays = from->stays;
	for (char **via = from->via; via && *via; via++)
		strv_add(&rule.via, xstrdup(*via));
	strv_add(&rule.via, xstrdup(link));
	memmove(&rules->rules[x->next + 1], &rules->rules[x->next],
		(rules->n - x->next) * sizeof(*rules->rules));
	rules->rules[x->next++] = rule;
	rules->n++;
	x->added++;
}

static int on_link(void *arg, const char *link, const char *target)
{
	struct expansion *x = arg;
	const struct payload_rule *rule = &x->rules->rules[x->now];
	auto_free char *dir = NULL, *dest = payload_links_dest(rule, link);
	bool meets = false;
	int r = find_dir(x, false, link, target, &dir);

	if (r == 0 && !dir)
		r = find_dir(x, true, dest, target, &dir);
	if (r == 0 && dir && !leads_back(rule, link, dir))
		r = meets_dir(x, dest, &meets);
	if (r < 0 || !meets)
		return r;
	if (x->added == PAYLOAD_LINKS_MAX)
		return fail(x->f, EMLINK, "put directories in the place of links",
			    "payload %s: more than %d links meet directories of the root", link,
			    PAYLOAD_LINKS_MAX);
	insert_rule(x, link, STEAL(dir), STEAL(dest));
	return 0;
}

int payload_links_expand(struct payload_rules *rules, const struct payload_sides *sides,
			 struct failure *f)
{
	struct expansion x = { .rules = rules, .sides = sides, .f = f };
	int r = 0;

	for (; r == 0 && x.now < rules->n; x.now++) {
		const char *source = rules->rules[x.now].source;

		x.next = x.now + 1;
		r = sides->links(sides->arg, source, on_link, &x);
		if (r < 0 && !f->what)
			return fail_errno(f, -r, NULL, "payload %s: its links",
					  rules->rules[x.now].source);
	}
	return r;
}

bool payload_links_followed(const struct payload_rules *rules, const char *link, const char *dest)
{
	for (size_t i = 0; i < rules->n; i++) {
		const struct payload_rule *rule = &rules->rules[i];
		size_t n = strv_len(rule->via);

		if (n && strcmp(rule->via[n - 1], link) == 0 && strcmp(rule->dest, dest) == 0)
			return true;
	}
	return false;
}

char *payload_links_left_out(const char *link, const char *target, const char *dest)
{
	return one_line(xasprintf("payload %.200s: the root keeps its directory %.200s, for this "
				  "link to %.200s leads to no other directory of the payload "
				  "(bring a directory in its place, or take the link away)",
				  link, dest, target));
}
