#include "analysis/duplicates/compare.h"
#include "analysis/duplicates/address.h"
#include "analysis/duplicates/names.h"
#include "analysis/similar.h"
#include "text/text.h"

#include <math.h>

/*
 * What one would guess: of a hundred pairs that are the same so many agree (people move, marry, change their number, mistype), and how
 * often strangers do. Judgements, which the data of a larger store outweigh (linkage.h).
 */
#define LEVELS_OF(exact, very, close, other)                                                                           \
	{                                                                                                              \
		0, exact, very, close, other                                                                           \
	}

const struct linkage_field compared_fields[COMPARED_FIELDS] = {
	{ "phone", LEVELS_OF(0.65, 0.05, 0, 0.30), LEVELS_OF(1e-5, 1e-5, 0, 1), 1 },
	{ "email", LEVELS_OF(0.60, 0.08, 0.04, 0.28), LEVELS_OF(1e-5, 3e-5, 1e-4, 1), 0 },
	{ "family_name", LEVELS_OF(0.86, 0.06, 0.04, 0.04), LEVELS_OF(8e-3, 4e-3, 1e-2, 1), 0.5 },
	{ "given_name", LEVELS_OF(0.78, 0.07, 0.08, 0.07), LEVELS_OF(6e-3, 4e-3, 2e-2, 1), 0 },
	{ "name", LEVELS_OF(0.74, 0.10, 0.10, 0.06), LEVELS_OF(3e-4, 5e-4, 4e-3, 1), 0 },
	{ "birthday", LEVELS_OF(0.88, 0.06, 0.03, 0.03), LEVELS_OF(8e-5, 2e-3, 2e-2, 1), 0 },
	{ "address", LEVELS_OF(0.52, 0.16, 0.10, 0.22), LEVELS_OF(2e-5, 5e-5, 2e-3, 1), 1 },
	{ "place", LEVELS_OF(0.65, 0.05, 0.14, 0.16), LEVELS_OF(2e-3, 1e-3, 5e-2, 1), 0.9 },
	{ "company", LEVELS_OF(0.60, 0.10, 0.06, 0.24), LEVELS_OF(5e-3, 1e-3, 5e-3, 1), 0.5 },
	{ "gender", LEVELS_OF(0.97, 0, 0, 0.03), LEVELS_OF(0.5, 0, 0, 0.5), 0 },
};

const enum level outcome_levels[OUTCOMES] = {
	[OUTCOME_MISSING] = LEVEL_MISSING,
	[OUTCOME_SAME] = LEVEL_EXACT,
	[OUTCOME_SWAPPED] = LEVEL_VERY_CLOSE,
	[OUTCOME_HOMOPHONE] = LEVEL_VERY_CLOSE,
	[OUTCOME_TYPO] = LEVEL_VERY_CLOSE,
	[OUTCOME_DIGIT] = LEVEL_VERY_CLOSE,
	[OUTCOME_DAY_MONTH] = LEVEL_VERY_CLOSE,
	[OUTCOME_LOCAL] = LEVEL_VERY_CLOSE,
	[OUTCOME_CHARACTER] = LEVEL_CLOSE,
	[OUTCOME_SHORT] = LEVEL_CLOSE,
	[OUTCOME_SOUND] = LEVEL_CLOSE,
	[OUTCOME_SIMILAR] = LEVEL_CLOSE,
	[OUTCOME_PARTIAL] = LEVEL_CLOSE,
	[OUTCOME_TWO_PARTS] = LEVEL_CLOSE,
	[OUTCOME_CITY] = LEVEL_CLOSE,
	[OUTCOME_DIFFERENT] = LEVEL_DIFFERENT,
};

/* A text of one of two customers. */
static struct part text_of(const struct people *p, enum vocabulary_kind kind, int number)
{
	return (struct part){ people_text(p, kind, number), people_length(p, kind, number) };
}

/* --- names --- */

/* A Chinese sound against letters: wang, and Wang as it is written abroad. */
static bool same_across_scripts(const struct part *letters, const struct part *pinyin)
{
	size_t i = 0, k = 0;

	while (i < letters->len && k < pinyin->len) {
		if (letters->s[i] == ' ' || letters->s[i] == '-' || letters->s[i] == '\'') {
			i++;
		} else if (pinyin->s[k] == ' ') {
			k++;
		} else if (letters->s[i++] != pinyin->s[k++]) {
			return false;
		}
	}
	return i == letters->len && k == pinyin->len;
}

static enum outcome compare_chinese(const struct part *a, size_t na, const struct part *b, size_t nb)
{
	struct letters x, y;

	if (na < 2 || nb < 2)
		return OUTCOME_DIFFERENT;
	letters_read(&x, a->s, a->len);
	letters_read(&y, b->s, b->len);
	return similar_edits(&x, &y, 1) <= 1 ? OUTCOME_CHARACTER : OUTCOME_DIFFERENT;
}

static bool begins_with(const struct part *longer, const struct part *shorter)
{
	return shorter->len < longer->len && (shorter->len == 1 || shorter->len >= 3) &&
	       memcmp(longer->s, shorter->s, shorter->len) == 0;
}

static enum outcome compare_letters(const struct part *a, const struct part *b, bool same_sound)
{
	struct letters x, y;
	double alike;

	letters_read(&x, a->s, a->len);
	letters_read(&y, b->s, b->len);
	alike = similar_jaro_winkler(&x, &y);
	if (alike >= 0.92 || (x.n >= 4 && y.n >= 4 && similar_edits(&x, &y, 1) <= 1))
		return OUTCOME_TYPO;
	if (begins_with(a, b) || begins_with(b, a))
		return OUTCOME_SHORT;
	if (same_sound && alike >= 0.7)
		return OUTCOME_SOUND;
	return alike >= 0.84 ? OUTCOME_SIMILAR : OUTCOME_DIFFERENT;
}

/* Two words of names, by number, with their sounds. */
static enum outcome compare_parts(const struct people *p, int a, int a_sound, int b, int b_sound)
{
	struct part x, y, sound;
	bool x_chinese, y_chinese;
	size_t nx, ny;

	if (a == WORD_NONE || b == WORD_NONE)
		return OUTCOME_MISSING;
	if (a == b)
		return OUTCOME_SAME;
	x = text_of(p, WORDS_PART, a);
	y = text_of(p, WORDS_PART, b);
	x_chinese = part_is_cjk(&x, &nx);
	y_chinese = part_is_cjk(&y, &ny);
	if (x_chinese && y_chinese)
		return a_sound == b_sound && a_sound != WORD_NONE ? OUTCOME_HOMOPHONE : compare_chinese(&x, nx, &y, ny);
	if (!x_chinese && !y_chinese)
		return compare_letters(&x, &y, a_sound == b_sound);
	if ((x_chinese ? a_sound : b_sound) == WORD_NONE)
		return OUTCOME_DIFFERENT;
	sound = text_of(p, WORDS_SOUND, x_chinese ? a_sound : b_sound);
	return same_across_scripts(x_chinese ? &y : &x, &sound) ? OUTCOME_HOMOPHONE : OUTCOME_DIFFERENT;
}

/* Levels of two outcomes together: the lower, the closer; that they agree at all is for the caller to see. */
static int distance(enum outcome x, enum outcome y)
{
	return (int)outcome_levels[x] + (int)outcome_levels[y];
}

static bool agree(enum outcome x)
{
	return x != OUTCOME_MISSING && x != OUTCOME_DIFFERENT;
}

/* A single word may be either name: what it is of the other, where that is closer. */
static void compare_single(uint8_t *known, enum outcome crossed, enum outcome across)
{
	enum outcome either = crossed != OUTCOME_MISSING ? crossed : across;

	if (*known == OUTCOME_DIFFERENT && agree(either))
		*known = OUTCOME_SIMILAR;
}

static void compare_persons(
	struct comparison *out, const struct people *p, const struct person *a, const struct person *b)
{
	enum outcome family = compare_parts(p, a->family, a->family_sound, b->family, b->family_sound);
	enum outcome given = compare_parts(p, a->given, a->given_sound, b->given, b->given_sound);
	enum outcome crossed, across;

	out->outcome[FIELD_FAMILY] = (uint8_t)family;
	out->outcome[FIELD_GIVEN] = (uint8_t)given;
	if (family == OUTCOME_SAME || given == OUTCOME_SAME)
		return;
	crossed = compare_parts(p, a->family, a->family_sound, b->given, b->given_sound);
	across = compare_parts(p, a->given, a->given_sound, b->family, b->family_sound);
	if (family == OUTCOME_MISSING || given == OUTCOME_MISSING)
		compare_single(&out->outcome[family == OUTCOME_MISSING ? FIELD_GIVEN : FIELD_FAMILY], crossed, across);
	else if (agree(crossed) && agree(across) && distance(crossed, across) < distance(family, given) &&
		 distance(crossed, across) <= 2 * (int)LEVEL_VERY_CLOSE)
		out->outcome[FIELD_FAMILY] = out->outcome[FIELD_GIVEN] = OUTCOME_SWAPPED;
}

/* --- firms --- */

/* How much a word tells: as many bits as it is rare among the words of firms. */
static double telling(const struct people *p, const struct part *word)
{
	const struct vocabulary *v = &p->words[WORDS_TOKEN];
	int number = words_find(&v->words, word->s, word->len);

	return log2(2 + (double)v->uses) - log2(1 + (double)people_count(p, WORDS_TOKEN, number));
}

enum {
	FIRM_WORDS_MAX = 16
};

struct firm {
	struct part v[FIRM_WORDS_MAX];
	double telling[FIRM_WORDS_MAX], all;
	size_t n;
};

static void firm_words(struct firm *f, const struct people *p, const struct part *name)
{
	f->n = 0;
	f->all = 0;
	for (size_t at = 0; f->n < FIRM_WORDS_MAX && next_word(&f->v[f->n], name->s, name->len, &at);) {
		if (firm_word_is_empty(&f->v[f->n]))
			continue;
		f->telling[f->n] = telling(p, &f->v[f->n]);
		f->all += f->telling[f->n++];
	}
}

/* How alike two words are; short for a long one (deli, delicatessen) is nearly it. */
static double word_likeness(const struct part *a, const struct part *b)
{
	struct letters x, y;
	double alike;

	if (a->len == b->len && memcmp(a->s, b->s, a->len) == 0)
		return 1;
	if (begins_with(a, b) || begins_with(b, a))
		return a->len >= 3 && b->len >= 3 ? 0.9 : 0;
	letters_read(&x, a->s, a->len);
	letters_read(&y, b->s, b->len);
	alike = similar_jaro_winkler(&x, &y);
	return alike >= 0.9 ? alike : 0;
}

/*
 * The words that both have, weighed by how much they tell and how alike they are, of all: a soft TF-IDF after W. Cohen, P. Ravikumar
 * and S. Fienberg, A comparison of string distance metrics for name-matching tasks (2003), as a Dice coefficient. *shorter: the same of the name that says less.
 */
static double firm_likeness(double *shorter, const struct firm *a, const struct firm *b)
{
	uint32_t taken = 0;
	double common = 0;

	for (size_t i = 0; i < a->n; i++) {
		size_t which = b->n;
		double best = 0;

		for (size_t k = 0; k < b->n; k++) {
			double alike = taken >> k & 1 ? 0 : word_likeness(&a->v[i], &b->v[k]);

			if (alike > best) {
				best = alike;
				which = k;
			}
		}
		if (which == b->n)
			continue;
		taken |= UINT32_C(1) << which;
		common += best * (a->telling[i] + b->telling[which]);
	}
	*shorter = common / 2 / fmax(fmin(a->all, b->all), 1);
	return a->all + b->all > 0 ? common / (a->all + b->all) : 0;
}

/* Chinese firms have no blanks: characters, and one name within the other. */
static enum outcome compare_chinese_firms(const struct part *a, const struct part *b)
{
	const struct part *longer = a->len > b->len ? a : b, *shorter = a->len > b->len ? b : a;
	struct letters x, y;

	letters_read(&x, a->s, a->len);
	letters_read(&y, b->s, b->len);
	if (x.n >= 4 && y.n >= 4 && similar_edits(&x, &y, 1) <= 1)
		return OUTCOME_TYPO;
	if (shorter->len >= 6 && text_contains(longer->s, longer->len, shorter->s, shorter->len))
		return OUTCOME_SIMILAR;
	return similar_jaro_winkler(&x, &y) >= 0.85 ? OUTCOME_SIMILAR : OUTCOME_DIFFERENT;
}

static enum outcome compare_firms(const struct people *p, enum vocabulary_kind kind, int a, int b)
{
	struct part x, y;
	struct firm f, g;
	double alike, shorter;

	if (a == WORD_NONE || b == WORD_NONE)
		return OUTCOME_MISSING;
	if (a == b)
		return OUTCOME_SAME;
	x = text_of(p, kind, a);
	y = text_of(p, kind, b);
	if (text_is_cjk(x.s, x.len) && text_is_cjk(y.s, y.len))
		return compare_chinese_firms(&x, &y);
	firm_words(&f, p, &x);
	firm_words(&g, p, &y);
	alike = firm_likeness(&shorter, &f, &g);
	if (alike >= 0.85)
		return OUTCOME_TYPO;
	return alike >= 0.6 || shorter >= 0.9 ? OUTCOME_SIMILAR : OUTCOME_DIFFERENT;
}

static void compare_names(
	struct comparison *out, const struct people *p, const struct person *a, const struct person *b)
{
	if (!a->firm && !b->firm) {
		compare_persons(out, p, a, b);
		return;
	}
	out->outcome[FIELD_FIRM] = (uint8_t)compare_firms(p, WORDS_NAME, a->name, b->name);
	if (out->outcome[FIELD_FIRM] == OUTCOME_DIFFERENT && a->firm && b->firm && a->family_sound == b->family_sound &&
		a->given_sound == b->given_sound && a->family_sound != WORD_NONE)
		out->outcome[FIELD_FIRM] = OUTCOME_SOUND;
}

/* --- phones and e-mail addresses --- */

static enum outcome compare_phone(const struct people *p, int a, int b)
{
	struct part s, t;
	struct letters x, y;

	if (a == b)
		return OUTCOME_SAME;
	s = text_of(p, WORDS_PHONE, a);
	t = text_of(p, WORDS_PHONE, b);
	letters_read(&x, s.s, s.len);
	letters_read(&y, t.s, t.len);
	return x.n >= 9 && similar_edits(&x, &y, 1) <= 1 ? OUTCOME_DIGIT : OUTCOME_DIFFERENT;
}

/* What stands before the @, and behind it. */
static void split_email(struct part *local, struct part *domain, const struct part *email)
{
	const char *at = memrchr(email->s, '@', email->len);
	size_t before = at ? (size_t)(at - email->s) : email->len;

	*local = (struct part){ email->s, before };
	*domain = (struct part){ email->s + before, email->len - before };
}

static bool same_text(const struct part *a, const struct part *b)
{
	return a->len == b->len && memcmp(a->s, b->s, a->len) == 0;
}

static enum outcome compare_email(const struct people *p, int a, int b)
{
	struct part s, t, local[2], domain[2];
	struct letters x, y;

	if (a == b)
		return OUTCOME_SAME;
	s = text_of(p, WORDS_EMAIL, a);
	t = text_of(p, WORDS_EMAIL, b);
	split_email(&local[0], &domain[0], &s);
	split_email(&local[1], &domain[1], &t);
	if (same_text(&local[0], &local[1]) && local[0].len >= 4)
		return OUTCOME_LOCAL;
	letters_read(&x, local[0].s, local[0].len);
	letters_read(&y, local[1].s, local[1].len);
	if (same_text(&domain[0], &domain[1]) && x.n >= 5 && y.n >= 5 && similar_edits(&x, &y, 1) <= 1)
		return OUTCOME_TYPO;
	return similar_jaro_winkler(&x, &y) >= 0.92 ? OUTCOME_SIMILAR : OUTCOME_DIFFERENT;
}

/* The best of what two have of a kind. */
static enum outcome compare_each(const struct people *p, const int *a, size_t na, const int *b, size_t nb,
	enum outcome (*compare)(const struct people *, int, int))
{
	enum outcome best = na > 0 && nb > 0 ? OUTCOME_DIFFERENT : OUTCOME_MISSING;

	for (size_t i = 0; i < na && best != OUTCOME_SAME; i++)
		for (size_t k = 0; k < nb; k++) {
			enum outcome this = compare(p, a[i], b[k]);

			if (outcome_levels[this] < outcome_levels[best])
				best = this;
		}
	return best;
}

/* --- birthdays --- */

/* Year, month, day; 0 where the text, perhaps 1990 or --05-12, does not say. */
static void date_parts(int out[3], const struct part *text)
{
	int64_t v;

	out[0] = text->len >= 4 && parse_int64(text->s, 4, 1, 9999, &v) ? (int)v : 0;
	out[1] = text->len >= 7 && parse_int64(text->s + (out[0] ? 5 : 2), 2, 1, 12, &v) ? (int)v : 0;
	out[2] = text->len >= 7 && parse_int64(text->s + text->len - 2, 2, 1, 31, &v) && (text->len == 10 || !out[0])
			 ? (int)v
			 : 0;
}

static enum outcome compare_birthday(const struct people *p, int a, int b)
{
	struct part s, t;
	struct letters u, v;
	int x[3], y[3], same = 0, both = 0;

	if (a == WORD_NONE || b == WORD_NONE)
		return OUTCOME_MISSING;
	if (a == b)
		return OUTCOME_SAME;
	s = text_of(p, WORDS_BIRTHDAY, a);
	t = text_of(p, WORDS_BIRTHDAY, b);
	date_parts(x, &s);
	date_parts(y, &t);
	for (int i = 0; i < 3; i++) {
		both += x[i] && y[i];
		same += x[i] && x[i] == y[i];
	}
	if (both < 3) {
		/* A year alone may come from an age, and is right or wrong by one. */
		bool year = both == 1 && x[0] && y[0] && abs(x[0] - y[0]) <= 1;

		return both == 0 ? OUTCOME_MISSING : same == both || year ? OUTCOME_PARTIAL : OUTCOME_DIFFERENT;
	}
	if (x[0] == y[0] && x[1] == y[2] && x[2] == y[1])
		return OUTCOME_DAY_MONTH;
	letters_read(&u, s.s, s.len);
	letters_read(&v, t.s, t.len);
	if (similar_edits(&u, &v, 1) <= 1)
		return OUTCOME_DIGIT;
	return same == 2 ? OUTCOME_TWO_PARTS : OUTCOME_DIFFERENT;
}

/* --- where they live --- */

static enum outcome compare_address(const struct people *p, int a, int b)
{
	struct address_likeness l;
	struct part s, t;
	bool odd;

	if (a == WORD_NONE || b == WORD_NONE)
		return OUTCOME_MISSING;
	if (a == b)
		return OUTCOME_SAME;
	s = text_of(p, WORDS_ADDRESS, a);
	t = text_of(p, WORDS_ADDRESS, b);
	address_compare(&l, s.s, s.len, t.s, t.len);
	odd = l.numbers && !l.same_numbers;
	/* House and street, of which one says more, as a floor or the next corner. */
	if ((l.words >= 0.85 && !odd) || (l.shorter >= 0.8 && l.same_numbers))
		return OUTCOME_TYPO;
	if ((l.words >= 0.5 || l.shorter >= 0.8) && !odd)
		return OUTCOME_SIMILAR;
	return odd && l.words >= 0.9 ? OUTCOME_TWO_PARTS : OUTCOME_DIFFERENT;
}

static bool city_alike(const struct people *p, int a, int b)
{
	struct part s, t;
	struct letters x, y;

	if (a == WORD_NONE || b == WORD_NONE)
		return false;
	if (a == b)
		return true;
	s = text_of(p, WORDS_CITY, a);
	t = text_of(p, WORDS_CITY, b);
	letters_read(&x, s.s, s.len);
	letters_read(&y, t.s, t.len);
	return similar_jaro_winkler(&x, &y) >= 0.9;
}

static enum outcome compare_place(const struct people *p, const struct person *a, const struct person *b)
{
	bool postcodes = a->postcode != WORD_NONE && b->postcode != WORD_NONE;
	bool cities = a->city != WORD_NONE && b->city != WORD_NONE, city = city_alike(p, a->city, b->city);

	if (postcodes && a->postcode == b->postcode)
		return OUTCOME_SAME;
	if (!postcodes)
		return !cities ? OUTCOME_MISSING : city ? OUTCOME_CITY : OUTCOME_DIFFERENT;
	if (city || !cities) {
		struct part s = text_of(p, WORDS_POSTCODE, a->postcode), t = text_of(p, WORDS_POSTCODE, b->postcode);
		struct letters x, y;

		letters_read(&x, s.s, s.len);
		letters_read(&y, t.s, t.len);
		if (similar_edits(&x, &y, 1) <= 1)
			return OUTCOME_DIGIT;
	}
	return city ? OUTCOME_CITY : OUTCOME_DIFFERENT;
}

/* --- all of it --- */

void compare_people(struct comparison *out, const struct people *p, const struct person *a, const struct person *b)
{
	const int *phones = p->phones.v, *emails = p->emails.v;

	*out = (struct comparison){ { OUTCOME_MISSING } };
	compare_names(out, p, a, b);
	if (a->phones > 0 && b->phones > 0)
		out->outcome[FIELD_PHONE] = (uint8_t)compare_each(
			p, phones + a->phone, a->phones, phones + b->phone, b->phones, compare_phone);
	if (a->emails > 0 && b->emails > 0)
		out->outcome[FIELD_EMAIL] = (uint8_t)compare_each(
			p, emails + a->email, a->emails, emails + b->email, b->emails, compare_email);
	out->outcome[FIELD_BIRTHDAY] = (uint8_t)compare_birthday(p, a->birthday, b->birthday);
	out->outcome[FIELD_ADDRESS] = (uint8_t)compare_address(p, a->address, b->address);
	out->outcome[FIELD_PLACE] = (uint8_t)compare_place(p, a, b);
	out->outcome[FIELD_COMPANY] = (uint8_t)compare_firms(p, WORDS_COMPANY, a->company, b->company);
	if (a->gender && b->gender)
		out->outcome[FIELD_GENDER] = a->gender == b->gender ? OUTCOME_SAME : OUTCOME_DIFFERENT;
}

uint32_t comparison_pattern(const struct comparison *c)
{
	uint32_t pattern = 0;

	for (size_t i = 0; i < COMPARED_FIELDS; i++)
		pattern = pattern_with(pattern, i, outcome_levels[c->outcome[i]]);
	return pattern;
}

int64_t compared_count(const struct comparison *c)
{
	int64_t n = 0;

	for (size_t i = 0; i < COMPARED_FIELDS; i++)
		n += c->outcome[i] != OUTCOME_MISSING;
	return n;
}
