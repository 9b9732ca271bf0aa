/* crm restore: a backup in the place of the store, which is kept beside it. */
#include "backup_crypt.h"
#include "commands.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct restore_opts {
	const char *ledger;
	struct secret_opts secret;
	bool yes;
};

#define AT(member) offsetof(struct restore_opts, member)

static const struct cli_opt options[] = {
	OPT(FLAG, 0, "yes", AT(yes), NULL, "replace a store without asking"),
	SECRET_OPTIONS(AT(secret)),
	OPT(TEXT, 0, "ledger", AT(ledger), "FILE", "erase again what this ledger (STORE-erased) says was erased, too",
		.complete = "file"),
	OPT_END,
};

/* --- the copy --- */

enum {
	FIRST = 8 /* bytes say whether it is encrypted */
};

struct source {
	struct cli *cli;
	const char *name;
	int fd;
	char first[FIRST]; /* what was read of it already: it may be a pipe */
	size_t n;
	bool encrypted;
	struct crypt crypt;
};

static int open_source(struct source *src, struct cli *cli, const char *path)
{
	bool in = strcmp(path, "-") == 0;
	ssize_t n = 1;

	*src = (struct source){ .cli = cli, .name = in ? "stdin" : path };
	src->fd = in ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	while (src->fd >= 0 && src->n < FIRST && n != 0) {
		n = read(src->fd, src->first + src->n, FIRST - src->n);
		if (n < 0 && errno == EINTR && !cli_caught_signal())
			continue;
		if (n < 0)
			break;
		src->n += (size_t)n;
	}
	if (src->fd < 0 || n < 0)
		return cli_fail(cli, EXIT_FAILED, "%s: %s", src->name, strerror(errno));
	src->encrypted = crypt_begins(src->first, src->n);
	return EXIT_DONE;
}

static void close_source(struct source *src)
{
	crypt_end(&src->crypt);
	if (src->fd > STDIN_FILENO)
		close(src->fd);
}

/* A crm_backup_filter. */
static int read_source(int from, int to, void *payload)
{
	struct source *src = payload;

	if (src->encrypted)
		return crypt_run(&src->crypt, src->first, src->n, from, to);
	int error = copy_all(src->cli, N_("copying"), src->first, src->n, from, to);
	if (error == 0)
		return CRM_OK;
	src->crypt.said = true;
	if (error < 0)
		cli_fail(src->cli, EXIT_FAILED, "interrupted: nothing was changed");
	else
		cli_fail(src->cli, EXIT_FAILED, "%s: cannot be copied: %s", src->name, strerror(error));
	return CRM_FAILED;
}

/* --- the place --- */

static void put_contents(struct strbuf *b, const crm_backup_info *info)
{
	uint64_t n = (uint64_t)info->customers;

	strbuf_printf(b, crm_tr_n("%llu customer, up to operation %lld", "%llu customers, up to operation %lld", n),
		(unsigned long long)n, (long long)info->operation);
}

/* True when there is nothing to lose, or that was said. */
static bool may_replace(struct cli *cli, const crm_restore *r, const struct source *src, bool yes, int *exit_status)
{
	cleanup(strbuf_freep) struct strbuf old = { 0 }, new = { 0 }, what = { 0 };
	crm_backup_info present;
	crm_restore_place place = crm_restore_present(&present, r);

	if (yes || place == CRM_RESTORE_EMPTY ||
		(place == CRM_RESTORE_STORE && present.customers + present.operation == 0))
		return true;
	if (place == CRM_RESTORE_STORE)
		put_contents(&old, &present);
	else
		strbuf_puts(&old, crm_tr("which cannot be read"));
	put_contents(&new, crm_restore_copy(r));
	strbuf_printf(&what,
		crm_tr("replace %s (%s) by %s (%s); it is kept as %s, and `crm undo` cannot take that back"), cli->path,
		need_str(&old), src->name, need_str(&new), crm_restore_kept(r));
	if (cli_confirm(cli, "%s: go on?", need_str(&what)))
		return true;
	*exit_status = cli->in_terminal && cli->err_terminal
			       ? cli_fail(cli, EXIT_FAILED, "nothing was changed")
			       : cli_fail(cli, EXIT_USAGE, "restore: would %s: --yes says so", what.s);
	return false;
}

static void say_done(struct cli *cli, const crm_restore *r, const struct source *src, const crm_restored *done)
{
	const crm_backup_info *copy = crm_restore_copy(r);
	struct strbuf b = { 0 };

	put_contents(&b, copy);
	cleanup(freep) char *contents = need_text(&b);
	cli_note(cli, "restored %s from %s: %s", cli->path, src->name, contents);
	if (copy->schema < crm_schema_version())
		cli_note(cli, "brought from schema %d to %d", copy->schema, crm_schema_version());
	if (done->erased > 0)
		cli_note(cli,
			crm_tr_n("erased again, as the ledger says: %zu record",
				"erased again, as the ledger says: %zu records", done->erased),
			done->erased);
	if (done->owed)
		cli_warn(cli, "%s may hold traces of what was erased until `crm vacuum`", cli->path);
	if (crm_restore_kept(r))
		cli_note(cli, "the previous store is %s", crm_restore_kept(r));
}

static int restore_from(struct cli *cli, struct source *src, const struct restore_opts *o)
{
	crm_restored done;
	crm_restore *r;
	int exit_status = EXIT_DONE;
	int status = crm_restore_open(&r, cli->store, cli->path, src->fd, src->name, read_source, src);

	if (status < 0)
		return src->crypt.said ? EXIT_FAILED : cli_store_fail(cli, status);
	if (may_replace(cli, r, src, o->yes, &exit_status)) {
		status = crm_restore_swap(&done, r, o->ledger);
		if (status < 0)
			exit_status = cli_store_fail(cli, status);
		else
			say_done(cli, r, src, &done);
	}
	crm_restore_close(r);
	return exit_status;
}

static int run_restore(struct cli *cli, const void *opts)
{
	const struct restore_opts *o = opts;
	struct source src;

	if (!cli->path)
		return cli_fail(
			cli, EXIT_STORE, "no place for the store: neither --store nor $CRM_STORE nor $HOME is given");
	int exit_status = open_source(&src, cli, cli->argv[0]);
	if (exit_status == EXIT_DONE && src.encrypted)
		exit_status = crypt_begin(&src.crypt, cli, src.name, true, &o->secret);
	else if (exit_status == EXIT_DONE && (o->secret.file || o->secret.fd >= 0))
		exit_status = cli_fail(cli, EXIT_USAGE, "%s: is not encrypted: it needs no passphrase", src.name);
	if (exit_status == EXIT_DONE)
		exit_status = restore_from(cli, &src, o);
	close_source(&src);
	return exit_status;
}

static const struct cli_verb verb = {
	.summary = N_("put a backup (-: stdin) in the place of the store, which is kept"),
	.args = "FILE",
	.complete = "file",
	.min_args = 1,
	.max_args = 1,
	.flags = VERB_PLACE | VERB_PLAIN,
	.run = run_restore,
	.options = options,
	.size = sizeof(struct restore_opts),
};

const struct cli_command command_restore = {
	.name = "restore", .summary = N_("put a backup in the place of the store"), .verbs = &verb, .nverbs = 1
};
