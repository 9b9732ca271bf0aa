/* Cells that a spreadsheet would run, and the ' that keeps it from that. */
#include "text/text.h"

/* Blanks, controls and invisible characters, which a spreadsheet may pass over. */
static bool is_skipped(uint32_t c)
{
	static const struct {
		uint32_t from, to;
	} ranges[] = { { 0, 0x20 }, { 0x7f, 0xa0 }, { 0xad, 0xad }, { 0x61c, 0x61c }, { 0x1680, 0x1680 },
		{ 0x180e, 0x180e }, { 0x2000, 0x200f }, { 0x2028, 0x202f }, { 0x205f, 0x206f }, { 0x3000, 0x3000 },
		{ 0xfeff, 0xfeff } };

	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++)
		if (c >= ranges[i].from && c <= ranges[i].to)
			return true;
	return false;
}

/*
 * True when a spreadsheet might run the cell: the first character after blanks and controls is = + - @ or one of
 * their full-width forms, or TAB, LF, CR or NUL stands before it.
 */
static bool begins_formula(const char *s, size_t len)
{
	while (len > 0) {
		uint32_t c = 0xfffd;
		size_t bytes = utf8_decode(s, len, &c);

		switch (c) {
		case '\t':
		case '\n':
		case '\r':
		case '\0':
		case '=':
		case '+':
		case '-':
		case '@':
		case 0xff1d:
		case 0xff0b:
		case 0xff0d:
		case 0xff20:
			return true;
		default:
			break;
		}
		if (!is_skipped(c))
			return false;
		s += bytes;
		len -= bytes;
	}
	return false;
}

static size_t count_digits(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && ascii_digit(s[n]))
		n++;
	return n;
}

/* +8613800138000: 7 to 15 digits, the first not 0. */
static bool is_e164(const char *s, size_t len)
{
	return len >= 8 && len <= 16 && s[0] == '+' && s[1] != '0' && count_digits(s + 1, len - 1) == len - 1;
}

/* 5, -5, -5.00 */
static bool is_decimal(const char *s, size_t len)
{
	size_t sign = len > 0 && s[0] == '-';
	size_t whole = count_digits(s + sign, len - sign), at = sign + whole;

	if (whole == 0)
		return false;
	if (at == len)
		return true;
	return s[at] == '.' && at + 1 < len && count_digits(s + at + 1, len - at - 1) == len - at - 1;
}

bool crm_text_needs_apostrophe(const char *s, size_t len)
{
	size_t own = 0;

	while (own < len && s[own] == '\'')
		own++;
	return begins_formula(s + own, len - own) && !is_e164(s, len) && !is_decimal(s, len);
}

size_t crm_text_apostrophe(const char *s, size_t len)
{
	return len > 1 && *s == '\'' && crm_text_needs_apostrophe(s + 1, len - 1) ? 1 : 0;
}
