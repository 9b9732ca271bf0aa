#include "base/time.h"

static void add_number(struct buf *out, int value, int digits)
{
	char text[4];

	if (value < 0 || (digits == 4 && value > 9999)) {
		buf_printf(out, "%d", value);
		return;
	}
	for (int i = digits; i-- > 0; value /= 10)
		text[i] = (char)('0' + value % 10);
	buf_add(out, text, (size_t)digits);
}

static void add_date_and_minute(struct buf *out, const struct civil *c, char between)
{
	add_number(out, c->year, 4);
	buf_putc(out, '-');
	add_number(out, c->month, 2);
	buf_putc(out, '-');
	add_number(out, c->day, 2);
	buf_putc(out, between);
	add_number(out, c->hour, 2);
	buf_putc(out, ':');
	add_number(out, c->minute, 2);
}

/*
 * RFC 3339 has no seconds in an offset, while local mean times before about 1910 do. The offset is rounded up to a
 * minute and the clock with it, so that the instant stays exact.
 */
void time_format_rfc3339(struct buf *out, const struct zone *z, int64_t t)
{
	int exact = zone_offset(z, t);
	int minutes = (int)-floor_div(-exact, 60);
	int size = minutes < 0 ? -minutes : minutes;
	struct civil c;
	int64_t local;

	if (__builtin_add_overflow(t, minutes * 60, &local))
		local = t;
	civil_from_seconds(local, &c);
	add_date_and_minute(out, &c, 'T');
	buf_putc(out, ':');
	add_number(out, c.second, 2);
	buf_putc(out, minutes < 0 ? '-' : '+');
	add_number(out, size / 60, 2);
	buf_putc(out, ':');
	add_number(out, size % 60, 2);
}

void time_format_short(struct buf *out, const struct zone *z, int64_t t)
{
	struct civil c;

	zone_civil(z, t, &c);
	add_date_and_minute(out, &c, ' ');
}
