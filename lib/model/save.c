/* Saving and removing records: checks, rules, journal, facts. The one way in. */
#include "model/custom.h"
#include "model/record.h"
#include "model/search.h"
#include <stdio.h>

static int check_required(crm_record *r)
{
	for (size_t i = 0; i < r->e->nfields; i++) {
		const struct crm_field *f = &r->e->fields[i];
		const crm_value *v = &r->slots[i].value;
		bool blank = v->kind == CRM_STRING && strspn(v->s, " \t\r\n") == v->len;

		if (f->flags & CRM_FIELD_REQUIRED && (v->kind == CRM_NULL || blank))
			return err_set(&r->s->err, CRM_INVALID, "%s: %s is required", entity_word(r->e), f->name);
	}
	return CRM_OK;
}

/* The field within whose values another is unique: the key of a record within its source, the name of a view within its entity. */
static const struct crm_field *unique_within(const struct crm_entity *e, const struct crm_field *f)
{
	if (f->flags & CRM_FIELD_UNIQUE)
		return strcmp(f->name, "key") == 0 ? field_find_static(e, "source") : NULL;
	return strcmp(f->name, "name") == 0 ? field_find_static(e, "entity") : NULL;
}

/* CRM_EXISTS when another record has the value. */
static int check_taken(crm_record *r, const struct crm_field *f, const struct crm_field *within)
{
	const struct slot *slot = &r->slots[record_index(r, f)];
	const char *column = f->norm ? f->norm : field_column(f);
	const crm_value *value = f->norm ? &slot->norm : &slot->value;
	struct buf sql = BUF_INIT;
	int64_t other;
	int status;

	buf_printf(
		&sql, "SELECT id FROM %s WHERE %s = $1 AND %s IS NOT NULL AND id <> $2", r->e->table, column, column);
	if (within)
		buf_printf(&sql,
			within->flags & CRM_FIELD_REQUIRED ? " AND %s = $3"
							   : " AND coalesce(%s, '') = coalesce($3, '')",
			field_column(within));
	status = !buf_str(&sql) ? err_nomem(&r->s->err)
		 : within       ? db_get_int(
					  &other, r->s, sql.s, "viv", value, r->id, &r->slots[record_index(r, within)].value)
			  : db_get_int(&other, r->s, sql.s, "vi", value, r->id);
	buf_free(&sql);
	if (status == CRM_OK)
		return err_set(&r->s->err, CRM_EXISTS, "%s %lld has the %s '%s' already", entity_word(r->e),
			(long long)other, f->name, slot->value.s);
	return status == CRM_END ? CRM_OK : status;
}

/* A unique value that is taken is named before SQLite refuses it in its own words. */
static int check_unique(crm_record *r)
{
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < r->e->nfields && !r->unique; i++) {
		const struct crm_field *f = &r->e->fields[i];
		const struct crm_field *within = unique_within(r->e, f);

		if ((f->flags & CRM_FIELD_UNIQUE || within) && r->slots[i].value.kind != CRM_NULL &&
			(r->slots[i].changed || (within && record_changed(r, within->name))))
			status = check_taken(r, f, within);
	}
	return status;
}

bool record_differs(const crm_record *r)
{
	for (size_t i = 0; i < r->e->nfields; i++)
		if (r->slots[i].changed || r->lists[i].changed)
			return true;
	for (size_t i = 0; i < r->ncustom; i++)
		if (r->custom[i].changed)
			return true;
	return false;
}

static void settle(crm_record *r)
{
	for (size_t i = 0; i < r->e->nfields; i++)
		r->slots[i].changed = r->lists[i].changed = false;
	for (size_t i = 0; i < r->ncustom; i++)
		r->custom[i].changed = false;
}

static bool changes_words(const crm_record *r)
{
	for (size_t i = 0; i < r->e->nfields; i++)
		if ((r->slots[i].changed || r->lists[i].changed) && search_has_field(&r->e->fields[i]))
			return true;
	for (size_t i = 0; i < r->ncustom; i++)
		if (r->custom[i].changed)
			return true;
	return false;
}

static int save_in_operation(crm_record *r)
{
	bool creating = r->id == 0;
	int status = r->e->prepare ? r->e->prepare(r, creating) : CRM_OK;

	if (status == CRM_OK)
		status = check_required(r);
	if (status == CRM_OK)
		status = check_unique(r);
	if (status == CRM_OK && !creating) {
		status = facts_touch(r->s, r->e, r->id); /* the owner before the change */
		if (status == CRM_OK)
			status = image_save(r->s, r->e, r->id, r->op);
		if (status == CRM_OK && r->e->changing)
			status = r->e->changing(r);
		if (status == CRM_OK && changes_words(r))
			status = search_touch(r->s, r->e, r->id);
	}
	if (status == CRM_OK)
		status = creating ? rows_insert(r) : rows_update(r);
	if (status == CRM_OK)
		status = rows_write_children(r, creating);
	if (status == CRM_OK && creating)
		status = op_created(r->s, r->e->name, r->id);
	if (status == CRM_OK && creating)
		status = search_created(r->s, r->e);
	if (status == CRM_OK && r->e->saved)
		status = r->e->saved(r, creating);
	if (status == CRM_OK)
		status = facts_touch(r->s, r->e, r->id);
	if (r->e == &entity_field)
		custom_forget(r->s);
	if (status == CRM_OK)
		settle(r);
	return status;
}

int crm_record_save(crm_record *r)
{
	char command[64];
	int status = record_settle_money(r, NULL);

	if (status < 0)
		return status;
	if (r->id && !record_differs(r))
		return CRM_OK;
	snprintf(command, sizeof(command), "%s %s", r->e->name, r->id ? "edit" : "add");
	status = op_require(r->s, command);
	if (status == CRM_OK)
		status = op_finish(r->s, save_in_operation(r));
	return status;
}

/* Whom to ask, and where to look. */
static int changed_since(crm_store *s, const struct crm_entity *e, int64_t id, int64_t version, int64_t op)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	char time[32];
	int status = db_prepare(&st, s, "SELECT at, agent, command FROM operation WHERE id = $1", 0);

	if (status < 0)
		return status;
	db_bind_int(st, 1, op);
	status = db_step(st);
	if (status < 0)
		return status;
	if (status == CRM_END || op < version) /* from a dump without its history; mistyped */
		return err_set(&s->err, CRM_CONFLICT, "%s %lld: has version %lld, not %lld (crm %s show %lld)",
			entity_word(e), (long long)id, (long long)op, (long long)version, e->name, (long long)id);
	crm_time_format(time, s, db_int(st, 0), CRM_TIME_SHORT);
	return err_set(&s->err, CRM_CONFLICT,
		"%s %lld: was changed since version %lld, by %s at %s (%s): it is version %lld now (crm history "
		"%s:%lld)",
		entity_word(e), (long long)id, (long long)version, db_text(st, 1), time, db_text(st, 2), (long long)op,
		e->name, (long long)id);
}

int crm_record_unchanged(crm_store *s, const crm_entity *e, int64_t id, int64_t version)
{
	char sql[64];
	int64_t op;
	int status;

	snprintf(sql, sizeof(sql), "SELECT op FROM %s WHERE id = $1", e->table);
	status = db_get_int(&op, s, sql, "i", id);
	if (status == CRM_END)
		return err_set(&s->err, CRM_NOTFOUND, "there is no %s %lld", entity_word(e), (long long)id);
	return status < 0 || op == version ? status : changed_since(s, e, id, version, op);
}

/* --- removing --- */

bool next_reference(struct reference *ref, size_t *at, const struct crm_entity *target)
{
	size_t seen = 0;

	for (size_t i = 0; i < crm_entity_count(); i++) {
		const struct crm_entity *e = crm_entity_at(i);

		for (size_t k = 0; k < e->nfields; k++) {
			if (e->fields[k].type != CRM_REF || strcmp(e->fields[k].target, target->name) != 0 ||
				seen++ < *at)
				continue;
			*ref = (struct reference){ .e = e, .f = &e->fields[k] };
			++*at;
			return true;
		}
	}
	return false;
}

/* Ids of the records that refer to record `id` of `target` through `ref`. */
static int referring_ids(crm_store *s, const struct reference *ref, const struct crm_entity *target, int64_t id,
	int64_t **ids, size_t *n)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf sql = BUF_INIT;
	int status;

	*ids = NULL;
	*n = 0;
	if (ref->f->flags & FIELD_HANDLE)
		buf_printf(&sql, "SELECT id FROM %s WHERE %s = (SELECT name FROM %s WHERE id = $1) ORDER BY id",
			ref->e->table, field_column(ref->f), target->table);
	else
		buf_printf(&sql, "SELECT id FROM %s WHERE %s = $1 ORDER BY id", ref->e->table, field_column(ref->f));
	status = buf_str(&sql) ? db_prepare(&st, s, sql.s, DB_SCAN) : err_nomem(&s->err);
	buf_free(&sql);
	if (status < 0)
		return status;
	db_bind_int(st, 1, id);
	return db_gather_ids(ids, n, s, st);
}

/* What names the record in a filter on `ref`: its id, or where handles are stored its name. */
static int name_in_filter(
	struct buf *out, crm_store *s, const struct reference *ref, const struct crm_entity *e, int64_t id)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	char sql[128];
	int status;

	snprintf(sql, sizeof(sql), "SELECT %s FROM %s WHERE id = $1", ref->f->flags & FIELD_HANDLE ? "name" : "id",
		e->table);
	status = db_prepare(&st, s, sql, 0);
	if (status < 0)
		return status;
	db_bind_int(st, 1, id);
	status = db_step(st);
	if (status == CRM_OK)
		buf_puts(out, db_text(st, 0));
	return status;
}

static int forbid_dependants(crm_store *s, const struct crm_entity *e, int64_t id, const char *what)
{
	struct reference ref;
	size_t at = 0, n;
	int64_t *ids;
	int status = CRM_OK;

	while (status == CRM_OK && next_reference(&ref, &at, e)) {
		struct buf name = BUF_INIT;

		if (ref.f->flags & FIELD_LETGO)
			continue;
		status = referring_ids(s, &ref, e, id, &ids, &n);
		free(ids);
		if (status == CRM_OK && n > 0)
			status = name_in_filter(&name, s, &ref, e, id);
		if (status == CRM_OK && n > 0)
			status = err_set(&s->err, CRM_CONFLICT,
				crm_tr_n("%s %lld %s: %zu %s refers to it (crm %s list %s:%s)",
					"%s %lld %s: %zu %s refer to it (crm %s list %s:%s)", n),
				entity_word(e), (long long)id, crm_tr(what), n, entity_words(ref.e, n), ref.e->name,
				ref.f->name, buf_str(&name));
		buf_free(&name);
	}
	return status;
}

int record_forbid_dependants(crm_record *r, const char *what)
{
	return forbid_dependants(r->s, r->e, r->id, what);
}

/* Clears the reference of a record whose target goes. */
static int let_go(crm_store *s, const struct reference *ref, int64_t id)
{
	crm_record *r;
	int status = crm_record_load(&r, s, ref->e, id);

	if (status < 0)
		return status;
	status = crm_record_set(r, ref->f->name, "");
	if (status == CRM_OK)
		status = crm_record_save(r);
	crm_record_free(r);
	return status;
}

static int remove_one(crm_store *s, const struct crm_entity *e, int64_t id, size_t *count);

/* Removes what hangs on the record, where that may be, and clears the references that let it go. */
static int remove_dependants(crm_store *s, const struct crm_entity *e, int64_t id, size_t *count)
{
	struct reference ref;
	size_t at = 0, n;
	int64_t *ids;
	int status = CRM_OK;

	while (status == CRM_OK && next_reference(&ref, &at, e)) {
		if (!(e->flags & ENTITY_CASCADE || ref.f->flags & FIELD_LETGO))
			continue;
		status = referring_ids(s, &ref, e, id, &ids, &n);
		for (size_t i = 0; status == CRM_OK && i < n; i++)
			status = ref.f->flags & FIELD_LETGO ? let_go(s, &ref, ids[i])
							    : remove_one(s, ref.e, ids[i], count);
		free(ids);
	}
	return status;
}

static int remove_one(crm_store *s, const struct crm_entity *e, int64_t id, size_t *count)
{
	char sql[128];
	int64_t op;
	int status;

	snprintf(sql, sizeof(sql), "SELECT op FROM %s WHERE id = $1", e->table);
	status = db_get_int(&op, s, sql, "i", id);
	if (status == CRM_END)
		return err_set(&s->err, CRM_NOTFOUND, "there is no %s %lld", entity_word(e), (long long)id);
	if (status == CRM_OK && !(e->flags & ENTITY_CASCADE))
		status = forbid_dependants(s, e, id, N_("cannot be removed"));
	if (status == CRM_OK)
		status = remove_dependants(s, e, id, count);
	if (status == CRM_OK && e == &entity_field)
		status = custom_remove_values(s, id);
	if (status == CRM_OK)
		status = facts_touch(s, e, id);
	if (status == CRM_OK)
		status = search_touch(s, e, id);
	if (status == CRM_OK)
		status = image_save(s, e, id, op);
	if (status == CRM_OK)
		status = children_delete(s, e, "record = $2", id);
	if (status == CRM_OK) {
		snprintf(sql, sizeof(sql), "DELETE FROM %s WHERE id = $1", e->table);
		status = db_run(s, sql, "i", id);
	}
	if (status == CRM_OK)
		++*count;
	return status;
}

int crm_record_remove(crm_store *s, const crm_entity *e, const int64_t *ids, size_t n, size_t *count)
{
	char command[64];
	size_t removed = 0;
	int status;

	if (e->flags & ENTITY_FIXED)
		return err_set(&s->err, CRM_INVALID, "%s: records are kept by crm itself", entity_word(e));
	snprintf(command, sizeof(command), "%s rm", e->name);
	status = op_require(s, command);
	if (status < 0)
		return status;
	for (size_t i = 0; status == CRM_OK && i < n; i++)
		status = remove_one(s, e, ids[i], &removed);
	if (e == &entity_field)
		custom_forget(s);
	status = op_finish(s, status);
	if (status == CRM_OK && count)
		*count = removed;
	return status;
}

int crm_record_dependants(char **out, crm_store *s, const crm_entity *e, const int64_t *ids, size_t n)
{
	struct buf text = BUF_INIT;
	struct reference ref;
	size_t at = 0;
	int status = CRM_OK;

	buf_printf(&text, "%zu %s", n, entity_words(e, n));
	while (status == CRM_OK && next_reference(&ref, &at, e)) {
		size_t total = 0;

		if (ref.f->flags & FIELD_LETGO)
			continue;

		for (size_t i = 0; status == CRM_OK && i < n; i++) {
			int64_t *found = NULL;
			size_t k = 0;

			status = referring_ids(s, &ref, e, ids[i], &found, &k);
			total += k;
			free(found);
		}
		if (total > 0)
			buf_printf(&text, ", %zu %s", total, entity_words(ref.e, total));
	}
	if (status < 0)
		buf_free(&text);
	else if (!(*out = buf_take(&text)))
		status = err_nomem(&s->err);
	return status;
}
