#include "cli/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

void secret_forget(struct secret *secret)
{
	explicit_bzero(secret, sizeof(*secret));
}

/* Byte by byte: what follows the line may be meant for somebody else. */
const char *secret_read(struct secret *out, int fd)
{
	char c;
	ssize_t n;

	out->len = 0;
	while ((n = read(fd, &c, 1)) != 0 && (n > 0 ? c != '\n' : errno == EINTR && !cli_caught_signal())) {
		if (n < 0)
			continue;
		if (out->len == SECRET_MAX)
			return crm_tr("the passphrase is too long");
		out->s[out->len++] = c;
	}
	if (n < 0)
		return strerror(errno);
	if (out->len > 0 && out->s[out->len - 1] == '\r')
		out->len--;
	return out->len > 0 ? NULL : crm_tr("the passphrase is empty");
}

static int read_file(struct cli *cli, struct secret *out, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0) {
		int error = errno;
		if (fd >= 0)
			close(fd);
		return cli_fail(cli, EXIT_FAILED, "--passphrase-file: %s: %s", path, strerror(error));
	}
	const char *why = S_ISREG(st.st_mode) && st.st_mode & 077 ? crm_tr("others may read or write it: chmod 600")
								  : secret_read(out, fd);
	close(fd);
	return why ? cli_fail(cli, EXIT_FAILED, "--passphrase-file: %s: %s", path, why) : EXIT_DONE;
}

/* A line from the terminal that it does not show. The signals that stop a program come when it shows again. */
static const char *ask(struct secret *out, int tty, const char *question)
{
	static const int later[] = { SIGTSTP, SIGQUIT };
	struct termios shown, hidden;
	sigset_t held, before;

	sigemptyset(&held);
	for (size_t i = 0; i < sizeof(later) / sizeof(later[0]); i++)
		sigaddset(&held, later[i]);
	if (tcgetattr(tty, &shown) < 0)
		return strerror(errno);
	hidden = shown;
	hidden.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
	sigprocmask(SIG_BLOCK, &held, &before);
	tcsetattr(tty, TCSAFLUSH, &hidden);
	dprintf(tty, "%s: ", question);
	const char *why = secret_read(out, tty);
	tcsetattr(tty, TCSAFLUSH, &shown);
	dprintf(tty, "\n");
	sigprocmask(SIG_SETMASK, &before, NULL);
	return why;
}

static int ask_twice(struct cli *cli, struct secret *out, int tty, const char *question, bool twice)
{
	struct secret again = { 0 };
	const char *why = ask(out, tty, crm_tr(question));

	if (!why && twice)
		why = ask(&again, tty, crm_tr("the same again"));
	if (!why && twice && (again.len != out->len || memcmp(again.s, out->s, out->len) != 0))
		why = crm_tr("the two are not the same");
	secret_forget(&again);
	return why ? cli_fail(cli, EXIT_FAILED, "passphrase: %s", why) : EXIT_DONE;
}

int secret_get(struct cli *cli, struct secret *out, const struct secret_opts *o, const char *question, bool twice)
{
	if (o->file && o->fd >= 0)
		return cli_fail(cli, EXIT_USAGE, "--passphrase-file and --passphrase-fd: only one of them");
	if (o->file)
		return read_file(cli, out, o->file);
	if (o->fd >= 0) {
		const char *why = o->fd > INT32_MAX ? strerror(EBADF) : secret_read(out, (int)o->fd);
		return why ? cli_fail(cli, EXIT_FAILED, "--passphrase-fd %lld: %s", (long long)o->fd, why) : EXIT_DONE;
	}
	int tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (tty < 0)
		return cli_fail(cli, EXIT_USAGE,
			"no passphrase: --passphrase-file or --passphrase-fd gives it, as there is no terminal to ask "
			"on");
	int exit_status = ask_twice(cli, out, tty, question, twice);
	close(tty);
	return exit_status;
}
