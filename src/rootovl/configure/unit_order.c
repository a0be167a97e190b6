// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/configure/unit_order.h"

#include "src/common/mem.h"
#include "src/rootovl/configure/unit_name.h"
#include "src/rootovl/configure/unit_value.h"

#include <string.h>

#define BLANKS " \t\r"
#define NONE   ((size_t)-1)

/* One unit, or one name that others say. */
struct node {
	char *name;
	size_t meant; /* the unit whose other name it is; NONE: its own */
	bool added, there;
	bool early; /* DefaultDependencies=no */
	bool reached;
	size_t via; /* what it was reached from; NONE: it is the job */
};

/* One comes before another, or is needed by it. */
struct edge {
	size_t first, then;
};

struct unit_order {
	struct node *nodes;
	struct edge *edges;
	size_t n, n_edges;
};

/* What all services come after by default, but timers do not. */
static bool is_early_target(const char *name)
{
	return IS_ONE_OF(name, "sysinit.target", "sockets.target", "paths.target", "slices.target",
			 "local-fs.target", "local-fs-pre.target", "swap.target");
}

static size_t node_of(struct unit_order *order, const char *name)
{
	auto_free char *template = unit_name_template(name);

	for (size_t i = 0; i < order->n; i++)
		if (strcmp(order->nodes[i].name, template) == 0)
			return order->nodes[i].meant == NONE ? i : order->nodes[i].meant;
	order->nodes = xreallocarray(order->nodes, order->n + 1, sizeof(*order->nodes));
	order->nodes[order->n] = (struct node){
		.name = STEAL(template),
		.meant = NONE,
		.via = NONE,
	};
	return order->n++;
}

struct unit_order *unit_order_new(void)
{
	return xcalloc(1, sizeof(struct unit_order));
}

void unit_order_free(struct unit_order *order)
{
	for (size_t i = 0; order && i < order->n; i++)
		free(order->nodes[i].name);
	if (order) {
		free(order->nodes);
		free(order->edges);
	}
	free(order);
}

/* What comes before the early targets is of no interest. */
static void add_edge(struct unit_order *order, size_t first, size_t then)
{
	if (is_early_target(order->nodes[then].name))
		return;
	order->edges = xreallocarray(order->edges, order->n_edges + 1, sizeof(*order->edges));
	order->edges[order->n_edges++] = (struct edge){ first, then };
}

static void add_before(struct unit_order *order, size_t at, const char *name)
{
	add_edge(order, at, node_of(order, name));
}

static void add_after(struct unit_order *order, size_t at, const char *name)
{
	add_edge(order, node_of(order, name), at);
}

/* basic.target wants timers.target without waiting for it. */
static void add_need(struct unit_order *order, size_t at, const char *name)
{
	if (strcmp(order->nodes[at].name, "basic.target") != 0)
		add_edge(order, node_of(order, name), at);
}

/*
 * All lines count: one that takes back what others said is rare, and then a unit starts as ever
 * that could wait.
 */
static void add_line(struct unit_order *order, size_t at, const char *key, const char *value)
{
	static const struct {
		const char *key;
		void (*add)(struct unit_order *order, size_t at, const char *name);
	} keys[] = {
		{ "After", add_after },	  { "Before", add_before },  { "Wants", add_need },
		{ "Requires", add_need }, { "Requisite", add_need }, { "BindsTo", add_need },
		{ "Upholds", add_need },
	};
	auto_strv char **words = strv_split(value, BLANKS);

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		for (char **word = words; !strcmp(key, keys[i].key) && word && *word; word++)
			keys[i].add(order, at, *word);
}

static void add_lines(struct unit_order *order, size_t at, const char *text)
{
	auto_free char *copy = xstrdup(text);
	bool unit = false;
	char *rest = copy, *line;

	/* A line that ends in a backslash goes on in the next. */
	for (char *c = copy; (c = strstr(c, "\\\n"));)
		c[0] = c[1] = ' ';
	while ((line = strsep(&rest, "\n"))) {
		char *equals;

		line += strspn(line, BLANKS);
		if (*line == '[')
			unit = strncmp(line, "[Unit]", 6) == 0;
		equals = strchr(line, '=');
		if (!unit || !equals)
			continue;
		*equals = '\0';
		line[strcspn(line, BLANKS)] = '\0';
		add_line(order, at, line, equals + 1);
	}
}

static const char *type_of(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot ? dot : "";
}

/* What systemd adds by itself: "Default Dependencies" of systemd.service(5) and its kin. */
static void add_defaults(struct unit_order *order, size_t at)
{
	static const struct {
		const char *type, *after, *before;
	} rows[] = {
		{ ".service", "basic.target", NULL },
		{ ".timer", NULL, "timers.target" },
		{ ".mount", NULL, "remote-fs.target" },
	};
	const char *type = type_of(order->nodes[at].name);

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (strcmp(type, rows[i].type) != 0)
			continue;
		if (rows[i].after)
			add_after(order, at, rows[i].after);
		if (rows[i].before)
			add_before(order, at, rows[i].before);
	}
}

void unit_order_add(struct unit_order *order, const char *name, const char *text)
{
	size_t at = node_of(order, name);
	auto_free char *defaults = text ? unit_value(text, "Unit", "DefaultDependencies") : NULL;
	bool early = defaults && IS_ONE_OF(defaults, "no", "n", "false", "f", "off", "0");

	order->nodes[at].added = true;
	if (!text)
		return;
	order->nodes[at].there = true;
	order->nodes[at].early = early;
	add_lines(order, at, text);
	if (!early)
		add_defaults(order, at);
}

void unit_order_alias(struct unit_order *order, const char *name, const char *unit)
{
	size_t meant = node_of(order, unit), from = node_of(order, name);

	if (meant == from)
		return;
	order->nodes[from].meant = meant;
	for (size_t i = 0; i < order->n_edges; i++) {
		struct edge *edge = &order->edges[i];

		edge->first = edge->first == from ? meant : edge->first;
		edge->then = edge->then == from ? meant : edge->then;
	}
}

void unit_order_want(struct unit_order *order, const char *who, const char *unit)
{
	add_need(order, node_of(order, who), unit);
}

bool unit_order_was_added(struct unit_order *order, const char *name)
{
	size_t at = node_of(order, name);

	return order->nodes[at].added;
}

bool unit_order_has(struct unit_order *order, const char *name)
{
	size_t at = node_of(order, name);

	return order->nodes[at].there;
}

/* Marks all that comes before the job, and all that these need. */
static void reach(struct unit_order *order, const char *job)
{
	size_t start = node_of(order, job);
	bool more = true;

	for (size_t i = 0; i < order->n; i++) {
		order->nodes[i].reached = i == start;
		order->nodes[i].via = NONE;
	}
	while (more) {
		more = false;
		for (size_t i = 0; i < order->n_edges; i++) {
			struct node *first = &order->nodes[order->edges[i].first];

			if (first->reached || !order->nodes[order->edges[i].then].reached)
				continue;
			first->reached = more = true;
			first->via = order->edges[i].then;
		}
	}
}

const char *unit_order_unread(struct unit_order *order, const char *job)
{
	reach(order, job);
	for (size_t i = 0; i < order->n; i++) {
		const struct node *node = &order->nodes[i];

		if (node->reached && !node->added && node->meant == NONE &&
		    !is_early_target(node->name))
			return node->name;
	}
	return NULL;
}

/* The way from a unit to the job. */
static char *chain(const struct unit_order *order, size_t at)
{
	char *text = xstrdup("");

	for (size_t i = order->nodes[at].via; i != NONE; i = order->nodes[i].via)
		set_text(&text, xasprintf("%s%s%s", text, *text ? ", for " : "is there for ",
					  order->nodes[i].name));
	return text;
}

char *unit_order_hinders(struct unit_order *order, const char *job, const char *unit)
{
	size_t at = node_of(order, unit);

	reach(order, job);
	if (at == node_of(order, job))
		return xstrdup("is the job's unit");
	if (order->nodes[at].early)
		return xstrdup("is of the early boot (DefaultDependencies=no)");
	return order->nodes[at].reached ? chain(order, at) : NULL;
}

const char *unit_order_long_start(const char *text)
{
	auto_free char *type = unit_value(text, "Service", "Type");
	auto_free char *program = unit_value(text, "Service", "ExecStart");

	if (!program)
		return "it has no ExecStart=";
	if (type && !IS_ONE_OF(type, "simple", "exec", "forking"))
		return "by its Type= it may not count as started before it is done";
	return NULL;
}
