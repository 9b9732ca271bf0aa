/* Files of holidays and adjusted working days: text, a day or range a line, and iCalendar. */
#ifndef EXCHANGE_HOLIDAYS_H
#define EXCHANGE_HOLIDAYS_H

#include "service/calendar_text.h"

enum {
	HOLIDAYS_FILE_MAX = 4 << 20,
	HOLIDAYS_LINE_MAX = 1 << 16
};

struct holiday {
	enum calendar_kind kind;
	struct calendar_day day;
	uint64_t line;
};

struct holidays {
	struct holiday *v;
	size_t n, cap;
};

/* *out is always followed by holidays_free(). CRM_FAILED names the file (as `file`) and the line. */
int holidays_parse(struct holidays *out, const char *s, size_t len, const char *file, struct err *err);
void holidays_free(struct holidays *h);

#endif
