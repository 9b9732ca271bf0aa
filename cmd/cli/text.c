/* Text from elsewhere: a file, stdin, and the editor's (editor.c). */
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Text ends without the newline that editors and echo put there. */
static char *without_newline(struct strbuf *text)
{
	while (text->len > 0 && strchr("\r\n", text->s[text->len - 1]))
		strbuf_truncate(text, text->len - 1);
	return need_text(text);
}

int cli_read_file(struct cli *cli, struct strbuf *text, const char *name)
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
		exit_status = cli_read_file(cli, &text, file);
	else if (cli->in_terminal && cli->err_terminal)
		exit_status = cli_edit_text(cli, &text, initial);
	else
		return cli_fail(cli, EXIT_USAGE, "no text: give it with -m TEXT or -F FILE (`-F -`: stdin)");
	if (exit_status)
		return exit_status;
	*out = without_newline(&text);
	return EXIT_DONE;
}

int cli_read_names(struct cli *cli, struct strings *out, struct strbuf *text)
{
	int exit_status = cli_read_file(cli, text, "-");

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
