#include "helpers/mail.h"
#include "helpers/say.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void place_say(const struct place *at, const char *fmt, ...)
{
	cleanup(freep) char *what = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&what, crm_tr(fmt), ap) < 0)
		what = NULL;
	va_end(ap);
	need(what);
	if (at->number)
		say_of(at->file, "message %llu: %s", (unsigned long long)at->number, what);
	else
		say_of(at->file, "%s", what);
}
