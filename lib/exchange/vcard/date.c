#include "exchange/vcard/date.h"

/* `pattern`: d is a digit, anything else itself. */
static bool fits(const char *s, size_t len, const char *pattern)
{
	size_t i;

	for (i = 0; i < len && pattern[i]; i++)
		if (pattern[i] == 'd' ? !ascii_digit(s[i]) : s[i] != pattern[i])
			return false;
	return i == len && !pattern[i];
}

/* Digits of `s` in the form of `pattern`. */
static void put(struct buf *out, const char *s, size_t len, const char *pattern)
{
	for (size_t i = 0; *pattern; pattern++) {
		while (i < len && !ascii_digit(s[i]))
			i++;
		buf_putc(out, *pattern == 'd' && i < len ? s[i++] : *pattern);
	}
}

bool vcard_date_read(struct buf *out, const char *s, size_t len, const char *no_year)
{
	const char *time = memchr(s, 'T', len);
	size_t n = time && time > s ? (size_t)(time - s) : len;

	if (fits(s, len, "---dd") || fits(s, len, "--dd"))
		return false;
	if (fits(s, n, "--dddd") || fits(s, n, "--dd-dd")) {
		put(out, s, n, "--dd-dd");
	} else if (fits(s, n, "dddddddd") || fits(s, n, "dddd-dd-dd")) {
		if (no_year && strlen(no_year) == 4 && !memcmp(s, no_year, 4))
			put(out, s + 4, n - 4, "--dd-dd");
		else
			put(out, s, n, "dddd-dd-dd");
	} else {
		buf_add(out, s, len);
	}
	return true;
}

void vcard_date_write(struct buf *out, const char *s, size_t len)
{
	if (fits(s, len, "dddd-dd-dd"))
		put(out, s, len, "dddddddd");
	else if (fits(s, len, "--dd-dd"))
		put(out, s, len, "--dddd");
	else
		buf_add(out, s, len);
}
