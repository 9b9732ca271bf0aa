/*
 * All positions of the text, sorted by the characters that follow: equal groups of them then stand side by side, so that
 * how often each occurs, and what stands behind it, is read off in one walk. Counting groups in a hash table instead costs
 * ten times the memory, and more time.
 */
#include "analysis/han.h"

#include "analysis/stop.h"
#include "base/words.h"
#include "text/text.h"
#include <math.h>

enum {
	DEPTH = HAN_WORD_MAX + 1, /* a word and the character behind it */
	CHARACTERS = 1 << 16
};

/*
 * Nats. Behind a word that is followed by one of two characters, half of the time each, there are ln 2 = 0.69; a word of
 * which three occurrences are known cannot have more than ln 3 = 1.1, so at least four are needed.
 */
static const double FREE = 1.2;

/* How many times more often than by chance, by length: the more characters, the more often others meet by chance. */
static const double HOLDS[HAN_WORD_MAX + 1] = { [2] = 15, [3] = 60, [4] = 200 };

/* A word of which this share stands within one longer word is a part of that. */
static const double WITHIN = 2.0 / 3;

struct search {
	const uint16_t *u;
	uint32_t *order; /* positions, sorted */
	size_t n;
	size_t least;
	uint32_t *single;    /* occurrences of each character */
	uint32_t *neighbour; /* scratch, all zero */
	struct words words;
	size_t *counts, cap; /* of each word */
};

bool han_add(struct han *h, const char *s, size_t len)
{
	uint32_t cp;

	if (!grow_array((void **)&h->units, &h->cap, h->n + len / 3 + 1 + DEPTH, sizeof(*h->units)))
		return false;
	for (size_t i = 0, bytes; i < len && (bytes = utf8_decode(s + i, len - i, &cp)) > 0; i += bytes)
		h->units[h->n++] = cp < CHARACTERS ? (uint16_t)cp : 0;
	h->units[h->n++] = 0;
	return true;
}

void han_free(struct han *h)
{
	free(h->units);
	*h = (struct han){ 0 };
}

/* --- sorting --- */

/* One pass: by the character at `depth`, equal ones in the order they had. */
static void sort_by(uint32_t *to, const uint32_t *from, size_t n, const uint16_t *u, size_t depth, uint32_t *places)
{
	uint32_t sum = 0;

	memset(places, 0, CHARACTERS * sizeof(*places));
	for (size_t i = 0; i < n; i++)
		places[u[from[i] + depth]]++;
	for (size_t c = 0; c < CHARACTERS; c++) {
		uint32_t count = places[c];

		places[c] = sum;
		sum += count;
	}
	for (size_t i = 0; i < n; i++)
		to[places[u[from[i] + depth]]++] = from[i];
}

static bool sort_positions(struct search *q, const struct han *h)
{
	cleanup(freep) uint32_t *other = malloc((h->n + 1) * sizeof(*other));
	cleanup(freep) uint32_t *places = malloc(CHARACTERS * sizeof(*places));

	q->order = malloc((h->n + 1) * sizeof(*q->order));
	if (!other || !places || !q->order)
		return false;
	for (size_t i = 0; i < h->n; i++)
		if (q->u[i])
			q->order[q->n++] = (uint32_t)i;
	for (size_t depth = DEPTH; depth-- > 0;) {
		uint32_t *sorted = other;

		sort_by(sorted, q->order, q->n, q->u, depth, places);
		other = q->order;
		q->order = sorted;
	}
	return true;
}

/* --- counting --- */

static int compare(const uint16_t *a, const uint16_t *b, size_t n)
{
	size_t i = 0;

	while (i < n && a[i] == b[i])
		i++;
	return i == n ? 0 : a[i] < b[i] ? -1 : 1;
}

/* The first place in the order whose characters are not below these, or above them. */
static size_t bound(const struct search *q, const uint16_t *w, size_t n, bool above)
{
	size_t low = 0, high = q->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(q->u + q->order[middle], w, n) < (above ? 1 : 0))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static double count(const struct search *q, const uint16_t *w, size_t n)
{
	return n == 1 ? (double)q->single[*w] : (double)(bound(q, w, n, true) - bound(q, w, n, false));
}

/* --- judging: a word is at the positions order[from] to order[to - 1] --- */

static double weight(uint32_t n)
{
	return n > 1 ? (double)n * log((double)n) : 0;
}

/* The end of a run is a neighbour of its own each time. */
static double freedom(struct search *q, size_t from, size_t to, size_t n, bool behind)
{
	double sum = 0, all = (double)(to - from);

	for (size_t i = from; i < to; i++) {
		uint32_t at = q->order[i];

		if (behind || at > 0)
			q->neighbour[behind ? q->u[at + n] : q->u[at - 1]]++;
	}
	q->neighbour[0] = 0;
	for (size_t i = from; i < to; i++) {
		uint32_t at = q->order[i], *c = &q->neighbour[behind ? q->u[at + n] : at > 0 ? q->u[at - 1] : 0];

		sum += weight(*c);
		*c = 0;
	}
	return log(all) - sum / all;
}

static double cohesion(const struct search *q, const uint16_t *w, size_t n, double together)
{
	double least = INFINITY;

	for (size_t k = 1; k < n; k++)
		least = fmin(least, together * (double)q->n / (count(q, w, k) * count(q, w + k, n - k)));
	return least;
}

static bool is_cut(const uint16_t *w, size_t n)
{
	return stop_first(w[0]) || stop_last(w[n - 1]);
}

static size_t text_of(char out[HAN_WORD_MAX * 3 + 1], const uint16_t *w, size_t n)
{
	cleanup(buf_free) struct buf text = BUF_INIT;

	for (size_t i = 0; i < n; i++)
		utf8_append(&text, w[i]);
	memcpy(out, text.failed ? "" : text.s, text.failed ? 0 : text.len);
	return text.failed ? 0 : text.len;
}

static bool add(struct search *q, const uint16_t *w, size_t n, size_t occurs)
{
	char text[HAN_WORD_MAX * 3 + 1];
	size_t len = text_of(text, w, n);
	int number = len > 0 ? words_number(&q->words, text, len) : WORD_FAILED;

	if (number < 0 || !grow_array((void **)&q->counts, &q->cap, q->words.n, sizeof(*q->counts)))
		return false;
	q->counts[number] = occurs;
	return true;
}

static bool judge(struct search *q, size_t from, size_t to, size_t n)
{
	const uint16_t *w = q->u + q->order[from];

	if (to - from < q->least || is_cut(w, n) || freedom(q, from, to, n, true) < FREE ||
		freedom(q, from, to, n, false) < FREE || cohesion(q, w, n, (double)(to - from)) < HOLDS[n])
		return true;
	return add(q, w, n, to - from);
}

static bool find(struct search *q, size_t n)
{
	bool ok = true;

	for (size_t from = 0, to; ok && from < q->n; from = to) {
		const uint16_t *w = q->u + q->order[from];
		bool whole = true;

		for (size_t i = 1; i < n; i++)
			whole = whole && w[i];
		to = from + 1;
		while (whole && to < q->n && compare(q->u + q->order[to], w, n) == 0)
			to++;
		if (whole)
			ok = judge(q, from, to, n);
	}
	return ok;
}

/* Takes away what nearly always stands within a longer word. */
static void drop_parts(struct search *q)
{
	for (size_t i = 0; i < q->words.n; i++) {
		const struct interned *w = &q->words.v[i];
		const size_t n = w->len / 3;

		for (size_t k = n - 1; k >= HAN_WORD_MIN; k--)
			for (size_t at = 0; at + k <= n; at++) {
				int part = words_find(&q->words, w->s + at * 3, k * 3);

				if (part >= 0 && (double)q->counts[i] >= WITHIN * (double)q->counts[part])
					q->counts[part] = 0;
			}
	}
}

static bool search(struct search *q, const struct han *h)
{
	q->single = calloc(CHARACTERS, sizeof(*q->single));
	q->neighbour = calloc(CHARACTERS, sizeof(*q->neighbour));
	if (!q->single || !q->neighbour || !sort_positions(q, h))
		return false;
	for (size_t i = 0; i < q->n; i++)
		q->single[q->u[q->order[i]]]++;
	for (size_t n = HAN_WORD_MIN; n <= HAN_WORD_MAX; n++)
		if (!find(q, n))
			return false;
	drop_parts(q);
	return true;
}

int han_words(struct han *h, size_t least, han_word_fn fn, void *payload)
{
	struct search q = { .u = h->units, .least = least };
	int status = CRM_OK;

	if (h->n == 0)
		return CRM_OK;
	memset(h->units + h->n, 0, DEPTH * sizeof(*h->units)); /* room that han_add() left */
	if (h->n > UINT32_MAX || !search(&q, h))
		status = CRM_NOMEM;
	for (size_t i = 0; status == CRM_OK && i < q.words.n; i++)
		if (q.counts[i] > 0)
			status = fn(payload, q.words.v[i].s, q.words.v[i].len, q.counts[i]);
	free(q.order);
	free(q.single);
	free(q.neighbour);
	free(q.counts);
	words_free(&q.words);
	return status;
}
