/* crm-import-xlsx: a sheet of an xlsx file as csv, for `crm import`. */
#include "cli/sandbox.h"
#include "helpers/say.h"
#include "helpers/xlsx.h"

#include <config.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HELPER_NAME PROGRAM_NAME "-import-xlsx"
#define USAGE       HELPER_NAME " [--sheet NAME] [--] FILE"

/* The sheet of that name, else the first to be seen; NULL after a message. */
static const struct sheet *choose(const struct book *b, const char *name)
{
	cleanup(strbuf_freep) struct strbuf others = { 0 };
	const struct sheet *found = NULL;
	bool several = false;

	for (size_t i = 0; i < b->nsheets && !found; i++)
		if (name ? strcmp(b->sheets[i].name, name) == 0 : !b->sheets[i].hidden)
			found = &b->sheets[i];
	for (size_t i = 0; i < b->nsheets; i++) {
		const struct sheet *s = &b->sheets[i];
		if (s == found || (found && s->hidden))
			continue;
		strbuf_printf(&others, "%s'%s'", several ? ", " : "", s->name);
		several = true;
	}
	if (!found && name)
		say("there is no sheet '%s' (there are: %s)", name, others.s);
	else if (!found)
		say("all sheets are hidden: choose one by --sheet (there are: %s)", others.s);
	else if (several && !name)
		say("only the sheet '%s' is read (--sheet NAME: another; there are: %s)", found->name, others.s);
	return found;
}

static int convert(const char *path, const char *sheet)
{
	struct out *out = need(out_open(STDOUT_FILENO));
	struct book b;
	const struct sheet *s = book_open(&b, path) ? choose(&b, sheet) : NULL;
	bool good = s && book_load(&b) && sheet_write(out, &b, s);

	book_close(&b);
	int error = out_close(out);
	if (good && error)
		return say_failed("cannot write: %s", strerror(error));
	return good ? 0 : 1;
}

int main(int argc, char **argv)
{
	const char *file = NULL, *sheet = NULL;
	bool words = false;

	say_safety();
	say_about(HELPER_NAME, NULL);
	for (int i = 1; i < argc; i++) {
		if (!words && strcmp(argv[i], "--") == 0)
			words = true;
		else if (!words && strcmp(argv[i], "--sheet") == 0 && i + 1 < argc)
			sheet = argv[++i];
		else if (file || (!words && argv[i][0] == '-'))
			return say_usage("unexpected '%s' (%s)", argv[i], USAGE);
		else
			file = argv[i];
	}
	if (!file)
		return say_usage("no file is named (%s)", USAGE);
	say_about(HELPER_NAME, file);
	sandbox_enter(&(struct sandbox_path){ .path = file }, 1);
	return convert(file, sheet);
}
