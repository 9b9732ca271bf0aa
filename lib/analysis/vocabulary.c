/* Which features there are: counted over all texts, then the rare ones are forgotten. */
#include "analysis/features.h"

enum {
	TEXTS_FEW = 50, /* below, what only one text has is kept too */
	SLOTS_FIRST = 1 << 14
};

struct found {
	uint64_t key;
	uint32_t df;
	const char *word;
};

struct learner {
	struct found *v; /* in the order in which they came */
	size_t n, cap;
	uint32_t *slots; /* place in v + 1 by hash; 0: free */
	size_t nslots;
	struct hash_key key;
	struct arena mem;
	struct occurrences of; /* the text at hand */
	struct matrix rows;    /* places in v and how often, in the order of the keys */
};

int learner_new(struct learner **out)
{
	struct learner *l = calloc(1, sizeof(*l));

	if (!l)
		return CRM_NOMEM;
	hash_key_random(&l->key);
	*out = l;
	return CRM_OK;
}

void learner_free(struct learner *l)
{
	if (!l)
		return;
	free(l->v);
	free(l->slots);
	arena_free(&l->mem);
	free(l->of.v);
	matrix_free(&l->rows);
	free(l);
}

void matrix_free(struct matrix *m)
{
	free(m->start);
	free(m->index);
	free(m->value);
	*m = (struct matrix){ 0 };
}

void vocabulary_free(struct vocabulary *v)
{
	free(v->key);
	free(v->df);
	free(v->idf);
	free(v->word);
	arena_free(&v->mem);
	*v = (struct vocabulary){ 0 };
}

/* --- the table --- */

static uint32_t *find_slot(const struct learner *l, uint64_t key)
{
	size_t i = (size_t)hash_bytes(&l->key, &key, sizeof(key)) & (l->nslots - 1);

	while (l->slots[i] && l->v[l->slots[i] - 1].key != key)
		i = (i + 1) & (l->nslots - 1);
	return &l->slots[i];
}

/* Keeps half of the slots free. */
static bool grow_slots(struct learner *l)
{
	uint32_t *old = l->slots;
	const size_t n = l->nslots ? l->nslots * 2 : SLOTS_FIRST;

	if ((l->n + 1) * 2 <= l->nslots)
		return true;
	l->slots = calloc(n, sizeof(*l->slots));
	if (!l->slots) {
		l->slots = old;
		return false;
	}
	l->nslots = n;
	for (size_t i = 0; i < l->n; i++)
		*find_slot(l, l->v[i].key) = (uint32_t)i + 1;
	free(old);
	return true;
}

/* The place in v of a feature; false when out of memory. */
static bool place_of(size_t *out, struct learner *l, const struct occurrence *o, const char *text)
{
	uint32_t *slot;

	if (l->n >= UINT32_MAX - 1 || !grow_slots(l))
		return false;
	slot = find_slot(l, o->key);
	if (!*slot) {
		const char *word = o->len ? arena_copy(&l->mem, text + o->at, o->len) : NULL;

		if ((o->len && !word) || !GROW(l->v, l->n, l->cap))
			return false;
		l->v[l->n++] = (struct found){ .key = o->key, .word = word };
		*slot = (uint32_t)l->n;
	}
	*out = *slot - 1;
	return true;
}

/* --- rows --- */

static bool matrix_put(struct matrix *m, uint32_t index, float value)
{
	size_t cap = m->cap;

	if (!GROW(m->value, m->n, cap) || !GROW(m->index, m->n, m->cap))
		return false;
	m->index[m->n] = index;
	m->value[m->n++] = value;
	return true;
}

static bool matrix_end_row(struct matrix *m)
{
	if (!grow_array((void **)&m->start, &m->rows_cap, m->rows + 2, sizeof(*m->start)))
		return false;
	m->start[0] = 0;
	m->start[++m->rows] = m->n;
	return true;
}

int learner_add(struct learner *l, const char *text, size_t len)
{
	size_t place, n;

	if (features_find(&l->of, text, len) < 0)
		return CRM_NOMEM;
	for (size_t i = 0; i < l->of.n; i += n) {
		for (n = 1; i + n < l->of.n && l->of.v[i + n].key == l->of.v[i].key;)
			n++;
		if (!place_of(&place, l, &l->of.v[i], text) || !matrix_put(&l->rows, (uint32_t)place, (float)n))
			return CRM_NOMEM;
		l->v[place].df++;
	}
	return matrix_end_row(&l->rows) ? CRM_OK : CRM_NOMEM;
}

/* --- what is kept --- */

static int by_df(const void *a, const void *b)
{
	const struct found *x = *(struct found *const *)a, *y = *(struct found *const *)b;

	if (x->df != y->df)
		return x->df < y->df ? 1 : -1;
	return (x->key > y->key) - (x->key < y->key);
}

static int by_key(const void *a, const void *b)
{
	const struct found *x = *(struct found *const *)a, *y = *(struct found *const *)b;

	return (x->key > y->key) - (x->key < y->key);
}

/* Those that are kept, by their keys; how many. */
static size_t choose(struct found **chosen, const struct learner *l, size_t most)
{
	const uint32_t least = l->rows.rows < TEXTS_FEW ? 1 : 2;
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].df >= least)
			chosen[n++] = &l->v[i];
	if (most == 0)
		most = FEATURES_USUAL;
	if (most > FEATURES_MAX)
		most = FEATURES_MAX;
	if (n > most) {
		qsort(chosen, n, sizeof(struct found *), by_df);
		n = most;
	}
	if (n > 1)
		qsort(chosen, n, sizeof(struct found *), by_key);
	return n;
}

/* Room for n features. */
static bool make_room(struct vocabulary *v, size_t n)
{
	v->key = calloc(n + 1, sizeof(*v->key));
	v->df = calloc(n + 1, sizeof(*v->df));
	v->word = calloc(n + 1, sizeof(*v->word));
	return v->key && v->df && v->word;
}

static int make_vocabulary(struct vocabulary *v, const struct learner *l, struct found *const *chosen, size_t n)
{
	size_t words = 0;

	*v = (struct vocabulary){ .n = n, .documents = l->rows.rows };
	if (!make_room(v, n))
		return CRM_NOMEM;
	for (size_t i = 0; i < n; i++) {
		v->key[i] = chosen[i]->key;
		v->df[i] = chosen[i]->df;
		if (chosen[i]->word)
			v->word[words++] = arena_copy(&v->mem, chosen[i]->word, strlen(chosen[i]->word));
	}
	return v->mem.failed ? CRM_NOMEM : vocabulary_finish(v);
}

/*
 * The rows with new numbers, number[old] - 1, without what has none; `counts`: they still say how often. As the new
 * numbers rise with the old ones, or with the keys by which the rows are in order, the order is right already.
 */
static void renumber(struct matrix *m, const struct vocabulary *v, const uint32_t *number, bool counts)
{
	size_t kept = 0, from = 0;

	for (size_t row = 0; row < m->rows; row++) {
		const size_t end = m->start[row + 1], began = kept;

		for (size_t i = from; i < end; i++)
			if (number[m->index[i]] > 0) {
				m->index[kept] = number[m->index[i]] - 1;
				m->value[kept++] = m->value[i];
			}
		if (counts)
			features_weigh(v, m->index + began, m->value + began, kept - began);
		else
			features_normalise(m->value + began, kept - began);
		from = end;
		m->start[row + 1] = kept;
	}
	m->n = kept;
}

int learner_settle(struct vocabulary *v, struct matrix *rows, struct learner *l, size_t most)
{
	cleanup(freep) uint32_t *number = calloc(l->n + 1, sizeof(*number));
	cleanup(freep) struct found **chosen = calloc(l->n + 1, sizeof(struct found *));
	size_t n;
	int status;

	if (!number || !chosen)
		return CRM_NOMEM;
	n = choose(chosen, l, most);
	for (size_t i = 0; i < n; i++)
		number[chosen[i] - l->v] = (uint32_t)i + 1;
	status = make_vocabulary(v, l, chosen, n);
	if (status < 0) {
		vocabulary_free(v);
		return status;
	}
	if (rows) {
		renumber(&l->rows, v, number, true);
		*rows = l->rows;
		l->rows = (struct matrix){ 0 };
	}
	return CRM_OK;
}

/* --- fewer --- */

int vocabulary_keep(struct vocabulary *v, struct matrix *rows, const uint32_t *numbers, size_t n)
{
	cleanup(freep) uint32_t *number = calloc(v->n + 1, sizeof(*number));
	size_t grams = 0;

	if (!number)
		return CRM_NOMEM;
	for (size_t i = 0; i < n; i++) {
		const size_t d = numbers[i];

		number[d] = (uint32_t)i + 1;
		v->key[i] = v->key[d];
		v->df[i] = v->df[d];
		v->idf[i] = v->idf[d];
		if (d < v->grams)
			grams++;
		else
			v->word[i - grams] = v->word[d - v->grams];
	}
	v->n = n;
	v->grams = grams;
	if (rows)
		renumber(rows, v, number, false);
	return CRM_OK;
}
