/* crm-import-mail: mail to JSON lines, one object a message, as `crm import log` takes them. */
#include "cli/sandbox.h"
#include "config.h"
#include "helpers/mail.h"
#include "helpers/say.h"

#include <gmime/gmime.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	STATUS_DONE = 0,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2
};

static const char usage[] =
	"usage: " HELPER_NAME " [--form auto|mbox|maildir|eml] [--own ADDRESS]... FILE\n"
	"\n"
	"Writes the messages of an mbox, a Maildir or a single file (-: stdin) as JSON lines,\n"
	"for `" PROGRAM_NAME " import log -`.\n"
	"\n"
	"  --form FORM     what FILE is; auto: by content\n"
	"  --own ADDRESS   an address of ours, or a domain as @example.com: mail from it went out;\n"
	"                  may be repeated\n"
	"  -h, --help      show this\n"
	"  --version       show the version\n";

struct options {
	enum mail_form form;
	struct strings own;
	const char *file;
	int status; /* of the program when it ends here, or -1 */
};

static int set_form(struct options *o, const char *value)
{
	static const char *const names[] = { "auto", "mbox", "maildir", "eml" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(value, names[i]) == 0) {
			o->form = (enum mail_form)i;
			return -1;
		}
	}
	return say_usage("--form: '%s' is none of auto, mbox, maildir, eml (see --help)", value);
}

static int add_own(struct options *o, const char *value)
{
	const char *at = strrchr(value, '@');

	if (!at || !at[1])
		return say_usage("--own: '%s' is neither an address nor a domain as @example.com (see --help)", value);
	strings_add(&o->own, value);
	return -1;
}

/* The value of `--NAME VALUE` or `--NAME=VALUE`, NULL when the word is another option. *i moves to the value. */
static const char *value_of(const char *name, char **argv, int *i)
{
	size_t n = strlen(name);

	if (strncmp(argv[*i], name, n) != 0)
		return NULL;
	if (argv[*i][n] == '=')
		return argv[*i] + n + 1;
	return argv[*i][n] == '\0' && argv[*i + 1] ? argv[++*i] : NULL;
}

static int read_option(struct options *o, char **argv, int *i)
{
	const char *word = argv[*i], *value;

	if (strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0) {
		fputs(usage, stdout);
		return STATUS_DONE;
	}
	if (strcmp(word, "--version") == 0) {
		printf(HELPER_NAME " %s\n", CRM_VERSION);
		return STATUS_DONE;
	}
	if ((value = value_of("--form", argv, i)))
		return set_form(o, value);
	if ((value = value_of("--own", argv, i)))
		return add_own(o, value);
	if (strcmp(word, "--form") == 0 || strcmp(word, "--own") == 0)
		return say_usage("%s needs a value (see --help)", word);
	return say_usage("unknown option '%s' (see --help)", word);
}

/* -1 to go on, or the status to end with. */
static int read_options(struct options *o, char **argv)
{
	bool words = false;
	int status = -1;

	for (int i = 1; argv[i] && status < 0; i++) {
		if (!words && strcmp(argv[i], "--") == 0)
			words = true;
		else if (!words && argv[i][0] == '-' && argv[i][1])
			status = read_option(o, argv, &i);
		else if (o->file)
			status = say_usage("one file at a time: what is '%s'? (see --help)", argv[i]);
		else
			o->file = argv[i];
	}
	if (status < 0 && !o->file)
		status = say_usage("no file is named (-: stdin) (see --help)");
	return status;
}

static int convert(const struct options *o, struct out *out)
{
	struct mail_source *source = mail_open(o->file, o->form);
	struct mail m = { 0 };
	uint64_t count = 0;
	int got = -1;

	while (source && !out_error(out) && (got = mail_next(source, &m)) > 0) {
		message_row(out, &m, &o->own);
		count++;
	}
	if (got == 0 && count == 0)
		place_say(&(struct place){ .file = strcmp(o->file, "-") == 0 ? "stdin" : o->file },
			"no mail: there is no message in it");
	strbuf_free(&m.text);
	mail_close(source);
	charset_close();
	return got < 0 || count == 0 ? STATUS_FAILED : STATUS_DONE;
}

/*
 * What reads the mail reaches nothing else: neither what a link in a Maildir points to nor a program. Encodings that glibc
 * has as modules come from its folder.
 */
static void enter_sandbox(const char *file)
{
	cleanup(strbuf_freep) struct strbuf cur = { 0 }, new = { 0 };

	strbuf_printf(&cur, "%s/cur", file);
	strbuf_printf(&new, "%s/new", file);
	const struct sandbox_path paths[] = { { .path = file }, { .path = need(cur.s) }, { .path = need(new.s) },
		{ .path = "/usr/lib" }, { .path = "/usr/lib64" }, { .path = "/lib" }, { .path = "/lib64" } };
	sandbox_enter(paths, sizeof(paths) / sizeof(paths[0]));
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	int status;

	say_safety();
	say_about(HELPER_NAME, NULL);
	status = argc > 0 ? read_options(&o, argv) : STATUS_USAGE;
	if (status >= 0) {
		strings_free(&o.own);
		return fflush(stdout) == 0 ? status : STATUS_FAILED;
	}
	enter_sandbox(o.file);
	g_mime_init();
	struct out *out = need(out_open(STDOUT_FILENO));
	status = convert(&o, out);
	int error = out_close(out);
	if (error) {
		place_say(&(struct place){ .file = "stdout" }, "%s", strerror(error));
		status = STATUS_FAILED;
	}
	g_mime_shutdown();
	strings_free(&o.own);
	return status;
}
