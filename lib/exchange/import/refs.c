/*
 * Cells that name other records. Each distinct text is resolved once; before a large import all external keys are
 * read into the map by one scan.
 */
#include "exchange/import/import.h"
#include "exchange/import/plan.h"
#include "model/customer.h"
#include "text/text.h"
#include <stdio.h>

static uint64_t ref_hash(struct import *im, const struct column *c, const struct cell *cell)
{
	size_t kind = 'A' + record_index(&im->record, c->field);

	if (c->by)
		kind = (size_t)(c->by - crm_entity_find(c->field->target)->fields);
	return idmap_hash(&im->refs.known, (char)kind, cell->s, cell->len);
}

/* A name is no more than a name; an address, a number or a key is somebody's own. */
static bool is_name(const struct column *c, const struct cell *cell)
{
	if (c->by)
		return strcmp(c->by->name, "name") == 0;
	return !memchr(cell->s, '@', cell->len) && cell->s[strcspn(cell->s, "0123456789")] == '\0';
}

/* What is known to be a key is one of this source. */
static int resolve_key(struct import *im, const struct crm_entity *target, const char *key, int64_t *id)
{
	char sql[160];
	int status;

	snprintf(sql, sizeof(sql),
		"SELECT id FROM %s WHERE external_key = $1 AND external_key IS NOT NULL AND coalesce(source, '') = "
		"coalesce($2, '')",
		target->table);
	status = db_get_int(id, im->s, sql, "ss", key, im->source);
	if (status == CRM_END && target == &entity_customer)
		status =
			customer_merged_key(id, im->s, &(crm_value){ .kind = CRM_STRING, .s = key, .len = strlen(key) },
				&(crm_value){ .kind = im->source ? CRM_STRING : CRM_NULL,
					.s = im->source,
					.len = im->source ? strlen(im->source) : 0 });
	return status == CRM_END ? CRM_NOTFOUND : status;
}

static int resolve_by(struct import *im, const struct column *c, const char *text, int64_t *id)
{
	const struct crm_entity *target = crm_entity_find(c->field->target);
	struct buf name = BUF_INIT;
	int status;

	if (strcmp(c->by->name, "key") == 0) {
		status = resolve_key(im, target, text, id);
	} else {
		buf_printf(&name, "%s:%s", c->by->name, text);
		status = buf_str(&name) ? resolve_reference(id, im->s, target, name.s, false) : err_nomem(&im->s->err);
	}
	if (status == CRM_NOTFOUND)
		err_set(&im->s->err, CRM_NOTFOUND, "there is no such %s", entity_word(target));
	buf_free(&name);
	return status;
}

/*
 * A number in a foreign column is the other system's key, never our id: nothing tells us that its numbers are ours.
 * In our own column (an export of crm) it is named as on the command line.
 */
static int resolve(struct import *im, const struct column *c, const char *text, int64_t *id)
{
	const struct crm_entity *target = crm_entity_find(c->field->target);
	struct buf name = BUF_INIT;
	bool digits = *text && text[strspn(text, "0123456789")] == '\0';
	int status = CRM_NOTFOUND;

	if (c->by)
		return resolve_by(im, c, text, id);
	buf_printf(&name, "key:%s", text);
	if (!buf_str(&name))
		return err_nomem(&im->s->err);
	if (!c->by_name || !digits)
		status = resolve_reference(id, im->s, target, name.s, false);
	if (status == CRM_AMBIGUOUS && im->source && (status = resolve_key(im, target, text, id)) == CRM_NOTFOUND)
		status = CRM_AMBIGUOUS; /* as the message says */
	if (status == CRM_NOTFOUND && (c->by_name || !digits))
		status = resolve_reference(id, im->s, target, text, false);
	else if (status == CRM_NOTFOUND && strlen(text) >= 7) {
		buf_clear(&name);
		buf_printf(&name, "phone:%s", text);
		status = buf_str(&name) ? resolve_reference(id, im->s, target, name.s, false) : CRM_NOMEM;
	}
	if (status == CRM_NOTFOUND)
		err_set(&im->s->err, CRM_NOTFOUND, "there is no such %s", entity_word(target));
	buf_free(&name);
	return status;
}

static int prefill(struct import *im, const struct column *c)
{
	const struct crm_entity *target = crm_entity_find(c->field->target);
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf sql = BUF_INIT;
	int status;

	im->refs.prefilled = true;
	if (c->by_name || !field_find_static(target, "key"))
		return CRM_OK;
	buf_printf(&sql, "SELECT external_key, min(id) FROM %s t WHERE external_key IS NOT NULL", target->table);
	if (target == &entity_customer) /* another's of another source, who is somebody else by now: ask */
		buf_puts(&sql, " AND NOT EXISTS (SELECT 1 FROM customer_link k WHERE k.external_key = t.external_key"
			       " AND k.external_key IS NOT NULL AND k.kind = 'merged' AND k.customer <> t.id)");
	buf_puts(&sql, " GROUP BY external_key HAVING count(*) = 1");
	status = buf_str(&sql) ? db_prepare(&st, im->s, sql.s, DB_SCAN | DB_ONCE) : err_nomem(&im->s->err);
	buf_free(&sql);
	while (status == CRM_OK && (status = db_step(st)) == CRM_OK) {
		struct cell key = { .s = db_text(st, 0), .len = db_bytes(st, 0) };

		if (!idmap_add(&im->refs.known, ref_hash(im, c, &key), db_int(st, 1)))
			return err_nomem(&im->s->err);
	}
	return status < 0 ? status : CRM_OK;
}

/* What a text is known to name; false when that is nobody, or several. */
static bool recall(const struct import *im, uint64_t hash, int64_t *id)
{
	size_t at = SIZE_MAX;
	int64_t other;

	if (!idmap_next(&im->refs.known, hash, &at, id))
		return false;
	while (idmap_next(&im->refs.known, hash, &at, &other))
		if (other != *id)
			return false;
	return true;
}

static int find_record(struct import *im, const struct column *c, const struct cell *cell, int64_t *id)
{
	uint64_t hash = ref_hash(im, c, cell);
	int status = CRM_OK;

	if (im->bulk && !im->refs.prefilled && !c->by)
		status = prefill(im, c);
	if (status < 0 || recall(im, hash, id))
		return status;
	status = resolve(im, c, cell->s, id);
	if (status == CRM_OK && !idmap_add(&im->refs.known, hash, *id))
		status = err_nomem(&im->s->err);
	return status;
}

/*
 * Somebody who is not in the store is made an agent, inactive, and a team is made: their records must not be lost.
 */
static int make_handle(struct import *im, const struct crm_entity *target, const char *text)
{
	bool agent = target == &entity_agent;
	crm_record *r = NULL;
	int status = crm_record_new(&r, im->s, target);

	if (status == CRM_OK)
		status = crm_record_set(r, "name", text);
	if (status == CRM_OK && agent)
		status = crm_record_set(r, "active", "no");
	if (status == CRM_OK)
		status = crm_record_save(r);
	if (status == CRM_OK)
		status = plan_put(im, 0, NULL, r);
	if (status == CRM_OK) {
		struct buf what = BUF_INIT;

		if (im->opt->discreet)
			buf_say(&what, "number %lld", (long long)crm_record_id(r));
		else
			buf_quote(&what, text, strlen(text));
		if (!buf_str(&what))
			status = err_nomem(&im->s->err);
		else if (agent)
			import_note(
				im, crm_tr(target->name), "%s is not an agent of this store: made inactive", what.s);
		else
			import_note(im, crm_tr(target->name), "%s is new: made", what.s);
		buf_free(&what);
	}
	crm_record_free(r);
	return status;
}

static const char *known_handle(struct refs *refs, const struct crm_entity *target, const char *text)
{
	for (size_t i = 0; i < refs->nhandles; i++)
		if (refs->handles[i].target == target && strcmp(refs->handles[i].text, text) == 0)
			return refs->handles[i].name;
	return NULL;
}

static int set_handle(struct import *im, const struct column *c, const struct cell *cell)
{
	const struct crm_entity *target = crm_entity_find(c->field->target);
	const char *name = known_handle(&im->refs, target, cell->s);
	crm_value v, none = { .kind = CRM_NULL };
	int status = CRM_OK;

	if (!name) {
		status = resolve_word(&name, im->s, c->field, &im->refs.mem, cell->s, cell->len);
		if (status == CRM_NOTFOUND) {
			status = make_handle(im, target, cell->s);
			if (status == CRM_OK)
				status = resolve_handle(&name, im->s, target, &im->refs.mem, cell->s, cell->len);
		}
		if (status < 0)
			return status;
		if (!GROW(im->refs.handles, im->refs.nhandles, im->refs.cap))
			return err_nomem(&im->s->err);
		im->refs.handles[im->refs.nhandles++] =
			(struct handle){ target, arena_copy(&im->refs.mem, cell->s, cell->len), name };
		if (im->refs.mem.failed)
			return err_nomem(&im->s->err);
	}
	v = (crm_value){ .kind = CRM_STRING, .s = name, .len = strlen(name) };
	record_put(&im->record, c->field, &v, &none);
	return CRM_OK;
}

/* --- records that the row names, perhaps in several columns --- */

/* What the cell says of somebody who is not there: an e-mail address, a number, a key in the other system, or a name. */
static int describe(struct import *im, crm_record *r, const struct column *c, const struct cell *cell)
{
	const struct crm_field *email = field_of_type(r->e, CRM_EMAIL), *phone = field_of_type(r->e, CRM_PHONE);
	bool digits = cell->s[strspn(cell->s, "0123456789")] == '\0';

	if (c->by)
		return crm_record_set(r, c->by->name, cell->s);
	if (email && memchr(cell->s, '@', cell->len))
		return crm_record_set(r, email->name, cell->s);
	if (digits && c->by_name)
		return err_set(&im->s->err, CRM_NOTFOUND, "there is no such %s", entity_word(r->e));
	if (phone && crm_record_get(r, phone->name).kind == CRM_NULL &&
		cell->s[strspn(cell->s, "+0123456789 ()-.")] == '\0' &&
		crm_record_set(r, phone->name, cell->s) == CRM_OK)
		return CRM_OK;
	if (strncmp(cell->s, "key:", 4) == 0)
		return crm_record_set(r, "key", cell->s + 4);
	return crm_record_set(r, digits ? "key" : "name", cell->s);
}

/* A record with nothing but what the row says of it. */
static int make_stub(struct import *im, const struct draft *d, const struct crm_field *f, int64_t *id)
{
	crm_record *r = NULL;
	int status = crm_record_new(&r, im->s, crm_entity_find(f->target));

	for (size_t i = 0; status == CRM_OK && i < im->mapping.n; i++) {
		const struct column *c = &im->mapping.columns[i];

		if (c->field == f && draft_cell(d, c)->len > 0)
			status = describe(im, r, c, draft_cell(d, c));
	}
	if (status == CRM_OK && crm_record_get(r, "key").kind != CRM_NULL) {
		if (im->source)
			status = crm_record_set(r, "source", im->source);
		if (status == CRM_OK && crm_record_get(r, "name").kind == CRM_NULL)
			status = crm_record_set(r, "name", crm_record_get(r, "key").s);
	}
	if (status == CRM_OK) {
		r->imported = true;
		status = crm_record_save(r);
		*id = crm_record_id(r);
		im->stubs += status == CRM_OK;
	}
	crm_record_free(r);
	return status;
}

/* What the columns of a row say of one record. */
struct finding {
	int64_t id;              /* 0: no column names one that is there */
	const struct column *by; /* the column that did */
	bool numbered;           /* one of them has more than a name */
	int why;                 /* what the first one met that names nobody, or CRM_OK */
	char *message;
};

/*
 * What a row calls a new record leads to it from now on. A name beside an address is not his alone; where it was known
 * as another's it is asked for again.
 */
static int remember_names(
	struct import *im, const struct draft *d, const struct crm_field *f, const struct finding *found)
{
	for (size_t i = 0; i < im->mapping.n; i++) {
		const struct column *c = &im->mapping.columns[i];
		const struct cell *cell = draft_cell(d, c);
		bool alone = !found->numbered || !is_name(c, cell);
		int64_t known;

		if (c->field == f && cell->len > 0 &&
			idmap_find(&im->refs.known, ref_hash(im, c, cell), &known) != alone &&
			!idmap_add(&im->refs.known, ref_hash(im, c, cell), found->id))
			return err_nomem(&im->s->err);
	}
	return CRM_OK;
}

static int disagree(struct import *im, const struct column *a, const struct column *b)
{
	return err_set(&im->s->err, CRM_CONFLICT, "the columns '%s' and '%s' name different records of %s",
		mapping_name(im, a), mapping_name(im, b), a->field->target);
}

/* Errors that say that a text names nobody; anything else ends the import. */
static bool is_about_the_name(int status)
{
	return status == CRM_NOTFOUND || status == CRM_AMBIGUOUS || status == CRM_INVALID;
}

static int find_by_column(struct import *im, const struct draft *d, const struct column *c, struct finding *found)
{
	int64_t id = 0;
	int status = find_record(im, c, draft_cell(d, c), &id);

	if (status == CRM_OK && found->id && id != found->id)
		return disagree(im, found->by, c);
	if (status == CRM_OK) {
		found->id = id;
		found->by = c;
		return CRM_OK;
	}
	if (!is_about_the_name(status))
		return status;
	if (found->why == CRM_OK || status == CRM_NOTFOUND) {
		free(found->message);
		found->message = strdup(crm_errmsg(im->s));
		found->why = status;
	}
	return CRM_OK;
}

/* A name beside an address that was found: it may be written otherwise, but not be the name of somebody else. */
static int check_name(struct import *im, const struct draft *d, const struct column *c, const struct finding *found)
{
	const struct crm_entity *target = crm_entity_find(c->field->target);
	const struct crm_field *name = field_find_static(target, "name");
	const struct cell *cell = draft_cell(d, c);
	struct buf folded = BUF_INIT;
	char sql[96];
	int64_t id;
	int status;

	if (c->by || !name || !name->norm)
		return CRM_OK;
	status = text_fold(&folded, cell->s, cell->len);
	snprintf(sql, sizeof(sql), "SELECT id FROM %s WHERE id = $1 AND %s = $2", target->table, name->norm);
	if (status == CRM_OK)
		status = buf_str(&folded) ? db_get_int(&id, im->s, sql, "is", found->id, folded.s)
					  : err_nomem(&im->s->err);
	buf_free(&folded);
	if (status != CRM_END)
		return status;
	status = find_record(im, c, cell, &id);
	if (status == CRM_OK && id != found->id)
		return disagree(im, found->by, c);
	return is_about_the_name(status) ? CRM_OK : status;
}

/*
 * All columns of one reference must name the same record. A name counts where nothing else is said: several have it, and
 * one has several. What a preset calls a name is not held against an address either.
 */
static int find_all(struct import *im, const struct draft *d, const struct crm_field *f, struct finding *found)
{
	size_t n = im->mapping.n;
	int status = CRM_OK;

	for (size_t k = 0; status == CRM_OK && k < 2 * n; k++) {
		const struct column *c = &im->mapping.columns[k % n];
		bool name;

		if (c->field != f || draft_cell(d, c)->len == 0)
			continue;
		name = is_name(c, draft_cell(d, c));
		if (name != (k >= n))
			continue;
		if (!name || !found->numbered)
			status = find_by_column(im, d, c, found);
		else if (found->id)
			status = check_name(im, d, c, found);
		found->numbered |= !name;
	}
	return status;
}

static int set_record(struct import *im, const struct draft *d, const struct column *c)
{
	crm_value v = { .kind = CRM_INT }, none = { .kind = CRM_NULL };
	struct finding found = { .why = CRM_OK };
	int status = find_all(im, d, c->field, &found);

	if (status == CRM_OK && found.id == 0 && found.why == CRM_NOTFOUND && im->opt->create) {
		status = apply_check_rest(im, c->field);
		if (status == CRM_OK)
			status = make_stub(im, d, c->field, &found.id);
		if (status == CRM_OK)
			status = remember_names(im, d, c->field, &found);
	} else if (status == CRM_OK && found.id == 0) {
		status = err_set(&im->s->err, found.why, "%s", found.message ? found.message : "");
	}
	free(found.message);
	v.i = found.id;
	if (status == CRM_OK)
		record_put(&im->record, c->field, &v, &none);
	return status;
}

static bool is_first(const struct import *im, const struct draft *d, const struct column *c)
{
	for (const struct column *other = im->mapping.columns; other < c; other++)
		if (other->field == c->field && draft_cell(d, other)->len > 0)
			return false;
	return true;
}

int refs_set(struct import *im, const struct draft *d, const struct column *c)
{
	if (c->field->flags & FIELD_HANDLE)
		return set_handle(im, c, draft_cell(d, c));
	return is_first(im, d, c) ? set_record(im, d, c) : CRM_OK;
}
