#include "analysis/similar.h"
#include "text/text.h"

#include <utf8proc.h>

void letters_read(struct letters *out, const char *s, size_t len)
{
	out->n = 0;
	for (size_t i = 0, used; i < len && out->n < LETTERS_MAX; i += used) {
		used = ascii_text(s[i]) ? 1 : utf8_decode(s + i, len - i, &out->v[out->n]);
		if (used <= 1) {
			out->v[out->n] = (unsigned char)s[i];
			used = 1;
		}
		out->n++;
	}
}

/* --- Jaro-Winkler --- */

/* Marks the characters of both that have an equal one not too far away; returns how many. */
static size_t mark_common(uint64_t *in_a, uint64_t *in_b, const struct letters *a, const struct letters *b)
{
	size_t longer = a->n > b->n ? a->n : b->n, window = longer / 2 > 1 ? longer / 2 - 1 : 0, common = 0;

	for (size_t i = 0; i < a->n; i++) {
		size_t from = i > window ? i - window : 0, to = i + window + 1 < b->n ? i + window + 1 : b->n;

		for (size_t k = from; k < to; k++) {
			if (*in_b >> k & 1 || a->v[i] != b->v[k])
				continue;
			*in_a |= UINT64_C(1) << i;
			*in_b |= UINT64_C(1) << k;
			common++;
			break;
		}
	}
	return common;
}

static double jaro(const struct letters *a, const struct letters *b)
{
	uint64_t in_a = 0, in_b = 0;
	size_t common = mark_common(&in_a, &in_b, a, b), moved = 0;
	double c = (double)common;

	if (common == 0)
		return 0;
	for (size_t i = 0, k = 0; i < a->n; i++) {
		if (!(in_a >> i & 1))
			continue;
		while (!(in_b >> k & 1))
			k++;
		moved += a->v[i] != b->v[k++];
	}
	return (c / (double)a->n + c / (double)b->n + (c - (double)(moved / 2)) / c) / 3;
}

double similar_jaro_winkler(const struct letters *a, const struct letters *b)
{
	double base;
	size_t same = 0;

	if (a->n == 0 || b->n == 0)
		return a->n == b->n ? 1 : 0;
	base = jaro(a, b);
	if (base <= 0.7)
		return base;
	while (same < 4 && same < a->n && same < b->n && a->v[same] == b->v[same])
		same++;
	return base + (double)same * 0.1 * (1 - base);
}

/* --- edits --- */

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The same up to one edit, which is asked for often: what is left between a common beginning and end. */
static size_t first_edit(const struct letters *a, const struct letters *b)
{
	size_t begin = 0, na = a->n, nb = b->n;

	while (begin < na && begin < nb && a->v[begin] == b->v[begin])
		begin++;
	while (na > begin && nb > begin && a->v[na - 1] == b->v[nb - 1]) {
		na--;
		nb--;
	}
	na -= begin;
	nb -= begin;
	if (na <= 1 && nb <= 1)
		return na | nb;
	return na == 2 && nb == 2 && a->v[begin] == b->v[begin + 1] && a->v[begin + 1] == b->v[begin] ? 1 : 2;
}

size_t similar_edits(const struct letters *a, const struct letters *b, size_t limit)
{
	size_t rows[3][LETTERS_MAX + 1];
	size_t *above2 = rows[0], *above = rows[1], *row = rows[2];

	if ((a->n > b->n ? a->n - b->n : b->n - a->n) > limit)
		return limit + 1;
	if (limit == 1)
		return first_edit(a, b);
	for (size_t k = 0; k <= b->n; k++)
		above[k] = k;
	for (size_t i = 1; i <= a->n; i++) {
		size_t *recycled = above2, best = row[0] = i;

		for (size_t k = 1; k <= b->n; k++) {
			row[k] = least(above[k - 1] + (a->v[i - 1] != b->v[k - 1]), least(above[k], row[k - 1]) + 1);
			if (i > 1 && k > 1 && a->v[i - 1] == b->v[k - 2] && a->v[i - 2] == b->v[k - 1])
				row[k] = least(row[k], above2[k - 2] + 1);
			best = least(best, row[k]);
		}
		if (best > limit)
			return limit + 1;
		above2 = above;
		above = row;
		row = recycled;
	}
	return least(above[b->n], limit + 1);
}

/* --- sounds --- */

/* The letter, in lower case, that the character is without marks; 0: none of a to z. */
static char plain_letter(uint32_t cp)
{
	utf8proc_int32_t parts[8];
	int last = UTF8PROC_BOUNDCLASS_START;
	char c;

	if (cp >= 0x80 && utf8proc_decompose_char(
				  (utf8proc_int32_t)cp, parts, 8, UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK, &last) >= 1)
		cp = (uint32_t)parts[0];
	c = cp < 0x80 ? ascii_lower((char)cp) : '\0';
	return ascii_alpha(c) ? c : '\0';
}

bool similar_soundex(char out[SOUNDEX_LENGTH + 1], const char *s, size_t len)
{
	/* By letter: its sound; 0 a vowel, - one that is passed over. */
	static const char sounds[] = "01230120022455012623010202";
	char before = '0';
	size_t n = 0;

	for (size_t i = 0, used; i < len && n < SOUNDEX_LENGTH; i += used) {
		uint32_t cp = (unsigned char)s[i];
		char c, sound;

		used = ascii_text(s[i]) ? 1 : utf8_decode(s + i, len - i, &cp);
		used = used ? used : 1;
		c = plain_letter(cp);
		if (!c || (n > 0 && (c == 'h' || c == 'w')))
			continue;
		sound = sounds[c - 'a'];
		if (n == 0)
			out[n++] = (char)(c - 'a' + 'A');
		else if (sound != '0' && sound != before)
			out[n++] = sound;
		before = sound;
	}
	for (size_t i = n; n > 0 && i < SOUNDEX_LENGTH; i++)
		out[i] = '0';
	out[n > 0 ? SOUNDEX_LENGTH : 0] = '\0';
	return n > 0;
}
