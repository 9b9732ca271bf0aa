/*
 * Rows without key, e-mail and phone: the same row again is the same record, so that a file imported twice changes
 * nothing. Alike is a record with the same name that has the same in every column of the file; people of one name who
 * differ in anything are several. Orders without key and number are looked up by their customer, and each stands for
 * one row only: two equal purchases stay two. So are surveys, but for answers about a ticket, which has but one.
 */
#include "exchange/import/import.h"
#include "model/survey.h"

bool alike_are_several(const struct import *im)
{
	return im->e == &entity_order || im->e == &entity_survey;
}

/* What records are looked up by: their name. NULL where names are unique or mean nothing. */
static const struct crm_field *lookup_field(const struct import *im)
{
	const struct crm_field *f = im->match.key_field ? field_find_static(im->e, "name") : NULL;

	if (alike_are_several(im))
		return field_find_static(im->e, "customer");
	return f && f->norm && !(f->flags & CRM_FIELD_UNIQUE) ? f : NULL;
}

static bool has(const struct crm_record *r, const struct crm_field *f)
{
	return f && r->slots[record_index(r, f)].value.kind != CRM_NULL;
}

bool alike_possible(const struct import *im)
{
	return lookup_field(im) != NULL;
}

bool alike_applies(const struct import *im, const struct crm_record *r)
{
	const struct matcher *m = &im->match;

	if (im->e == &entity_order && has(r, field_find_static(im->e, "number")))
		return false;
	if (im->e == &entity_survey && has(r, field_find_static(im->e, "ticket")) && survey_is_answer(r))
		return false;
	return lookup_field(im) && !has(r, m->key_field) && !has(r, m->email_field) && !has(r, m->phone_field);
}

uint64_t alike_hash(const struct import *im, const struct crm_record *r)
{
	uint64_t row = matcher_row_hash(im, r);

	return idmap_hash(&im->match.map, 'w', &row, sizeof(row));
}

static bool is_compared(const struct column *c)
{
	return c->field && field_is_stored(c->field);
}

/* An order that another row of the file stands for. */
static bool is_spent(const struct import *im, int64_t id)
{
	return alike_are_several(im) && apply_line_of(im, id) > 0;
}

static int by_index(struct import *im, int64_t **ids, size_t *n)
{
	const struct crm_field *by = lookup_field(im);
	const struct slot *slots = im->record.slots, *slot = &slots[record_index(&im->record, by)];
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf sql = BUF_INIT;
	size_t cap = 0;
	int status, k = 1;

	buf_printf(&sql, "SELECT id FROM %s WHERE %s = $1", im->e->table, by->norm ? by->norm : field_column(by));
	for (size_t i = 0; i < im->mapping.n; i++)
		if (is_compared(&im->mapping.columns[i]))
			buf_printf(&sql, " AND %s IS $%d", field_column(im->mapping.columns[i].field), ++k);
	buf_puts(&sql, alike_are_several(im) ? " ORDER BY id" : " ORDER BY id LIMIT 2");
	status = buf_str(&sql) ? db_prepare(&st, im->s, sql.s, DB_SCAN) : err_nomem(&im->s->err);
	buf_free(&sql);
	if (status < 0)
		return status;
	db_bind_value(st, 1, by->norm ? &slot->norm : &slot->value);
	k = 1;
	for (size_t i = 0; i < im->mapping.n; i++)
		if (is_compared(&im->mapping.columns[i]))
			db_bind_value(st, ++k, &slots[record_index(&im->record, im->mapping.columns[i].field)].value);
	while (status >= 0 && (status = db_step(st)) == CRM_OK) {
		if (is_spent(im, db_int(st, 0)))
			continue;
		if (!GROW(*ids, *n, cap))
			return err_nomem(&im->s->err);
		(*ids)[(*n)++] = db_int(st, 0);
	}
	return status < 0 ? status : CRM_OK;
}

static int by_map(struct import *im, int64_t **ids, size_t *n)
{
	size_t at = SIZE_MAX, cap = 0;
	uint64_t hash = alike_hash(im, &im->record);
	int64_t id;

	while (idmap_next(&im->match.map, hash, &at, &id)) {
		if (is_spent(im, id))
			continue;
		if (!GROW(*ids, *n, cap))
			return err_nomem(&im->s->err);
		(*ids)[(*n)++] = id;
	}
	return CRM_OK;
}

int alike_candidates(struct import *im, int64_t **ids, size_t *n)
{
	return im->match.bulk ? by_map(im, ids, n) : by_index(im, ids, n);
}
