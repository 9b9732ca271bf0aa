#include "backup_crypt.h"
#include "cli/helper.h"
#include "helpers/crypt.h"

#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HELPER_NAME PROGRAM_NAME "-crypt"

bool crypt_begins(const char *bytes, size_t n)
{
	return n >= CRYPT_MAGIC_BYTES && memcmp(bytes, CRYPT_MAGIC, CRYPT_MAGIC_BYTES) == 0;
}

int crypt_begin(struct crypt *c, struct cli *cli, const char *file, bool decrypt, const struct secret_opts *o)
{
	*c = (struct crypt){ .cli = cli, .file = file, .decrypt = decrypt, .program = helper_path(HELPER_NAME) };
	if (!c->program)
		return cli_fail(cli, EXIT_FAILED,
			"%s: there is no program %s, which encrypts: install libsodium-dev and build %s with "
			"-Dcrypt=enabled",
			file, HELPER_NAME, PROGRAM_NAME);
	return secret_get(cli, &c->secret, o,
		decrypt ? N_("passphrase of the backup") : N_("passphrase for the backup"), !decrypt);
}

void crypt_end(struct crypt *c)
{
	secret_forget(&c->secret);
	free(c->program);
	c->program = NULL;
}

void put_size(struct strbuf *b, uint64_t bytes)
{
	static const char *const units[] = { "kB", "MB", "GB", "TB" };
	double size = (double)bytes / 1000;
	size_t unit = 0;

	for (; size >= 1000 && unit + 1 < sizeof(units) / sizeof(units[0]); unit++)
		size /= 1000;
	strbuf_printf(b, "%.1f %s", size, units[unit]);
}

/* --- copying --- */

int copy_all(struct cli *cli, const char *what, const char *first, size_t n, int from, int to)
{
	enum {
		BLOCK = 256 * 1024
	};
	cleanup(freep) char *block = need(malloc(BLOCK));
	crm_event event = { .kind = CRM_EVENT_PROGRESS, .text = crm_tr(what) };
	struct out *o = need(out_open(to));
	struct stat st;
	ssize_t got = 1;

	if (fstat(from, &st) == 0 && S_ISREG(st.st_mode))
		event.total = (uint64_t)st.st_size;
	out_write(o, first, n);
	while (got != 0 && !out_error(o) && !cli_caught_signal()) {
		got = read(from, block, BLOCK);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			break;
		out_write(o, block, (size_t)got);
		event.done += (uint64_t)got;
		progress_event(&event, &cli->progress);
	}
	int error = got < 0 ? errno : 0, written = out_close(o);
	return cli_caught_signal() ? -1 : error ? error : written;
}

/* --- the program --- */

/* A pipe that holds the secret: the end to read it from, or -1. */
static int secret_pipe(const struct secret *secret)
{
	int ends[2];

	if (pipe2(ends, 0) < 0)
		return -1;
	/* less than a pipe takes without waiting */
	bool whole = write(ends[1], secret->s, secret->len) == (ssize_t)secret->len;
	close(ends[1]);
	if (whole)
		return ends[0];
	close(ends[0]);
	return -1;
}

static int start(struct crypt *c, struct helper *h, int to)
{
	cleanup(strings_freep) struct strings argv = { 0 };
	struct strbuf b = { 0 };
	int secret = secret_pipe(&c->secret);

	if (secret < 0)
		return errno;
	strbuf_printf(&b, "%d", secret);
	cleanup(freep) char *number = need_text(&b);
	strings_add(&argv, HELPER_NAME);
	strings_add(&argv, c->decrypt ? "--decrypt" : "--encrypt");
	strings_add(&argv, "--passphrase-fd");
	strings_add(&argv, number);
	strings_add(&argv, NULL);
	int error = helper_start(h, HELPER_WRITE, c->program, &argv, to);
	close(secret);
	return error;
}

int crypt_run(struct crypt *c, const char *first, size_t n, int from, int to)
{
	struct helper h;
	int error = start(c, &h, to);

	c->said = true;
	if (error) {
		cli_fail(c->cli, EXIT_FAILED, "%s: %s: %s", c->file, HELPER_NAME, strerror(error));
		return CRM_FAILED;
	}
	signal(SIGPIPE, SIG_IGN);
	error = copy_all(c->cli, c->decrypt ? N_("decrypting") : N_("encrypting"), first, n, from, h.fd);
	signal(SIGPIPE, SIG_DFL);
	const char *why = helper_end(c->cli, &h, c->file, error == 0 || error == EPIPE);
	if (error < 0)
		cli_fail(c->cli, EXIT_FAILED, "interrupted: nothing was changed");
	else if (why)
		cli_fail(c->cli, EXIT_FAILED, "%s: %s", c->file, why);
	else if (error)
		cli_fail(c->cli, EXIT_FAILED, "%s: %s", c->file, strerror(error));
	else
		c->said = false;
	helper_release(&h);
	return error < 0 ? CRM_INTERRUPTED : c->said ? CRM_FAILED : CRM_OK;
}
