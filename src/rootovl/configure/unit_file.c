// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/configure/unit_file.h"

#include "src/common/mem.h"
#include "src/rootovl/configure/unit_name.h"

#include <errno.h>
#include <string.h>

#define UNIT_SIZE_MAX ((size_t)1 << 20)

/* As many alias links in a row are followed. */
#define ALIASES_MAX 16

/* Where systemd looks for units, the first one wins. */
static const char *const unit_path[] = {
	UNIT_DIR,
	"/run/systemd/system",
	"/usr/local/lib/systemd/system",
	"/usr/lib/systemd/system",
	"/lib/systemd/system",
};

void unit_done(struct unit *unit)
{
	free(unit->name);
	free(unit->path);
	free(unit->text);
}

/* The unit's file, or with ret_path NULL whether there is one: -ENOENT. */
static int find_name(struct newroot *nr, const char *name, char **ret_path)
{
	for (size_t i = 0; i < ARRAY_SIZE(unit_path); i++) {
		auto_free char *path = xasprintf("%s/%s", unit_path[i], name);
		struct stat st;
		int r = newroot_stat(nr, path, false, &st);

		if (r == 0) {
			if (ret_path)
				*ret_path = STEAL(path);
			return 0;
		}
		if (r != -ENOENT && r != -ENOTDIR && r != -ELOOP)
			return r;
	}
	return -ENOENT;
}

/* An instance may have a file of its own; mostly it has its template's. */
static int find(struct newroot *nr, const char *name, char **ret_path)
{
	auto_free char *template = NULL;
	int r = find_name(nr, name, ret_path);

	if (r != -ENOENT || !strchr(name, '@'))
		return r;
	template = unit_name_template(name);
	return find_name(nr, template, ret_path);
}

int unit_find(struct newroot *nr, const char *name)
{
	return find(nr, name, NULL);
}

/*
 * A file that is a link to one of another name makes the unit an alias: *ret is the name of the
 * unit that is meant. -EPERM where it is masked; 0 with NULL for a unit in its own right.
 */
static int look_at_link(struct newroot *nr, const struct unit *unit, char **ret)
{
	auto_free char *target = NULL, *template = NULL;
	const char *base;
	int r = newroot_readlink(nr, unit->path, &target);

	*ret = NULL;
	if (r == -EINVAL)
		return 0;
	if (r < 0)
		return r;
	if (strcmp(target, "/dev/null") == 0)
		return -EPERM;
	base = strrchr(target, '/') ? strrchr(target, '/') + 1 : target;
	template = unit_name_template(unit->name);
	if (strcmp(base, unit->name) != 0 && strcmp(base, template) != 0 && unit_name_valid(base) &&
	    unit_name_same_type(base, unit->name))
		*ret = xstrdup(base);
	return 0;
}

static int load_text(struct newroot *nr, struct unit *unit)
{
	size_t len;
	int r = newroot_read(nr, unit->path, UNIT_SIZE_MAX, &unit->text, &len);

	if (r < 0)
		return r;
	return len ? 0 : -EPERM; /* an empty file masks, too */
}

bool unit_has_any(struct newroot *nr, char *const *names)
{
	for (char *const *name = names; name && *name; name++)
		if (find_name(nr, *name, NULL) == 0)
			return true;
	return false;
}

int unit_load(struct newroot *nr, const char *name, struct unit *ret)
{
	auto_unit struct unit unit = { .name = xstrdup(name) };
	char *meant = NULL;
	int r;

	for (int aliases = 0; aliases <= ALIASES_MAX; aliases++) {
		r = find(nr, unit.name, &unit.path);
		if (r == 0)
			r = look_at_link(nr, &unit, &meant);
		if (r == 0 && !meant)
			r = load_text(nr, &unit);
		if (r < 0)
			return r;
		if (!meant) {
			*ret = unit;
			unit = (struct unit){ .name = NULL };
			return 0;
		}
		unit_done(&unit);
		unit = (struct unit){ .name = STEAL(meant) };
	}
	return -ELOOP;
}
