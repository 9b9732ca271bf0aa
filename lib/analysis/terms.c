#include "analysis/terms.h"

#include "analysis/han.h"
#include "analysis/stop.h"
#include "base/words.h"
#include "text/runs.h"
#include "text/text.h"
#include <math.h>

enum {
	SAMPLE_MAX = 16 << 20, /* bytes to learn from */
	TEXT_MAX = 1 << 20,    /* of one text */
	WORD_BYTES_MAX = 64,   /* what is longer was not written by people */
	OCCURS_MIN = 3,
	HAN_BYTES = 3, /* of a character that words are made of (analysis/han.h) */
	PAIR_BITS = 20
};

struct terms {
	struct buf sample; /* the texts to learn from, one behind the other */
	size_t *ends, n, cap;
	uint64_t offered, step; /* every step-th of those offered is kept */
	struct words words;     /* the terms */
	uint64_t *seen;         /* the last text that had the term, by number */
	uint32_t *found;
	uint64_t texts;
	uint64_t pairs[1 << (PAIR_BITS - 6)]; /* bits: the first two characters of the Chinese ones, hashed */
};

int terms_new(struct terms **out)
{
	struct terms *t = calloc(1, sizeof(*t));

	if (!t)
		return CRM_NOMEM;
	t->step = 1;
	*out = t;
	return CRM_OK;
}

void terms_free(struct terms *t)
{
	if (!t)
		return;
	buf_free(&t->sample);
	free(t->ends);
	words_free(&t->words);
	free(t->seen);
	free(t->found);
	free(t);
}

/* --- learning --- */

bool terms_wanted(const struct terms *t)
{
	return t->offered % t->step == 0;
}

/* Keeps every second text. */
static void halve(struct terms *t)
{
	size_t kept = 0, len = 0;

	for (size_t i = 0; i < t->n; i += 2) {
		size_t from = i > 0 ? t->ends[i - 1] : 0, size = t->ends[i] - from;

		memmove(t->sample.s + len, t->sample.s + from, size);
		len += size;
		t->ends[kept++] = len;
	}
	t->n = kept;
	buf_truncate(&t->sample, len);
	t->step *= 2;
}

int terms_learn(struct terms *t, const char *said, size_t len)
{
	if (said && terms_wanted(t)) {
		if (!GROW(t->ends, t->n, t->cap))
			return CRM_NOMEM;
		buf_add(&t->sample, said, len < TEXT_MAX ? len : TEXT_MAX);
		t->ends[t->n++] = t->sample.len;
		while (t->sample.len > SAMPLE_MAX && t->n > 1)
			halve(t);
	}
	t->offered++;
	return t->sample.failed ? CRM_NOMEM : CRM_OK;
}

/* The word without what is no part of it, and with ' for every apostrophe; false when it is no term. */
static bool trim(struct buf *out, const struct run *r)
{
	static const char printed[] = "\xe2\x80\x99"; /* U+2019 */
	size_t characters = 0;
	uint32_t cp;

	if (r->len > WORD_BYTES_MAX)
		return false;
	buf_clear(out);
	for (size_t i = 0, n; i < r->len && (n = utf8_decode(r->s + i, r->len - i, &cp)) > 0; i += n)
		if (n == 3 && memcmp(r->s + i, printed, 3) == 0)
			buf_putc(out, '\'');
		else
			buf_add(out, r->s + i, n);
	if (out->len > 2 && memcmp(out->s + out->len - 2, "'s", 2) == 0)
		buf_truncate(out, out->len - 2);
	for (size_t i = 0; i < out->len; i++)
		characters += (out->s[i] & 0xc0) != 0x80;
	return characters >= 2;
}

/* Words of the sample and how often they occur. */
struct tally {
	struct words words;
	size_t *counts, cap;
	struct han han;
	struct buf word;
};

static bool tally_word(struct tally *a, const struct run *r)
{
	const size_t known = a->words.n;
	int number;

	if (!trim(&a->word, r))
		return !a->word.failed;
	number = words_number(&a->words, a->word.s, a->word.len);
	if (number < 0 || !grow_array((void **)&a->counts, &a->cap, a->words.n, sizeof(*a->counts)))
		return false;
	a->counts[number] = (size_t)number < known ? a->counts[number] + 1 : 1;
	return true;
}

/*
 * The bit of the two characters at s. Nearly no place in a text is one where a term begins, which this says without a
 * look into the table: that takes a third off the time.
 */
static uint64_t *pair(struct terms *t, uint64_t *bit, const char *s)
{
	uint64_t both = 0;

	memcpy(&both, s, (size_t)2 * HAN_BYTES);
	both = (both * UINT64_C(0x9e3779b97f4a7c15)) >> (64 - PAIR_BITS);
	*bit = UINT64_C(1) << (both & 63);
	return &t->pairs[both >> 6];
}

static int add_term(void *payload, const char *s, size_t len, size_t count)
{
	struct terms *t = payload;

	(void)count;
	return stop_word(s, len) || words_number(&t->words, s, len) >= 0 ? CRM_OK : CRM_NOMEM;
}

static int add_han(void *payload, const char *s, size_t len, size_t count)
{
	uint64_t bit, *bits = pair(payload, &bit, s);

	*bits |= bit;
	return add_term(payload, s, len, count);
}

static int gather(struct terms *t, struct tally *a)
{
	struct run r;
	bool ok = true;
	int status;

	for (size_t pos = 0; ok && run_next(&r, t->sample.s, t->sample.len, &pos);)
		ok = r.kind == RUN_HAN ? han_add(&a->han, r.s, r.len) : r.kind == RUN_WORD ? tally_word(a, &r) : true;
	status = ok ? CRM_OK : CRM_NOMEM;
	for (size_t i = 0; status == CRM_OK && i < a->words.n; i++)
		if (a->counts[i] >= OCCURS_MIN)
			status = add_term(t, a->words.v[i].s, a->words.v[i].len, a->counts[i]);
	return status == CRM_OK ? han_words(&a->han, OCCURS_MIN, add_han, t) : status;
}

int terms_settle(struct terms *t)
{
	struct tally a = { 0 };
	int status = t->sample.len > 0 ? gather(t, &a) : CRM_OK;

	words_free(&a.words);
	free(a.counts);
	han_free(&a.han);
	buf_free(&a.word);
	buf_free(&t->sample);
	free(TAKE_PTR(t->ends));
	t->seen = calloc(t->words.n + 1, sizeof(*t->seen));
	t->found = calloc(t->words.n + 1, sizeof(*t->found));
	return status == CRM_OK && t->seen && t->found ? CRM_OK : CRM_NOMEM;
}

size_t terms_count(const struct terms *t)
{
	return t->words.n;
}

const char *terms_text(const struct terms *t, size_t number)
{
	return t->words.v[number].s;
}

/* --- finding --- */

static void find_term(struct terms *t, size_t *n, const char *s, size_t len)
{
	int number = words_find(&t->words, s, len);

	if (number < 0 || t->seen[number] == t->texts)
		return;
	t->seen[number] = t->texts;
	t->found[(*n)++] = (uint32_t)number;
}

/* Characters of four bytes are in no term, but may stand before one. */
static void find_han(struct terms *t, size_t *n, const struct run *r)
{
	for (size_t at = 0; at + 2 * HAN_BYTES <= r->len; at += (unsigned char)r->s[at] >= 0xf0 ? 4 : HAN_BYTES) {
		uint64_t bit, *bits = pair(t, &bit, r->s + at);

		if (!(*bits & bit))
			continue;
		for (size_t k = HAN_WORD_MIN; k <= HAN_WORD_MAX && at + k * HAN_BYTES <= r->len; k++)
			find_term(t, n, r->s + at, k * HAN_BYTES);
	}
}

int terms_of(const uint32_t **found, size_t *n, struct terms *t, const char *said, size_t len)
{
	cleanup(buf_free) struct buf word = BUF_INIT;
	struct run r;
	size_t count = 0;

	t->texts++;
	for (size_t pos = 0; run_next(&r, said, len, &pos);)
		if (r.kind == RUN_HAN)
			find_han(t, &count, &r);
		else if (r.kind == RUN_WORD && trim(&word, &r))
			find_term(t, &count, word.s, word.len);
	*found = t->found;
	*n = count;
	return word.failed ? CRM_NOMEM : CRM_OK;
}

/* --- rising --- */

static double cell(double seen, double expected)
{
	return seen > 0 ? seen * log(seen / expected) : 0;
}

double terms_rise(int64_t now, int64_t now_all, int64_t before, int64_t before_all)
{
	const double a = (double)now, b = (double)before, m = (double)now_all, n = (double)before_all;
	const double with = (a + b) / (m + n), without = 1 - with;
	double g = 2 * (cell(a, m * with) + cell(b, n * with) + cell(m - a, m * without) + cell(n - b, n * without));

	if (a * n == b * m)
		return 0;
	return a * n > b * m ? fmax(g, 0) : -fmax(g, 0);
}
