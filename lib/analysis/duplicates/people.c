#include "analysis/duplicates/people.h"
#include "analysis/duplicates/address.h"
#include "analysis/duplicates/names.h"
#include "analysis/similar.h"
#include "text/pinyin.h"
#include "text/text.h"

enum {
	CONTACTS_MAX = 255,
	PROGRESS_EVERY = 20000
};

void people_free(struct people *p)
{
	for (size_t i = 0; i < VOCABULARIES; i++) {
		words_free(&p->words[i].words);
		free(p->words[i].count);
	}
	free(p->v);
	free(p->phones.v);
	free(p->emails.v);
	buf_free(&p->fold);
	buf_free(&p->clean);
	buf_free(&p->sound);
	*p = (struct people){ .n = 0 };
}

/* --- one customer --- */

static int number_of(struct people *p, enum vocabulary_kind kind, const char *s, size_t len)
{
	struct vocabulary *v = &p->words[kind];
	int number = len > 0 ? words_number(&v->words, s, len) : WORD_NONE;
	size_t before = v->cap;

	if (number == WORD_NONE)
		return number;
	if (number < 0 || !grow_array((void **)&v->count, &v->cap, (size_t)number + 1, sizeof(*v->count))) {
		p->failed = true;
		return WORD_NONE;
	}
	if (v->cap > before)
		memset(v->count + before, 0, (v->cap - before) * sizeof(*v->count));
	v->count[number]++;
	v->uses++;
	return number;
}

/* The comparable form of a text, in p->fold. */
static struct part folded(struct people *p, const crm_value *v)
{
	buf_clear(&p->fold);
	if (v->kind != CRM_STRING || text_fold(&p->fold, v->s, v->len) < 0)
		return (struct part){ NULL, 0 };
	p->failed = p->failed || !buf_str(&p->fold);
	return (struct part){ p->fold.s, p->fold.len };
}

/* How a word of a name sounds: itself where neither Soundex nor pinyin says so. */
static int sound_of(struct people *p, const struct part *word)
{
	char code[SOUNDEX_LENGTH + 1];

	if (!word->s)
		return WORD_NONE;
	if (similar_soundex(code, word->s, word->len))
		return number_of(p, WORDS_SOUND, code, SOUNDEX_LENGTH);
	return number_of(p, WORDS_SOUND, word->s, word->len);
}

/* The sounds of a Chinese name; false when it is none. Surnames are read as such only in the name as a whole. */
static bool read_pinyin(struct people *p, struct person *q, const char *whole, size_t len, const struct name *n)
{
	size_t family = 0, at = 0;

	buf_clear(&p->sound);
	if (text_pinyin(&p->sound, whole, len) < 0 || p->sound.len == 0)
		return false;
	if (n->given.s)
		part_is_cjk(&n->family, &family);
	for (size_t syllables = 0; at < p->sound.len && (family == 0 || syllables < family); at++)
		syllables += p->sound.s[at] == ' ';
	q->family_sound = number_of(p, WORDS_SOUND, p->sound.s, at > 0 && p->sound.s[at - 1] == ' ' ? at - 1 : at);
	q->given_sound = number_of(p, WORDS_SOUND, p->sound.s + at, p->sound.len - at);
	return true;
}

static void read_sounds(struct people *p, struct person *q, const char *whole, size_t len, const struct name *n)
{
	struct part word;
	size_t at = 0;

	if (text_is_cjk(whole, len) && read_pinyin(p, q, whole, len, n))
		return;
	if (!n->firm) {
		q->family_sound = sound_of(p, &n->family);
		q->given_sound = sound_of(p, &n->given);
		return;
	}
	/* Of a firm its first two words. */
	q->family_sound = next_word(&word, whole, len, &at) ? sound_of(p, &word) : WORD_NONE;
	q->given_sound = next_word(&word, whole, len, &at) ? sound_of(p, &word) : WORD_NONE;
}

/* The name of a firm: its stem, whose words are counted. */
static void read_firm(struct people *p, struct person *q, const struct name *n)
{
	struct buf stem = BUF_INIT;
	struct part word;

	firm_stem(&stem, p->clean.s, p->clean.len);
	if (buf_str(&stem)) {
		q->name = number_of(p, WORDS_NAME, stem.s, stem.len);
		read_sounds(p, q, stem.s, stem.len, n);
		for (size_t at = 0; next_word(&word, stem.s, stem.len, &at);)
			number_of(p, WORDS_TOKEN, word.s, word.len);
	} else {
		p->failed = true;
	}
	buf_free(&stem);
}

static void read_name(struct people *p, struct person *q, const crm_value v[PERSON_COLUMNS])
{
	struct buf parts = BUF_INIT;
	struct name n;
	struct part whole = folded(p, &v[PERSON_NAME]);

	name_read(&n, &p->clean, whole.s ? whole.s : "", whole.len);
	/* Told apart already: as they were told. */
	if (v[PERSON_FAMILY].kind == CRM_STRING || v[PERSON_GIVEN].kind == CRM_STRING) {
		size_t family;

		text_fold(&parts, v[PERSON_FAMILY].s ? v[PERSON_FAMILY].s : "", v[PERSON_FAMILY].len);
		family = parts.len;
		text_fold(&parts, v[PERSON_GIVEN].s ? v[PERSON_GIVEN].s : "", v[PERSON_GIVEN].len);
		p->failed = p->failed || !buf_str(&parts);
		n = (struct name){ .firm = false };
		if (!parts.failed && family > 0)
			n.family = (struct part){ parts.s, family };
		if (!parts.failed && parts.len > family)
			n.given = (struct part){ parts.s + family, parts.len - family };
	}
	q->firm = n.firm;
	if (n.firm) {
		read_firm(p, q, &n);
	} else {
		q->name = number_of(p, WORDS_NAME, p->clean.s, p->clean.len);
		q->family = number_of(p, WORDS_PART, n.family.s, n.family.len);
		q->given = number_of(p, WORDS_PART, n.given.s, n.given.len);
		read_sounds(p, q, p->clean.s, p->clean.len, &n);
	}
	buf_free(&parts);
}

static int read_text(struct people *p, enum vocabulary_kind kind, const crm_value *v)
{
	struct part text = folded(p, v);

	if (!text.s || (kind != WORDS_ADDRESS && kind != WORDS_COMPANY))
		return number_of(p, kind, text.s, text.len);
	buf_clear(&p->clean);
	(kind == WORDS_ADDRESS ? address_read : firm_stem)(&p->clean, text.s, text.len);
	p->failed = p->failed || !buf_str(&p->clean);
	return number_of(p, kind, p->clean.s, p->clean.len);
}

void people_add_contact(struct people *p, enum vocabulary_kind kind, const char *s, size_t len)
{
	struct person *q = &p->v[p->n - 1];
	struct numbers *to = kind == WORDS_PHONE ? &p->phones : &p->emails;
	uint8_t *count = kind == WORDS_PHONE ? &q->phones : &q->emails;
	int number = number_of(p, kind, s, len);

	if (number == WORD_NONE || *count == CONTACTS_MAX)
		return;
	if (!GROW(to->v, to->n, to->cap)) {
		p->failed = true;
		return;
	}
	to->v[to->n++] = number;
	++*count;
}

void people_add(struct people *p, int64_t id, const crm_value v[PERSON_COLUMNS])
{
	struct person *q;

	if (!GROW(p->v, p->n, p->cap)) {
		p->failed = true;
		return;
	}
	q = &p->v[p->n++];
	*q = (struct person){ .id = id,
		.family = WORD_NONE,
		.given = WORD_NONE,
		.family_sound = WORD_NONE,
		.given_sound = WORD_NONE,
		.phone = (uint32_t)p->phones.n,
		.email = (uint32_t)p->emails.n };
	read_name(p, q, v);
	q->company = read_text(p, WORDS_COMPANY, &v[PERSON_COMPANY]);
	q->birthday = read_text(p, WORDS_BIRTHDAY, &v[PERSON_BIRTHDAY]);
	q->address = read_text(p, WORDS_ADDRESS, &v[PERSON_ADDRESS]);
	q->city = read_text(p, WORDS_CITY, &v[PERSON_CITY]);
	q->postcode = read_text(p, WORDS_POSTCODE, &v[PERSON_POSTCODE]);
	q->gender = v[PERSON_GENDER].kind == CRM_STRING ? v[PERSON_GENDER].s[0] : '\0';
	people_add_contact(p, WORDS_PHONE, v[PERSON_PHONE].s, v[PERSON_PHONE].len);
	people_add_contact(p, WORDS_EMAIL, v[PERSON_EMAIL].s, v[PERSON_EMAIL].len);
}

/* --- from the store --- */

#define COLUMNS_OF_PERSON                                                                                              \
	"id, name, given_name, family_name, company, gender, birthday, address, city, postcode, phone_norm, "          \
	"email_norm"

static void add_row(struct people *p, struct stmt *st)
{
	crm_value v[PERSON_COLUMNS];

	for (int i = 0; i < PERSON_COLUMNS; i++)
		v[i] = db_value(st, i + 1);
	people_add(p, db_int(st, 0), v);
}

/* The row of a further contact point, kind in column 1, value in 2. */
static void add_contact_row(struct people *p, struct stmt *st)
{
	people_add_contact(
		p, strcmp(db_text(st, 1), "phone") == 0 ? WORDS_PHONE : WORDS_EMAIL, db_text(st, 2), db_bytes(st, 2));
}

/* Contact points come in the order of the customers. */
static int add_contacts(struct people *p, struct stmt *contacts, int *ahead, int64_t id)
{
	while (*ahead == CRM_OK && db_int(contacts, 0) <= id) {
		if (db_int(contacts, 0) == id)
			add_contact_row(p, contacts);
		*ahead = db_step(contacts);
	}
	return *ahead < 0 ? *ahead : CRM_OK;
}

static int load_all(struct people *p, crm_store *s, struct stmt *customers, struct stmt *contacts, int64_t total)
{
	int status, ahead = db_step(contacts);

	while ((status = db_step(customers)) == CRM_OK) {
		add_row(p, customers);
		status = add_contacts(p, contacts, &ahead, db_int(customers, 0));
		if (status < 0)
			return status;
		if (p->failed)
			return err_nomem(&s->err);
		if (p->n % PROGRESS_EVERY == 0)
			store_event(s, CRM_EVENT_PROGRESS, p->n, (uint64_t)total, crm_tr("reading customers"));
		if (s->interrupted)
			return err_set(&s->err, CRM_INTERRUPTED, "interrupted");
	}
	return status < 0 ? status : CRM_OK;
}

int people_load(struct people *p, crm_store *s)
{
	cleanup(db_releasep) struct stmt *customers = NULL, *contacts = NULL;
	int64_t total = 0;
	int status = db_get_int(&total, s, "SELECT id FROM customer ORDER BY id DESC LIMIT 1", "");

	if (status >= 0)
		status = db_prepare(&customers, s,
			"SELECT " COLUMNS_OF_PERSON
			" FROM customer WHERE created_at <= $1 AND restricted = 0 ORDER BY id",
			DB_SCAN);
	if (status == CRM_OK)
		status = db_prepare(&contacts, s,
			"SELECT record, kind, value_norm FROM contact_point WHERE entity = 'customer' ORDER BY record, "
			"kind, position",
			0);
	if (status < 0)
		return status;
	/* Of another clock those that it knows; of this moment all there are, whatever the clocks of others said. */
	db_bind_int(customers, 1, s->now_fixed ? crm_store_now(s) : INT64_MAX);
	return load_all(p, s, customers, contacts, total);
}

int people_load_one(struct people *p, crm_store *s, int64_t id)
{
	cleanup(db_releasep) struct stmt *customer = NULL, *contacts = NULL;
	int status = db_prepare(&customer, s, "SELECT " COLUMNS_OF_PERSON " FROM customer WHERE id = $1", 0);

	if (status < 0)
		return status;
	db_bind_int(customer, 1, id);
	status = db_step(customer);
	if (status != CRM_OK)
		return status;
	add_row(p, customer);
	status = db_prepare(&contacts, s,
		"SELECT record, kind, value_norm FROM contact_point WHERE entity = 'customer' AND record = $1 ORDER BY "
		"kind, position",
		0);
	if (status < 0)
		return status;
	db_bind_int(contacts, 1, id);
	while ((status = db_step(contacts)) == CRM_OK)
		add_contact_row(p, contacts);
	return status < 0 ? status : p->failed ? err_nomem(&s->err) : CRM_OK;
}
