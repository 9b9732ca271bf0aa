/* What a process in the sandbox can still reach; each case in a child of its own, since nobody leaves it again. */
#include "cli/sandbox.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char place[] = "/tmp/test_sandbox.XXXXXX";

static long landlock_version(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

static const char *in_place(const char *name)
{
	static char path[4][128]; /* as many as a caller holds at once */
	static size_t next;

	next = (next + 1) % 4;
	snprintf(path[next], sizeof(path[next]), "%s/%s", place, name);
	return path[next];
}

static void make_file(const char *path)
{
	int fd = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, "text", 4), 4);
	close(fd);
}

/* 0, or the errno with which the path does not open. */
static int try_open(const char *path, int flags)
{
	int fd = open(path, flags, 0600);

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

/* Runs `inside` in a sandbox that has room/ to write and `read` to read. */
static void in_sandbox(int (*inside)(void))
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		const struct sandbox_path paths[] = { { in_place("room"), true }, { in_place("read"), false },
			{ in_place("missing"), true } };

		_exit(sandbox_enter(paths, 3) ? inside() : 99);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 99 && landlock_version() < 1)
		skip();
#ifdef CRM_WATCHED
	if (WEXITSTATUS(status) == 99)
		skip();
#endif
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* Each answers 0, or the number of what went wrong. */
static int what_is_given(void)
{
	if (try_open(in_place("read"), O_RDONLY) != 0)
		return 1;
	if (try_open(in_place("room/old"), O_RDWR | O_TRUNC) != 0)
		return 2;
	if (try_open(in_place("room/new"), O_CREAT | O_EXCL | O_RDWR) != 0)
		return 3;
	if (rename(in_place("room/new"), in_place("room/newer")) != 0 || unlink(in_place("room/newer")) != 0)
		return 4;
	return try_open(in_place("room"), O_RDONLY | O_DIRECTORY) != 0 ? 5 : 0;
}

static int what_is_not(void)
{
	if (try_open("/etc/passwd", O_RDONLY) != EACCES)
		return 1;
	if (try_open(in_place("other"), O_RDONLY) != EACCES || try_open(in_place("other"), O_WRONLY) != EACCES)
		return 2;
	if (try_open(in_place("read"), O_WRONLY) != EACCES)
		return 3;
	if (try_open(in_place("made"), O_CREAT | O_WRONLY) != EACCES || unlink(in_place("other")) == 0)
		return 4;
	return try_open(place, O_RDONLY | O_DIRECTORY) != EACCES ? 5 : 0;
}

static int no_program(void)
{
	char *argv[] = { (char *)(uintptr_t) "true", NULL };

	execv("/bin/true", argv);
	return errno == EACCES ? 0 : 1;
}

static int no_network(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
		return 1;
	return errno == EACCES || landlock_version() < 4 ? 0 : 2;
}

static int no_signal(void)
{
	return landlock_version() < 6 || (kill(getppid(), 0) < 0 && errno == EPERM) ? 0 : 1;
}

static void test_given(void **state)
{
	(void)state;
	in_sandbox(what_is_given);
}

static void test_forbidden(void **state)
{
	(void)state;
	in_sandbox(what_is_not);
}

static void test_no_program(void **state)
{
	(void)state;
	in_sandbox(no_program);
}

static void test_no_network(void **state)
{
	(void)state;
	in_sandbox(no_network);
}

static void test_no_signal(void **state)
{
	(void)state;
	in_sandbox(no_signal);
}

/* The positive control: without the sandbox the same things work, so that their failing above means something. */
static void test_outside(void **state)
{
	(void)state;
	assert_int_equal(what_is_given(), 0);
	assert_int_equal(try_open("/etc/passwd", O_RDONLY), 0);
	assert_int_equal(try_open(in_place("other"), O_WRONLY), 0);
	assert_int_equal(try_open(in_place("read"), O_WRONLY), 0);
	assert_int_equal(kill(getppid(), 0), 0);
}

static int make_place(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(place));
	assert_int_equal(mkdir(in_place("room"), 0700), 0);
	make_file(in_place("room/old"));
	make_file(in_place("read"));
	make_file(in_place("other"));
	return 0;
}

static int remove_place(void **state)
{
	(void)state;
	unlink(in_place("room/old"));
	unlink(in_place("read"));
	unlink(in_place("other"));
	rmdir(in_place("room"));
	return rmdir(place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_outside),
		cmocka_unit_test(test_given),
		cmocka_unit_test(test_forbidden),
		cmocka_unit_test(test_no_program),
		cmocka_unit_test(test_no_network),
		cmocka_unit_test(test_no_signal),
	};

	return cmocka_run_group_tests(tests, make_place, remove_place);
}
