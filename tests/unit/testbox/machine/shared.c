// SPDX-License-Identifier: GPL-2.0-or-later
/* Folders that machines write to: what is made harmless in them, and what stays as it is. */
#include "src/testbox/machine/shared.h"

#include "src/common/clock.h"
#include "src/common/files.h"
#include "src/common/mem.h"
#include "src/testbox/machine/machine_ids.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROUNDS	    500000
#define RACES	    500	  /* rounds in which the name was another meanwhile: enough of them */
#define PATIENCE_MS 60000 /* for so many of them */
#define FIRST	    MACHINE_ID_FIRST
#define COUNT	    MACHINE_ID_COUNT

static char top[] = "/tmp/test_shared.XXXXXX";
static char *dir, *outside;

static char *below(const char *name)
{
	return xasprintf("%s/%s", dir, name);
}

static void make(const char *path, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	return st.st_mode & ALLPERMS;
}

int unit_set_up(void **state)
{
	(void)state;
	strcpy(strrchr(top, '.'), ".XXXXXX");
	assert_non_null(mkdtemp(top));
	dir = xasprintf("%s/results", top);
	outside = xasprintf("%s/outside", top);
	assert_int_equal(mkdir(dir, 0700), 0);
	make(outside, 04600);
	return 0;
}

int unit_tear_down(void **state)
{
	(void)state;
	file_remove_tree(top);
	free(dir);
	free(outside);
	return 0;
}

/* Takes the folder back as one that was lent with this mode, and with no other ids. */
static int take_back(mode_t mode)
{
	auto_close int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const struct shared shared = { .mode = mode, .owner = geteuid(), .group = getegid() };

	assert_true(fd >= 0);
	return shared_take_back(fd, &shared);
}

TEST(setuid_is_taken_and_links_are_not_followed)
{
	auto_free char *deep = below("deep"), *program = below("deep/program");
	auto_free char *link = below("link"), *closed = below("closed");

	assert_int_equal(mkdir(deep, 0700), 0);
	make(program, 06755);
	assert_int_equal(symlink(outside, link), 0);
	assert_int_equal(mkdir(closed, 0), 0);
	assert_int_equal(take_back(0751), 1);
	assert_int_equal(mode_of(program), 0755);
	assert_int_equal(mode_of(outside), 04600);
	assert_int_equal(mode_of(dir), 0751);
}

TEST(the_folder_is_the_one_that_was_opened)
{
	auto_close int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	auto_free char *away = xasprintf("%s/away", top), *victim = xasprintf("%s/victim", top);
	auto_free char *program = xasprintf("%s/program", victim);
	auto_failure struct failure f = { 0 };
	struct shared shared;

	assert_int_equal(mkdir(victim, 0751), 0);
	make(program, 04755);
	assert_int_equal(shared_look(fd, dir, 0, 0, &shared, &f), 0);
	assert_int_equal(rename(dir, away), 0);
	assert_int_equal(symlink(victim, dir), 0);
	assert_int_equal(shared_lend(fd, dir, &shared, &f), 0);
	assert_int_equal(shared_take_back(fd, &shared), 0);
	assert_int_equal(mode_of(program), 04755);
	assert_int_equal(mode_of(victim), 0751);
	assert_int_equal(mode_of(away), 0700);
}

static atomic_bool over;
static atomic_uint exchanges;

static void *exchange(void *arg)
{
	auto_free char *program = below("program"), *link = below("link");

	(void)arg;
	while (!over) {
		renameat2(AT_FDCWD, program, AT_FDCWD, link, RENAME_EXCHANGE);
		exchanges++;
	}
	return NULL;
}

/* The owner of the folder takes part, whose file may be a link when it is given its mode. */
TEST(a_name_that_becomes_a_link_leads_nowhere)
{
	auto_free char *program = below("program"), *link = below("link");
	uint64_t start = clock_ms();
	unsigned races = 0;
	pthread_t thread;
	int fd;

	make(program, 04666);
	fd = open(program, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(symlink(outside, link), 0);
	over = false;
	assert_int_equal(pthread_create(&thread, NULL, exchange, NULL), 0);
	for (int i = 0; i < ROUNDS && races < RACES && mode_of(outside) == 04600; i++) {
		unsigned before = exchanges;

		if (clock_ms() - start > PATIENCE_MS)
			break;
		fchmod(fd, 04666);
		races += take_back(0700) > 0 && exchanges != before;
	}
	over = true;
	pthread_join(thread, NULL);
	close(fd);
	assert_int_equal(mode_of(outside), 04600);
	/* The test says something only if the name did become a link. */
	assert_true(races >= RACES);
}

TEST(only_ones_own_folder_is_shared)
{
	auto_close int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	auto_failure struct failure f = { 0 };
	struct shared shared;

	assert_int_equal(shared_look(fd, dir, 0, 0, &shared, &f), 0);
	assert_int_equal(shared.mode, 0700);
	if (geteuid() != 0)
		return;
	assert_int_equal(chown(dir, 65534, 65534), 0);
	assert_int_equal(shared_look(fd, dir, 0, 0, &shared, &f), -EPERM);
	assert_non_null(strstr(f.what, "it belongs to another user"));
}

static void is_owned(const char *path, uid_t owner, mode_t mode)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	assert_int_equal(st.st_uid, owner);
	assert_int_equal(st.st_gid, owner);
	assert_int_equal(st.st_mode & ALLPERMS, mode);
}

/* As root: what is the caller's is the machine's meanwhile, and no more than that. */
TEST(a_folder_is_lent_and_comes_back)
{
	auto_close int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	auto_free char *old = below("old"), *linked = below("linked"), *made = below("made");
	auto_free char *others = below("others");
	auto_failure struct failure f = { 0 };
	struct shared shared;

	if (geteuid() != 0)
		return;
	assert_int_equal(fchmod(fd, 0755), 0);
	make(old, 04755);
	make(others, 0644);
	assert_int_equal(chown(others, 65534, 65534), 0);
	assert_int_equal(link(outside, linked), 0);
	assert_int_equal(shared_look(fd, dir, FIRST, COUNT, &shared, &f), 0);
	assert_int_equal(shared_lend(fd, dir, &shared, &f), 2);
	is_owned(dir, FIRST, 0700);
	is_owned(old, FIRST, 0755);
	/* Its other name is outside, where it is not the machine's. */
	is_owned(linked, 0, 0600);
	is_owned(others, 65534, 0644);
	/* What the machine makes, also by another user of its own, and opens to others. */
	make(made, 0755);
	assert_int_equal(chown(made, FIRST + 1000, FIRST + 1000), 0);
	assert_int_equal(chmod(made, 06755), 0);
	assert_int_equal(fchmod(fd, 0777), 0);
	assert_int_equal(shared_take_back(fd, &shared), 1);
	is_owned(dir, 0, 0755);
	is_owned(made, 0, 0755);
	is_owned(others, 65534, 0644);
}

/* Where launcher and guard were killed. */
TEST(a_folder_that_stayed_with_the_machine_is_taken_as_closed)
{
	auto_close int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	auto_failure struct failure f = { 0 };
	struct shared shared;

	if (geteuid() != 0)
		return;
	assert_int_equal(fchown(fd, FIRST, FIRST), 0);
	assert_int_equal(fchmod(fd, 0777), 0);
	assert_int_equal(shared_look(fd, dir, FIRST, COUNT, &shared, &f), 0);
	assert_int_equal(shared.owner, 0);
	assert_int_equal(shared.mode, 0700);
	assert_int_equal(shared_take_back(fd, &shared), 0);
	is_owned(dir, 0, 0700);
}
