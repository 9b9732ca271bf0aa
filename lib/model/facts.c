/*
 * Derived facts: recomputed before COMMIT for the owners that an operation touched, never incremented, so undo,
 * merge and erase need nothing of their own.
 */
#include "model/record.h"
#include <stdio.h>

#define END_OF_TIME "9223372036854775807" /* facts are kept without regard to the clock */

/* The expression of a fact for a row of the owner's table. */
static void put_expression(struct buf *sql, const struct crm_entity *e, const struct crm_field *f)
{
	for (const char *p = f->sql; *p; p++)
		if (*p == '@') {
			buf_puts(sql, e->table);
		} else if (strncmp(p, "$now", 4) == 0) {
			buf_puts(sql, END_OF_TIME);
			p += 3;
		} else {
			buf_putc(sql, *p);
		}
}

/* `column OPERATOR expression` for each derived field, joined by `between`. */
static void fact_list(struct buf *sql, const struct crm_entity *e, const char *operator, const char * between)
{
	bool first = true;

	for (size_t i = 0; i < e->nfields; i++) {
		const struct crm_field *f = &e->fields[i];

		if (!(f->flags & CRM_FIELD_DERIVED))
			continue;
		buf_printf(sql, "%s%s %s ", first ? "" : between, field_column(f), operator);
		put_expression(sql, e, f);
		first = false;
	}
}

/* Owners as a JSON array of ids: one statement for a set of any size. */
static int recompute_some(crm_store *s, const struct crm_entity *e, const int64_t *ids, size_t n)
{
	struct buf sql = BUF_INIT, list = BUF_INIT;
	int status;

	buf_printf(&sql, "UPDATE %s SET ", e->table);
	fact_list(&sql, e, "=", ", ");
	buf_puts(&sql, " WHERE id IN (SELECT value FROM json_each($1))");
	for (size_t i = 0; i < n; i++)
		buf_printf(&list, "%c%lld", i ? ',' : '[', (long long)ids[i]);
	buf_putc(&list, ']');
	if (buf_str(&sql) && buf_str(&list)) {
		cleanup(db_releasep) struct stmt *st = NULL;

		status = db_prepare(&st, s, sql.s, DB_SCAN); /* the scan is of the array */
		if (status == CRM_OK) {
			db_bind_text(st, 1, list.s, list.len);
			status = db_step(st);
		}
	} else {
		status = err_nomem(&s->err);
	}
	buf_free(&sql);
	buf_free(&list);
	return status < 0 ? status : CRM_OK;
}

/* Every owner by the expressions, where no faster way is described. */
static int recompute_each(crm_store *s, const struct crm_entity *e)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf sql = BUF_INIT;
	int status;

	buf_printf(&sql, "UPDATE %s SET ", e->table);
	fact_list(&sql, e, "=", ", ");
	status = buf_str(&sql) ? db_prepare(&st, s, sql.s, DB_SCAN) : err_nomem(&s->err);
	buf_free(&sql);
	if (status == CRM_OK)
		status = db_step(st);
	return status < 0 ? status : CRM_OK;
}

/* Indexes on the facts are rebuilt afterwards: a million changes in random order would cost more. */
int facts_recompute_all(crm_store *s, const struct crm_entity *e)
{
	bool special = false;
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < e->nfields; i++)
		if (e->fields[i].flags & CRM_FIELD_DERIVED)
			status = bulk_drop_indexes_on(s, e->table, field_column(&e->fields[i]));
	for (size_t i = 0; status == CRM_OK && i < e->nfacts; i++)
		if (e->facts[i].recompute_all) {
			status = e->facts[i].recompute_all(s);
			special = true;
		}
	return status == CRM_OK && !special ? recompute_each(s, e) : status;
}

static int recompute(crm_store *s, const struct marks *m)
{
	const struct crm_entity *e = m->fact;

	return m->all ? facts_recompute_all(s, e) : recompute_some(s, e, m->ids, m->n);
}

int facts_mark_owner(crm_store *s, const struct crm_entity *owner, int64_t id)
{
	return owner->nfacts ? op_mark(s, owner, recompute, id) : CRM_OK;
}

int facts_touch_all(crm_store *s, const struct crm_entity *e)
{
	int status = CRM_OK;

	for (size_t i = 0; i < crm_entity_count(); i++) {
		const struct crm_entity *o = crm_entity_at(i);

		for (size_t k = 0; status == CRM_OK && k < o->nfacts; k++)
			if (strcmp(o->facts[k].from, e->name) == 0)
				status = facts_mark_owner(s, o, 0);
	}
	return status;
}

static int touch_owner(const crm_record *r, const struct crm_entity *owner, const struct fact *fact)
{
	const crm_value *via;

	if (!fact->via)
		return facts_mark_owner(r->s, owner, 0);
	if (strcmp(fact->via, "id") == 0)
		return facts_mark_owner(r->s, owner, r->id);
	via = &r->slots[record_index(r, field_find_static(r->e, fact->via))].value;
	return via->kind == CRM_INT ? facts_mark_owner(r->s, owner, via->i) : CRM_OK;
}

int facts_touch_record(const crm_record *r)
{
	int status = CRM_OK;

	for (size_t i = 0; i < crm_entity_count(); i++) {
		const struct crm_entity *o = crm_entity_at(i);

		for (size_t k = 0; status == CRM_OK && k < o->nfacts; k++)
			if (strcmp(o->facts[k].from, r->e->name) == 0)
				status = touch_owner(r, o, &o->facts[k]);
	}
	return status;
}

int facts_touch(crm_store *s, const struct crm_entity *e, int64_t id)
{
	char sql[256];
	int64_t owner;
	int status;

	for (size_t i = 0; i < crm_entity_count(); i++) {
		const struct crm_entity *o = crm_entity_at(i);

		for (size_t k = 0; k < o->nfacts; k++) {
			if (strcmp(o->facts[k].from, e->name) != 0)
				continue;
			owner = 0;
			if (o->facts[k].via)
				snprintf(sql, sizeof(sql), "SELECT %s FROM %s WHERE id = $1 AND %s IS NOT NULL",
					o->facts[k].via, e->table, o->facts[k].via);
			status = o->facts[k].via ? db_get_int(&owner, s, sql, "i", id) : CRM_OK;
			if (status == CRM_OK)
				status = facts_mark_owner(s, o, owner);
			if (status < 0)
				return status;
		}
	}
	return CRM_OK;
}

int facts_touch_by(crm_store *s, const struct crm_entity *e, const struct crm_field *via, int64_t owner)
{
	int status = CRM_OK;

	for (size_t i = 0; i < crm_entity_count(); i++) {
		const struct crm_entity *o = crm_entity_at(i);

		for (size_t k = 0; status == CRM_OK && k < o->nfacts; k++)
			if (strcmp(o->facts[k].from, e->name) == 0 && o->facts[k].via &&
				strcmp(o->facts[k].via, via->name) == 0)
				status = facts_mark_owner(s, o, owner);
	}
	return status;
}

/* `column` of the records of a run, each marked as an owner. */
static int touch_owners_of_run(crm_store *s, const struct crm_entity *owner, const char *column, const char *table,
	int64_t first, int64_t last)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	char sql[160];
	int status;

	snprintf(sql, sizeof(sql), "SELECT %s FROM %s WHERE id BETWEEN $1 AND $2 AND %s IS NOT NULL", column, table,
		column);
	status = db_prepare(&st, s, sql, 0);
	if (status < 0)
		return status;
	db_bind_int(st, 1, first);
	db_bind_int(st, 2, last);
	while (!op_marks_all(s, owner) && (status = db_step(st)) == CRM_OK)
		if ((status = facts_mark_owner(s, owner, db_int(st, 0))) < 0)
			return status;
	return status < 0 ? status : CRM_OK;
}

int facts_touch_run(crm_store *s, const struct crm_entity *e, int64_t first, int64_t last)
{
	int status = e->nfacts ? touch_owners_of_run(s, e, "id", e->table, first, last) : CRM_OK;

	for (size_t i = 0; i < crm_entity_count(); i++) {
		const struct crm_entity *o = crm_entity_at(i);

		for (size_t k = 0; status == CRM_OK && k < o->nfacts; k++)
			if (strcmp(o->facts[k].from, e->name) == 0)
				status = o->facts[k].via
						 ? touch_owners_of_run(s, o, o->facts[k].via, e->table, first, last)
						 : facts_mark_owner(s, o, 0);
	}
	return status;
}

int facts_check(crm_store *s, const struct crm_entity *e, facts_wrong_fn fn, void *payload)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf sql = BUF_INIT;
	int status;

	if (!e->nfacts)
		return CRM_OK;
	buf_printf(&sql, "SELECT id FROM %s WHERE ", e->table);
	fact_list(&sql, e, "IS NOT", " OR ");
	buf_puts(&sql, " ORDER BY id");
	status = buf_str(&sql) ? db_prepare(&st, s, sql.s, DB_SCAN) : err_nomem(&s->err);
	buf_free(&sql);
	while (status == CRM_OK && (status = db_step(st)) == CRM_OK)
		fn(e, db_int(st, 0), payload);
	return status < 0 ? status : CRM_OK;
}
