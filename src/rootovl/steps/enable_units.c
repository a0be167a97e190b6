// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The step "enable units": the units that shall run, as `systemctl enable` would do it.
 * Runs after "copy payload", which may bring them. Needs boot->newroot. Leaves links in the upper,
 * in /run what starts others behind them (rootovl.defer=), and the names of all in the report.
 */
#include "src/rootovl/steps/enable_units.h"

#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/configure/job_check.h"
#include "src/rootovl/configure/unit_defer.h"
#include "src/rootovl/configure/units.h"
#include "src/rootovl/plan/job_start.h"
#include "src/rootovl/report/report.h"

#include <errno.h>

static void warn(struct boot *boot, const char *text)
{
	log_console(LOG_WARNING, "%s", text);
	report_add(boot->report, "warnings", text);
}

/* Enables one unit, and warns if the unit cannot do its work. */
static int enable(struct boot *boot, const char *unit, struct failure *f)
{
	auto_free char *text = NULL;
	int r = units_enable(boot->newroot, unit, f);

	if (r < 0)
		return r;
	text = job_check_unit(boot->newroot, unit);
	if (text)
		warn(boot, text);
	report_add(boot->report, "units", unit);
	strv_add(&boot->result->units, xstrdup(unit));
	return 0;
}

static int defer(struct boot *boot, const struct step_enable *step, struct failure *f)
{
	struct unit_defer out;
	int r = unit_defer(boot->newroot, boot->result->units, &step->defer, &out, f);

	for (char **text = out.done; text && *text; text++)
		report_add(boot->report, "deferred", *text);
	for (char **text = out.refused; text && *text; text++)
		report_add(boot->report, "not_deferred", *text);
	unit_defer_done(&out);
	return r;
}

/* Is the root's init another one? */
static bool lacks_systemd(struct newroot *nr)
{
	struct stat st;

	return newroot_stat(nr, "/usr/lib/systemd/systemd", true, &st) == -ENOENT &&
	       newroot_stat(nr, "/lib/systemd/systemd", true, &st) == -ENOENT;
}

static void warn_of_all(struct boot *boot, char **units)
{
	for (; *units; units++) {
		auto_free char *text = job_start_no_systemd(*units);

		warn(boot, text);
	}
}

int step_enable_units(struct boot *boot, const struct step *step, struct failure *f)
{
	if (lacks_systemd(boot->newroot)) {
		warn_of_all(boot, step->enable.units);
		return 0;
	}
	for (char **unit = step->enable.units; *unit; unit++) {
		int r = step->enable.optional ? units_exists(boot->newroot, *unit) : 1;

		if (r < 0)
			return fail_errno(f, -r, "the server stopped answering?", "unit %s", *unit);
		if (r == 0) {
			auto_free char *text = job_start_no_unit(*unit);

			warn(boot, text);
			continue;
		}
		r = enable(boot, *unit, f);
		if (r < 0)
			return r;
	}
	return defer(boot, &step->enable, f);
}
