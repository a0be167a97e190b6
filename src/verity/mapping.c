// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/verity/mapping.h"

#include "src/common/files.h"
#include "src/common/mem.h"
#include "src/verity/check.h"

#include <errno.h>
#include <fcntl.h>
#include <libdevmapper.h>
#include <string.h>

#define SIGNATURE_MAX (64 * 1024)

static int read_signature(const char *path, char **ret, size_t *ret_len, struct failure *f)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	int r = fd < 0 ? -errno : file_read_fd(fd, SIGNATURE_MAX, ret, ret_len);

	return r < 0 ? fail_errno(f, -r, "an initrd has to bring it", "rootovl.verity.signature=%s",
				  path)
		     : 0;
}

/*
 * Only the key's absence has an errno value of its own. libcryptsetup gives another one, and
 * libdevmapper's words tell it.
 */
static int fail_signed(int code, const char *said, struct failure *f)
{
	if (code == ENOKEY || strstr(said, strerror(ENOKEY)))
		return fail(f, ENOKEY, "the kernel must be built with the key's certificate",
			    "the kernel has no key for the signature of its root hash");
	return fail(f, code,
		    "is it of this root hash? Has the kernel DM_VERITY_VERIFY_ROOTHASH_SIG? See "
		    "its log",
		    "the kernel refuses the signature of its root hash: %s", said);
}

/* libcryptsetup says the cause, before it gives an errno value that says less. */
static void keep_error(int level, const char *message, void *arg)
{
	char **said = arg;

	if (level != CRYPT_LOG_ERROR)
		return;
	set_text(said, xstrndup(message, strcspn(message, "\n")));
}

static int activate(struct crypt_device *cd, const unsigned char root[VERITY_DIGEST],
		    const char *signature, struct failure *f)
{
	const char *key = (const char *)root;
	auto_free char *said = NULL, *text = NULL;
	size_t len = 0;
	int r = signature ? read_signature(signature, &text, &len, f) : 0;

	if (r < 0)
		return r;
	crypt_set_log_callback(cd, keep_error, &said);
	r = signature ? crypt_activate_by_signed_key(cd, VERITY_NAME, key, VERITY_DIGEST, text, len,
						     CRYPT_ACTIVATE_READONLY)
		      : crypt_activate_by_volume_key(cd, VERITY_NAME, key, VERITY_DIGEST,
						     CRYPT_ACTIVATE_READONLY);
	/* It would be called when the text is gone. */
	crypt_set_log_callback(cd, NULL, NULL);
	if (r >= 0)
		return 0;
	if (signature)
		return fail_signed(-r, said ? said : strerror(-r), f);
	return fail(f, -r, "has the kernel dm-verity? See its log", "dm-verity: %s",
		    said ? said : strerror(-r));
}

static int read_first(struct failure *f)
{
	char block[VERITY_BLOCK];
	auto_close int fd = open(VERITY_DEVICE, O_RDONLY | O_CLOEXEC);
	ssize_t n;
	int code;

	if (fd < 0)
		return fail_errno(f, errno, NULL, VERITY_DEVICE);
	n = pread(fd, block, sizeof(block), 0);
	if (n == (ssize_t)sizeof(block))
		return 0;
	code = n < 0 ? errno : EIO;
	return mapping_is_corrupted()
		       ? fail(f, EBADMSG, "it was changed, or its disk is faulty: make it again",
			      "its first block is not that of rootovl.verity=")
		       : fail_errno(f, code, NULL, "reading its first block");
}

int mapping_open(const char *device, const unsigned char root[VERITY_DIGEST], const char *signature,
		 struct failure *f)
{
	auto_crypt struct crypt_device *cd = NULL;
	auto_failure struct failure ignored = { 0 };
	int r = check_image(device, root, &cd, f);

	if (r == 0)
		r = activate(cd, root, signature, f);
	if (r < 0)
		return r;
	r = read_first(f);
	if (r < 0)
		(void)mapping_close(&ignored);
	return r;
}

int mapping_close(struct failure *f)
{
	int r = crypt_deactivate_by_name(NULL, VERITY_NAME, CRYPT_DEACTIVATE_DEFERRED);

	return r == 0 || r == -ENODEV ? 0 : fail_errno(f, -r, NULL, "removing " VERITY_DEVICE);
}

bool mapping_is_corrupted(void)
{
	struct dm_task *task = dm_task_create(DM_DEVICE_STATUS);
	uint64_t start, length;
	char *type = NULL, *status = NULL;
	bool corrupted;

	/* Its status is "V" or "C" (Documentation/admin-guide/device-mapper/verity.rst). */
	if (task && dm_task_set_name(task, VERITY_NAME) && dm_task_run(task))
		dm_get_next_target(task, NULL, &start, &length, &type, &status);
	corrupted = status && status[0] == 'C';
	if (task)
		dm_task_destroy(task);
	return corrupted;
}
