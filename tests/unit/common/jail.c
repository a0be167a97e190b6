// SPDX-License-Identifier: GPL-2.0-or-later
/* What a jail takes from what runs in it, and what it gives back. */
#include "src/common/jail.h"
#include "src/common/clock.h"
#include "src/common/mem.h"
#include "tests/unit/unit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

static int jailed(const struct jail *jail, char **ret, struct failure *f)
{
	size_t len;

	return run_jailed(jail, ret, &len, f);
}

static int answers(void *arg, FILE *answer, struct failure *f)
{
	(void)f;
	fprintf(answer, "seen: %s", (const char *)arg);
	return 7;
}

TEST(a_function_s_answer_and_result_come_back)
{
	char text[] = "bytes";
	const struct jail jail = { .work = answers, .arg = text };
	auto_failure struct failure f = { 0 };
	auto_free char *answer = NULL;

	assert_int_equal(jailed(&jail, &answer, &f), 7);
	assert_string_equal(answer, "seen: bytes");
}

static int fails(void *arg, FILE *answer, struct failure *f)
{
	(void)arg;
	(void)answer;
	return (fail)(f, EBADMSG, "pack it again", "file: it is \033[31mbad");
}

TEST(a_function_s_failure_comes_back_as_one_line)
{
	const struct jail jail = { .name = "x", .work = fails };
	auto_failure struct failure f = { 0 };
	auto_free char *answer = NULL;

	assert_int_equal(jailed(&jail, &answer, &f), -EBADMSG);
	assert_string_equal(f.what, "file: it is \\x1b[31mbad");
	assert_string_equal(f.hint, "pack it again");
}

/* Tries one way out after the other; names those that are open. */
static int tries(void *arg, FILE *answer, struct failure *f)
{
	(void)arg;
	(void)f;
	if (socket(AF_INET, SOCK_STREAM, 0) >= 0 || socket(AF_UNIX, SOCK_STREAM, 0) >= 0)
		fputs("socket ", answer);
	if (open("/etc/passwd", O_RDONLY) >= 0)
		fputs("open ", answer);
	if (fork() == 0)
		_exit(0);
	else if (errno != EPERM)
		fputs("fork ", answer);
	errno = 0;
	execl("/bin/true", "true", NULL);
	if (errno != EPERM)
		fputs("exec ", answer);
	if (kill(getppid(), 0) == 0)
		fputs("kill ", answer);
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0)
		fputs("ptrace ", answer);
	if (mkdir("/tmp/jail-was-here", 0700) == 0)
		fputs("mkdir ", answer);
	if (setuid(0) == 0)
		fputs("setuid ", answer);
	return 0;
}

TEST(a_function_gets_out_by_no_way)
{
	const struct jail jail = { .work = tries };
	auto_failure struct failure f = { 0 };
	auto_free char *answer = NULL;

	assert_int_equal(jailed(&jail, &answer, &f), 0);
	assert_string_equal(answer, "");
}

/* Copies a file of /proc that was opened before. */
static int shows_status(void *arg, FILE *answer, struct failure *f)
{
	auto_close int fd = open("/proc/self/status", O_RDONLY);
	char text[4096];
	ssize_t n;

	(void)arg;
	(void)f;
	while ((n = read(fd, text, sizeof(text))) > 0)
		fwrite(text, 1, (size_t)n, answer);
	if (open("/dev/null", O_WRONLY) >= 0)
		fputs("WRITES", answer);
	return 0;
}

TEST(it_has_no_rights_and_a_filter)
{
	const struct jail jail = { .work = shows_status, .opens = true };
	auto_failure struct failure f = { 0 };
	auto_free char *answer = NULL;

	assert_int_equal(jailed(&jail, &answer, &f), 0);
	assert_non_null(strstr(answer, "CapEff:\t0000000000000000"));
	assert_non_null(strstr(answer, "CapPrm:\t0000000000000000"));
	assert_non_null(strstr(answer, "NoNewPrivs:\t1"));
	assert_non_null(strstr(answer, "Seccomp:\t2"));
	assert_null(strstr(answer, "WRITES"));
	if (geteuid() == 0) {
		assert_non_null(strstr(answer, "CapBnd:\t0000000000000000"));
		assert_non_null(strstr(answer, "Uid:\t65533\t65533\t65533\t65533"));
		assert_non_null(strstr(answer, "Groups:\t \n"));
	}
}

/* The number of open descriptors: of what is kept, and the pipe. */
static int counts(void *arg, FILE *answer, struct failure *f)
{
	int n = 0;

	(void)arg;
	(void)f;
	for (int fd = 3; fd < 200; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	fprintf(answer, "%d", n);
	return 0;
}

TEST(only_what_is_given_stays_open)
{
	auto_close int a = open("/dev/null", O_RDONLY), b = open("/dev/null", O_RDONLY);
	auto_close int c = open("/dev/null", O_RDONLY);
	const int keep[] = { c, a, -1 };
	const struct jail jail = { .work = counts, .keep = keep };
	auto_failure struct failure f = { 0 };
	auto_free char *answer = NULL;

	assert_true(b >= 0);
	assert_int_equal(jailed(&jail, &answer, &f), 0);
	assert_string_equal(answer, "3");
}

static int spins(void *arg, FILE *answer, struct failure *f)
{
	(void)arg;
	(void)answer;
	(void)f;
	for (volatile unsigned i = 0;; i++)
		;
	return 0;
}

TEST(endless_work_ends_by_its_processor_time)
{
	const struct jail jail = { .name = "x", .work = spins, .cpu_s = 1, .deadline_s = 600 };
	auto_failure struct failure f = { 0 };
	auto_free char *answer = NULL;
	struct rusage usage;

	assert_int_equal(jailed(&jail, &answer, &f), -ETIME);
	assert_string_equal(f.what,
			    "x: it takes more than 1 s of processor time: not looked at any "
			    "further");
	assert_int_equal(getrusage(RUSAGE_CHILDREN, &usage), 0);
	assert_true(usage.ru_utime.tv_sec < 5);
}

static int sleeps(void *arg, FILE *answer, struct failure *f)
{
	char byte;

	(void)answer;
	(void)f;
	return (int)read(*(int *)arg, &byte, 1);
}

TEST(waiting_work_ends_by_the_deadline)
{
	int ends[2];
	const int keep[] = { 3, 4, 5, 6, 7, 8, -1 };
	const struct jail jail = {
		.name = "x", .work = sleeps, .arg = &ends[0], .keep = keep, .deadline_s = 1
	};
	auto_failure struct failure f = { 0 };
	auto_free char *answer = NULL;

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(jailed(&jail, &answer, &f), -ETIME);
	close(ends[0]);
	close(ends[1]);
}

static volatile sig_atomic_t stopped;

static void on_alarm(int number)
{
	stopped = number;
}

TEST(a_signal_s_flag_ends_it_at_once)
{
	const struct jail jail = { .work = spins, .cpu_s = 100, .stop = &stopped };
	auto_failure struct failure f = { 0 };
	auto_free char *answer = NULL;
	uint64_t start = clock_ms();

	signal(SIGALRM, on_alarm);
	alarm(1);
	assert_int_equal(jailed(&jail, &answer, &f), -EINTR);
	assert_true(clock_ms() - start < 20000);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static int talks(void *arg, FILE *answer, struct failure *f)
{
	(void)arg;
	(void)f;
	for (;;)
		fputs("more and more ", answer);
	return 0;
}

TEST(an_endless_answer_is_refused)
{
	const struct jail jail = { .name = "x", .work = talks, .answer_max = 1000 };
	auto_failure struct failure f = { 0 };
	auto_free char *answer = NULL;

	assert_int_equal(jailed(&jail, &answer, &f), -E2BIG);
	assert_null(answer);
}

static int dies(void *arg, FILE *answer, struct failure *f)
{
	(void)arg;
	(void)answer;
	(void)f;
	abort();
}

static int leaves(void *arg, FILE *answer, struct failure *f)
{
	(void)arg;
	(void)answer;
	(void)f;
	_exit(0);
}

TEST(a_death_is_a_failure_and_so_is_a_lie)
{
	const struct jail death = { .name = "x", .work = dies }, lie = { .work = leaves };
	auto_failure struct failure f = { 0 };
	auto_free char *answer = NULL;

	assert_int_equal(jailed(&death, &answer, &f), -EPROTO);
	assert_non_null(strstr(f.what, "died of signal"));
	assert_int_equal(jailed(&lie, &answer, &f), -EPROTO);
	assert_string_equal(f.what, "this: what looked at it gave no answer");
}

#ifndef __SANITIZE_ADDRESS__ /* that takes the addresses itself */
static int takes_memory(void *arg, FILE *answer, struct failure *f)
{
	(void)arg;
	(void)f;
	if (mmap(NULL, 2ul << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
	    MAP_FAILED)
		fputs("refused", answer);
	xcalloc(3ul << 30, 1);
	return 0;
}

TEST(memory_has_an_end)
{
	const struct jail jail = { .name = "x", .work = takes_memory };
	auto_failure struct failure f = { 0 };
	auto_free char *answer = NULL;

	assert_int_equal(jailed(&jail, &answer, &f), -ENOMEM);
	assert_string_equal(f.what, "x: it takes more memory than it is given");
}
#endif

TEST(a_program_runs_in_it_with_an_exit_status)
{
	const char *const argv[] = { "sh", "-c", "echo $WORD; exit 3", NULL };
	const char *const env[] = { "WORD=here", NULL };
	const struct jail jail = { .argv = argv, .env = env };
	const char *const none[] = { "/no/such/program", NULL };
	const struct jail missing = { .argv = none };
	auto_failure struct failure f = { 0 };
	auto_free char *answer = NULL, *nothing = NULL;

	assert_int_equal(jailed(&jail, &answer, &f), 3);
	assert_string_equal(answer, "here\n");
	assert_int_equal(jailed(&missing, &nothing, &f), -ENOENT);
	assert_string_equal(f.what, "/no/such/program: No such file or directory");
}

TEST(a_program_starts_no_other)
{
	const char *const argv[] = { "sh", "-c", "/bin/true; exit 9", NULL };
	const struct jail jail = { .name = "x", .argv = argv };
	auto_failure struct failure f = { 0 };
	auto_free char *answer = NULL;

	assert_int_not_equal(jailed(&jail, &answer, &f), 9);
}

TEST(a_program_writes_no_larger_file)
{
	char dir[] = "/tmp/jail-test-XXXXXX";
	const char *const argv[] = { "sh", "-c", "echo more than four bytes >file", NULL };
	struct jail jail = { .name = "x", .argv = argv, .file = 4 };
	auto_failure struct failure f = { 0 };
	auto_free char *answer = NULL, *path = NULL;
	struct stat st;

	assert_non_null(mkdtemp(dir));
	if (geteuid() == 0)
		assert_int_equal(chown(dir, JAIL_ID, JAIL_ID), 0);
	jail.dir = open(dir, O_RDONLY | O_DIRECTORY);
	assert_true(jail.dir > 0);
	assert_int_equal(jailed(&jail, &answer, &f), -EFBIG);
	path = xasprintf("%s/file", dir);
	assert_int_equal(stat(path, &st), 0);
	assert_true(st.st_size <= 4);
	close(jail.dir);
	unlink(path);
	rmdir(dir);
}
