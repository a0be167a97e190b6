// SPDX-License-Identifier: GPL-2.0-or-later
/* What a process that serves a folder to a machine sees, and which rights it has. */
#include "src/testbox/machine/share.h"

#include "src/testbox/machine/machine_ids.h"
#include "tests/unit/tree.h"
#include "tests/unit/unit.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOG_MAX 65536

/* Stands in for virtiofsd. */
static char script[] =
	"cd " SHARE_PLACE "; cat name; echo \"as $(id -u):$(id -g)\"; "
	"echo made >made && chmod 6755 made; mknod node b 254 0; echo changed >name; "
	"chmod 777 . ; awk '$5 == \"" SHARE_PLACE
	"\" { print \"mount\", $6 }' /proc/self/mountinfo; "
	"test -S /proc/self/fd/$0 && echo socket; cat /proc/self/uid_map";

static struct box box;
static struct shares shares = SHARES_NONE;

/* Serves tree/sub/folder, whose name is another folder's by then. Returns what was said; owned. */
static char *serve(bool readonly, int folder)
{
	auto_failure struct failure f = { 0 };
	auto_free char *log = tree_path("log"), *fd = NULL;
	auto_close int output = open(log, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	char *text = NULL;
	siginfo_t ended;

	shares = (struct shares)SHARES_NONE;
	assert_int_equal(share_sockets(&box, "tag", readonly ? &shares.rootfs : &shares.result, &f),
			 0);
	fd = xasprintf("%d", readonly ? shares.rootfs.listening : shares.result.listening);
	char shell[] = "sh", option[] = "-c", *argv[] = { shell, option, script, fd, NULL };
	const struct machine_plan plan = {
		.shares = { { .virtiofsd = argv, .readonly = readonly, .listening = atoi(fd) } },
		.n_shares = 1,
	};

	assert_int_equal(shares_start(&shares, &box, &plan, folder, folder, output, &f), 0);
	assert_int_equal(
		waitid(P_PID, (id_t)(readonly ? shares.rootfs_virtiofsd : shares.result_virtiofsd),
		       &ended, WEXITED | WNOWAIT),
		0);
	shares_close(&shares);
	assert_int_equal(file_read(AT_FDCWD, log, LOG_MAX, &text), 0);
	return text;
}

static void says(const char *text, const char *line)
{
	if (!strstr(text, line))
		fail_msg("not in it: %s\n%s", line, text);
}

/* A folder, and a box; then its name leads to another one. Gives the first one's descriptor. */
static int swapped(void)
{
	auto_failure struct failure f = { 0 };
	auto_free char *folder = tree_path("sub/folder"), *state = tree_path("state");
	int fd;

	tree_file("sub/folder/name", "mine\n");
	tree_file("victim/folder/name", "victim\n");
	setenv("TESTBOX_STATE", state, 1);
	assert_int_equal(box_open(&box, "vm-1p1g-1", &f), 0);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(renameat(tree_fd, "sub", tree_fd, "mine"), 0);
	tree_link("victim", "sub");
	return fd;
}

static void is(const char *name, uid_t owner, mode_t mode)
{
	struct stat st;

	assert_int_equal(fstatat(tree_fd, name, &st, AT_SYMLINK_NOFOLLOW), 0);
	assert_int_equal(st.st_uid, owner);
	assert_int_equal(st.st_mode & ALLPERMS, mode);
}

static void victim_is_untouched(void)
{
	auto_free char *text = NULL;

	assert_int_equal(file_read(tree_fd, "victim/folder/name", LOG_MAX, &text), 0);
	assert_string_equal(text, "victim\n");
	assert_int_equal(faccessat(tree_fd, "victim/folder/made", F_OK, 0), -1);
	is("victim/folder", geteuid(), 0755);
}

TEST(a_folder_that_is_written_to_is_served_by_nobody_of_this_host)
{
	auto_free char *said = NULL;
	auto_failure struct failure f = { 0 };
	auto_close int fd = -1;

	if (geteuid() != 0)
		return;
	umask(022);
	fd = swapped();
	assert_int_equal(share_lend(&box, "folder", fd, SHARE_VIRTIOFS, &f), 0);
	said = serve(false, fd);
	says(said, "mine\nas 0:0\n");
	says(said, "\nmount rw,nosuid,nodev");
	says(said, "\nsocket\n");
	says(said, "mknod: node: Operation not permitted");
	says(said, "2130706432      65536\n");
	/* While it runs. */
	is("mine/folder", MACHINE_ID_FIRST, 0777);
	is("mine/folder/made", MACHINE_ID_FIRST, 06755);
	victim_is_untouched();
	box_close(&box);
	is("mine/folder", 0, 0755);
	is("mine/folder/made", 0, 0755);
	victim_is_untouched();
}

TEST(a_root_is_served_read_only)
{
	auto_free char *said = NULL;
	auto_close int fd = -1;

	if (geteuid() != 0)
		return;
	umask(022);
	fd = swapped();
	said = serve(true, fd);
	says(said, "mine\nas 0:0\n");
	says(said, "\nmount ro,nosuid,nodev");
	says(said, "\nsocket\n");
	says(said, "made: Read-only file system");
	says(said, "name: Read-only file system");
	is("mine/folder", 0, 0755);
	victim_is_untouched();
	box_close(&box);
}

TEST(without_root_a_folder_is_served_by_its_owner_and_nothing_gets_setuid)
{
	auto_free char *said = NULL;
	auto_failure struct failure f = { 0 };
	auto_close int fd = -1;

	if (geteuid() == 0)
		return;
	umask(022);
	fd = swapped();
	assert_int_equal(share_lend(&box, "folder", fd, SHARE_VIRTIOFS, &f), 0);
	said = serve(false, fd);
	says(said, "mine\nas 0:0\n");
	says(said, "chmod: changing permissions of 'made': Operation not permitted");
	is("mine/folder/made", geteuid(), 0644);
	victim_is_untouched();
	box_close(&box);
}
