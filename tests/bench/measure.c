/*
 * Runs a command and writes "SECONDS KILOBYTES STATUS" to descriptor 3. The small parent is the point: a child of a large
 * one starts with the peak memory of that parent in its books, and later.
 *
 *   bench_measure COMMAND [ARGUMENT…] 3>result
 */
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	posix_spawn_file_actions_t actions;
	struct rusage usage;
	int status, error;
	double begin;
	pid_t pid;

	if (argc < 2)
		return 2;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addclose(&actions, 3);
	begin = now();
	error = posix_spawnp(&pid, argv[1], &actions, NULL, argv + 1, environ);
	if (error) {
		fprintf(stderr, "bench_measure: %s: %s\n", argv[1], strerror(error));
		return 1;
	}
	if (wait4(pid, &status, 0, &usage) != pid)
		return 1;
	dprintf(3, "%.6f %ld %d\n", now() - begin, usage.ru_maxrss,
		WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	return 0;
}
