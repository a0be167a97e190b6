// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/settings/local_words.h"

#include "src/common/mem.h"
#include "src/rootovl/settings/values.h"

#include <errno.h>
#include <string.h>

#define VOLUME "/dev/mapper/" DISKS_GROUP "-"

/* As lvcreate(8) reads it: a number alone is of MiB. */
static int take_size(struct settings *settings, const char *text, struct failure *f)
{
	bool bare = text[strspn(text, "0123456789")] == '\0';
	auto_free char *size = xasprintf("%s%s", text, bare ? "M" : "");

	if (settings->size.bytes || settings->size.percent || settings->upper)
		return 0;
	if (value_size(size, &settings->size) < 0)
		return fail(f, EINVAL, "os_lv_size=BYTES[K|M|G|T]",
			    "bad value of os_lv_size: \"%s\"", text);
	return 0;
}

static int take_name(struct settings *settings, const char *parameter, const char *device,
		     const char *anew, struct failure *f)
{
	const size_t len = strlen(VOLUME);
	auto_free char *hint = xasprintf("%s=" VOLUME "NAME, or rootovl.persist=NAME", parameter);
	auto_free char *value = NULL;

	if (settings->persist)
		return 0;
	if (!strncmp(device, VOLUME, len))
		value = xasprintf("%s%s", device + len, anew);
	if (!value || value_persist(value, &settings->persist, &settings->persist_anew) < 0)
		return fail(f, EINVAL, hint, "bad value of %s: \"%s\"", parameter, device);
	return 0;
}

int local_words_settle(struct reading *reading, struct failure *f)
{
	const struct local_words *local = &reading->local;
	struct settings *settings = &reading->settings;
	bool again = local->use && local->save && !strcmp(local->use, local->save);
	int r = 0;

	if (!local->on)
		return 0;
	if (!settings->disks && !settings->upper)
		return fail(f, EINVAL, "add rootfs_disk=DEVICE, or write rootovl in place of local",
			    "local: the root is to be on a disk, and there is no rootfs_disk=");
	if (local->use && !again && !local->partition)
		return fail(f, EINVAL,
			    "leave it out; rootovl.persist=NAME goes on with what was saved",
			    "use_root_partition=: a root that was saved is not the lower of "
			    "another one");
	if (local->lv_size)
		r = take_size(settings, local->lv_size, f);
	if (r == 0 && local->partition)
		r = take_name(settings, "os_partition", local->partition, "", f);
	else if (r == 0 && local->save)
		r = take_name(settings, "save_root_partition", local->save, again ? "" : ",new", f);
	return r;
}
