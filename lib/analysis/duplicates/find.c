/*
 * Two threads compare, each customer with those behind it that share a block. What they find is put in order at the end,
 * so that the same store gives the same answer whoever was faster.
 */
#include "analysis/duplicates/find.h"
#include "analysis/duplicates/weights.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>

enum {
	WORKERS = 2,
	PORTION = 512,          /* customers that a thread takes at a time */
	RANDOM_PAIRS = 300000,  /* from which u is learnt */
	LEARNT_PAIRS = 2000000, /* about so many candidates are enough to learn m from */
	PATTERN_SLOTS = 1 << 12
};

/* Two that are known to be two. */
struct distinct {
	int64_t a, b;
};

void search_free(struct search *f)
{
	people_free(&f->people);
	blocks_free(&f->blocks);
	free(f->wanted);
	free(f->distinct);
	free(f->pairs);
	*f = (struct search){ .s = NULL };
}

double score_told(double score)
{
	double rounded = round(score * 1e4) / 1e4;

	return rounded > 0.9999 ? 0.9999 : rounded;
}

/* --- u --- */

/* Pairs of customers with the same text, of texts that at least so many have. */
static double equal_pairs(const struct vocabulary *v, uint32_t least)
{
	double pairs = 0;

	for (size_t i = 0; i < v->words.n; i++)
		if (v->count[i] >= least)
			pairs += (double)v->count[i] * ((double)v->count[i] - 1) / 2;
	return pairs;
}

/* splitmix64, always from the same seed. */
static uint64_t random_number(uint64_t *state)
{
	uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

struct level_counts {
	uint64_t of[COMPARED_FIELDS][LEVELS], pairs;
	uint64_t shared; /* pairs of which phone or address can be compared */
};

static void count_pair(struct level_counts *counts, const struct people *p, size_t a, size_t b)
{
	struct comparison c;

	compare_people(&c, p, &p->v[a], &p->v[b]);
	for (size_t i = 0; i < COMPARED_FIELDS; i++)
		counts->of[i][outcome_levels[c.outcome[i]]]++;
	counts->pairs++;
	counts->shared += c.outcome[FIELD_PHONE] != OUTCOME_MISSING || c.outcome[FIELD_ADDRESS] != OUTCOME_MISSING;
}

/* All pairs of a small store, some of a large one. */
static void count_random(struct level_counts *counts, const struct people *p)
{
	uint64_t state = 1;

	if (p->n * (p->n - 1) / 2 <= RANDOM_PAIRS) {
		for (size_t a = 0; a < p->n; a++)
			for (size_t b = a + 1; b < p->n; b++)
				count_pair(counts, p, a, b);
		return;
	}
	for (size_t i = 0; i < RANDOM_PAIRS; i++) {
		size_t a = random_number(&state) % p->n, b = random_number(&state) % (p->n - 1);

		count_pair(counts, p, a, b + (b >= a));
	}
}

static void learn_u(struct search *f)
{
	static const enum vocabulary_kind kinds[COMPARED_FIELDS] = {
		[FIELD_PHONE] = WORDS_PHONE,
		[FIELD_EMAIL] = WORDS_EMAIL,
		[FIELD_FAMILY] = WORDS_PART,
		[FIELD_GIVEN] = WORDS_PART,
		[FIELD_FIRM] = WORDS_NAME,
		[FIELD_BIRTHDAY] = WORDS_BIRTHDAY,
		[FIELD_ADDRESS] = WORDS_ADDRESS,
		[FIELD_PLACE] = WORDS_POSTCODE,
		[FIELD_COMPANY] = WORDS_COMPANY,
	};
	const struct people *p = &f->people;
	struct linkage *l = &f->model;
	struct level_counts counts = { .pairs = 0 };

	if (p->n < 2)
		return;
	count_random(&counts, p);
	f->shared = (double)counts.shared / (double)counts.pairs;
	for (size_t i = 0; i < COMPARED_FIELDS; i++) {
		const struct vocabulary *v = &p->words[kinds[i]];
		double uses = (double)v->uses, equal, pairs;

		/* Of names, either of two, and of gender the sample says enough: such values are equal often. */
		if (i == FIELD_GENDER || i == FIELD_FAMILY || i == FIELD_GIVEN || uses < 2) {
			equal = (double)counts.of[i][LEVEL_EXACT];
			pairs = equal + (double)(counts.of[i][LEVEL_VERY_CLOSE] + counts.of[i][LEVEL_CLOSE] +
						 counts.of[i][LEVEL_DIFFERENT]);
		} else {
			equal = equal_pairs(v, 2);
			pairs = uses * (uses - 1) / 2;
		}
		linkage_set_u(l, i, counts.of[i], equal, pairs);
	}
	/*
	 * Of names as a whole it is known how many are equal: in a store with two languages more than by their parts. Two
	 * alone of a name are perhaps one.
	 */
	linkage_set_joint(l, FIELD_FAMILY, FIELD_GIVEN,
		fmax(equal_pairs(&p->words[WORDS_NAME], 3) / ((double)p->n * ((double)p->n - 1) / 2),
			l->u[FIELD_FAMILY][LEVEL_EXACT] * l->u[FIELD_GIVEN][LEVEL_EXACT]));
}

/* --- counted patterns --- */

struct pattern_count {
	uint32_t levels; /* never 0: a name there always is */
	uint64_t n;
};

struct patterns {
	struct pattern_count *slots;
	size_t size, used;
};

static bool patterns_grow(struct patterns *p)
{
	struct patterns larger = { .size = p->size ? p->size * 4 : PATTERN_SLOTS };

	larger.slots = calloc(larger.size, sizeof(*larger.slots));
	if (!larger.slots)
		return false;
	for (size_t i = 0; i < p->size; i++) {
		size_t at = p->slots[i].levels * 2654435761U & (larger.size - 1);

		if (p->slots[i].n == 0)
			continue;
		while (larger.slots[at].n)
			at = (at + 1) & (larger.size - 1);
		larger.slots[at] = p->slots[i];
	}
	larger.used = p->used;
	free(p->slots);
	*p = larger;
	return true;
}

static bool patterns_add(struct patterns *p, uint32_t levels, uint64_t n)
{
	size_t at;

	if (p->used * 2 >= p->size && !patterns_grow(p))
		return false;
	for (at = levels * 2654435761U & (p->size - 1); p->slots[at].n && p->slots[at].levels != levels;)
		at = (at + 1) & (p->size - 1);
	p->used += p->slots[at].n == 0;
	p->slots[at].levels = levels;
	p->slots[at].n += n;
	return true;
}

static int compare_patterns(const void *a, const void *b)
{
	const struct pattern *x = a, *y = b;

	return (x->levels > y->levels) - (x->levels < y->levels);
}

/* --- the threads --- */

struct worker;
typedef bool (*pair_fn)(struct worker *w, uint32_t a, uint32_t b); /* false: out of memory */

struct work {
	struct search *f;
	pair_fn each;
	const char *doing;
	double threshold;
	size_t stride; /* every so manieth customer */
	atomic_size_t next, done;
	atomic_bool stop;
};

struct worker {
	struct work *work;
	pthread_t thread;
	bool started, failed;
	uint32_t *seen, person;
	struct patterns patterns;
	struct pair *pairs;
	size_t n, cap;
};

static void take_pair(uint32_t other, void *payload)
{
	struct worker *w = payload;

	if (!w->failed && !w->work->each(w, w->person, other)) {
		w->failed = true;
		w->work->stop = true;
	}
}

/* Takes portions until there are none left; the first worker, which is the caller's thread, tells how far all are. */
static void work_on(struct worker *w, bool first)
{
	struct work *k = w->work;
	struct search *f = k->f;

	w->seen = calloc(f->people.n + 1, sizeof(*w->seen));
	w->failed = !w->seen;
	while (!w->failed && !k->stop) {
		size_t from = atomic_fetch_add(&k->next, PORTION), to = from + PORTION;

		if (from >= f->people.n)
			break;
		for (size_t i = from; i < to && i < f->people.n && !k->stop; i++) {
			w->person = (uint32_t)i;
			if (i % k->stride == 0)
				blocks_each(&f->blocks, w->person, w->seen, take_pair, w);
		}
		k->done += PORTION;
		if (first)
			store_event(f->s, CRM_EVENT_PROGRESS, k->done, f->people.n, k->doing);
		if (first && f->s->interrupted)
			k->stop = true;
	}
	free(TAKE_PTR(w->seen));
}

static void *run_worker(void *payload)
{
	work_on(payload, false);
	return NULL;
}

static void workers_free(struct worker *w)
{
	for (size_t i = 0; i < WORKERS; i++) {
		free(w[i].patterns.slots);
		free(w[i].pairs);
	}
}

/* All candidate pairs through work->each. CRM_NOMEM, CRM_INTERRUPTED. */
static int work_all(struct work *work, struct worker workers[WORKERS])
{
	crm_store *s = work->f->s;
	bool failed = false;

	for (size_t i = 0; i < WORKERS; i++)
		workers[i] = (struct worker){ .work = work };
	for (size_t i = 1; i < WORKERS; i++) /* a thread that cannot be had leaves the work to the others */
		workers[i].started = pthread_create(&workers[i].thread, NULL, run_worker, &workers[i]) == 0;
	work_on(&workers[0], true);
	for (size_t i = 0; i < WORKERS; i++) {
		if (workers[i].started)
			pthread_join(workers[i].thread, NULL);
		failed = failed || workers[i].failed;
	}
	if (s->interrupted)
		return err_set(&s->err, CRM_INTERRUPTED, "interrupted");
	return failed ? err_nomem(&s->err) : CRM_OK;
}

/* --- m --- */

static bool count_pattern(struct worker *w, uint32_t a, uint32_t b)
{
	const struct people *p = &w->work->f->people;
	struct comparison c;

	compare_people(&c, p, &p->v[a], &p->v[b]);
	return patterns_add(&w->patterns, comparison_pattern(&c), 1);
}

/* Pairs in all blocks: more than there are, as some are in several. */
static double candidates(const struct blocks *b)
{
	double n = 0;

	for (size_t i = 0; i < b->n; i++) {
		double size = b->start[i + 1] - b->start[i];

		n += size * (size - 1) / 2;
	}
	return n;
}

static int learn_m(struct search *f)
{
	double pairs = (double)f->people.n * ((double)f->people.n - 1) / 2;
	struct worker workers[WORKERS] = { 0 };
	struct work work = { .f = f,
		.each = count_pattern,
		.doing = "learning",
		.stride = 1 + (size_t)(candidates(&f->blocks) / LEARNT_PAIRS) };
	cleanup(freep) struct pattern *v = NULL;
	struct patterns all = { .size = 0 };
	int status = work_all(&work, workers);
	size_t n = 0;

	for (size_t i = 0; i < WORKERS && status == CRM_OK; i++)
		for (size_t k = 0; k < workers[i].patterns.size && status == CRM_OK; k++)
			if (workers[i].patterns.slots[k].n && !patterns_add(&all, workers[i].patterns.slots[k].levels,
								      workers[i].patterns.slots[k].n))
				status = err_nomem(&f->s->err);
	if (status == CRM_OK && !(v = malloc((all.used + 1) * sizeof(*v))))
		status = err_nomem(&f->s->err);
	for (size_t k = 0; status == CRM_OK && k < all.size; k++)
		if (all.slots[k].n)
			v[n++] = (struct pattern){ all.slots[k].levels, (double)(all.slots[k].n * work.stride) };
	if (status == CRM_OK && n > 0) {
		qsort(v, n, sizeof(*v), compare_patterns);
		linkage_learn(&f->model, v, n, pairs, pairs * f->shared);
	}
	free(all.slots);
	workers_free(workers);
	return status;
}

int search_learn(struct search *f, crm_store *s)
{
	int status;

	*f = (struct search){ .s = s };
	status = people_load(&f->people, s);
	linkage_init(&f->model, compared_fields, COMPARED_FIELDS, f->people.n);
	if (status == CRM_OK)
		status = blocks_make(&f->blocks, s, &f->people);
	if (status == CRM_OK)
		learn_u(f);
	if (status == CRM_OK)
		status = learn_m(f);
	if (status == CRM_OK)
		status = weights_apply(&f->model, s);
	return status;
}

/* --- the pairs --- */

static int compare_distinct(const void *a, const void *b)
{
	const struct distinct *x = a, *y = b;

	if (x->a != y->a)
		return x->a < y->a ? -1 : 1;
	return (x->b > y->b) - (x->b < y->b);
}

static int read_distinct(struct search *f)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status =
		db_prepare(&st, f->s, "SELECT customer, other FROM customer_link WHERE kind = 'distinct'", DB_SCAN);

	while (status == CRM_OK && (status = db_step(st)) == CRM_OK) {
		int64_t a = db_int(st, 0), b = db_int(st, 1);

		if (!GROW(f->distinct, f->ndistinct, f->distinct_cap))
			return err_nomem(&f->s->err);
		f->distinct[f->ndistinct++] = (struct distinct){ a < b ? a : b, a < b ? b : a };
	}
	if (f->ndistinct > 0)
		qsort(f->distinct, f->ndistinct, sizeof(*f->distinct), compare_distinct);
	return status < 0 ? status : CRM_OK;
}

static bool is_distinct(const struct search *f, int64_t a, int64_t b)
{
	struct distinct pair = { a, b };

	return f->ndistinct > 0 && bsearch(&pair, f->distinct, f->ndistinct, sizeof(pair), compare_distinct);
}

static bool judge_pair(struct worker *w, uint32_t a, uint32_t b)
{
	const struct search *f = w->work->f;
	const struct people *p = &f->people;
	double frequency[COMPARED_FIELDS];
	struct pair pair = { .a = a, .b = b };

	if (f->wanted && !f->wanted[a] && !f->wanted[b])
		return true;
	compare_people(&pair.comparison, p, &p->v[a], &p->v[b]);
	compared_frequencies(frequency, &pair.comparison, p, &p->v[a], &p->v[b]);
	pair.score = score_told(compared_score(&f->model, &pair.comparison, frequency));
	if (pair.score < w->work->threshold || is_distinct(f, p->v[a].id, p->v[b].id))
		return true;
	if (!GROW(w->pairs, w->n, w->cap))
		return false;
	w->pairs[w->n++] = pair;
	return true;
}

static int compare_pairs(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	if (x->score > y->score || x->score < y->score)
		return x->score > y->score ? -1 : 1;
	if (x->a != y->a)
		return x->a < y->a ? -1 : 1;
	return (x->b > y->b) - (x->b < y->b);
}

int search_run(struct search *f, double threshold)
{
	struct worker workers[WORKERS] = { 0 };
	struct work work = { .f = f, .each = judge_pair, .doing = "comparing", .threshold = threshold, .stride = 1 };
	int status = read_distinct(f);
	size_t n = 0;

	if (status == CRM_OK)
		status = work_all(&work, workers);
	for (size_t i = 0; i < WORKERS; i++)
		n += workers[i].n;
	if (status == CRM_OK && !(f->pairs = malloc((n + 1) * sizeof(*f->pairs))))
		status = err_nomem(&f->s->err);
	for (size_t i = 0; i < WORKERS && status == CRM_OK; i++) {
		if (workers[i].n > 0)
			memcpy(f->pairs + f->npairs, workers[i].pairs, workers[i].n * sizeof(*f->pairs));
		f->npairs += workers[i].n;
	}
	if (f->npairs > 0)
		qsort(f->pairs, f->npairs, sizeof(*f->pairs), compare_pairs);
	workers_free(workers);
	return status;
}
