#include "analysis/features.h"

#include "text/runs.h"
#include "text/text.h"
#include <math.h>

enum {
	OPEN_BOX = 0x2423,  /* what stands for a blank where it must be seen */
	WORD_BYTES_MAX = 64 /* what is longer was not written by people */
};

#define WORD_BIT  (UINT64_C(1) << 63)
#define GRAM_MASK ((UINT64_C(1) << 3 * CHARACTER_BITS) - 1)
#define FIRST_TWO (GRAM_MASK >> CHARACTER_BITS)
#define ONE       (FIRST_TWO >> CHARACTER_BITS)

/* --- texts --- */

int text_prepare(struct buf *out, const char *s, size_t len)
{
	cleanup(buf_free) struct buf said = BUF_INIT;
	const size_t began = out->len;
	bool blank = false;

	if (len > FIELD_BYTES_MAX)
		for (len = FIELD_BYTES_MAX; len > 0 && (s[len] & 0xc0) == 0x80;)
			len--;
	if (text_said(&said, s, len) < 0)
		return CRM_NOMEM;
	for (size_t i = 0; i < said.len; i++)
		if (ascii_blank(said.s[i])) {
			blank = out->len > began;
		} else {
			if (blank)
				buf_putc(out, ' ');
			blank = false;
			buf_putc(out, said.s[i]);
		}
	if (out->len > began)
		buf_putc(out, '\n');
	return out->failed ? CRM_NOMEM : CRM_OK;
}

static bool put(struct occurrences *o, uint64_t key, size_t at, size_t len)
{
	if (!GROW(o->v, o->n, o->cap))
		return false;
	o->v[o->n++] = (struct occurrence){ key, (uint32_t)at, (uint32_t)len };
	return true;
}

/* Those that end with each character, the ends of lines being blanks. A blank alone is none. */
static bool find_grams(struct occurrences *o, const char *text, size_t len)
{
	uint64_t last = ' '; /* three characters */
	uint32_t cp;
	bool ok = true;

	for (size_t i = 0, n; ok && i < len && (n = utf8_decode(text + i, len - i, &cp)) > 0; i += n) {
		last = (last << CHARACTER_BITS | (cp == '\n' ? ' ' : cp)) & GRAM_MASK;
		ok = ((last & ONE) == ' ' || put(o, last & ONE, 0, 0)) && put(o, last & FIRST_TWO, 0, 0) &&
		     (last <= FIRST_TWO || put(o, last, 0, 0));
		if (cp == '\n')
			last = ' ';
	}
	return ok;
}

static bool find_words(struct occurrences *o, const char *text, size_t len)
{
	size_t before = 0, end = 0; /* where the word before begins and ends; 0 and 0: there is none */
	struct run r;
	bool ok = true;

	for (size_t pos = 0; ok && run_next(&r, text, len, &pos);) {
		const size_t at = (size_t)(r.s - text);
		const bool word = r.kind != RUN_HAN && r.len <= WORD_BYTES_MAX;

		if (word)
			ok = put(o, feature_word_key(r.s, r.len), at, r.len);
		if (ok && word && end > 0 && at == end + 1 && text[end] == ' ')
			ok = put(o, feature_word_key(text + before, at + r.len - before), before, at + r.len - before);
		before = at;
		end = word ? at + r.len : 0;
	}
	return ok;
}

static int by_key(const void *a, const void *b)
{
	const struct occurrence *x = a, *y = b;

	return (x->key > y->key) - (x->key < y->key);
}

int features_find(struct occurrences *out, const char *text, size_t len)
{
	out->n = 0;
	if (len >= UINT32_MAX || !find_grams(out, text, len) || !find_words(out, text, len))
		return CRM_NOMEM;
	if (out->n > 1)
		qsort(out->v, out->n, sizeof(*out->v), by_key);
	return CRM_OK;
}

uint64_t feature_word_key(const char *s, size_t len)
{
	static const struct hash_key key = { UINT64_C(0x6372632d776f7264), UINT64_C(0x2d6f662d74657874) };

	return hash_bytes(&key, s, len) | WORD_BIT;
}

/* --- weights --- */

void features_normalise(float *value, size_t n)
{
	double squares = 0;

	for (size_t i = 0; i < n; i++)
		squares += (double)value[i] * value[i];
	for (size_t i = 0; squares > 0 && i < n; i++)
		value[i] = (float)(value[i] / sqrt(squares));
}

void features_weigh(const struct vocabulary *v, const uint32_t *index, float *value, size_t n)
{
	for (size_t i = 0; i < n; i++)
		value[i] = (1 + logf(value[i])) * v->idf[index[i]];
	features_normalise(value, n);
}

/* --- using a vocabulary --- */

int vocabulary_finish(struct vocabulary *v)
{
	v->idf = calloc(v->n + 1, sizeof(*v->idf));
	if (!v->idf)
		return CRM_NOMEM;
	for (v->grams = 0; v->grams < v->n && !(v->key[v->grams] & WORD_BIT);)
		v->grams++;
	for (size_t i = 0; i < v->n; i++)
		v->idf[i] = (float)(1 + log((1 + (double)v->documents) / (1 + (double)v->df[i])));
	return CRM_OK;
}

/* The first number from `from` on whose key is not below `key`: found in steps that double, then halve. */
static size_t seek(const struct vocabulary *v, size_t from, uint64_t key)
{
	size_t step = 1, to;

	if (from >= v->n || v->key[from] >= key)
		return from;
	while (from + step < v->n && v->key[from + step] < key) {
		from += step;
		step *= 2;
	}
	to = from + step < v->n ? from + step : v->n;
	while (to - from > 1) {
		const size_t middle = from + (to - from) / 2;

		if (v->key[middle] < key)
			from = middle;
		else
			to = middle;
	}
	return to;
}

static bool vector_add(struct vector *x, uint32_t number)
{
	size_t cap = x->cap;

	if (x->n > 0 && x->index[x->n - 1] == number) {
		x->value[x->n - 1]++;
		return true;
	}
	if (!GROW(x->value, x->n, cap) || !GROW(x->index, x->n, x->cap))
		return false;
	x->index[x->n] = number;
	x->value[x->n++] = 1;
	return true;
}

int features_of(struct vector *out, const struct vocabulary *v, const char *text, size_t len)
{
	struct occurrences found = { 0 };
	size_t number = 0;
	int status = features_find(&found, text, len);

	out->n = 0;
	for (size_t i = 0; status == CRM_OK && i < found.n; i++) {
		number = seek(v, number, found.v[i].key);
		if (number < v->n && v->key[number] == found.v[i].key && !vector_add(out, (uint32_t)number))
			status = CRM_NOMEM;
	}
	free(found.v);
	if (status == CRM_OK)
		features_weigh(v, out->index, out->value, out->n);
	return status;
}

void vector_free(struct vector *v)
{
	free(v->index);
	free(v->value);
	*v = (struct vector){ 0 };
}

void feature_text(struct buf *out, const struct vocabulary *v, size_t number)
{
	const uint64_t key = v->key[number];

	if (number >= v->grams) {
		buf_puts(out, v->word[number - v->grams]);
		return;
	}
	for (int shift = 2 * CHARACTER_BITS; shift >= 0; shift -= CHARACTER_BITS) {
		const uint32_t cp = (uint32_t)(key >> shift & ONE);

		if (cp)
			utf8_append(out, cp == ' ' ? OPEN_BOX : cp);
	}
}
