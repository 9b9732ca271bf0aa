#include "analysis/duplicates/address.h"
#include "analysis/duplicates/names.h"
#include "analysis/similar.h"
#include "text/text.h"

static const struct {
	const char *word, *instead;
} abbreviations[] = { { "street", "st" }, { "str", "st" }, { "strasse", "st" }, { "road", "rd" }, { "avenue", "ave" },
	{ "av", "ave" }, { "boulevard", "blvd" }, { "blv", "blvd" }, { "drive", "dr" }, { "lane", "ln" },
	{ "place", "pl" }, { "square", "sq" }, { "court", "ct" }, { "crescent", "cres" }, { "circuit", "cct" },
	{ "parade", "pde" }, { "highway", "hwy" }, { "parkway", "pkwy" }, { "apartment", "apt" }, { "suite", "ste" },
	{ "first", "1st" }, { "second", "2nd" }, { "third", "3rd" }, { "fourth", "4th" }, { "fifth", "5th" },
	{ "sixth", "6th" }, { "seventh", "7th" }, { "eighth", "8th" }, { "ninth", "9th" }, { "tenth", "10th" },
	{ "east", "e" }, { "west", "w" }, { "north", "n" }, { "south", "s" } };

void address_read(struct buf *out, const char *s, size_t len)
{
	size_t before = out->len;
	struct part word;

	for (size_t at = 0; next_word(&word, s, len, &at);) {
		for (size_t i = 0; i < ARRAY_SIZE(abbreviations); i++)
			if (word.len == strlen(abbreviations[i].word) &&
				memcmp(word.s, abbreviations[i].word, word.len) == 0) {
				word = (struct part){ abbreviations[i].instead, strlen(abbreviations[i].instead) };
				break;
			}
		if (out->len > before)
			buf_putc(out, ' ');
		buf_add(out, word.s, word.len);
	}
}

/* --- pieces: numbers, words, and characters of Chinese, which has no blanks --- */

enum {
	PIECES_MAX = 32 /* more of an address are not looked at */
};

struct pieces {
	struct part v[PIECES_MAX];
	size_t n;
};

/* Bytes of the piece at s, which is not blank: digits, one Chinese character, or letters up to any of these. */
static size_t piece_at(const char *s, size_t len)
{
	size_t i = 0, used;
	uint32_t cp;

	if (ascii_digit(*s)) {
		while (i < len && ascii_digit(s[i]))
			i++;
		return i;
	}
	for (; i < len && s[i] != ' ' && !ascii_digit(s[i]); i += used) {
		used = ascii_text(s[i]) ? 1 : utf8_decode(s + i, len - i, &cp);
		used = used ? used : 1;
		if (used == 3 && text_is_cjk(s + i, used))
			return i == 0 ? used : i;
	}
	return i;
}

static void split(struct pieces *numbers, struct pieces *words, const char *s, size_t len)
{
	numbers->n = words->n = 0;
	for (size_t i = 0, used; i < len; i += used) {
		struct pieces *to = ascii_digit(s[i]) ? numbers : words;

		used = s[i] == ' ' ? 1 : piece_at(s + i, len - i);
		if (s[i] != ' ' && to->n < PIECES_MAX)
			to->v[to->n++] = (struct part){ s + i, used };
	}
}

static bool pieces_alike(const struct part *a, const struct part *b)
{
	struct letters x, y;

	if (a->len == b->len && memcmp(a->s, b->s, a->len) == 0)
		return true;
	if (a->len < 4 || b->len < 4 || a->s[0] != b->s[0]) /* a wrong first letter is rare, and the others many */
		return false;
	letters_read(&x, a->s, a->len);
	letters_read(&y, b->s, b->len);
	return similar_jaro_winkler(&x, &y) >= 0.9;
}

static size_t all_letters(const struct pieces *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		n += p->v[i].len;
	return n;
}

/* Letters of `a` whose words are in `b`, each of those once; *all: every one is. */
static size_t letters_in(
	const struct pieces *a, const struct pieces *b, bool (*alike)(const struct part *, const struct part *))
{
	uint64_t taken = 0;
	size_t letters = 0;

	for (size_t i = 0; i < a->n; i++)
		for (size_t k = 0; k < b->n; k++)
			if (!(taken >> k & 1) && alike(&a->v[i], &b->v[k])) {
				taken |= UINT64_C(1) << k;
				letters += a->v[i].len;
				break;
			}
	return letters;
}

static bool pieces_equal(const struct part *a, const struct part *b)
{
	return a->len == b->len && memcmp(a->s, b->s, a->len) == 0;
}

void address_compare(struct address_likeness *out, const char *a, size_t na, const char *b, size_t nb)
{
	struct pieces numbers[2], words[2];
	size_t letters[2], common, fewer;

	split(&numbers[0], &words[0], a, na);
	split(&numbers[1], &words[1], b, nb);
	letters[0] = all_letters(&words[0]);
	letters[1] = all_letters(&words[1]);
	common = letters_in(&words[0], &words[1], pieces_alike);
	fewer = letters[0] < letters[1] ? letters[0] : letters[1];
	out->words = letters[0] + letters[1] > 0 ? 2 * (double)common / (double)(letters[0] + letters[1]) : 0;
	out->shorter = fewer > 0 ? (double)common / (double)fewer : 0;
	out->numbers = numbers[0].n > 0 && numbers[1].n > 0;
	fewer = numbers[1].n < numbers[0].n;
	out->same_numbers = out->numbers &&
			    letters_in(&numbers[fewer], &numbers[!fewer], pieces_equal) == all_letters(&numbers[fewer]);
	if (out->words > 1)
		out->words = 1;
	if (out->shorter > 1)
		out->shorter = 1;
}

uint64_t address_key(const char *s, size_t len)
{
	static const struct hash_key fixed = { 0 };
	struct pieces numbers, words;
	char sound[SOUNDEX_LENGTH + 1];
	struct part longest = { NULL, 0 };
	uint64_t number;

	split(&numbers, &words, s, len);
	if (numbers.n == 0 || words.n == 0)
		return 0;
	for (size_t i = 0; i < words.n; i++)
		if (words.v[i].len > longest.len)
			longest = words.v[i];
	number = hash_bytes(&fixed, numbers.v[0].s, numbers.v[0].len);
	if (similar_soundex(sound, longest.s, longest.len))
		return number ^ hash_bytes(&fixed, sound, SOUNDEX_LENGTH) << 1;
	/* Of Chinese the three characters before the number: 中山路88号, whatever stands before. */
	for (longest = (struct part){ numbers.v[0].s, 0 }; longest.s > s && longest.len < 9; longest.len++)
		longest.s--;
	return number ^ hash_bytes(&fixed, longest.s, longest.len) << 1;
}
