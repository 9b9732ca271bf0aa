/* What a comparison is worth, and how it is told. */
#include "analysis/duplicates/compare.h"

#include <math.h>

/*
 * The share of the others that have a value which `count` customers have: not of the two at hand, whose common value is
 * what is to be judged.
 */
static double frequency_of(const struct people *p, enum vocabulary_kind kind, int number, double guess)
{
	double count = people_count(p, kind, number);

	return ((count > 2 ? count - 1 : 1) + GUESS_SEEN * guess) / ((double)p->n + GUESS_SEEN);
}

/* The first number, or address, that both have. */
static int common(const int *a, size_t na, const int *b, size_t nb)
{
	for (size_t i = 0; i < na; i++)
		for (size_t k = 0; k < nb; k++)
			if (a[i] == b[k])
				return a[i];
	return WORD_NONE;
}

void compared_frequencies(double frequency[COMPARED_FIELDS], const struct comparison *c, const struct people *p,
	const struct person *a, const struct person *b)
{
	const int *phones = p->phones.v, *emails = p->emails.v;
	const struct {
		enum vocabulary_kind kind;
		int number;
	} values[COMPARED_FIELDS] = {
		[FIELD_FAMILY] = { WORDS_PART, a->family },
		[FIELD_GIVEN] = { WORDS_PART, a->given },
		[FIELD_FIRM] = { WORDS_NAME, a->name },
		[FIELD_BIRTHDAY] = { WORDS_BIRTHDAY, a->birthday },
		[FIELD_ADDRESS] = { WORDS_ADDRESS, a->address },
		[FIELD_PLACE] = { WORDS_POSTCODE, a->postcode },
		[FIELD_COMPANY] = { WORDS_COMPANY, a->company },
		[FIELD_PHONE] = { WORDS_PHONE,
			c->outcome[FIELD_PHONE] == OUTCOME_SAME
				? common(phones + a->phone, a->phones, phones + b->phone, b->phones)
				: WORD_NONE },
		[FIELD_EMAIL] = { WORDS_EMAIL,
			c->outcome[FIELD_EMAIL] == OUTCOME_SAME
				? common(emails + a->email, a->emails, emails + b->email, b->emails)
				: WORD_NONE },
	};

	for (size_t i = 0; i < COMPARED_FIELDS; i++)
		frequency[i] =
			c->outcome[i] == OUTCOME_SAME && i != FIELD_GENDER
				? frequency_of(p, values[i].kind, values[i].number, compared_fields[i].u[LEVEL_EXACT])
				: 0;
	/* Of those with this family name, who has this given name: others than these two. */
	if (frequency[FIELD_FAMILY] > 0 && frequency[FIELD_GIVEN] > 0 && a->name == b->name)
		frequency[FIELD_GIVEN] = fmax(frequency[FIELD_GIVEN],
			((double)people_count(p, WORDS_NAME, a->name) - 2) / (double)p->n / frequency[FIELD_FAMILY]);
}

/* Namesakes are many: however rare their name is in this store, a name alone tells no two from one. */
#define NAME_ALONE 0.5

double compared_score(const struct linkage *l, const struct comparison *c, const double *frequency)
{
	double score = linkage_score(l, comparison_pattern(c), frequency);
	bool alone = true;

	for (size_t i = 0; i < COMPARED_FIELDS; i++)
		if (i != FIELD_FAMILY && i != FIELD_GIVEN && i != FIELD_FIRM && i != FIELD_GENDER)
			alone = alone && (c->outcome[i] == OUTCOME_MISSING || c->outcome[i] == OUTCOME_DIFFERENT);
	return alone && score > NAME_ALONE ? NAME_ALONE : score;
}

/* --- in words --- */

static const struct {
	const char *label;
	const char *other; /* what is said when they differ; NULL: nothing, as people move and change their phone */
} labels[COMPARED_FIELDS] = {
	[FIELD_PHONE] = { N_("phone"), NULL },
	[FIELD_EMAIL] = { N_("e-mail"), NULL },
	[FIELD_FAMILY] = { N_("family name"), N_("other family name") },
	[FIELD_GIVEN] = { N_("given name"), N_("other given name") },
	[FIELD_FIRM] = { N_("name"), N_("other name") },
	[FIELD_BIRTHDAY] = { N_("birthday"), N_("other birthday") },
	[FIELD_ADDRESS] = { N_("address"), NULL },
	[FIELD_PLACE] = { N_("postcode"), NULL },
	[FIELD_COMPANY] = { N_("company"), NULL },
	[FIELD_GENDER] = { N_("gender"), N_("other gender") },
};

static const char *const findings[OUTCOMES] = {
	[OUTCOME_SAME] = N_("same %s"),
	[OUTCOME_SWAPPED] = N_("given and family name swapped"),
	[OUTCOME_HOMOPHONE] = N_("%ss sound alike"),
	[OUTCOME_TYPO] = N_("%s nearly the same"),
	[OUTCOME_DIGIT] = N_("%s differs in one digit"),
	[OUTCOME_DAY_MONTH] = N_("%s with day and month swapped"),
	[OUTCOME_LOCAL] = N_("same %s before the @"),
	[OUTCOME_CHARACTER] = N_("%s differs in one character"),
	[OUTCOME_SHORT] = N_("%s is short for the other"),
	[OUTCOME_SOUND] = N_("%ss sound alike"),
	[OUTCOME_SIMILAR] = N_("similar %s"),
	[OUTCOME_PARTIAL] = N_("same %s as far as known"),
	[OUTCOME_TWO_PARTS] = N_("%s differs in one part"),
	[OUTCOME_CITY] = N_("same city"),
};

static const char *word(const char *english, bool people)
{
	return people ? crm_tr(english) : english;
}

/* Some findings name the field, some do not. */
static void put_finding(struct buf *out, bool people, enum outcome outcome, const char *label)
{
	const char *text = word(findings[outcome], people), *place = strstr(text, "%s");

	buf_puts(out, out->len ? "; " : "");
	buf_add(out, text, place ? (size_t)(place - text) : strlen(text));
	if (place) {
		buf_puts(out, word(label, people));
		buf_puts(out, place + 2);
	}
}

/* The two texts that a finding is about. */
static void put_texts(struct buf *out, const struct people *p, enum vocabulary_kind kind, int a, int b)
{
	if (a == WORD_NONE || b == WORD_NONE)
		return;
	buf_printf(out, " (%s/%s)", people_text(p, kind, a), people_text(p, kind, b));
}

static bool agrees(enum outcome outcome)
{
	return outcome != OUTCOME_MISSING && outcome != OUTCOME_DIFFERENT;
}

/* Family and given name in one, where they agree alike; with the names, where they are not the same. */
static void put_names(struct buf *out, bool people, const struct comparison *c, const struct people *p,
	const struct person *a, const struct person *b)
{
	enum outcome family = (enum outcome)c->outcome[FIELD_FAMILY], given = (enum outcome)c->outcome[FIELD_GIVEN];
	enum outcome worse = outcome_levels[family] > outcome_levels[given] ? family : given;

	if (agrees(family) && agrees(given)) {
		put_finding(out, people, worse, labels[FIELD_FIRM].label);
	} else if (agrees(family) || agrees(given)) {
		worse = agrees(family) ? family : given;
		put_finding(out, people, worse, labels[agrees(family) ? FIELD_FAMILY : FIELD_GIVEN].label);
	} else if (agrees((enum outcome)c->outcome[FIELD_FIRM])) {
		worse = (enum outcome)c->outcome[FIELD_FIRM];
		put_finding(out, people, worse, labels[FIELD_FIRM].label);
	} else {
		return;
	}
	if (worse != OUTCOME_SAME)
		put_texts(out, p, WORDS_NAME, a->name, b->name);
}

static void put_against(struct buf *out, bool people, const struct comparison *c)
{
	bool against = false;

	for (size_t i = 0; i < COMPARED_FIELDS; i++)
		if (c->outcome[i] == OUTCOME_DIFFERENT && labels[i].other) {
			buf_puts(out, against ? ", " : out->len ? "; " : "");
			buf_puts(out, against ? "" : word(N_("but "), people));
			buf_puts(out, word(labels[i].other, people));
			against = true;
		}
}

void compared_reasons(struct buf *out, bool people, const struct comparison *c, const struct people *p,
	const struct person *a, const struct person *b)
{
	for (size_t i = 0; i < COMPARED_FIELDS; i++) {
		enum outcome outcome = (enum outcome)c->outcome[i];

		if (i == FIELD_FAMILY)
			put_names(out, people, c, p, a, b);
		else if (agrees(outcome) && i != FIELD_GIVEN && i != FIELD_FIRM && i != FIELD_GENDER)
			put_finding(out, people, outcome, labels[i].label);
		if (i == FIELD_BIRTHDAY && agrees(outcome) && outcome != OUTCOME_SAME)
			put_texts(out, p, WORDS_BIRTHDAY, a->birthday, b->birthday);
	}
	put_against(out, people, c);
}
