/* The user's editor, and the draft that it works on. */
#include "cli/cli.h"
#include "cli/pager.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static const char *editor(void)
{
	const char *visual = getenv("VISUAL"), *name = getenv("EDITOR");

	if (visual && *visual)
		return visual;
	return name && *name ? name : "vi";
}

/* Waits for it; who ends us ends it too. 0, an errno, or -1: it failed. */
static int wait_for(pid_t pid)
{
	int state = 0;

	while (waitpid(pid, &state, 0) < 0) {
		if (errno != EINTR)
			return errno;
		if (cli_caught_signal())
			kill(pid, cli_caught_signal());
	}
	return WIFEXITED(state) && WEXITSTATUS(state) == 0 ? 0 : -1;
}

/* Runs the words; the keys that interrupt are the editor's meanwhile. Returns as wait_for(). */
static int run_words(const struct strings *words)
{
	static const int signals[] = { SIGINT, SIGQUIT, SIGXFSZ };
	struct sigaction ignore = { .sa_handler = SIG_IGN }, old_int, old_quit;
	posix_spawnattr_t attributes;
	sigset_t defaults;
	pid_t pid;

	sigemptyset(&defaults);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaddset(&defaults, signals[i]);
	int error = posix_spawnattr_init(&attributes);
	if (error)
		return error;
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	sigaction(SIGINT, &ignore, &old_int);
	sigaction(SIGQUIT, &ignore, &old_quit);
	error = posix_spawnp(&pid, words->v[0], NULL, &attributes, (char *const *)(uintptr_t)words->v, environ);
	posix_spawnattr_destroy(&attributes);
	if (!error)
		error = wait_for(pid);
	sigaction(SIGINT, &old_int, NULL);
	sigaction(SIGQUIT, &old_quit, NULL);
	return error;
}

int cli_edit_file(struct cli *cli, const char *path)
{
	cleanup(strings_freep) struct strings words = { 0 };
	cleanup(freep) char *text = NULL;

	if (privileged())
		return cli_fail(cli, EXIT_USAGE,
			"no editor is started with another user's rights: give the text with -m or -F");
	if (!words_split(&words, &text, editor()) || words.n == 0)
		return cli_fail(cli, EXIT_FAILED, "the editor '%s': a quote is not closed", editor());
	strings_add(&words, path);
	strings_add(&words, NULL);
	int error = run_words(&words);
	if (cli_caught_signal())
		return cli_fail(cli, EXIT_FAILED, "interrupted: nothing was changed");
	if (error < 0)
		return cli_fail(cli, EXIT_FAILED, "the editor %s failed: nothing was changed", words.v[0]);
	if (error)
		return cli_fail(cli, EXIT_FAILED, "the editor %s: %s", words.v[0], strerror(error));
	return EXIT_DONE;
}

/* --- drafts --- */

/*
 * A folder of its own (0700) beside the store, since what is written about customers does not belong in /tmp; all that the
 * editor leaves there goes with it.
 */
static int make_folder(struct cli *cli, char **folder)
{
	const char *store = crm_store_path(cli->store), *slash = strrchr(store, '/');
	struct strbuf b = { 0 };

	strbuf_add(&b, store, slash ? (size_t)(slash - store) + 1 : 0);
	strbuf_puts(&b, ".crm-draft-XXXXXX");
	*folder = need_text(&b);
	return mkdtemp(*folder) ? EXIT_DONE : cli_fail(cli, EXIT_FAILED, "%s: %s", *folder, strerror(errno));
}

static void remove_folder(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
	rmdir(folder);
}

/* The text to begin with, as editors want it. 0 or errno. */
static int write_draft(const char *path, const char *initial)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return errno;
	struct out *o = need(out_open(fd));
	if (initial && *initial) {
		out_puts(o, initial);
		out_puts(o, "\n");
	}
	int error = out_close(o);
	close(fd);
	return error;
}

int cli_edit_text(struct cli *cli, struct strbuf *text, const char *initial)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, old_quit;
	cleanup(freep) char *folder = NULL;
	struct strbuf b = { 0 };

	sigaction(SIGQUIT, &ignore, &old_quit); /* nothing ends us before the draft is gone */
	int exit_status = make_folder(cli, &folder);
	strbuf_printf(&b, "%s/draft.txt", folder);
	cleanup(freep) char *path = need_text(&b);
	int error = exit_status ? 0 : write_draft(path, initial);
	if (error)
		exit_status = cli_fail(cli, EXIT_FAILED, "%s: %s", path, strerror(error));
	if (!exit_status)
		exit_status = cli_edit_file(cli, path);
	if (!exit_status)
		exit_status = cli_read_file(cli, text, path);
	remove_folder(folder);
	sigaction(SIGQUIT, &old_quit, NULL);
	return exit_status;
}
