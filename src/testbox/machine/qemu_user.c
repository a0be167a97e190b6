// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/qemu_user.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOBODY	   65534 /* where passwd(5) does not say it */
#define KVM	   "/dev/kvm"
#define FOR_OTHERS (S_IROTH | S_IWOTH)

static gid_t kvm_group(void)
{
	struct stat st;

	if (stat(KVM, &st) < 0 || (st.st_mode & FOR_OTHERS) == FOR_OTHERS || st.st_gid == 0)
		return (gid_t)-1;
	return st.st_gid;
}

static void find_for_root(struct qemu_user *ret)
{
	const struct passwd *entry = getpwnam(QEMU_USER);

	ret->own = entry && entry->pw_uid != 0;
	if (!ret->own)
		entry = getpwnam("nobody");
	ret->uid = entry && entry->pw_uid != 0 ? entry->pw_uid : NOBODY;
	ret->gid = entry && entry->pw_gid != 0 ? entry->pw_gid : NOBODY;
	ret->kvm = kvm_group();
	ret->other = true;
}

void qemu_user_find(struct qemu_user *ret)
{
	static struct qemu_user found; /* it may be asked for once a file */

	if (!found.own && !found.other) {
		found = (struct qemu_user){ geteuid(), getegid(), (gid_t)-1, false, true };
		if (geteuid() == 0)
			find_for_root(&found);
	}
	*ret = found;
}

int qemu_user_become(const struct qemu_user *user)
{
	bool kvm = user->kvm != (gid_t)-1;

	if (!user->other)
		return 0;
	/* The first number that the kernel does not know ends it. */
	for (int cap = 0; prctl(PR_CAPBSET_DROP, cap) == 0; cap++)
		;
	if (setgroups(kvm ? 1 : 0, &user->kvm) < 0 ||
	    setresgid(user->gid, user->gid, user->gid) < 0 ||
	    setresuid(user->uid, user->uid, user->uid) < 0)
		return errno;
	return 0;
}
