#include "analysis/duplicates/near.h"
#include "analysis/duplicates/find.h"
#include "analysis/duplicates/weights.h"
#include <crm/duplicates.h>

#include <math.h>

enum {
	HITS_MAX = 20, /* by one value; more have little to say */
	CANDIDATES_MAX = 100
};

struct nearby {
	crm_store *s;
	const struct crm_record *r;
	int64_t ids[CANDIDATES_MAX];
	size_t n;
	size_t namesakes, phones, emails; /* hits of what both may have */
	double customers;
	struct people people; /* the new one first */
	struct linkage model;
};

/* --- candidates --- */

static void add_candidate(struct nearby *w, int64_t id)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->ids[i] == id)
			return;
	if (w->n < CANDIDATES_MAX)
		w->ids[w->n++] = id;
}

/* Those whom the statement finds for a text, which may be none; *hits are added up. */
static int look_up(struct nearby *w, const char *sql, const char *s, size_t *hits)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = s ? db_prepare(&st, w->s, sql, 0) : CRM_END;

	if (status != CRM_OK)
		return status < 0 ? status : CRM_OK;
	db_bind_str(st, 1, s);
	db_bind_int(st, 2, HITS_MAX);
	while ((status = db_step(st)) == CRM_OK) {
		add_candidate(w, db_int(st, 0));
		*hits += 1;
	}
	return status < 0 ? status : CRM_OK;
}

static int look_up_contact(struct nearby *w, const char *column, const char *s, size_t *hits)
{
	static const char further[] = "SELECT record FROM contact_point WHERE value_norm = $1 AND entity = 'customer' "
				      "ORDER BY record LIMIT $2";
	static const char by_phone[] = "SELECT id FROM customer WHERE phone_norm = $1 ORDER BY id LIMIT $2",
			  by_email[] = "SELECT id FROM customer WHERE email_norm = $1 ORDER BY id LIMIT $2";
	int status = look_up(w, strcmp(column, "phone") == 0 ? by_phone : by_email, s, hits);

	return status == CRM_OK ? look_up(w, further, s, hits) : status;
}

static const struct slot *slot_of(const struct crm_record *r, const char *field)
{
	return &r->slots[record_index(r, field_find_static(r->e, field))];
}

/* A primary number or address, and the further ones. */
static int look_up_contacts(struct nearby *w, const char *field, const char *list, size_t *hits)
{
	const struct items *items = &w->r->lists[record_index(w->r, field_find_static(w->r->e, list))];
	const crm_value *primary = &slot_of(w->r, field)->norm;
	int status = look_up_contact(w, field, primary->kind == CRM_STRING ? primary->s : NULL, hits);

	for (size_t i = 0; status == CRM_OK && i < items->n; i++)
		status = look_up_contact(w, field, items->v[i].norm, hits);
	return status;
}

static int find_candidates(struct nearby *w)
{
	static const char by_name[] = "SELECT id FROM customer WHERE name_fold = $1 ORDER BY id LIMIT $2",
			  by_pinyin[] = "SELECT id FROM customer WHERE pinyin = $1 ORDER BY id LIMIT $2";
	const struct slot *name = slot_of(w->r, "name"), *pinyin = slot_of(w->r, "pinyin");
	size_t alike = 0;
	int status = look_up_contacts(w, "phone", "phones", &w->phones);

	if (status == CRM_OK)
		status = look_up_contacts(w, "email", "emails", &w->emails);
	if (status == CRM_OK)
		status = look_up(w, by_name, name->norm.s, &w->namesakes);
	if (status == CRM_OK) /* 张伟 and 章伟, and Zhang Wei */
		status = look_up(
			w, by_pinyin, pinyin->value.kind == CRM_STRING ? pinyin->value.s : name->norm.s, &alike);
	return status;
}

/* --- comparison --- */

static void add_new(struct nearby *w)
{
	static const char *const fields[PERSON_COLUMNS] = { "name", "given_name", "family_name", "company", "gender",
		"birthday", "address", "city", "postcode", "phone", "email" };
	const struct crm_entity *e = w->r->e;
	const struct items *phones = &w->r->lists[record_index(w->r, field_find_static(e, "phones"))];
	const struct items *emails = &w->r->lists[record_index(w->r, field_find_static(e, "emails"))];
	crm_value v[PERSON_COLUMNS];

	for (size_t i = 0; i < PERSON_COLUMNS; i++) {
		const struct slot *slot = slot_of(w->r, fields[i]);

		v[i] = i == PERSON_PHONE || i == PERSON_EMAIL ? slot->norm : slot->value;
	}
	people_add(&w->people, 0, v);
	for (size_t i = 0; i < phones->n && !w->people.failed; i++)
		people_add_contact(&w->people, WORDS_PHONE, phones->v[i].norm, strlen(phones->v[i].norm));
	for (size_t i = 0; i < emails->n && !w->people.failed; i++)
		people_add_contact(&w->people, WORDS_EMAIL, emails->v[i].norm, strlen(emails->v[i].norm));
}

/* The share of customers with a value that so many were found by: of others than the one at hand. */
static double share_of(const struct nearby *w, size_t hits)
{
	return hits > 1 ? ((double)hits - 1) / (w->customers + GUESS_SEEN) : 0;
}

/* How often it occurs that a stranger has what the new one has: as guessed, unless more have been seen. */
static double seen(const struct nearby *w, size_t field, size_t hits)
{
	return fmax(w->model.u[field][LEVEL_EXACT], share_of(w, hits));
}

static double score_of(const struct nearby *w, struct comparison *c, const struct person *other)
{
	double frequency[COMPARED_FIELDS] = { 0 };

	compare_people(c, &w->people, &w->people.v[0], other);
	frequency[FIELD_PHONE] = seen(w, FIELD_PHONE, w->phones);
	frequency[FIELD_EMAIL] = seen(w, FIELD_EMAIL, w->emails);
	frequency[FIELD_FIRM] = seen(w, FIELD_FIRM, w->namesakes);
	if (c->outcome[FIELD_GIVEN] == OUTCOME_MISSING) /* one word is all of the name */
		frequency[FIELD_FAMILY] = seen(w, FIELD_FAMILY, w->namesakes);
	frequency[FIELD_GIVEN] = fmax(w->model.u[FIELD_GIVEN][LEVEL_EXACT],
		share_of(w, w->namesakes) / w->model.u[FIELD_FAMILY][LEVEL_EXACT]);
	return compared_score(&w->model, c, frequency);
}

static int best_of(int64_t *id, struct buf *reasons, struct nearby *w)
{
	struct comparison c, best_c = { { 0 } };
	double best = DUPLICATES_THRESHOLD;
	size_t which = 0;
	int status = CRM_OK;

	for (size_t i = 0; i < w->n && status >= 0; i++)
		status = people_load_one(&w->people, w->s, w->ids[i]);
	if (status < 0)
		return status;
	if (w->people.failed)
		return err_nomem(&w->s->err);
	for (size_t i = 1; i < w->people.n; i++) {
		double score = score_of(w, &c, &w->people.v[i]);

		if (score < best || (which > 0 && score <= best))
			continue;
		best = score;
		best_c = c;
		which = i;
	}
	*id = which > 0 ? w->people.v[which].id : 0;
	if (which > 0)
		compared_reasons(reasons, true, &best_c, &w->people, &w->people.v[0], &w->people.v[which]);
	return CRM_OK;
}

int near_find(int64_t *id, struct buf *reasons, const struct crm_record *r)
{
	struct nearby w = { .s = r->s, .r = r };
	int64_t customers = 0;
	int status = find_candidates(&w);

	*id = 0;
	if (status < 0 || w.n == 0)
		return status;
	status = db_get_int(&customers, r->s, "SELECT id FROM customer ORDER BY id DESC LIMIT 1", "");
	w.customers = (double)(customers > 0 ? customers : 1);
	linkage_init(&w.model, compared_fields, COMPARED_FIELDS, (size_t)customers + 1);
	if (status == CRM_OK)
		status = weights_apply(&w.model, r->s);
	if (status == CRM_OK) {
		add_new(&w);
		status = best_of(id, reasons, &w);
	}
	people_free(&w.people);
	return status;
}

int crm_duplicates_near(int64_t *id, char **reasons, crm_record *r)
{
	struct buf text = BUF_INIT;
	int64_t found = 0;
	int status = CRM_OK;

	if (r->e == &entity_customer && r->id == 0) {
		status = r->e->prepare(r, true);
		if (status == CRM_OK)
			status = near_find(&found, &text, r);
	}
	if (status == CRM_OK && !buf_str(&text))
		status = err_nomem(&r->s->err);
	if (status == CRM_OK) {
		*id = found;
		*reasons = found ? buf_take(&text) : NULL;
	}
	buf_free(&text);
	return status;
}
