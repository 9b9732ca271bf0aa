/* One row: into a record, matched, written if it differs. */
#include "exchange/import/import.h"
#include "exchange/import/plan.h"
#include "model/search.h"
#include <stdio.h>

static int put_value(struct import *im, const struct draft *d, size_t i)
{
	const struct column *c = &im->mapping.columns[i];
	const struct cell *cell = draft_cell(d, c);

	if (cell->len == 0)
		return crm_record_set(&im->record, c->field->name, "");
	if (c->field->type == CRM_REF)
		return refs_set(im, d, c);
	if (c->how != COLUMN_VALUE)
		return crm_record_set(&im->record, c->field->name, cell->s);
	record_put(&im->record, c->field, &d->values[i], &d->norms[i]);
	return CRM_OK;
}

static int put_defaults(struct import *im)
{
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < im->opt->ndefaults; i++) {
		const char *text = im->opt->defaults[i], *equals = strchr(text, '=');
		cleanup(freep) char *name = strndup(text, (size_t)(equals - text));

		if (!name)
			return err_nomem(&im->s->err);
		if (crm_record_get(&im->record, name).kind == CRM_NULL)
			status = crm_record_set(&im->record, name, equals + 1);
	}
	return status == CRM_OK ? record_settle_money(&im->record, &im->fault_field) : status;
}

enum turn {
	TURN_STORED,
	TURN_COMPUTED, /* what is computed may need what is stored, and defaults */
	TURN_RECORD    /* whom --create makes for the row is made when all else of it is there */
};

static enum turn turn_of(const struct crm_field *f)
{
	return f->type == CRM_REF ? TURN_RECORD : f->set ? TURN_COMPUTED : TURN_STORED;
}

/* On a stored record a blank cell keeps the value, or clears it (--blank clear). */
static int put_turn(struct import *im, const struct draft *d, enum turn turn, enum put_how how)
{
	bool clear = im->opt->blank && strcmp(im->opt->blank, "clear") == 0;
	int status = CRM_OK;

	im->record.reading = im->convert;
	for (size_t i = 0; status == CRM_OK && i < im->mapping.n; i++) {
		const struct crm_field *f = im->mapping.columns[i].field;
		const struct cell *cell;
		bool done = false;

		if (!f || turn_of(f) != turn)
			continue;
		cell = draft_cell(d, &im->mapping.columns[i]);
		if (cell->len == 0 && (im->record.id == 0 || !(clear || cell->quoted)))
			continue;
		if (how != PUT_OVER)
			status = survivor_put(&done, im, d, i, how);
		if (status == CRM_OK && !done)
			status = put_value(im, d, i);
		if (status < 0 && !im->fault_is_row)
			im->fault_field = f->name;
	}
	if (status == CRM_OK)
		status = record_settle_money(&im->record, &im->fault_field);
	im->record.reading = NULL;
	return status;
}

/* Values of the row into the record, and defaults where it says nothing. */
static int put_values(struct import *im, const struct draft *d, enum put_how how)
{
	int status = put_turn(im, d, TURN_STORED, how);

	if (status == CRM_OK)
		status = put_defaults(im);
	if (status == CRM_OK)
		status = put_turn(im, d, TURN_COMPUTED, how);
	return status == CRM_OK ? put_turn(im, d, TURN_RECORD, how) : status;
}

static int check_required(struct import *im, const struct crm_field *but)
{
	for (size_t i = 0; i < im->e->nfields; i++)
		if (im->e->fields[i].flags & CRM_FIELD_REQUIRED && im->record.slots[i].value.kind == CRM_NULL &&
			&im->e->fields[i] != but)
			return err_set(&im->s->err, CRM_INVALID, "%s is missing", im->e->fields[i].name);
	return CRM_OK;
}

int apply_check_rest(struct import *im, const struct crm_field *but)
{
	int status = check_required(im, but);

	im->fault_is_row = status < 0;
	return status;
}

static int put_source(struct import *im)
{
	const struct crm_field *f = field_find_static(im->e, "source");
	crm_value v, none = { .kind = CRM_NULL };

	if (!im->source || !f || im->record.slots[record_index(&im->record, f)].value.kind != CRM_NULL)
		return CRM_OK;
	v = (crm_value){ .kind = CRM_STRING, .s = im->source, .len = strlen(im->source) };
	record_put(&im->record, f, &v, &none);
	return CRM_OK;
}

/* --- where a record was touched before in this file --- */

size_t apply_line_of(const struct import *im, int64_t id)
{
	int64_t line = 0;

	if (im->first_created && id >= im->first_created && (size_t)(id - im->first_created) < im->nlines)
		return im->lines[id - im->first_created];
	idmap_find(&im->updated_lines, idmap_hash(&im->updated_lines, 'l', &id, sizeof(id)), &line);
	return (size_t)line;
}

/* In a large import of what has no key no row is found again: then memory must not grow with their number. */
static bool can_be_found(const struct import *im)
{
	const struct matcher *m = &im->match;

	return !im->bulk || m->key || m->other || m->email || m->phone || alike_possible(im);
}

static int remember_created(struct import *im, int64_t id, size_t line)
{
	if (!im->first_created)
		im->first_created = id;
	if (!can_be_found(im))
		return CRM_OK;
	while (im->nlines <= (size_t)(id - im->first_created)) {
		if (!GROW(im->lines, im->nlines, im->lines_cap))
			return err_nomem(&im->s->err);
		im->lines[im->nlines++] = (uint32_t)line;
	}
	return CRM_OK;
}

static int remember_updated(struct import *im, int64_t id, size_t line)
{
	uint64_t hash = idmap_hash(&im->updated_lines, 'l', &id, sizeof(id));

	return idmap_add(&im->updated_lines, hash, (int64_t)line) ? CRM_OK : err_nomem(&im->s->err);
}

/* --- writing --- */

/* Whether matching has seen to all that must be unique, and the row is a row alone. */
static bool fast_path(const struct import *im, const struct crm_record *r)
{
	const struct crm_field *key = im->match.key_field;

	if (setting_possible(im)) /* what was read of the settings before must be forgotten */
		return false;
	if (key && !im->match.key && r->slots[record_index(r, key)].value.kind != CRM_NULL)
		return false;
	for (size_t i = 0; i < r->e->nfields; i++)
		if (r->lists[i].changed)
			return false;
	return r->ncustom == 0;
}

/* The same steps as crm_record_save(); uniqueness was seen to by matching, and the statement is always the same. */
static int create_fast(struct import *im)
{
	struct crm_record *r = &im->record;
	int status = im->e->prepare ? im->e->prepare(r, true) : CRM_OK;

	if (status == CRM_OK)
		status = check_required(im, NULL);
	if (status == CRM_OK)
		status = inserter_put(im->inserter, r);
	if (status == CRM_OK)
		status = op_created(im->s, im->e->name, r->id);
	if (status == CRM_OK)
		status = search_created(im->s, im->e);
	if (status == CRM_OK && im->e->saved)
		status = im->e->saved(r, true);
	return status == CRM_OK ? facts_touch_record(r) : status;
}

static int create(struct import *im, size_t line)
{
	struct crm_record *r = &im->record;
	int status;

	if (im->opt->mode && strcmp(im->opt->mode, "update") == 0)
		return err_set(&im->s->err, CRM_NOTFOUND, "there is no such %s to update", entity_word(im->e));
	status = near_check(im, line);
	if (status == CRM_OK)
		status = fast_path(im, r) ? create_fast(im) : crm_record_save(r);
	if (status == CRM_OK)
		status = matcher_add(im, r, r->id);
	if (status == CRM_OK)
		status = remember_created(im, r->id, line);
	if (status == CRM_OK)
		status = plan_put(im, line, NULL, r);
	if (status == CRM_OK)
		im->out->created++;
	return status;
}

static int update(struct import *im, const struct draft *d, int64_t id)
{
	struct crm_record *r = &im->record;
	size_t before = apply_line_of(im, id);
	enum put_how how = PUT_OVER;
	int64_t version;
	int status;

	record_reset(r);
	status = rows_load(r, id);
	version = r->op;
	if (status == CRM_OK && im->match.survivors)
		status = survivor_how(&how, im, d, id);
	if (status == CRM_OK)
		status = put_values(im, d, how);
	if (status == CRM_OK && how != PUT_FILL && before > 0 && record_differs(r))
		return err_set(&im->s->err, CRM_CONFLICT, "the same %s as line %zu, with other values",
			entity_word(im->e), before);
	if (status == CRM_OK)
		status = crm_record_save(r);
	if (status < 0)
		return status;
	if (r->op == version) {
		im->out->unchanged++;
		return CRM_OK;
	}
	im->out->updated++;
	return how == PUT_FILL ? CRM_OK : remember_updated(im, id, d->line);
}

/* An update that a plan tells: with what was before. */
static int update_and_plan(struct import *im, const struct draft *d, int64_t id)
{
	uint64_t updated = im->out->updated;
	crm_record *before = NULL;
	int status = im->opt->plan > 0 ? crm_record_load(&before, im->s, im->e, id) : CRM_OK;

	if (status == CRM_OK)
		status = update(im, d, id);
	if (status == CRM_OK && before && im->out->updated > updated)
		status = plan_put(im, d->line, before, &im->record);
	crm_record_free(before);
	return status;
}

/* The row as a new record, which it is until something is found. */
static int read_row(struct import *im, const struct draft *d)
{
	int status;

	record_reset(&im->record);
	im->record.unique = im->bulk;
	im->fault_field = NULL;
	im->fault_is_row = false;
	status = put_values(im, d, PUT_OVER);
	return status == CRM_OK ? put_source(im) : status;
}

/* The same words at another time, which a --default may have told, are another answer. */
static bool same_answer(crm_record *r, const crm_value *answered)
{
	crm_value stored = crm_record_get(r, "answered_at");

	return value_equal(&stored, answered);
}

/* The record that has all that a row without key, e-mail and phone says; *id 0: none. */
static int find_alike(struct import *im, const struct draft *d, int64_t *id)
{
	cleanup(freep) int64_t *ids = NULL;
	struct crm_record *r = &im->record;
	crm_value answered;
	size_t n = 0;
	int status = im->e->prepare ? im->e->prepare(r, true) : CRM_OK;

	if (status == CRM_OK)
		status = alike_candidates(im, &ids, &n);
	answered = crm_record_get(r, "answered_at");
	for (size_t i = 0; status == CRM_OK && *id == 0 && i < n; i++) {
		record_reset(r);
		status = rows_load(r, ids[i]);
		if (status == CRM_OK && !same_answer(r, &answered))
			continue;
		if (status == CRM_OK)
			status = put_values(im, d, PUT_OVER);
		if (status == CRM_OK && !record_differs(r))
			*id = ids[i];
	}
	if (status == CRM_OK && *id && alike_are_several(im)) /* another row like it is another order */
		status = remember_updated(im, *id, d->line);
	return status == CRM_OK && n > 0 ? read_row(im, d) : status;
}

int apply_row(struct import *im, const struct draft *d)
{
	struct crm_record *r = &im->record;
	int64_t id = 0;
	int status = read_row(im, d);

	if (status == CRM_OK)
		status = matcher_find_own(im, r, d->id, &id);
	if (status == CRM_OK && id == 0)
		status = matcher_find(im, r, &id);
	if (status == CRM_OK && id == 0)
		status = repeated_find(im, &id);
	if (status == CRM_OK && id == 0)
		status = numbered_find(im, &id);
	if (status == CRM_OK && id == 0)
		status = setting_find(im, &id);
	if (status == CRM_OK && id == 0 && alike_applies(im, r))
		status = find_alike(im, d, &id);
	if (status == CRM_OK && id == 0)
		status = answered_find(im, &id);
	if (status < 0)
		return status;
	if (id == 0)
		return create(im, d->line);
	if (im->opt->mode && strcmp(im->opt->mode, "insert") == 0)
		return err_set(
			&im->s->err, CRM_EXISTS, "%s %lld is this one already", entity_word(im->e), (long long)id);
	if (matcher_same_row(im, r, id)) {
		im->out->unchanged++;
		return CRM_OK;
	}
	return update_and_plan(im, d, id);
}

static bool maps(const struct import *im, const char *field)
{
	for (size_t i = 0; i < im->mapping.n; i++)
		if (im->mapping.columns[i].field && strcmp(im->mapping.columns[i].field->name, field) == 0)
			return true;
	for (size_t i = 0; i < im->opt->ndefaults; i++)
		if (strncmp(im->opt->defaults[i], field, strlen(field)) == 0 &&
			im->opt->defaults[i][strlen(field)] == '=')
			return true;
	return false;
}

/*
 * Without indexes nobody can ask row by row: matching must see to all unique values, and repeated communications and
 * events are found at the end, too late to reject them.
 */
static bool can_do_without_indexes(const struct import *im)
{
	bool insert = im->opt->mode && strcmp(im->opt->mode, "insert") == 0;

	if (im->match.key_field && !im->match.key && (maps(im, "key") || maps(im, "source")))
		return false;
	if (im->e == &entity_order || im->e == &entity_survey || setting_possible(im) || near_is_asked(im))
		return false;
	/* a plan tells each row once, at once: nothing may be taken back at the end */
	return !((insert || im->opt->plan > 0) && repeated_possible(im));
}

/*
 * Small imports ask the indexes row by row and keep them live. One that turns out large goes over to maps, and drops
 * the indexes until COMMIT when it will create more than a quarter of what is stored.
 */
int apply_bulk_check(struct import *im, uint64_t bytes)
{
	uint64_t rows = im->out->read;
	double expected, created;
	int status = CRM_OK;

	if (im->bulk || rows < 2000 || rows < (uint64_t)im->stored / 50)
		return CRM_OK;
	expected = im->size > 0 && bytes > 0 ? (double)rows / (double)bytes * (double)im->size : (double)rows * 8;
	created = expected * (double)im->out->created / (double)rows;
	if (!im->match.bulk)
		status = matcher_go_bulk(im);
	if (status < 0 || created < (double)im->stored / 4 || !can_do_without_indexes(im))
		return status;
	im->bulk = true;
	bulk_trust_references(im->s, true);
	return bulk_drop_indexes(im->s, im->e->table);
}
