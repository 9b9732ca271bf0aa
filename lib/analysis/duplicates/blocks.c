#include "analysis/duplicates/blocks.h"
#include "analysis/duplicates/address.h"
#include "analysis/duplicates/names.h"
#include "text/text.h"

enum {
	BLOCK_MAX = 50, /* more customers are not compared each with each */
	KEYS_MAX = 32,  /* of one customer in one pass */
	KEYS_OF_ATOM = 8
};

/* --- what a customer may have in common with another --- */

enum atom {
	ATOM_PHONE,
	ATOM_EMAIL,
	ATOM_LOCAL, /* of the address: before the @ */
	ATOM_NAME,  /* how all of it sounds, in any order */
	ATOM_WORD,  /* how one word of it sounds */
	ATOM_BIRTHDAY,
	ATOM_ADDRESS,
	ATOM_POSTCODE,
	ATOM_CITY,
	ATOM_COMPANY,
	ATOM_NONE
};

/* By which a large block is divided: first what few have in common. */
static const enum atom dividers[] = { ATOM_BIRTHDAY, ATOM_ADDRESS, ATOM_POSTCODE, ATOM_LOCAL, ATOM_PHONE, ATOM_NAME,
	ATOM_COMPANY, ATOM_CITY };

enum {
	ALL_DIVIDERS = ARRAY_SIZE(dividers),
	TELLING_DIVIDERS = 5 /* of a block in which so little is common that name, company and city do not help */
};

static const struct pass {
	enum atom of[2];
	size_t dividers;
} passes[] = {
	{ { ATOM_PHONE, ATOM_NONE }, ALL_DIVIDERS },
	{ { ATOM_EMAIL, ATOM_NONE }, ALL_DIVIDERS },
	{ { ATOM_LOCAL, ATOM_NONE }, ALL_DIVIDERS },
	{ { ATOM_NAME, ATOM_NONE }, ALL_DIVIDERS },
	{ { ATOM_ADDRESS, ATOM_NONE }, ALL_DIVIDERS },
	{ { ATOM_WORD, ATOM_BIRTHDAY }, ALL_DIVIDERS },
	{ { ATOM_WORD, ATOM_POSTCODE }, ALL_DIVIDERS },
	{ { ATOM_WORD, ATOM_CITY }, TELLING_DIVIDERS },
	{ { ATOM_WORD, ATOM_COMPANY }, TELLING_DIVIDERS },
	{ { ATOM_BIRTHDAY, ATOM_POSTCODE }, ALL_DIVIDERS },
};

struct keys {
	uint64_t v[KEYS_MAX];
	size_t n;
};

/* splitmix64: neighbouring numbers become far ones. */
static uint64_t mixed(uint64_t z)
{
	z += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static void add_key(struct keys *k, enum atom atom, uint64_t value)
{
	if (k->n < KEYS_OF_ATOM)
		k->v[k->n++] = mixed(value ^ mixed((uint64_t)atom + 1));
}

static uint64_t text_key(const char *s, size_t len)
{
	static const struct hash_key fixed = { 0 };

	return hash_bytes(&fixed, s, len);
}

static uint64_t word_key(const struct people *p, enum vocabulary_kind kind, int number)
{
	return text_key(people_text(p, kind, number), people_length(p, kind, number));
}

/* Letters and digits before the @ and before a +; too short a one says nothing. */
static void local_key(struct keys *k, const char *s)
{
	char local[64];
	size_t n = 0;

	for (; *s && *s != '@' && *s != '+' && n < sizeof(local); s++)
		if (!ascii_text(*s) || ascii_alpha(*s) || ascii_digit(*s))
			local[n++] = *s;
	if (n >= 4)
		add_key(k, ATOM_LOCAL, text_key(local, n));
}

static void pair_key(struct keys *k, uint64_t x, uint64_t y)
{
	add_key(k, ATOM_NAME, x < y ? mixed(x) ^ y : mixed(y) ^ x);
}

/*
 * By sound; a name in letters also as it stands, as which a Chinese one in pinyin is the same. Single words are no name
 * but that of a firm.
 */
static void name_keys(struct keys *k, const struct people *p, const struct person *q)
{
	if (q->family_sound == WORD_NONE)
		return;
	if (q->given_sound == WORD_NONE) {
		if (q->firm)
			add_key(k, ATOM_NAME, word_key(p, WORDS_SOUND, q->family_sound));
		return;
	}
	pair_key(k, word_key(p, WORDS_SOUND, q->family_sound), word_key(p, WORDS_SOUND, q->given_sound));
	if (!q->firm)
		pair_key(k, word_key(p, WORDS_PART, q->family), word_key(p, WORDS_PART, q->given));
}

/* Two parts of three, whichever of the others is the day: one of the parts may be wrong, or month and day swapped. */
static void birthday_keys(struct keys *k, const char *s, size_t len)
{
	int64_t year, month, day;

	if (len != 10 || !parse_int64(s, 4, 1, 9999, &year) || !parse_int64(s + 5, 2, 1, 12, &month) ||
		!parse_int64(s + 8, 2, 1, 31, &day))
		return;
	if (month > day) {
		int64_t swap = month;

		month = day;
		day = swap;
	}
	add_key(k, ATOM_BIRTHDAY, (uint64_t)(year * 1024 + month * 32));
	add_key(k, ATOM_BIRTHDAY, (uint64_t)(year * 1024 + day));
	add_key(k, ATOM_BIRTHDAY, (uint64_t)(month * 32 + day));
}

static void contact_keys(struct keys *k, const struct people *p, const struct person *q, enum atom atom)
{
	for (size_t i = 0; atom == ATOM_PHONE && i < q->phones; i++)
		add_key(k, atom, (uint64_t)p->phones.v[q->phone + i]);
	for (size_t i = 0; atom != ATOM_PHONE && i < q->emails; i++) {
		int email = p->emails.v[q->email + i];

		if (atom == ATOM_EMAIL)
			add_key(k, atom, (uint64_t)email);
		else
			local_key(k, people_text(p, WORDS_EMAIL, email));
	}
}

static void number_key(struct keys *k, enum atom atom, int number)
{
	if (number != WORD_NONE)
		add_key(k, atom, (uint64_t)number);
}

static void atom_keys(struct keys *k, const struct people *p, const struct person *q, enum atom atom)
{
	k->n = 0;
	switch (atom) {
	case ATOM_PHONE:
	case ATOM_EMAIL:
	case ATOM_LOCAL:
		contact_keys(k, p, q, atom);
		break;
	case ATOM_NAME:
		name_keys(k, p, q);
		break;
	case ATOM_WORD:
		number_key(k, atom, q->family_sound);
		number_key(k, atom, q->given_sound);
		break;
	case ATOM_BIRTHDAY:
		if (q->birthday != WORD_NONE)
			birthday_keys(k, people_text(p, WORDS_BIRTHDAY, q->birthday),
				people_length(p, WORDS_BIRTHDAY, q->birthday));
		break;
	case ATOM_ADDRESS: {
		uint64_t key = q->address == WORD_NONE ? 0
						       : address_key(people_text(p, WORDS_ADDRESS, q->address),
								 people_length(p, WORDS_ADDRESS, q->address));

		if (key)
			add_key(k, atom, key);
		break;
	}
	case ATOM_POSTCODE:
		number_key(k, atom, q->postcode);
		break;
	case ATOM_CITY:
		number_key(k, atom, q->city);
		break;
	case ATOM_COMPANY:
		number_key(k, atom, q->company);
		break;
	case ATOM_NONE:
		k->v[k->n++] = 0;
		break;
	}
}

/* Each key of the one atom with each of the other. */
static void pass_keys(struct keys *k, const struct people *p, const struct person *q, const struct pass *pass)
{
	struct keys first, second;

	k->n = 0;
	atom_keys(&first, p, q, pass->of[0]);
	if (first.n > 0)
		atom_keys(&second, p, q, pass->of[1]);
	for (size_t i = 0; i < first.n; i++)
		for (size_t j = 0; j < second.n && k->n < KEYS_MAX; j++)
			k->v[k->n++] = mixed(first.v[i]) ^ second.v[j];
}

/* --- sorting keys --- */

struct entry {
	uint64_t key;
	uint32_t person;
};

struct entries {
	struct entry *v, *spare;
	size_t n, cap;
	bool failed;
};

static void entries_free(struct entries *e)
{
	free(e->v);
	free(e->spare);
}

static void add_entry(struct entries *e, uint64_t key, uint32_t person)
{
	if (!GROW(e->v, e->n, e->cap))
		e->failed = true;
	else
		e->v[e->n++] = (struct entry){ key, person };
}

static int compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->person < y->person ? -1 : x->person > y->person;
}

/* One digit of the radix sort; returns false when all have the same. */
static bool sort_by_byte(struct entry *to, const struct entry *from, size_t n, unsigned shift)
{
	size_t place[257] = { 0 };

	for (size_t i = 0; i < n; i++)
		place[(from[i].key >> shift & 0xff) + 1]++;
	for (size_t i = 1; i < 257; i++) {
		if (place[i] == n)
			return false;
		place[i] += place[i - 1];
	}
	for (size_t i = 0; i < n; i++)
		to[place[from[i].key >> shift & 0xff]++] = from[i];
	return true;
}

/* By key; persons, which were added in their order, stay in it. */
static void sort_entries(struct entries *e)
{
	struct entry *swap;

	if (e->n < 256) {
		if (e->n > 0)
			qsort(e->v, e->n, sizeof(*e->v), compare_entries);
		return;
	}
	e->spare = malloc(e->cap * sizeof(*e->spare));
	if (!e->spare) {
		e->failed = true;
		return;
	}
	for (unsigned shift = 0; shift < 64; shift += 8)
		if (sort_by_byte(e->spare, e->v, e->n, shift)) {
			swap = e->v;
			e->v = e->spare;
			e->spare = swap;
		}
	free(TAKE_PTR(e->spare));
}

/* --- making blocks --- */

struct making {
	struct blocks *b;
	const struct people *p;
	bool failed;
};

static void add_block(struct making *m, const uint32_t *members, size_t n)
{
	struct blocks *b = m->b;

	if (b->nmembers + n > UINT32_MAX - 1 || !GROW(b->start, b->n + 1, b->start_cap) ||
		!grow_array((void **)&b->members, &b->members_cap, b->nmembers + n, sizeof(*b->members))) {
		m->failed = true;
		return;
	}
	b->start[b->n++] = (uint32_t)b->nmembers;
	memcpy(b->members + b->nmembers, members, n * sizeof(*members));
	b->nmembers += n;
	b->start[b->n] = (uint32_t)b->nmembers;
}

/* The persons of one key, each once. */
static size_t run_of(uint32_t *members, const struct entry *v, size_t n)
{
	size_t count = 0, i = 0;

	for (; i < n && v[i].key == v[0].key; i++)
		if (count == 0 || members[count - 1] != v[i].person)
			members[count++] = v[i].person;
	return count;
}

static void add_or_divide(struct making *m, const uint32_t *members, size_t n, const struct pass *pass, size_t divider);

/* Blocks of all keys of `e`, which is sorted. */
static void take_runs(struct making *m, struct entries *e, const struct pass *pass, size_t divider)
{
	for (size_t i = 0, end; i < e->n && !m->failed; i = end) {
		cleanup(freep) uint32_t *members = NULL;

		for (end = i + 1; end < e->n && e->v[end].key == e->v[i].key;)
			end++;
		if (end - i < 2)
			continue;
		members = malloc((end - i) * sizeof(*members));
		if (members)
			add_or_divide(m, members, run_of(members, e->v + i, end - i), pass, divider);
		else
			m->failed = true;
	}
}

static void divide(struct making *m, const uint32_t *members, size_t n, const struct pass *pass, size_t divider)
{
	cleanup(entries_free) struct entries e = { .n = 0 };
	struct keys k;

	for (size_t i = 0; i < n; i++) {
		atom_keys(&k, m->p, &m->p->v[members[i]], dividers[divider]);
		for (size_t j = 0; j < k.n; j++)
			add_entry(&e, k.v[j], members[i]);
	}
	sort_entries(&e);
	m->failed = m->failed || e.failed;
	if (!m->failed)
		take_runs(m, &e, pass, divider + 1);
}

static bool divides(const struct pass *pass, size_t divider)
{
	return dividers[divider] != pass->of[0] && dividers[divider] != pass->of[1];
}

/* Nothing more is known of the customer that could divide the block. */
static bool is_bare(const struct people *p, uint32_t person, const struct pass *pass, size_t divider)
{
	struct keys k;

	for (; divider < pass->dividers; divider++) {
		atom_keys(&k, p, &p->v[person], dividers[divider]);
		if (divides(pass, divider) && k.n > 0)
			return false;
	}
	return true;
}

/* Those of a large block of whom nothing more is known: in pieces, unless what they have in common says little. */
static void cut_bare(struct making *m, const uint32_t *members, size_t n, const struct pass *pass, size_t divider)
{
	uint32_t piece[BLOCK_MAX];
	size_t held = 0, bare = 0;

	for (size_t i = 0; i < n && pass->dividers == ALL_DIVIDERS; i++) {
		if (!is_bare(m->p, members[i], pass, divider))
			continue;
		piece[held++] = members[i];
		bare++;
		if (held == BLOCK_MAX) {
			add_block(m, piece, held);
			held = 0;
		}
	}
	if (held > 1)
		add_block(m, piece, held);
	m->b->cut += bare > BLOCK_MAX ? bare : 0;
}

/* `divider`: the first key not used yet. */
static void add_or_divide(struct making *m, const uint32_t *members, size_t n, const struct pass *pass, size_t divider)
{
	if (n < 2 || m->failed)
		return;
	if (n <= BLOCK_MAX) {
		add_block(m, members, n);
		return;
	}
	m->b->divided++;
	cut_bare(m, members, n, pass, divider);
	for (; divider < pass->dividers; divider++)
		if (divides(pass, divider))
			divide(m, members, n, pass, divider);
}

static void make_pass(struct making *m, const struct pass *pass)
{
	cleanup(entries_free) struct entries e = { .n = 0 };
	struct keys k;

	for (size_t i = 0; i < m->p->n && !e.failed; i++) {
		pass_keys(&k, m->p, &m->p->v[i], pass);
		for (size_t j = 0; j < k.n; j++)
			add_entry(&e, k.v[j], (uint32_t)i);
	}
	if (!e.failed)
		sort_entries(&e);
	m->failed = m->failed || e.failed;
	if (!m->failed)
		take_runs(m, &e, pass, 0);
}

/* For each customer its blocks. */
static void turn_round(struct making *m)
{
	struct blocks *b = m->b;
	size_t people = m->p->n;

	b->of_start = calloc(people + 2, sizeof(*b->of_start));
	b->of = malloc((b->nmembers + 1) * sizeof(*b->of));
	if (!b->of_start || !b->of) {
		m->failed = true;
		return;
	}
	for (size_t i = 0; i < b->nmembers; i++)
		b->of_start[b->members[i] + 2]++;
	for (size_t i = 2; i < people + 2; i++)
		b->of_start[i] += b->of_start[i - 1];
	for (size_t block = 0; block < b->n; block++)
		for (size_t i = b->start[block]; i < b->start[block + 1]; i++)
			b->of[b->of_start[b->members[i] + 1]++] = (uint32_t)block;
}

/* Nothing is left out without a word. */
static void tell_cut(crm_store *s, size_t n)
{
	store_say(s, CRM_EVENT_WARNING, n,
		"%zu times a customer has the same as more than %d others in all that could tell them apart: these are "
		"compared in groups of %d",
		n, BLOCK_MAX, BLOCK_MAX);
}

int blocks_make(struct blocks *b, crm_store *s, const struct people *p)
{
	struct making m = { .b = b, .p = p };

	*b = (struct blocks){ .n = 0 };
	for (size_t i = 0; i < ARRAY_SIZE(passes) && !m.failed; i++) {
		if (s->interrupted)
			return err_set(&s->err, CRM_INTERRUPTED, "interrupted");
		store_event(s, CRM_EVENT_PROGRESS, i, ARRAY_SIZE(passes), crm_tr("finding candidates"));
		make_pass(&m, &passes[i]);
	}
	if (!m.failed)
		turn_round(&m);
	if (b->cut > 0 && !m.failed)
		tell_cut(s, b->cut);
	return m.failed ? err_nomem(&s->err) : CRM_OK;
}

void blocks_free(struct blocks *b)
{
	free(b->members);
	free(b->start);
	free(b->of_start);
	free(b->of);
	*b = (struct blocks){ .n = 0 };
}

void blocks_each(const struct blocks *b, uint32_t person, uint32_t *seen, void (*fn)(uint32_t other, void *payload),
	void *payload)
{
	for (uint32_t i = b->of_start[person]; i < b->of_start[person + 1]; i++) {
		const uint32_t *first = b->members + b->start[b->of[i]], *m = b->members + b->start[b->of[i] + 1];

		while (m-- > first && *m > person)
			if (seen[*m] != person + 1) {
				seen[*m] = person + 1;
				fn(*m, payload);
			}
	}
}
