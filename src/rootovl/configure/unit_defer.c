// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/configure/unit_defer.h"

#include "src/common/mem.h"
#include "src/rootovl/configure/unit_file.h"
#include "src/rootovl/configure/unit_name.h"
#include "src/rootovl/configure/unit_order.h"
#include "src/rootovl/machine/leave.h"

#include <errno.h>
#include <string.h>

#define NAMES_MAX_DIR 4096
#define UNITS_MAX     500 /* read at most */
#define DROP_IN_MAX   65536
#define DROP_IN	      "50-rootovl-defer.conf"
#define DIRS	      4

/* A directory of units, and the names in it: what is not there needs no further question. */
struct dir {
	const char *path;
	char **names;
};

struct reading {
	struct newroot *nr;
	struct unit_order *order;
	struct dir dirs[DIRS];
	char **started; /* jobs that others can start behind */
	unsigned read;
};

/* What a root lacks, or keeps in an odd way, is not there. */
static int list(struct newroot *nr, const char *path, char ***ret)
{
	int r = newroot_names(nr, path, NAMES_MAX_DIR, ret);

	return r == -ENOENT || r == -ENOTDIR || r == -ELOOP || r == -EFBIG ? 0 : r;
}

static int list_dirs(struct reading *reading)
{
	static const char *const paths[DIRS] = { UNIT_DIR, "/usr/local/lib/systemd/system",
						 "/usr/lib/systemd/system", "/lib/systemd/system" };
	auto_free char *merged = NULL;
	size_t n = newroot_readlink(reading->nr, "/lib", &merged) == 0 ? 3 : 4;
	int r = 0;

	for (size_t i = 0; r == 0 && i < n; i++) {
		reading->dirs[i].path = paths[i];
		r = list(reading->nr, paths[i], &reading->dirs[i].names);
	}
	return r;
}

static bool is_there(const struct reading *reading, const char *name)
{
	for (size_t i = 0; i < DIRS; i++)
		if (strv_has(reading->dirs[i].names, name))
			return true;
	return false;
}

/* Puts the texts of the drop-ins in one directory behind a unit's. */
static int add_dropins(struct reading *reading, const struct dir *dir, const char *sub, char **text)
{
	auto_free char *path = xasprintf("%s/%s", dir->path, sub);
	auto_strv char **names = NULL;
	int r = list(reading->nr, path, &names);

	for (char **name = names; r == 0 && name && *name; name++) {
		auto_free char *file = xasprintf("%s/%s", path, *name), *more = NULL;
		const char *dot = strrchr(*name, '.');
		size_t len;

		if (dot && !strcmp(dot, ".conf") &&
		    newroot_read(reading->nr, file, DROP_IN_MAX, &more, &len) == 0)
			set_text(text, xasprintf("%s\n%s", *text, more));
	}
	return r;
}

static int add_links(struct reading *reading, const struct dir *dir, const char *name,
		     const char *kind)
{
	auto_free char *sub = xasprintf("%s.%s", name, kind);
	auto_free char *path = xasprintf("%s/%s", dir->path, sub);
	auto_strv char **units = NULL;
	int r = strv_has(dir->names, sub) ? list(reading->nr, path, &units) : 0;

	for (char **unit = units; unit && *unit; unit++)
		unit_order_want(reading->order, name, *unit);
	return r;
}

static int add_beside(struct reading *reading, const char *name, char **text)
{
	auto_free char *sub = xasprintf("%s.d", name);
	int r = 0;

	for (size_t i = 0; r == 0 && i < DIRS; i++) {
		const struct dir *dir = &reading->dirs[i];

		if (strv_has(dir->names, sub))
			r = add_dropins(reading, dir, sub, text);
		if (r == 0)
			r = add_links(reading, dir, name, "wants");
		if (r == 0)
			r = add_links(reading, dir, name, "requires");
	}
	return r;
}

/* A mask, or a link that leads nowhere, starts nothing. */
static bool is_fatal(int r)
{
	return r == -EIO || r == -ETIMEDOUT || r == -ENOMEM || r == -EHOSTDOWN;
}

/* Reads a unit with all that is beside it, once; *ret is its text, if anybody wants it. */
static int read_unit(struct reading *reading, const char *name, char **ret)
{
	auto_unit struct unit unit = { .name = NULL };
	auto_free char *template = unit_name_template(name);
	int r = -ENOENT;

	if (unit_order_was_added(reading->order, name))
		return 0;
	if (++reading->read > UNITS_MAX)
		return -E2BIG;
	if (is_there(reading, name) || is_there(reading, template))
		r = unit_load(reading->nr, name, &unit);
	if (r < 0) {
		unit_order_add(reading->order, name, NULL);
		return is_fatal(r) ? r : 0;
	}
	if (strcmp(unit.name, name) != 0)
		unit_order_alias(reading->order, name, unit.name);
	if (unit_order_was_added(reading->order, unit.name))
		return 0;
	r = add_beside(reading, unit.name, &unit.text);
	unit_order_add(reading->order, unit.name, unit.text);
	if (ret)
		*ret = STEAL(unit.text);
	return r;
}

static int read_all_before(struct reading *reading, const char *job)
{
	const char *next;
	int r = 0;

	while (r == 0 && (next = unit_order_unread(reading->order, job))) {
		auto_free char *name = xstrdup(next);

		r = read_unit(reading, name, NULL);
	}
	return r;
}

/* One of them may say that it comes before the job. */
static int read_wanted(struct reading *reading)
{
	static const char *const targets[] = { "multi-user.target", "graphical.target" };
	int r = 0;

	for (size_t t = 0; t < ARRAY_SIZE(targets); t++) {
		auto_free char *sub = xasprintf("%s.wants", targets[t]);

		for (size_t i = 0; r == 0 && i < DIRS; i++) {
			const struct dir *dir = &reading->dirs[i];
			auto_free char *path = xasprintf("%s/%s", dir->path, sub);
			auto_strv char **names = NULL;

			if (strv_has(dir->names, sub))
				r = list(reading->nr, path, &names);
			for (char **name = names; r == 0 && name && *name; name++)
				r = read_unit(reading, *name, NULL);
		}
	}
	return r;
}

static int read_job(struct reading *reading, const char *job, struct unit_defer *ret)
{
	auto_free char *text = NULL;
	int r = read_unit(reading, job, &text);
	const char *lasts = text ? unit_order_long_start(text) : "it is there by another name";

	if (lasts)
		strv_add(&ret->refused, xasprintf("nothing waits for %s: %s", job, lasts));
	else
		strv_add(&reading->started, xstrdup(job));
	return r;
}

/* Why one of the jobs cannot have it behind, or NULL. */
static char *hinders(struct reading *reading, char *const *jobs, const char *unit)
{
	char *why = NULL;

	for (char *const *job = jobs; !why && *job; job++)
		why = unit_order_hinders(reading->order, *job, unit);
	return why;
}

static int defer(struct reading *reading, char *const *jobs, const struct defer_row *row,
		 struct unit_defer *ret, struct failure *f)
{
	auto_free char *why = NULL, *dir = NULL, *drop_in = NULL, *names = NULL;
	int r = read_unit(reading, row->unit, NULL);

	if (r < 0)
		strv_add(&ret->refused, xasprintf("%s: %s", row->unit, strerror(-r)));
	if (r < 0 || !unit_order_has(reading->order, row->unit))
		return 0;
	why = hinders(reading, jobs, row->unit);
	if (why) {
		strv_add(&ret->refused, xasprintf("%s %s", row->unit, why));
		return 0;
	}
	names = strv_join(reading->started, " ");
	dir = xasprintf(LEAVE_UNITS "/%s.d", row->unit);
	drop_in = xasprintf("# made by rootovl, by rootovl.defer=yes\n[Unit]\nAfter=%s\n", names);
	r = leave_text(dir, DROP_IN, drop_in, f);
	if (r == 0)
		strv_add(&ret->done, xasprintf("%s: %s", row->unit, row->reason));
	return r;
}

static int read_units(struct reading *reading, char *const *jobs, struct unit_defer *ret)
{
	int r = list_dirs(reading);

	for (char *const *job = jobs; r == 0 && *job; job++)
		r = read_job(reading, *job, ret);
	if (r == 0)
		r = read_wanted(reading);
	for (char *const *job = jobs; r == 0 && *job; job++)
		r = read_all_before(reading, *job);
	return r;
}

/* A root whose units cannot be understood starts as ever. */
static int defer_all(struct reading *reading, char *const *jobs, const struct defer_table *table,
		     struct unit_defer *ret, struct failure *f)
{
	int r = read_units(reading, jobs, ret);

	if (r < 0) {
		strv_add(&ret->refused, xasprintf("nothing waits for the job: the root's units: %s",
						  strerror(-r)));
		return 0;
	}
	for (size_t i = 0; r == 0 && reading->started && i < table->n; i++)
		r = defer(reading, jobs, &table->rows[i], ret, f);
	return r;
}

int unit_defer(struct newroot *nr, char *const *jobs, const struct defer_table *table,
	       struct unit_defer *ret, struct failure *f)
{
	struct reading reading = { .nr = nr, .order = unit_order_new() };
	int r = 0;

	*ret = (struct unit_defer){ .done = NULL };
	if (table->n && jobs && *jobs)
		r = defer_all(&reading, jobs, table, ret, f);
	for (size_t i = 0; i < DIRS; i++)
		strv_free(reading.dirs[i].names);
	strv_free(reading.started);
	unit_order_free(reading.order);
	return r;
}

void unit_defer_done(struct unit_defer *defer)
{
	strv_free(defer->done);
	strv_free(defer->refused);
	*defer = (struct unit_defer){ .done = NULL };
}
