/* Text from elsewhere: a file, stdin, the user's editor. */
#include "cli/cli.h"
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

/* Text ends without the newline that editors and echo put there. */
static char *without_newline(struct strbuf *text)
{
	while (text->len > 0 && strchr("\r\n", text->s[text->len - 1]))
		strbuf_truncate(text, text->len - 1);
	return need_text(text);
}

static int read_named(struct cli *cli, struct strbuf *text, const char *name)
{
	bool from_stdin = strcmp(name, "-") == 0;
	int fd = from_stdin ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);
	int error = fd < 0 ? errno : read_all(text, fd);

	if (fd >= 0 && !from_stdin)
		close(fd);
	if (error)
		return cli_fail(cli, EXIT_FAILED, "%s: %s", from_stdin ? "stdin" : name, strerror(error));
	if (text->s && strlen(text->s) != text->len)
		return cli_fail(cli, EXIT_USAGE, "%s: byte %zu is NUL: not text", from_stdin ? "stdin" : name,
			strlen(text->s) + 1);
	return EXIT_DONE;
}

/* --- the editor --- */

static const char *editor(void)
{
	const char *visual = getenv("VISUAL"), *name = getenv("EDITOR");

	if (visual && *visual)
		return visual;
	return name && *name ? name : "vi";
}

/* Runs the words and waits; the keys that interrupt are the editor's meanwhile. 0, an errno, or -1: it failed. */
static int run_words(const struct strings *words)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, old_int, old_quit;
	posix_spawnattr_t attributes;
	sigset_t defaults;
	pid_t pid;
	int state = 0;

	sigemptyset(&defaults);
	sigaddset(&defaults, SIGINT);
	sigaddset(&defaults, SIGQUIT);
	sigaddset(&defaults, SIGXFSZ);
	int error = posix_spawnattr_init(&attributes);
	if (error)
		return error;
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	sigaction(SIGINT, &ignore, &old_int);
	sigaction(SIGQUIT, &ignore, &old_quit);
	error = posix_spawnp(&pid, words->v[0], NULL, &attributes, (char *const *)(uintptr_t)words->v, environ);
	while (!error && waitpid(pid, &state, 0) < 0)
		if (errno != EINTR)
			error = errno;
	sigaction(SIGINT, &old_int, NULL);
	sigaction(SIGQUIT, &old_quit, NULL);
	posix_spawnattr_destroy(&attributes);
	if (error)
		return error;
	return WIFEXITED(state) && WEXITSTATUS(state) == 0 ? 0 : -1;
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
	if (error < 0)
		return cli_fail(cli, EXIT_FAILED, "the editor %s failed: nothing was changed", words.v[0]);
	if (error)
		return cli_fail(cli, EXIT_FAILED, "the editor %s: %s", words.v[0], strerror(error));
	return EXIT_DONE;
}

/* The file to edit lies beside the store: what is written about customers does not belong in /tmp. */
static int make_draft(struct cli *cli, char **path, const char *initial)
{
	const char *store = crm_store_path(cli->store);
	struct strbuf b = { 0 };

	const char *slash = strrchr(store, '/');
	strbuf_add(&b, store, slash ? (size_t)(slash - store) + 1 : 0);
	strbuf_puts(&b, ".crm-draft-XXXXXX.txt");
	*path = need_text(&b);
	int fd = mkostemps(*path, 4, O_CLOEXEC);
	if (fd < 0)
		return cli_fail(cli, EXIT_FAILED, "%s: %s", *path, strerror(errno));
	struct out *o = need(out_open(fd));
	if (initial && *initial) {
		out_puts(o, initial);
		out_puts(o, "\n");
	}
	int error = out_close(o);
	close(fd);
	if (!error)
		return EXIT_DONE;
	unlink(*path);
	return cli_fail(cli, EXIT_FAILED, "%s: %s", *path, strerror(error));
}

static int edit_text(struct cli *cli, struct strbuf *text, const char *initial)
{
	cleanup(freep) char *path = NULL;
	int exit_status = make_draft(cli, &path, initial);

	if (exit_status)
		return exit_status;
	exit_status = cli_edit_file(cli, path);
	if (!exit_status)
		exit_status = read_named(cli, text, path);
	unlink(path);
	return exit_status;
}

int cli_read_text(struct cli *cli, char **out, const char *message, const char *file, const char *initial)
{
	cleanup(strbuf_freep) struct strbuf text = { 0 };
	int exit_status = EXIT_DONE;

	if (message && file)
		return cli_fail(cli, EXIT_USAGE, "-m and -F contradict each other");
	if (message) {
		*out = need_copy(message);
		return EXIT_DONE;
	}
	if (file)
		exit_status = read_named(cli, &text, file);
	else if (cli->in_terminal && cli->err_terminal)
		exit_status = edit_text(cli, &text, initial);
	else
		return cli_fail(cli, EXIT_USAGE, "no text: give it with -m TEXT or -F FILE (`-F -`: stdin)");
	if (exit_status)
		return exit_status;
	*out = without_newline(&text);
	return EXIT_DONE;
}

int cli_read_names(struct cli *cli, struct strings *out, struct strbuf *text)
{
	int exit_status = read_named(cli, text, "-");

	for (char *s = text->s; !exit_status && s && *s;) {
		char *end = s + strcspn(s, "\n"), *next = end + (*end == '\n');
		size_t len = strcspn(s, "\t\r\n");
		*end = '\0';
		s[len] = '\0';
		if (len > 0)
			strings_add(out, s);
		s = next;
	}
	return exit_status;
}
