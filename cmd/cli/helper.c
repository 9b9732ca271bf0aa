#include "cli/helper.h"

#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum {
	WARNINGS_MAX = 50
};

/* --- finding --- */

/* DIR/SUB/PROGRAM when that can be run (a folder: looked into), or NULL. */
static char *program_in(const char *dir, const char *sub, const char *program)
{
	struct strbuf b = { 0 };

	strbuf_printf(&b, "%s/%s%s%s", dir, sub, *sub ? "/" : "", program);
	char *path = need_text(&b);
	if (access(path, X_OK) == 0)
		return path;
	free(path);
	return NULL;
}

char *own_directory(void)
{
	char own[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", own, sizeof(own) - 1);

	if (n <= 0)
		return NULL;
	own[n] = '\0';
	char *slash = strrchr(own, '/');
	*(slash ? slash : own) = '\0';
	return need_copy(own);
}

char *helper_path(const char *program)
{
	const char *chosen = secure_getenv("CRM_LIBEXEC");
	cleanup(freep) char *own = own_directory();

	if (chosen && *chosen)
		return program_in(chosen, "", program);
	char *path = own ? program_in(own, "helpers", program) : NULL;
	return path ? path : program_in(LIBEXECDIR, PROGRAM_NAME, program);
}

char *example_path(const char *name)
{
	cleanup(freep) char *own = own_directory();
	char *path = own ? program_in(own, "examples", name) : NULL;

	return path ? path : program_in(DATADIR, PROGRAM_NAME "/examples", name);
}

/* --- starting --- */

/* Descriptors and signals of the child. 0 or errno. */
static int spawn(struct helper *h, const char *program, const struct strings *argv, const int fds[3])
{
	static const int signals[] = { SIGPIPE, SIGXFSZ, SIGINT, SIGTERM, SIGHUP, SIGCHLD };
	char *const *words = (char *const *)(uintptr_t)argv->v;
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t defaults;

	sigemptyset(&defaults);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaddset(&defaults, signals[i]);
	int error = posix_spawn_file_actions_init(&files);
	if (error)
		return error;
	error = posix_spawnattr_init(&attributes);
	if (!error) {
		posix_spawnattr_setsigdefault(&attributes, &defaults);
		posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
		for (int fd = 0; fd < 3 && !error; fd++)
			error = fds[fd] >= 0 ? posix_spawn_file_actions_adddup2(&files, fds[fd], fd)
					     : posix_spawn_file_actions_addopen(&files, fd, "/dev/null", O_RDWR, 0);
		if (!error)
			error = posix_spawnp(&h->pid, program, &files, &attributes, words, environ);
		posix_spawnattr_destroy(&attributes);
	}
	posix_spawn_file_actions_destroy(&files);
	return error;
}

int helper_start(struct helper *h, enum helper_way way, const char *program, const struct strings *argv, int other)
{
	int ends[2], theirs = way == HELPER_READ ? 1 : 0;

	*h = (struct helper){ .fd = -1, .said = -1, .name = argv->v[0] };
	signal(SIGCHLD, SIG_DFL); /* ignored, as some parents leave it, its status would be lost */
	h->said = memfd_create("stderr", MFD_CLOEXEC);
	if (h->said < 0)
		return errno;
	if (pipe2(ends, O_CLOEXEC) < 0) {
		int error = errno;
		helper_release(h);
		return error;
	}
	int fds[3] = { other, other, h->said };
	fds[theirs] = ends[theirs];
	int error = spawn(h, program, argv, fds);
	close(ends[theirs]);
	h->fd = ends[!theirs];
	if (error) {
		h->pid = 0;
		helper_release(h);
	}
	return error;
}

/* --- ending --- */

/* Without the names that our own message says: `crm-import-xlsx: FILE: `. */
static const char *without_names(const struct helper *h, const char *line, const char *file)
{
	size_t name = strlen(h->name), n = strlen(file);

	if (strncmp(line, h->name, name) == 0 && strncmp(line + name, ": ", 2) == 0 && strchr(h->name, '-'))
		line += name + 2;
	if (strncmp(line, file, n) == 0 && strncmp(line + n, ": ", 2) == 0)
		line += n + 2;
	return line;
}

static void say_reason(struct helper *h, int status, const char *last)
{
	if (last)
		strbuf_puts(&h->reason, last);
	else if (WIFSIGNALED(status))
		strbuf_printf(&h->reason, crm_tr("%s was ended by signal %d (%s)"), h->name, WTERMSIG(status),
			strsignal(WTERMSIG(status)));
	else
		strbuf_printf(&h->reason, crm_tr("%s ended with status %d"), h->name, WEXITSTATUS(status));
	if (h->reason.failed)
		need(NULL);
}

/* What it said, line by line. */
static void pass_on(struct cli *cli, struct helper *h, const char *file, bool failed, int status)
{
	cleanup(strbuf_freep) struct strbuf text = { 0 };
	const char *last = NULL;
	size_t lines = 0;

	if (lseek(h->said, 0, SEEK_SET) == 0)
		read_all(&text, h->said);
	for (char *line = text.len ? text.s : NULL; line;) {
		char *end = strchr(line, '\n');
		if (end)
			*end = '\0';
		if (*line) {
			if (last && lines++ < WARNINGS_MAX)
				cli_warn(cli, "%s: %s", file, last);
			last = without_names(h, line, file);
		}
		line = end ? end + 1 : NULL;
	}
	if (last && !failed && lines++ < WARNINGS_MAX)
		cli_warn(cli, "%s: %s", file, last);
	if (lines > WARNINGS_MAX)
		cli_warn(cli, "%s: %zu more notes", file, lines - WARNINGS_MAX);
	if (failed)
		say_reason(h, status, last);
}

/* True when it has ended; one that was cut off gets a second to notice before it is made to end. */
static bool wait_for(struct helper *h, bool all, int *status)
{
	const struct timespec moment = { .tv_nsec = 20 * 1000 * 1000 };
	pid_t pid;

	for (int i = 0; !all && i < 50; i++) {
		pid = waitpid(h->pid, status, WNOHANG);
		if (pid != 0)
			return pid > 0;
		nanosleep(&moment, NULL);
	}
	if (!all)
		kill(h->pid, SIGTERM);
	do
		pid = waitpid(h->pid, status, 0);
	while (pid < 0 && errno == EINTR);
	return pid > 0;
}

const char *helper_end(struct cli *cli, struct helper *h, const char *file, bool all)
{
	int status = 0;

	if (h->pid == 0)
		return h->reason.s;
	if (h->fd >= 0)
		close(h->fd);
	h->fd = -1;
	bool known = wait_for(h, all, &status);
	h->pid = 0;
	bool ours = !all && WIFSIGNALED(status) && (WTERMSIG(status) == SIGTERM || WTERMSIG(status) == SIGPIPE);
	pass_on(cli, h, file, !known || (status != 0 && !ours), status);
	return h->reason.s;
}

void helper_release(struct helper *h)
{
	if (h->fd >= 0)
		close(h->fd);
	if (h->said >= 0)
		close(h->said);
	strbuf_free(&h->reason);
	h->fd = h->said = -1;
}
