/* crm backup: a copy of the store, made while others write. */
#include "backup_crypt.h"
#include "backup_keep.h"
#include "commands.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct backup_opts {
	const char *keep;
	struct secret_opts secret;
	bool force, encrypt;
};

#define AT(member) offsetof(struct backup_opts, member)

static const struct cli_opt options[] = {
	OPT(FLAG, 0, "force", AT(force), NULL, "replace a file that is there"),
	OPT(FLAG, 0, "encrypt", AT(encrypt), NULL, "encrypt it with a passphrase"),
	SECRET_OPTIONS(AT(secret)),
	OPT(TEXT, 0, "keep", AT(keep), "7d,4w,12m,3y",
		"FILE is a folder: make a new copy in it, keep the newest of each of the last days, weeks, months and "
		"years that have one, remove the others"),
	OPT_END,
};

static double seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void say_done(struct cli *cli, const char *file, const crm_backup_info *info, bool encrypted, double began)
{
	struct strbuf size = { 0 };

	put_size(&size, info->bytes);
	cleanup(freep) char *text = need_text(&size);
	uint64_t n = (uint64_t)info->customers;
	cli_note(cli,
		encrypted ? crm_tr_n("backed up %llu customer, up to operation %lld, to %s: %s, encrypted, %.2f s",
				    "backed up %llu customers, up to operation %lld, to %s: %s, encrypted, %.2f s", n)
			  : crm_tr_n("backed up %llu customer, up to operation %lld, to %s: %s, %.2f s",
				    "backed up %llu customers, up to operation %lld, to %s: %s, %.2f s", n),
		(unsigned long long)n, (long long)info->operation, file, text, seconds() - began);
}

/* --- where it goes --- */

static int encrypt_copy(int from, int to, void *crypt)
{
	return crypt_run(crypt, NULL, 0, from, to);
}

static int to_file(
	struct cli *cli, crm_backup_info *info, const char *path, const struct backup_opts *o, struct crypt *crypt)
{
	int status = crm_backup(info, cli->store, path, o->force, crypt ? encrypt_copy : NULL, crypt);

	if (status == CRM_OK)
		return EXIT_DONE;
	return crypt && crypt->said ? EXIT_FAILED : cli_store_fail(cli, status);
}

static int to_stdout(struct cli *cli, crm_backup_info *info, struct crypt *crypt)
{
	int fd, status = crm_backup_open(&fd, info, cli->store);

	if (status < 0)
		return cli_store_fail(cli, status);
	if (crypt) {
		status = crypt_run(crypt, NULL, 0, fd, STDOUT_FILENO);
		close(fd);
		return status < 0 ? EXIT_FAILED : EXIT_DONE;
	}
	int error = copy_all(cli, N_("writing"), NULL, 0, fd, STDOUT_FILENO);
	close(fd);
	return error < 0 ? cli_fail(cli, EXIT_FAILED, "interrupted")
	       : error   ? cli_fail(cli, EXIT_FAILED, "stdout: %s", strerror(error))
			 : EXIT_DONE;
}

static int make_backup(struct cli *cli, const char *path, const struct backup_opts *o)
{
	bool out = strcmp(path, "-") == 0;
	const char *file = out ? "stdout" : path;
	struct crypt crypt = { 0 };
	crm_backup_info info;
	int exit_status = o->encrypt ? crypt_begin(&crypt, cli, file, false, &o->secret) : EXIT_DONE;
	double began = seconds();

	if (exit_status == EXIT_DONE && out)
		exit_status = to_stdout(cli, &info, o->encrypt ? &crypt : NULL);
	else if (exit_status == EXIT_DONE)
		exit_status = to_file(cli, &info, path, o, o->encrypt ? &crypt : NULL);
	crypt_end(&crypt);
	if (exit_status == EXIT_DONE)
		say_done(cli, file, &info, o->encrypt, began);
	return exit_status;
}

static int make_among_others(struct cli *cli, const char *dir, const struct backup_opts *o)
{
	struct stat st;
	crm_keep rules;

	if (crm_keep_parse(&rules, cli->store, o->keep) < 0)
		return cli_fail(cli, EXIT_USAGE, "--keep: %s", crm_errmsg(cli->store));
	if (stat(dir, &st) < 0)
		return cli_fail(cli, EXIT_FAILED, "%s: %s", dir, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return cli_fail(cli, EXIT_USAGE, "%s: is no folder: --keep is about the copies in one", dir);
	cleanup(freep) char *path = keep_path(cli, dir, o->encrypt);
	int exit_status = make_backup(cli, path, o);
	return exit_status ? exit_status : keep_thin_out(cli, dir, &rules, path);
}

static int run_backup(struct cli *cli, const void *opts)
{
	const struct backup_opts *o = opts;
	const char *path = cli->argv[0];

	if (!o->encrypt && (o->secret.file || o->secret.fd >= 0))
		return cli_fail(cli, EXIT_USAGE, "backup: a passphrase is for --encrypt");
	if (strcmp(path, "-") == 0 && cli->out_terminal)
		return cli_fail(cli, EXIT_USAGE, "backup: would write a file to the terminal: `crm backup FILE`");
	if (strcmp(path, "-") == 0 && (o->force || o->keep))
		return cli_fail(cli, EXIT_USAGE, "backup: %s is for files", o->force ? "--force" : "--keep");
	return o->keep ? make_among_others(cli, path, o) : make_backup(cli, path, o);
}

static const struct cli_verb verb = {
	.summary = N_("copy the store to a file (-: stdout), while others may write"),
	.args = "FILE",
	.complete = "file",
	.min_args = 1,
	.max_args = 1,
	.flags = VERB_READ | VERB_PLAIN,
	.run = run_backup,
	.options = options,
	.size = sizeof(struct backup_opts),
};

const struct cli_command command_backup = {
	.name = "backup", .summary = N_("copy the store to a file"), .verbs = &verb, .nverbs = 1
};
