/*
 * Cells that name other records. Each distinct text is resolved once; before a large import all external keys are
 * read into the map by one scan.
 */
#include "exchange/import/import.h"
#include "exchange/import/plan.h"
#include "text/text.h"

static uint64_t ref_hash(struct import *im, const struct column *c, const struct cell *cell)
{
	return idmap_hash(&im->refs.known, (char)('A' + record_index(&im->record, c->field)), cell->s, cell->len);
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

	buf_printf(&name, "key:%s", text);
	if (!buf_str(&name))
		return err_nomem(&im->s->err);
	if (!c->by_name || !digits)
		status = crm_resolve(id, im->s, target, name.s, CRM_NAME_WRITE);
	if (status == CRM_NOTFOUND && (c->by_name || !digits))
		status = crm_resolve(id, im->s, target, text, CRM_NAME_WRITE);
	else if (status == CRM_NOTFOUND && strlen(text) >= 7) {
		buf_clear(&name);
		buf_printf(&name, "phone:%s", text);
		status = buf_str(&name) ? crm_resolve(id, im->s, target, name.s, CRM_NAME_WRITE) : CRM_NOMEM;
	}
	if (status == CRM_NOTFOUND)
		err_set(&im->s->err, CRM_NOTFOUND, "there is no such %s", target->name);
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
	buf_printf(&sql,
		"SELECT external_key, min(id) FROM %s WHERE external_key IS NOT NULL GROUP BY external_key HAVING "
		"count(*) = 1",
		target->table);
	status = buf_str(&sql) ? db_prepare(&st, im->s, sql.s, DB_SCAN | DB_ONCE) : err_nomem(&im->s->err);
	buf_free(&sql);
	while (status == CRM_OK && (status = db_step(st)) == CRM_OK) {
		struct cell key = { .s = db_text(st, 0), .len = db_bytes(st, 0) };

		if (!idmap_add(&im->refs.known, ref_hash(im, c, &key), db_int(st, 1)))
			return err_nomem(&im->s->err);
	}
	return status < 0 ? status : CRM_OK;
}

static int find_record(struct import *im, const struct column *c, const struct cell *cell, int64_t *id)
{
	uint64_t hash = ref_hash(im, c, cell);
	int status = CRM_OK;

	if (im->bulk && !im->refs.prefilled)
		status = prefill(im, c);
	if (status < 0 || idmap_find(&im->refs.known, hash, id))
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
	crm_record_free(r);
	if (status == CRM_OK) {
		struct buf what = BUF_INIT;

		buf_quote(&what, text, strlen(text));
		buf_puts(&what, agent ? " is not an agent of this store: made inactive" : " is new: made");
		if (buf_str(&what))
			im->note(0, target->name, what.s, im->payload);
		buf_free(&what);
	}
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

	if (email && memchr(cell->s, '@', cell->len))
		return crm_record_set(r, email->name, cell->s);
	if (digits && c->by_name)
		return err_set(&im->s->err, CRM_NOTFOUND, "there is no such %s", r->e->name);
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

/* The names that a row has for a new record lead to it from now on. */
static int remember_names(struct import *im, const struct draft *d, const struct crm_field *f, int64_t id)
{
	for (size_t i = 0; i < im->mapping.n; i++) {
		const struct column *c = &im->mapping.columns[i];
		const struct cell *cell = draft_cell(d, c);
		int64_t known;

		if (c->field == f && cell->len > 0 && !idmap_find(&im->refs.known, ref_hash(im, c, cell), &known) &&
			!idmap_add(&im->refs.known, ref_hash(im, c, cell), id))
			return err_nomem(&im->s->err);
	}
	return CRM_OK;
}

static int disagree(struct import *im, const struct column *a, const struct column *b)
{
	return err_set(&im->s->err, CRM_CONFLICT, "the columns '%s' and '%s' name different records of %s",
		mapping_name(im, a), mapping_name(im, b), a->field->target);
}

/*
 * All columns of one reference must name the same record; a name that several have is decided by another column, as a
 * number. `found` is 0 when no column names a record that is there; then *why says what the first one met.
 */
static int find_all(
	struct import *im, const struct draft *d, const struct crm_field *f, int64_t *found, int *why, char **message)
{
	const struct column *by = NULL;

	*found = 0;
	*why = CRM_OK;
	for (size_t i = 0; i < im->mapping.n; i++) {
		const struct column *c = &im->mapping.columns[i];
		int64_t id = 0;
		int status;

		if (c->field != f || draft_cell(d, c)->len == 0)
			continue;
		status = find_record(im, c, draft_cell(d, c), &id);
		if (status == CRM_OK && *found && id != *found)
			return disagree(im, by, c);
		if (status == CRM_OK) {
			*found = id;
			by = c;
		} else if (status != CRM_NOTFOUND && status != CRM_AMBIGUOUS && status != CRM_INVALID) {
			return status;
		} else if (*why == CRM_OK || status == CRM_NOTFOUND) {
			free(*message);
			*message = strdup(crm_errmsg(im->s));
			*why = status;
		}
	}
	return CRM_OK;
}

static int set_record(struct import *im, const struct draft *d, const struct column *c)
{
	crm_value v = { .kind = CRM_INT }, none = { .kind = CRM_NULL };
	cleanup(freep) char *message = NULL;
	int why, status = find_all(im, d, c->field, &v.i, &why, &message);

	if (status == CRM_OK && v.i == 0 && why == CRM_NOTFOUND && im->opt->create) {
		status = apply_check_rest(im, c->field);
		if (status == CRM_OK)
			status = make_stub(im, d, c->field, &v.i);
		if (status == CRM_OK)
			status = remember_names(im, d, c->field, v.i);
	} else if (status == CRM_OK && (why == CRM_NOTFOUND || (why != CRM_OK && v.i == 0)))
		status = err_set(&im->s->err, why, "%s", message ? message : "");
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
