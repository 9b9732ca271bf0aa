#include "text/ambiguous.h"
#include "text/text.h"

#include <utf8proc.h>

static bool printable(char c)
{
	return c >= ' ' && c <= '~';
}

static bool is_ambiguous(uint32_t cp)
{
	size_t low = 0, high = ambiguous_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (cp < ambiguous_ranges[middle].first)
			high = middle;
		else if (cp > ambiguous_ranges[middle].last)
			low = middle + 1;
		else
			return true;
	}
	return false;
}

/* Combining marks are among the ambiguous ones, and take no column all the same. */
static size_t columns_of(uint32_t cp, crm_ambiguous as)
{
	size_t columns = (size_t)utf8proc_charwidth((utf8proc_int32_t)cp);

	return columns == 1 && as == CRM_AMBIGUOUS_WIDE && is_ambiguous(cp) ? 2 : columns;
}

/* Bytes and columns of the grapheme at s; len > 0. */
static size_t grapheme(const char *s, size_t len, crm_ambiguous as, size_t *width)
{
	utf8proc_int32_t state = 0;
	uint32_t cp, next;
	size_t n, columns;

	if (printable(s[0]) && (len == 1 || (unsigned char)s[1] < 0x80)) {
		*width = 1;
		return 1;
	}
	n = utf8_decode(s, len, &cp);
	if (!n) {
		*width = 1; /* as the replacement character that a terminal shows */
		return 1;
	}
	columns = columns_of(cp, as);
	for (size_t used; n < len; n += used, cp = next) {
		used = utf8_decode(s + n, len - n, &next);
		if (!used || utf8proc_grapheme_break_stateful((utf8proc_int32_t)cp, (utf8proc_int32_t)next, &state))
			break;
		/* U+FE0F asks for the picture of a character that is a narrow letter otherwise. */
		columns += next == 0xfe0f ? 1 : columns_of(next, as);
	}
	*width = columns > 2 ? 2 : columns; /* families, flags and skin tones are one picture */
	return n;
}

size_t crm_text_width_as(const char *s, size_t len, crm_ambiguous as)
{
	size_t sum = 0, width;

	for (size_t i = 0; i < len; sum += width)
		i += grapheme(s + i, len - i, as, &width);
	return sum;
}

size_t crm_text_fit_as(const char *s, size_t len, size_t width, crm_ambiguous as)
{
	size_t i = 0, sum = 0;

	while (i < len) {
		size_t columns;
		size_t n = grapheme(s + i, len - i, as, &columns);

		if (sum + columns > width)
			break;
		sum += columns;
		i += n;
	}
	return i;
}

size_t crm_text_line(const char *s, size_t len, size_t width, crm_ambiguous as)
{
	size_t fit = crm_text_fit_as(s, len, width, as), cut = fit;

	if (fit == len)
		return len;
	while (cut > 0 && s[cut] != ' ')
		cut--;
	if (cut > fit / 2)
		return cut;
	return fit > 0 ? fit : grapheme(s, len, as, &width);
}

size_t crm_text_width(const char *s, size_t len)
{
	return crm_text_width_as(s, len, CRM_AMBIGUOUS_NARROW);
}

size_t crm_text_fit(const char *s, size_t len, size_t width)
{
	return crm_text_fit_as(s, len, width, CRM_AMBIGUOUS_NARROW);
}
