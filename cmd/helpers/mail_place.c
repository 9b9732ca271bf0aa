#include "config.h"
#include "helpers/mail.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void place_say(const struct place *at, const char *fmt, ...)
{
	cleanup(strbuf_freep) struct strbuf text = { 0 }, line = { 0 };
	cleanup(freep) char *what = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&what, fmt, ap) < 0)
		what = NULL;
	va_end(ap);
	need(what);
	strbuf_printf(&text, "%s: ", at->file);
	if (at->number)
		strbuf_printf(&text, "message %llu: ", (unsigned long long)at->number);
	strbuf_puts(&text, what);
	strbuf_puts(&line, HELPER_NAME ": ");
	strbuf_escape(&line, text.s ? text.s : "", text.len, CRM_ESCAPE_LINE);
	strbuf_puts(&line, "\n");
	need(text.failed || line.failed ? NULL : line.s);
	fputs(line.s, stderr);
}
