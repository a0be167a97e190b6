// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/plan/defer_table.h"

#include "src/common/mem.h"

#include <errno.h>
#include <string.h>

#define ROWS_MAX     200
#define NAME_MAX_LEN 200 /* it becomes a part of a file's name */
#define BLANKS	     " \t\r"
#define NAME_CHARS                                                                                 \
	"abcdefghijklmnopqrstuvwxyz"                                                               \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ"                                                               \
	"0123456789:-_.\\@"

static const char line_form[] = "a line is: UNIT REASON, or -UNIT";

/* Others have orders of their own that a drop-in cannot take away, as sockets before
 * sockets.target.
 */
static bool is_service_or_timer(const char *unit)
{
	const char *dot = strrchr(unit, '.');

	return dot && dot != unit && strlen(unit) <= NAME_MAX_LEN &&
	       strspn(unit, NAME_CHARS) == strlen(unit) &&
	       (!strcmp(dot, ".service") || !strcmp(dot, ".timer"));
}

static struct defer_row *find(const struct defer_table *table, const char *unit)
{
	for (size_t i = 0; i < table->n; i++)
		if (strcmp(table->rows[i].unit, unit) == 0)
			return &table->rows[i];
	return NULL;
}

static void take_out(struct defer_table *table, struct defer_row *row)
{
	size_t behind = (size_t)(table->rows + table->n - row - 1);

	free(row->unit);
	free(row->reason);
	memmove(row, row + 1, behind * sizeof(*row));
	table->n--;
}

static int set_row(struct defer_table *table, const char *unit, const char *reason,
		   struct failure *f)
{
	struct defer_row *row = find(table, unit);

	if (!row && table->n == ROWS_MAX)
		return fail(f, E2BIG, NULL, "more than %d units", ROWS_MAX);
	if (row) {
		set_text(&row->reason, xstrdup(reason));
		return 0;
	}
	table->rows = xreallocarray(table->rows, table->n + 1, sizeof(*table->rows));
	table->rows[table->n++] = (struct defer_row){
		.unit = xstrdup(unit),
		.reason = xstrdup(reason),
	};
	return 0;
}

/* Cuts a comment and the blanks round a line. */
static char *trim(char *line)
{
	size_t len;

	line += strspn(line, BLANKS);
	line[strcspn(line, "#")] = '\0';
	len = strlen(line);
	while (len && strchr(BLANKS, line[len - 1]))
		line[--len] = '\0';
	return line;
}

static int parse_line(struct defer_table *table, char *line, struct failure *f)
{
	char *unit = trim(line), *reason;
	bool out = *unit == '-';
	struct defer_row *row;

	unit += out;
	reason = unit + strcspn(unit, BLANKS);
	if (*reason)
		*reason++ = '\0';
	reason += strspn(reason, BLANKS);
	if (!*unit && !out)
		return 0;
	if (!is_service_or_timer(unit))
		return fail(f, EINVAL, "a name like cron.service or fstrim.timer is expected",
			    "\"%s\" is no name of a service or a timer", unit);
	if (out ? *reason : !*reason)
		return fail(f, EINVAL, line_form, "%s: %s", unit,
			    out ? "more than the name" : "no reason");
	for (const char *c = reason; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return fail(f, EINVAL, line_form, "%s: a control character", unit);
	if (!out)
		return set_row(table, unit, reason, f);
	row = find(table, unit);
	if (row)
		take_out(table, row);
	return 0;
}

int defer_table_parse(struct defer_table *table, const char *name, const char *text,
		      struct failure *f)
{
	auto_free char *copy = xstrdup(text);
	char *rest = copy, *line;
	int r = 0;

	for (unsigned n = 1; r == 0 && (line = strsep(&rest, "\n")); n++) {
		r = parse_line(table, line, f);
		if (r < 0)
			failure_prefix(f, "%s:%u", name, n);
	}
	return r;
}

void defer_table_done(struct defer_table *table)
{
	while (table->n)
		take_out(table, &table->rows[table->n - 1]);
	free(table->rows);
	*table = (struct defer_table){ 0 };
}
