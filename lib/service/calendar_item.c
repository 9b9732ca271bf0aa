#include "service/calendar_item.h"

int calendar_fault(const struct time_text *t, const char *fmt, ...)
{
	cleanup(buf_free) struct buf msg = BUF_INIT;
	const char *text;
	va_list ap;

	buf_printf(&msg, "%s: ", t->noun);
	buf_quote(&msg, t->orig, t->orig_len);
	buf_puts(&msg, ": ");
	va_start(ap, fmt);
	buf_vprintf(&msg, crm_tr(fmt), ap);
	va_end(ap);
	text = buf_str(&msg);
	return text ? err_set(t->err, CRM_INVALID, "%s", text) : err_nomem(t->err);
}

static size_t blank_at(const char *s, size_t len)
{
	if (len && ascii_blank(*s))
		return 1;
	if (len >= 2 && memcmp(s, "\xc2\xa0", 2) == 0)
		return 2;
	return len >= 3 && memcmp(s, "\xe3\x80\x80", 3) == 0 ? 3 : 0;
}

void calendar_trim(const char **s, size_t *len)
{
	for (size_t n; (n = blank_at(*s, *len)) > 0; *len -= n)
		*s += n;
	for (size_t n = 1; n <= 3 && n <= *len; n++) {
		if (blank_at(*s + *len - n, n) == n) {
			*len -= n;
			n = 0;
		}
	}
}

bool calendar_item_next(const char **item, size_t *len, const char *s, size_t n, size_t *pos)
{
	static const char full_width[] = "\xef\xbc\x9b";

	while (*pos < n) {
		size_t from = *pos, to = from, sign = 0;

		for (; to < n && !sign; to += !sign) {
			if (s[to] == ';' || s[to] == '\n' || s[to] == '\r')
				sign = 1;
			else if (n - to >= 3 && memcmp(s + to, full_width, 3) == 0)
				sign = 3;
		}
		*pos = to + sign;
		*item = s + from;
		*len = to - from;
		calendar_trim(item, len);
		if (*len)
			return true;
	}
	return false;
}

bool calendar_scan_range(struct time_text *t)
{
	static const char *const signs[] = { "..", "-", "~", "–", "—", "至", "到" };
	const char *start = t->p;

	scan_blanks(t);
	for (size_t i = 0; i < ARRAY_SIZE(signs); i++) {
		if (scan_literal(t, signs[i])) {
			scan_blanks(t);
			return true;
		}
	}
	t->p = start;
	return false;
}
