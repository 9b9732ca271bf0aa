#include "cli/hook.h"

#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	SECONDS_MAX = 10,
	LINES_MAX = 50 /* of what it says */
};

static struct strbuf reason;

static const char *say(const char *fmt, ...) CRM_PRINTF(1, 2);

static const char *say(const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, crm_tr(fmt), ap) < 0)
		need(NULL);
	va_end(ap);
	strbuf_free(&reason);
	strbuf_puts(&reason, text);
	free(text);
	return reason.failed ? need(NULL) : reason.s;
}

void hook_end(void)
{
	strbuf_free(&reason);
}

/* --- finding --- */

/* $XDG_CONFIG_HOME/crm/hooks, else ~/.config/crm/hooks; NULL: there is no home. */
static char *own_directory(void)
{
	const char *dir = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	struct strbuf b = { 0 };

	if (dir && *dir == '/')
		strbuf_printf(&b, "%s/crm/hooks", dir);
	else if (home && *home == '/')
		strbuf_printf(&b, "%s/.config/crm/hooks", home);
	return b.len || b.failed ? need_text(&b) : NULL;
}

static const char system_directory[] = "/etc/crm/hooks";

/* What others could have put there is not run. NULL: it can be trusted. */
static const char *distrust(const char *path, const struct stat *st)
{
	if (st->st_uid != geteuid() && st->st_uid != 0)
		return S_ISDIR(st->st_mode) ? say("%s: a directory of another user is not run", path)
					    : say("%s: a hook of another user is not run", path);
	if (st->st_mode & (S_IWGRP | S_IWOTH))
		return say("%s: others may write to it, so it is not run (chmod go-w)", path);
	return NULL;
}

/* The path of the hook in `dir`; *path stays NULL when there is none. Returns why it cannot be run, or NULL. */
static const char *look_in(char **path, const char *dir, const char *name)
{
	struct strbuf b = { 0 };
	struct stat st, of_dir;

	strbuf_printf(&b, "%s/%s", dir, name);
	cleanup(freep) char *candidate = need_text(&b);
	if (lstat(candidate, &st) < 0)
		return errno == ENOENT || errno == ENOTDIR ? NULL : say("%s: %s", candidate, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return say("%s: is not a plain file (a symbolic link is not followed)", candidate);
	if (stat(dir, &of_dir) < 0)
		return say("%s: %s", dir, strerror(errno));
	const char *why = distrust(dir, &of_dir);
	if (!why)
		why = distrust(candidate, &st);
	if (!why && access(candidate, X_OK) < 0)
		why = say("%s: cannot be executed (chmod u+x)", candidate);
	if (!why)
		*path = need_copy(candidate);
	return why;
}

static const char *find(char **path, const char *name)
{
	cleanup(freep) char *own = own_directory();
	const char *why = own ? look_in(path, own, name) : NULL;

	if (!why && !*path)
		why = look_in(path, system_directory, name);
	if (!why && !*path)
		why = own ? say("there is no such program in %s or %s", own, system_directory)
			  : say("there is no such program in %s", system_directory);
	return why;
}

/* --- running --- */

static void default_signals(void)
{
	static const int signals[] = { SIGPIPE, SIGXFSZ, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD };
	sigset_t none;

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		signal(signals[i], SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* In the child, which has nothing of ours open but its three descriptors. */
static void __attribute__((noreturn)) become(const char *path, const char *name, int in, const int out[2])
{
	char *const argv[] = { (char *)(uintptr_t)name, NULL };

	setpgid(0, 0); /* so that what it starts ends with it */
	cli_before_exec();
	default_signals();
	if (dup2(in, STDIN_FILENO) < 0 || dup2(out[0], STDOUT_FILENO) < 0 || dup2(out[1], STDERR_FILENO) < 0 ||
		close_range(STDERR_FILENO + 1, ~0U, 0) < 0)
		_exit(126);
	execv(path, argv);
	dprintf(STDERR_FILENO, "%s\n", strerror(errno));
	_exit(127);
}

/* True when it ended by itself; one that takes too long, or whose user interrupts us, is killed with its children. */
static bool wait_for(pid_t pid, int *status)
{
	const struct timespec moment = { .tv_nsec = 5 * 1000 * 1000 };
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	const time_t last = now.tv_sec + SECONDS_MAX;
	for (;;) {
		pid_t ended = waitpid(pid, status, WNOHANG);

		clock_gettime(CLOCK_MONOTONIC, &now);
		if (ended == pid)
			return true;
		if ((ended < 0 && errno != EINTR) || cli_caught_signal() || now.tv_sec > last)
			break;
		nanosleep(&moment, NULL);
	}
	kill(-pid, SIGKILL);
	kill(pid, SIGKILL); /* perhaps it has no group of its own yet */
	while (waitpid(pid, status, 0) < 0 && errno == EINTR)
		;
	return false;
}

/* What it printed, which is for people: we say it, since it may well be what a record holds. */
static void pass_on(struct cli *cli, int printed)
{
	cleanup(strbuf_freep) struct strbuf text = { 0 };

	if (lseek(printed, 0, SEEK_SET) == 0)
		read_all(&text, printed);
	for (char *line = text.len ? text.s : NULL; line && *line;) {
		char *end = strchr(line, '\n');
		if (end)
			*end = '\0';
		cli_note(cli, "%s", line);
		line = end ? end + 1 : NULL;
	}
}

/* What it said: the first line is the reason of a failure, all others are warnings. */
static const char *hear(struct cli *cli, const char *name, int said, bool failed)
{
	cleanup(strbuf_freep) struct strbuf text = { 0 };
	const char *why = NULL;
	size_t lines = 0;

	if (lseek(said, 0, SEEK_SET) == 0)
		read_all(&text, said);
	for (char *line = text.len ? text.s : NULL; line;) {
		char *end = strchr(line, '\n');
		if (end)
			*end = '\0';
		if (*line && failed && !why)
			why = say("%s", line);
		else if (*line && lines++ < LINES_MAX)
			cli_warn(cli, "hook '%s': %s", name, line);
		line = end ? end + 1 : NULL;
	}
	if (lines > LINES_MAX)
		cli_warn(cli, "hook '%s': %zu more lines", name, lines - LINES_MAX);
	return why;
}

/* Waits for it. */
static const char *judge(struct cli *cli, const char *name, pid_t pid, const int out[2])
{
	int status = 0;
	bool ended = wait_for(pid, &status);

	pass_on(cli, out[0]);
	const char *why = hear(cli, name, out[1], !ended || status != 0);

	if (cli_caught_signal())
		return say("interrupted");
	if (!ended)
		return say("took more than %d seconds and was ended", SECONDS_MAX);
	if (status == 0 || why)
		return status == 0 ? NULL : why;
	if (WIFSIGNALED(status))
		return say("was ended by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
	return say("refused with status %d", WEXITSTATUS(status));
}

/* What it reads stands in memory: it may read none of it, or leave it half read, and nobody waits. */
static int json_descriptor(const crm_hook *hook)
{
	int fd = memfd_create("hook", MFD_CLOEXEC);
	size_t at = 0;

	while (fd >= 0 && at < hook->length) {
		ssize_t n = write(fd, hook->json + at, hook->length - at);
		if (n < 0 && errno != EINTR) {
			close(fd);
			return -1;
		}
		at += n > 0 ? (size_t)n : 0;
	}
	if (fd >= 0)
		lseek(fd, 0, SEEK_SET);
	return fd;
}

const char *hook_run(const crm_hook *hook, void *payload)
{
	struct cli *cli = payload;
	cleanup(freep) char *path = NULL;
	const char *why = find(&path, hook->name);

	if (why)
		return why;
	progress_clear(&cli->progress);
	signal(SIGCHLD, SIG_DFL); /* ignored, as some parents leave it, its status would be lost */
	int in = json_descriptor(hook);
	const int out[] = { memfd_create("stdout", MFD_CLOEXEC), memfd_create("stderr", MFD_CLOEXEC) };
	pid_t pid = in < 0 || out[0] < 0 || out[1] < 0 ? -1 : fork();
	if (pid == 0)
		become(path, hook->name, in, out);
	if (pid < 0)
		why = say("%s: %s", path, strerror(errno));
	else
		why = judge(cli, hook->name, pid, out);
	for (size_t i = 0; i < 2; i++)
		if (out[i] >= 0)
			close(out[i]);
	if (in >= 0)
		close(in);
	return why;
}
