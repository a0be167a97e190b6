// SPDX-License-Identifier: GPL-2.0-or-later
/* Which units can start behind the job. */
#include "src/rootovl/configure/unit_order.h"
#include "src/common/mem.h"
#include "tests/unit/unit.h"

#include <string.h>

#define JOB "job.service"

/* What is asked for and read in turn, with blanks, as one text. */
static char *read_all(struct unit_order *order)
{
	char *asked = xstrdup("");
	const char *next;

	while ((next = unit_order_unread(order, JOB))) {
		auto_free char *name = xstrdup(next);

		set_text(&asked, xasprintf("%s%s%s", asked, *asked ? " " : "", name));
		unit_order_add(order, name, NULL);
	}
	return asked;
}

/* A job with these lines in [Unit], and a unit u.service with those. */
static struct unit_order *two(const char *job, const char *unit)
{
	struct unit_order *order = unit_order_new();
	auto_free char *a = xasprintf("[Unit]\n%s\n[Service]\nExecStart=/x\n", job);
	auto_free char *b = xasprintf("[Unit]\n%s\n[Service]\nExecStart=/y\n", unit);

	unit_order_add(order, JOB, a);
	unit_order_add(order, "u.service", b);
	return order;
}

static void assert_hinders(struct unit_order *order, const char *unit, const char *expected)
{
	auto_free char *why = unit_order_hinders(order, JOB, unit);

	if (expected)
		assert_string_equal(why, expected);
	else
		assert_null(why);
}

static void assert_two(const char *job, const char *unit, const char *expected)
{
	struct unit_order *order = two(job, unit);

	free(read_all(order));
	assert_hinders(order, "u.service", expected);
	unit_order_free(order);
}

TEST(a_unit_that_says_nothing_can_wait)
{
	assert_two("", "", NULL);
	assert_two("After=a.target", "Before=b.target\nAfter=a.target", NULL);
	assert_two("Before=u.service", "", NULL);
}

TEST(what_the_job_waits_for_or_needs_cannot)
{
	static const char *const keys[] = { "After",	 "Wants",   "Requires",
					    "Requisite", "BindsTo", "Upholds" };

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		auto_free char *line = xasprintf("%s = a.service \\\n\tu.service", keys[i]);

		assert_two(line, "", "is there for job.service");
	}
	assert_two("", "Before=x.service job.service", "is there for job.service");
}

TEST(other_sections_say_nothing_of_it)
{
	assert_two("[Service]\nAfter=u.service", "", NULL);
	assert_two("", "[Install]\nBefore=job.service", NULL);
}

TEST(a_chain_is_told)
{
	struct unit_order *order = two("After=network.target", "Before=card.service");
	auto_free char *asked = NULL;

	unit_order_add(order, "card.service", "[Unit]\nBefore=network.target\n");
	asked = read_all(order);
	assert_hinders(order, "u.service",
		       "is there for card.service, for network.target, for job.service");
	assert_hinders(order, "card.service", "is there for network.target, for job.service");
	unit_order_free(order);
}

TEST(what_a_target_wants_by_links_is_waited_for_too)
{
	struct unit_order *order = two("Requires=farm.target", "");
	auto_free char *asked = NULL;

	unit_order_add(order, "farm.target", "[Unit]\n");
	unit_order_want(order, "farm.target", "u.service");
	asked = read_all(order);
	assert_string_equal(asked, "basic.target");
	assert_hinders(order, "u.service", "is there for farm.target, for job.service");
	unit_order_free(order);
}

TEST(nothing_of_the_early_boot_is_asked_for)
{
	struct unit_order *order = two("After=sysinit.target local-fs.target x.service", "");
	auto_free char *asked = NULL;

	unit_order_add(order, "basic.target",
		       "[Unit]\nAfter=sysinit.target sockets.target\nWants=timers.target\n");
	asked = read_all(order);
	assert_string_equal(asked, "x.service");
	unit_order_free(order);
}

TEST(a_unit_of_the_early_boot_cannot_wait)
{
	assert_two("", "DefaultDependencies=no", "is of the early boot (DefaultDependencies=no)");
	assert_two("", "DefaultDependencies=yes", NULL);
}

TEST(a_timer_can_wait_unless_basic_target_waits_for_timers)
{
	struct unit_order *order = two("", "");
	auto_free char *asked = NULL, *more = NULL;

	unit_order_add(order, "a.timer", "[Timer]\nOnCalendar=daily\n");
	unit_order_add(order, "basic.target", "[Unit]\nWants=timers.target\n");
	asked = read_all(order);
	assert_hinders(order, "a.timer", NULL);
	unit_order_add(order, "basic.target", "[Unit]\nAfter=timers.target\n");
	more = read_all(order);
	assert_hinders(order, "a.timer",
		       "is there for timers.target, for basic.target, for job.service");
	unit_order_free(order);
}

TEST(an_instance_counts_as_its_template_and_an_alias_as_its_unit)
{
	struct unit_order *order = two("After=get@one.service log.service", "");
	auto_free char *asked = NULL;

	unit_order_add(order, "get@.service", "[Unit]\n");
	unit_order_alias(order, "log.service", "u.service");
	asked = read_all(order);
	assert_hinders(order, "get@.service", "is there for job.service");
	assert_hinders(order, "u.service", "is there for job.service");
	unit_order_free(order);
}

TEST(the_job_does_not_wait_for_itself_and_circles_end)
{
	struct unit_order *order = two("After=a.service", "");
	auto_free char *asked = NULL;

	unit_order_add(order, "a.service", "[Unit]\nAfter=b.service\n");
	unit_order_add(order, "b.service", "[Unit]\nAfter=a.service\n");
	asked = read_all(order);
	assert_hinders(order, JOB, "is the job's unit");
	assert_hinders(order, "b.service", "is there for a.service, for job.service");
	unit_order_free(order);
}

TEST(what_is_known_of_a_unit)
{
	struct unit_order *order = two("", "");

	assert_true(unit_order_was_added(order, "u.service"));
	assert_true(unit_order_has(order, "u.service"));
	assert_false(unit_order_was_added(order, "v.service"));
	unit_order_add(order, "v.service", NULL);
	assert_true(unit_order_was_added(order, "v.service"));
	assert_false(unit_order_has(order, "v.service"));
	unit_order_free(order);
}

TEST(nothing_waits_for_a_start_that_lasts)
{
	assert_null(unit_order_long_start("[Service]\nExecStart=/x\n"));
	assert_null(unit_order_long_start("[Service]\nType=forking\nExecStart=/x\n"));
	assert_non_null(unit_order_long_start("[Service]\nType=oneshot\nExecStart=/x\n"));
	assert_non_null(unit_order_long_start("[Service]\nExecStart=/x\n[Service]\nType=notify\n"));
	assert_non_null(unit_order_long_start("[Timer]\nOnCalendar=daily\n"));
}
