#include "cli/pager.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static pid_t pager_pid;

bool privileged(void)
{
	return geteuid() != getuid() || getegid() != getgid() || getenv("SUDO_UID");
}

bool terminal_is_dumb(void)
{
	const char *terminal = getenv("TERM");

	return !terminal || !*terminal || strcmp(terminal, "dumb") == 0;
}

const char *pager_name(void)
{
	const char *name = getenv("CRM_PAGER");

	if (!name)
		name = getenv("PAGER");
	if (name && !privileged())
		return name;
	/* there less complains, and waits for somebody to read that */
	if (terminal_is_dumb())
		return "cat";
	return privileged() ? "/usr/bin/less" : "less"; /* PATH is the user's too */
}

/* Splits at blanks; `words` points into `copy`. Returns how many. */
static size_t split(char *copy, char **words)
{
	size_t n = 0;

	for (char *s = copy; *s;) {
		s += strspn(s, " \t");
		if (!*s)
			break;
		words[n++] = s;
		s += strcspn(s, " \t");
		if (*s)
			*s++ = '\0';
	}
	words[n] = NULL;
	return n;
}

/* Our environment with what less needs to know; the array is the caller's, the strings are not. */
static char **pager_environment(void)
{
	/* what we write is UTF-8, whatever the locale */
	static char secure[] = "LESSSECURE=1", less[] = "LESS=FRX", charset[] = "LESSCHARSET=utf-8";
	size_t n = 0, kept = 0;

	while (environ[n])
		n++;
	char **env = calloc(n + 4, sizeof(*env));
	if (!env)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (!privileged() || strncmp(environ[i], "LESS", 4) != 0)
			env[kept++] = environ[i];
	if (privileged())
		env[kept++] = secure;
	if (privileged() || !getenv("LESS"))
		env[kept++] = less;
	if (privileged() || !getenv("LESSCHARSET"))
		env[kept++] = charset;
	return env;
}

/* Runs the words with `input` as stdin and ordinary signals. 0 or an errno. */
static int spawn(char **words, int input)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t defaults;
	char **env = pager_environment();

	if (!env)
		return ENOMEM;
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGINT);
	sigaddset(&defaults, SIGQUIT);
	sigaddset(&defaults, SIGPIPE);
	int error = posix_spawn_file_actions_init(&files);
	if (error == 0) {
		error = posix_spawnattr_init(&attributes);
		if (error == 0) {
			posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
			posix_spawnattr_setsigdefault(&attributes, &defaults);
			posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
			error = posix_spawnp(&pager_pid, words[0], &files, &attributes, words, env);
			posix_spawnattr_destroy(&attributes);
		}
		posix_spawn_file_actions_destroy(&files);
	}
	free(env);
	return error;
}

/* The terminal's interrupt key is the pager's as long as it runs; a handler of the program's own stays. */
static void leave_key_to_pager(int signal)
{
	struct sigaction action;

	if (sigaction(signal, NULL, &action) == 0 && !(action.sa_flags & SA_SIGINFO) && action.sa_handler == SIG_DFL) {
		action.sa_handler = SIG_IGN;
		sigaction(signal, &action, NULL);
	}
}

/* Runs the words behind descriptor 1. 0 or an errno. */
static int start(char **words)
{
	int ends[2];

	if (pipe(ends) < 0)
		return errno;
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	int error = spawn(words, ends[0]);
	close(ends[0]);
	if (error == 0 && dup2(ends[1], STDOUT_FILENO) < 0)
		error = errno;
	close(ends[1]);
	if (error == 0) {
		leave_key_to_pager(SIGINT);
		leave_key_to_pager(SIGQUIT);
	}
	return error;
}

int pager_start(bool allowed)
{
	if (!allowed || pager_pid > 0)
		return 0;

	const char *name = pager_name();
	size_t len = strlen(name);
	char *copy = malloc(len + 1);
	char **words = calloc(len / 2 + 2, sizeof(*words));
	int status = 0;
	if (copy && words) {
		memcpy(copy, name, len + 1);
		if (split(copy, words) > 0 && strcmp(words[0], "cat") != 0) {
			int error = start(words);
			bool chosen = !privileged() && (getenv("CRM_PAGER") || getenv("PAGER"));
			/* less need not be installed; a pager that was asked for must run */
			status = error == 0 ? 1 : chosen ? -1 : 0;
			if (error != 0) {
				pager_pid = 0;
				errno = error;
			}
		}
	}
	int error = errno;
	free(copy);
	free(words);
	errno = error;
	return status;
}

void pager_wait(void)
{
	if (pager_pid <= 0)
		return;
	leave_key_to_pager(SIGINT);
	leave_key_to_pager(SIGQUIT);
	/* not just closed: the next file opened would become stdout */
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (null < 0 || dup2(null, STDOUT_FILENO) < 0)
		close(STDOUT_FILENO);
	if (null >= 0)
		close(null);
	while (waitpid(pager_pid, NULL, 0) < 0 && errno == EINTR)
		;
	pager_pid = 0;
}
