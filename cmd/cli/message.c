/* What a command says to people: errors, warnings, notes, questions. All of it escaped, all of it on stderr. */
#include "cli/cli.h"

#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void CRM_PRINTF(2, 0) add_formatted(struct strbuf *b, const char *fmt, va_list ap)
{
	va_list again;

	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	if (n >= 0 && strbuf_reserve(b, (size_t)n)) {
		vsnprintf(b->s + b->len, (size_t)n + 1, fmt, again);
		b->len += (size_t)n;
	}
	va_end(again);
}

/* `end` is a newline, or what stands between a question and its answer. */
static void CRM_PRINTF(3, 0) say(struct cli *cli, const char *begin, const char *fmt, va_list ap, const char *end)
{
	cleanup(strbuf_freep) struct strbuf text = { 0 }, line = { 0 };

	if (cli->quiet_errors)
		return;
	add_formatted(&text, crm_tr(fmt), ap);
	strbuf_puts(&line, begin);
	strbuf_escape(&line, text.s ? text.s : "", text.len, CRM_ESCAPE_LINE);
	strbuf_puts(&line, end);
	progress_clear(&cli->progress);
	if (line.failed || text.failed)
		say_nomem();
	else
		fputs(line.s, stderr);
	fflush(stderr);
}

int cli_fail(struct cli *cli, int exit_status, const char *fmt, ...)
{
	va_list ap;

	/* Whatever does not fit then, that is why. */
	if (cli->store && crm_store_out_of_memory(cli->store)) {
		if (!cli->quiet_errors)
			say_nomem();
		return EXIT_FAILED;
	}
	va_start(ap, fmt);
	say(cli, "crm: ", fmt, ap, "\n");
	va_end(ap);
	return exit_status;
}

void cli_warn(struct cli *cli, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(cli, crm_tr("crm: warning: "), fmt, ap, "\n");
	va_end(ap);
}

void cli_note(struct cli *cli, const char *fmt, ...)
{
	va_list ap;

	if (cli->global.quiet)
		return;
	va_start(ap, fmt);
	say(cli, "", fmt, ap, "\n");
	va_end(ap);
}

int cli_exit_status(int status)
{
	switch (status) {
	case CRM_OK:
		return EXIT_DONE;
	case CRM_INVALID:
		return EXIT_USAGE;
	case CRM_NOTFOUND:
		return EXIT_NOTFOUND;
	case CRM_AMBIGUOUS:
	case CRM_EXISTS:
	case CRM_CONFLICT:
		return EXIT_CONFLICT;
	case CRM_REJECTED:
		return EXIT_REJECTED;
	case CRM_BUSY:
	case CRM_READONLY:
	case CRM_SCHEMA:
	case CRM_NOSTORE:
		return EXIT_STORE;
	default:
		return EXIT_FAILED;
	}
}

int cli_store_fail(struct cli *cli, int status)
{
	const char *message = status == CRM_NOMEM ? crm_tr("out of memory") : crm_errmsg(cli->store);
	const char *what = *message ? message : crm_tr("failed");
	int exit_status = cli_exit_status(status);
	int64_t operation = crm_last_operation(cli->store);

	if (status == CRM_NOSTORE)
		return cli_fail(cli, exit_status, "%s (`crm init` makes one)", what);
	if (operation > 0)
		return cli_fail(
			cli, exit_status, "%s (operation %lld, before this, is stored)", what, (long long)operation);
	return cli_fail(cli, exit_status, "%s", what);
}

/*
 * Waits for a line on stdin. False when a signal comes first, even one that came before the waiting began: without this
 * a read would begin behind it and wait on.
 */
static bool wait_for_line(void)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	sigset_t held, before;

	sigemptyset(&held);
	sigaddset(&held, SIGINT);
	sigaddset(&held, SIGTERM);
	sigaddset(&held, SIGHUP);
	sigprocmask(SIG_BLOCK, &held, &before);
	bool ready = !cli_caught_signal() && ppoll(&input, 1, NULL, &before) > 0;
	sigprocmask(SIG_SETMASK, &before, NULL);
	return ready;
}

bool cli_confirm(struct cli *cli, const char *fmt, ...)
{
	char *line = NULL;
	size_t cap = 0;
	va_list ap;

	if (!cli->in_terminal || !cli->err_terminal)
		return false;
	va_start(ap, fmt);
	say(cli, "", fmt, ap, crm_tr(" [y/N] "));
	va_end(ap);
	ssize_t n = wait_for_line() ? getline(&line, &cap, stdin) : -1;
	if (n <= 0 || line[n - 1] != '\n')
		fputc('\n', stderr); /* nobody ended the line of the question */
	while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r' || line[n - 1] == ' '))
		line[--n] = '\0';
	bool yes = n > 0 && (strcmp(line, "y") == 0 || strcmp(line, "Y") == 0 || strcmp(line, "yes") == 0 ||
				    strcmp(line, "是") == 0);
	free(line);
	return yes;
}

char *cli_nearest(const char *word, const char *const *words, size_t n, const char *otherwise)
{
	const char *nearest = crm_text_nearest(word, words, n);
	struct strbuf b = { 0 };

	if (nearest)
		strbuf_printf(&b, crm_tr(", did you mean '%s'?"), nearest);
	else
		strbuf_puts(&b, otherwise);
	return need_text(&b);
}
