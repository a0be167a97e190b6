// SPDX-License-Identifier: GPL-2.0-or-later
/* Enabling units: the links that systemd goes by, made in the new root. */
#include "src/rootovl/configure/units.h"

#include "src/common/mem.h"
#include "src/rootovl/configure/unit_file.h"
#include "src/rootovl/configure/unit_install.h"
#include "src/rootovl/configure/unit_name.h"

#include <errno.h>
#include <string.h>

/* As many units as one may bring with it by Also=. */
#define UNITS_MAX 64

int units_exists(struct newroot *nr, const char *unit)
{
	int r = unit_name_valid(unit) ? unit_find(nr, unit) : -ENOENT;

	return r == 0 ? 1 : r == -ENOENT ? 0 : r;
}

static int fail_load(struct failure *f, int r, const char *name)
{
	if (r == -ENOENT)
		return fail(f, ENOENT, "does the payload or the root bring it?",
			    "unit %s: neither the root nor the payload has it", name);
	if (r == -EPERM)
		return fail(f, EPERM, "take the link to /dev/null away, or do not enable it",
			    "unit %s: masked in the root", name);
	return fail_errno(f, -r, NULL, "unit %s", name);
}

/* Makes one link to the unit, unless something that works is there. */
static int make_link_to(struct newroot *nr, const struct unit *unit, const char *path,
			struct failure *f)
{
	struct stat st;

	if (newroot_stat(nr, path, true, &st) == 0 && S_ISREG(st.st_mode))
		return 0;
	if (newroot_symlink(nr, unit->path, path, f) < 0) {
		failure_prefix(f, "unit %s", unit->name);
		return -f->code;
	}
	return 0;
}

/* Puts what a word of [Install] stands for into *ret: the name of a unit. */
static int expand_name(const struct unit *unit, const char *word, char **ret, struct failure *f)
{
	auto_free char *name = NULL;

	if (unit_name_expand(word, unit->name, &name) < 0 || !unit_name_valid(name))
		return fail(f, EINVAL, "correct its [Install] section",
			    "unit %s: \"%s\" in %s is no name of a unit", unit->name, word,
			    unit->path);
	*ret = STEAL(name);
	return 0;
}

/* The links for WantedBy= and its kin: UNIT_DIR/WHO.wants/UNIT. */
static int link_from(struct newroot *nr, const struct unit *unit, char *const *words,
		     const char *suffix, struct failure *f)
{
	int r = 0;

	for (; r == 0 && words && *words; words++) {
		auto_free char *who = NULL, *path = NULL;

		r = expand_name(unit, *words, &who, f);
		if (r < 0)
			return r;
		path = xasprintf(UNIT_DIR "/%s.%s/%s", who, suffix, unit->name);
		r = make_link_to(nr, unit, path, f);
	}
	return r;
}

static int link_aliases(struct newroot *nr, const struct unit *unit, char *const *words,
			struct failure *f)
{
	int r = 0;

	for (; r == 0 && words && *words; words++) {
		auto_free char *alias = NULL, *path = NULL;

		r = expand_name(unit, *words, &alias, f);
		if (r < 0)
			return r;
		if (!unit_name_same_type(alias, unit->name))
			return fail(f, EINVAL, "correct its [Install] section",
				    "unit %s: the alias %s is of another type", unit->name, alias);
		if (strcmp(alias, unit->name) == 0)
			continue;
		path = xasprintf(UNIT_DIR "/%s", alias);
		r = make_link_to(nr, unit, path, f);
	}
	return r;
}

/* A template is enabled as its default instance. */
static int settle_instance(struct unit *unit, const struct unit_install *install, struct failure *f)
{
	if (!unit_name_is_template(unit->name))
		return 0;
	if (!install->default_instance)
		return fail(f, EINVAL, "name an instance, as in getty@tty1.service",
			    "unit %s: a template without DefaultInstance=", unit->name);
	set_text(&unit->name, unit_name_instance(unit->name, install->default_instance));
	if (!unit_name_valid(unit->name))
		return fail(f, EINVAL, "correct its [Install] section",
			    "unit %s: no name of a unit, by DefaultInstance=", unit->name);
	return 0;
}

static int make_links(struct newroot *nr, const struct unit *unit,
		      const struct unit_install *install, bool named, struct failure *f)
{
	char target[] = "multi-user.target";
	char *const by_default[] = { target, NULL };
	bool asks = install->wanted_by || install->required_by || install->upheld_by ||
		    install->alias || install->also;
	int r = 0;

	if (!asks && named)
		r = link_from(nr, unit, by_default, "wants", f);
	if (r == 0)
		r = link_from(nr, unit, install->wanted_by, "wants", f);
	if (r == 0)
		r = link_from(nr, unit, install->required_by, "requires", f);
	if (r == 0)
		r = link_from(nr, unit, install->upheld_by, "upholds", f);
	return r == 0 ? link_aliases(nr, unit, install->alias, f) : r;
}

static int enable(struct newroot *nr, const char *name, char ***met, struct failure *f);

/* The units that come along; one that is not there or masked does not, as with systemctl. */
static int enable_also(struct newroot *nr, const struct unit *unit, char *const *words, char ***met,
		       struct failure *f)
{
	int r = 0;

	for (; r == 0 && words && *words; words++) {
		auto_free char *name = NULL;

		r = expand_name(unit, *words, &name, f);
		if (r == 0)
			r = enable(nr, name, met, f);
	}
	return r;
}

/* Enables the unit that was named, which is the first in `met`, or one that comes along. */
static int enable(struct newroot *nr, const char *name, char ***met, struct failure *f)
{
	struct unit_install install;
	auto_unit struct unit unit = { .name = NULL };
	bool named = !*met;
	int r;

	if (strv_has(*met, name))
		return 0;
	if (strv_len(*met) == UNITS_MAX)
		return fail(f, ELOOP, NULL, "unit %s: more than %d units by Also=", (*met)[0],
			    UNITS_MAX);
	strv_add(met, xstrdup(name));
	r = unit_load(nr, name, &unit);
	if (!named && (r == -ENOENT || r == -EPERM))
		return 0;
	if (r < 0)
		return fail_load(f, r, name);
	unit_install_parse(unit.text, &install);
	r = settle_instance(&unit, &install, f);
	if (r == 0)
		r = make_links(nr, &unit, &install, named, f);
	if (r == 0)
		r = enable_also(nr, &unit, install.also, met, f);
	unit_install_done(&install);
	return r;
}

int units_enable(struct newroot *nr, const char *unit, struct failure *f)
{
	auto_strv char **met = NULL;

	if (!unit_name_valid(unit))
		return fail(f, EINVAL, "a name like lkp-bootstrap.service is expected",
			    "unit %s: no name of a unit", unit);
	return enable(nr, unit, &met, f);
}
