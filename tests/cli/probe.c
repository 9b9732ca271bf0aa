/*
 * Preloaded into a program, tries to get out of it the first time that it writes to stdout: what came of that it says on
 * stderr, `probe: passwd WORD, exec WORD`, where the word is `done` or the name of an error.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *try_open(void)
{
	int fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return strerrorname_np(errno);
	close(fd);
	return "done";
}

static const char *try_exec(void)
{
	int state = 0;
	pid_t pid = fork();

	if (pid == 0) {
		execl("/bin/true", "true", (char *)NULL);
		_exit(errno);
	}
	if (pid < 0 || waitpid(pid, &state, 0) < 0)
		return "no child";
	return WEXITSTATUS(state) ? strerrorname_np(WEXITSTATUS(state)) : "done";
}

ssize_t write(int fd, const void *s, size_t n)
{
	static bool tried;
	ssize_t (*real)(int, const void *, size_t);

	*(void **)&real = dlsym(RTLD_NEXT, "write");
	if (fd == STDOUT_FILENO && !tried) {
		char line[128];

		tried = true;
		const char *opened = try_open(), *ran = try_exec();
		int len = snprintf(line, sizeof(line), "probe: passwd %s, exec %s\n", opened, ran);
		real(STDERR_FILENO, line, (size_t)len);
	}
	return real(fd, s, n);
}
