// SPDX-License-Identifier: GPL-2.0-or-later
/* Folders that machines write to: what is made harmless in them, and what stays as it is. */
#include "src/testbox/machine/shared.h"

#include "src/common/clock.h"
#include "src/common/files.h"
#include "src/common/mem.h"
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

TEST(setuid_is_taken_and_links_are_not_followed)
{
	auto_free char *deep = below("deep"), *program = below("deep/program");
	auto_free char *link = below("link"), *closed = below("closed");

	assert_int_equal(mkdir(deep, 0700), 0);
	make(program, 06755);
	assert_int_equal(symlink(outside, link), 0);
	assert_int_equal(mkdir(closed, 0), 0);
	assert_int_equal(shared_open(dir, 0751), 1);
	assert_int_equal(mode_of(program), 0755);
	assert_int_equal(mode_of(outside), 04600);
	assert_int_equal(mode_of(dir), 0751);
}

TEST(a_folder_that_is_a_link_by_now_is_left_alone)
{
	auto_free char *link = xasprintf("%s/link", top);

	assert_int_equal(symlink(dir, link), 0);
	assert_true(shared_open(link, 0777) < 0);
	assert_int_equal(mode_of(dir), 0700);
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
		races += shared_open(dir, 0700) > 0 && exchanges != before;
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
	auto_failure struct failure f = { 0 };
	mode_t mode;

	assert_int_equal(shared_mode(dir, &mode, &f), 0);
	assert_int_equal(mode, 0700);
	if (geteuid() != 0)
		return;
	assert_int_equal(chown(dir, 65534, 65534), 0);
	assert_int_equal(shared_mode(dir, &mode, &f), -EPERM);
	assert_non_null(strstr(f.what, "it belongs to another user"));
}
