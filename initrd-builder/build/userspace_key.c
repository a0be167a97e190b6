// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/build/userspace_key.h"

#include "initrd-builder/build/digest.h"
#include "initrd-builder/write/epoch.h"
#include "src/common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/random.h>

#define FORMAT "3" /* another one, when the same inputs give other bytes */

/* Where package managers keep what is installed. */
static const char *const databases[] = {
	"/var/lib/dpkg/status",
	"/var/lib/rpm/rpmdb.sqlite",
	"/usr/lib/sysimage/rpm/rpmdb.sqlite",
	"/var/lib/rpm/Packages",
};

/* What is configured here and goes into an image, by a module-setup.sh or files.list. */
static const char *const configured[] = {
	"/etc/passwd",
	"/etc/group",
	"/etc/udev/udev.conf",
	"/etc/request-key.conf",
	"/etc/request-key.d/id_resolver.conf",
	"/etc/idmapd.conf",
	"/etc/ssl/certs/ca-certificates.crt",
};

/* Gives 1 where the file is there, 0 where it is not, or -errno. */
static int digest_path(struct digest *digest, const char *path)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	int r;

	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	digest_text(digest, path);
	r = digest_file(digest, fd);
	return r < 0 ? r : 1;
}

static int digest_machine(struct digest *digest, struct failure *f)
{
	bool known = false;
	uint64_t random;

	for (size_t i = 0; i < ARRAY_SIZE(databases) + ARRAY_SIZE(configured); i++) {
		bool package = i < ARRAY_SIZE(databases);
		const char *path = package ? databases[i] : configured[i - ARRAY_SIZE(databases)];
		int r = digest_path(digest, path);

		if (r < 0)
			return fail_errno(f, -r, NULL, "%s", path);
		known |= package && r > 0;
	}
	/* Nobody can say when such a machine changed. */
	if (!known && getrandom(&random, sizeof(random), 0) == sizeof(random)) {
		auto_free char *text = xasprintf("%ju", (uintmax_t)random);

		digest_text(digest, text);
	}
	return 0;
}

static int digest_ours(struct digest *digest, const struct parts *parts, struct failure *f)
{
	for (int i = 0; i < PART_COUNT; i++) {
		bool dir = i <= PART_LAST_MODULE;
		auto_close int fd = open(parts->path[i], O_RDONLY | O_CLOEXEC);
		int r = fd < 0 ? -errno
			: dir  ? digest_contents(digest, parts->path[i])
			       : digest_file(digest, fd);

		if (r < 0)
			return fail_errno(f, -r, NULL, "%s", parts->path[i]);
	}
	return 0;
}

int userspace_key(const struct userspace *userspace, const struct compression *compression,
		  char **ret, struct failure *f)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	const struct container *container = userspace->container;
	struct digest digest;
	time_t seconds;
	int r = epoch_read(0, &seconds, f);

	if (r < 0)
		return r; /* before anything is built */
	digest_begin(&digest);
	digest_text(&digest, FORMAT);
	digest_text(&digest, ROOTOVL_VERSION);
	digest_text(&digest, compression->name);
	digest_text(&digest, container->arch);
	digest_text(&digest, epoch ? epoch : "");
	for (enum feature i = 0; i < FEATURE_COUNT; i++)
		if (features_is_userspace(i))
			digest_text(&digest,
				    features_has(userspace->with, i) ? features_word(i) : "");
	if (container->id) {
		digest_text(&digest, container->id);
	} else {
		r = digest_machine(&digest, f);
		if (r == 0)
			r = digest_ours(&digest, userspace->parts, f);
	}
	*ret = digest_end(&digest);
	if (r < 0)
		free(STEAL(*ret));
	return r;
}
