#include "helpers/say.h"

#include "cli/language.h"
#include "cli/words.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

static const char *program_name = "", *file_name;

void say_about(const char *program, const char *file)
{
	program_name = program;
	file_name = file;
}

static void CRM_PRINTF(2, 0) say_list(const char *file, const char *fmt, va_list ap)
{
	cleanup(strbuf_freep) struct strbuf line = { 0 };
	cleanup(freep) char *text = NULL;

	if (vasprintf(&text, crm_tr(fmt), ap) < 0)
		text = NULL;
	need(text);
	strbuf_printf(&line, "%s: ", program_name);
	if (file) {
		strbuf_escape(&line, file, strlen(file), CRM_ESCAPE_LINE);
		strbuf_puts(&line, ": ");
	}
	strbuf_escape(&line, text, strlen(text), CRM_ESCAPE_LINE);
	need(line.failed ? NULL : line.s);
	fprintf(stderr, "%s\n", line.s);
}

void say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say_list(file_name, fmt, ap);
	va_end(ap);
}

void say_of(const char *file, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say_list(file, fmt, ap);
	va_end(ap);
}

int say_failed(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say_list(file_name, fmt, ap);
	va_end(ap);
	return 1;
}

int say_usage(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say_list(file_name, fmt, ap);
	va_end(ap);
	return 2;
}

void say_safety(void)
{
	language_start(NULL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_IGN);
#ifndef CRM_WATCHED /* the leak checker of the sanitizers must be able to trace us */
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 });
	prctl(PR_SET_DUMPABLE, 0);
#endif
}
