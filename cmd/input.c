#include "input.h"
#include "record.h"

#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- what a file is --- */

struct beginning {
	const char *path;
	mode_t mode;
	size_t len;
	char s[1024];
};

static bool begins(const struct beginning *b, const char *s, size_t len)
{
	return b->len >= len && memcmp(b->s, s, len) == 0;
}

static bool is_gzip(const struct beginning *b)
{
	/* no text begins with this control character, and a pipe may show one byte only */
	return b->len > 0 && b->s[0] == '\x1f' && (b->len == 1 || b->s[1] == '\x8b');
}

static bool is_zip(const struct beginning *b)
{
	return begins(b, "PK\3\4", 4);
}

static bool is_sqlite(const struct beginning *b)
{
	return begins(b, "SQLite format 3", 16);
}

static bool is_compound(const struct beginning *b)
{
	return begins(b, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8);
}

static bool has_folder(const char *path, const char *name)
{
	struct strbuf b = { 0 };
	struct stat st;

	strbuf_printf(&b, "%s/%s", path, name);
	cleanup(freep) char *folder = need_text(&b);
	return stat(folder, &st) == 0 && S_ISDIR(st.st_mode);
}

/* `From somebody Thu Jan  1 00:00:00 1970`: a line of csv may begin with From, but does not end so. */
static bool is_mbox(const struct beginning *b)
{
	const char *end = memchr(b->s, '\n', b->len);
	size_t n = end ? (size_t)(end - b->s) : 0, digits = 0;

	n -= n > 0 && b->s[n - 1] == '\r';
	while (digits < n && b->s[n - digits - 1] >= '0' && b->s[n - digits - 1] <= '9')
		digits++;
	return begins(b, "From ", 5) && digits == 4 && memchr(b->s, ':', n);
}

static bool is_mail(const struct beginning *b)
{
	static const char *const headers[] = {
		"Return-Path: ", "Received: ", "Delivered-To: ", "Message-ID: ", "MIME-Version: "
	};
	size_t n = strlen(b->path);

	if (S_ISDIR(b->mode))
		return has_folder(b->path, "cur") && has_folder(b->path, "new");
	for (size_t i = 0; i < COUNT(headers); i++)
		if (begins(b, headers[i], strlen(headers[i])))
			return true;
	return is_mbox(b) || (n > 4 && memcmp(b->path + n - 4, ".eml", 4) == 0);
}

/*
 * The forms that are not read by libcrm itself. How to add one: a line here, its name in input_forms, and a program in
 * helpers/ that is given FILE and writes the rows.
 */
static const struct form {
	const char *name; /* NULL: not for --read, as it wraps one of the others */
	const char *article;
	bool (*recognise)(const struct beginning *b);
	const char *program; /* without PROGRAM_NAME-; NULL: there is none, see `missing` */
	const char *rows;    /* what it writes; NULL: whatever was wrapped */
	const char *missing; /* what to do without the program */
} forms[] = {
	{ NULL, N_("a gzip file"), is_gzip, "gzip", NULL, N_("install the package gzip") },
	{ "xlsx", N_("an xlsx file"), is_zip, "import-xlsx", "csv",
		N_("install libexpat1-dev and libminizip-dev and build crm with -Dxlsx=enabled") },
	{ "sqlite", N_("an SQLite file"), is_sqlite, "import-sqlite", "jsonl", N_("install crm with all its parts") },
	{ "mail", N_("mail"), is_mail, "import-mail", "jsonl",
		N_("install libgmime-3.0-dev and build crm with -Dmail=enabled") },
	{ NULL, N_("an old or encrypted Excel file"), is_compound, NULL, NULL,
		N_("save it as .xlsx without a password") },
};

const char *const input_forms[] = { "auto", "csv", "tsv", "jsonl", "vcard", "xlsx", "sqlite", "mail", NULL };

/* The first bytes, which are still to be read afterwards. */
static void look(struct beginning *b, int fd)
{
	off_t at = lseek(fd, 0, SEEK_CUR);
	int ends[2];
	ssize_t n = -1;

	if (at >= 0) {
		n = pread(fd, b->s, sizeof(b->s), at);
	} else if (S_ISSOCK(b->mode)) {
		n = recv(fd, b->s, sizeof(b->s), MSG_PEEK);
	} else if (S_ISFIFO(b->mode) && pipe2(ends, O_CLOEXEC) == 0) {
		n = tee(fd, ends[1], sizeof(b->s), 0);
		if (n > 0)
			n = read(ends[0], b->s, (size_t)n);
		close(ends[0]);
		close(ends[1]);
	}
	b->len = n > 0 ? (size_t)n : 0;
}

/* The form asked for by --read, or found in the file; NULL: one that libcrm reads. */
static const struct form *find_form(const struct beginning *b, const char *read)
{
	bool automatic = !read || strcmp(read, "auto") == 0;

	for (const struct form *f = forms; f < forms + COUNT(forms) && !automatic; f++)
		if (f->name && strcmp(f->name, read) == 0)
			return f;
	for (const struct form *f = forms; f < forms + COUNT(forms); f++)
		if ((automatic || !f->name) && f->recognise(b))
			return f;
	return NULL;
}

/* --- options that only one form has --- */

static int refuse_option(struct cli *cli, const struct input *in, const char *option, const char *why)
{
	return cli_fail(cli, EXIT_USAGE, "%s: %s: %s", in->name, option, crm_tr(why));
}

static int check_options(struct cli *cli, const struct input *in, const struct form *form, const struct input_opts *o)
{
	const char *name = form && form->name ? form->name : "";

	if (o->sheet && strcmp(name, "xlsx") != 0)
		return refuse_option(cli, in, "--sheet", N_("only xlsx files have sheets"));
	if (o->table && strcmp(name, "sqlite") != 0)
		return refuse_option(cli, in, "--table", N_("only SQLite files have tables"));
	if (o->own.n && strcmp(name, "mail") != 0)
		return refuse_option(cli, in, "--own", N_("only mail has senders"));
	if (*name && o->encoding && strcmp(o->encoding, "auto") != 0)
		return refuse_option(cli, in, "--encoding", N_("the file says its encoding itself"));
	if (*name && o->delimiter && strcmp(o->delimiter, "auto") != 0)
		return refuse_option(cli, in, "--delimiter", N_("the file has no delimiter"));
	if (*name && (o->quote || o->comment))
		return refuse_option(cli, in, o->quote ? "--quote" : "--comment", N_("the file is no text"));
	return EXIT_DONE;
}

/* --- opening --- */

static void add_pair(struct strings *argv, const char *option, const char *value)
{
	if (!value)
		return;
	strings_add(argv, option);
	strings_add(argv, value);
}

/* Reads what the form's program writes instead of the file. */
static int run_program(struct input *in, const struct form *form, const crm_entity *e, const struct input_opts *o)
{
	cleanup(strings_freep) struct strings argv = { 0 };
	cleanup(freep) char *path = NULL;
	struct strbuf b = { 0 };

	if (form->name)
		strbuf_printf(&b, "%s-", PROGRAM_NAME);
	strbuf_puts(&b, form->program);
	in->program = need_text(&b);
	strings_add(&argv, in->program);
	if (form->name) {
		path = helper_path(in->program);
		add_pair(&argv, "--sheet", o->sheet);
		add_pair(&argv, "--table", o->table);
		if (strcmp(form->name, "sqlite") == 0)
			add_pair(&argv, "--type", e ? crm_entity_name(e) : NULL);
		for (size_t i = 0; i < o->own.n; i++)
			add_pair(&argv, "--own", o->own.v[i]);
		strings_add(&argv, "--");
		strings_add(&argv, in->name);
	} else {
		strings_add(&argv, "-dc");
	}
	strings_add(&argv, NULL);
	int error = form->name && !path ? ENOENT
					: helper_start(&in->helper, HELPER_READ, path ? path : in->program, &argv,
						  form->name ? -1 : in->fd);
	if (error == ENOENT)
		return cli_fail(in->cli, EXIT_FAILED, "%s: there is no program %s to read %s: %s", in->name,
			in->program, crm_tr(form->article), crm_tr(form->missing));
	if (error)
		return cli_fail(in->cli, EXIT_FAILED, "%s: %s: %s", in->name, in->program, strerror(error));
	return EXIT_DONE;
}

static int open_form(struct input *in, const struct form *form, const crm_entity *e, const struct input_opts *o)
{
	if (!form->program)
		return cli_fail(
			in->cli, EXIT_FAILED, "%s: is %s: %s", in->name, crm_tr(form->article), crm_tr(form->missing));
	if (form->name && !in->named)
		return cli_fail(in->cli, EXIT_USAGE, "%s: is %s: it can only be read from a file that is named",
			in->name, crm_tr(form->article));
	int exit_status = run_program(in, form, e, o);
	if (exit_status)
		return exit_status;
	in->fd = in->helper.fd;
	in->form = form->name;
	if (form->rows)
		in->rows = form->rows;
	return EXIT_DONE;
}

int input_open(struct cli *cli, struct input *in, const crm_entity *e, const char *file, const struct input_opts *o)
{
	bool from_stdin = strcmp(file, "-") == 0;
	struct beginning b = { .path = file };
	struct stat st;

	*in = (struct input){ .cli = cli, .name = from_stdin ? "stdin" : file };
	in->helper.fd = in->helper.said = -1;
	in->rows = o->read && strcmp(o->read, "auto") != 0 ? o->read : NULL;
	in->fd = in->file = from_stdin ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
	if (in->fd < 0 || fstat(in->fd, &st) < 0)
		return cli_fail(cli, EXIT_FAILED, "%s: %s", in->name, strerror(errno));
	b.mode = st.st_mode;
	in->named = !from_stdin && (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode));
	look(&b, in->fd);
	const struct form *form = find_form(&b, o->read);
	int exit_status = check_options(cli, in, form, o);
	return exit_status || !form ? exit_status : open_form(in, form, e, o);
}

const char *input_ended(void *input, bool all)
{
	struct input *in = input;

	return in->helper.name ? helper_end(in->cli, &in->helper, in->name, all) : NULL;
}

void input_close(struct input *in)
{
	if (in->helper.name)
		helper_end(in->cli, &in->helper, in->name, false);
	if (in->file > STDIN_FILENO)
		close(in->file);
	helper_release(&in->helper);
	free(in->program);
}
