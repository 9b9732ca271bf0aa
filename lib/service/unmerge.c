/*
 * Taking customers apart again: an undo that minds what was written since field by field, instead of refusing.
 *
 * What the merge left of a record is what its next change found: the image of that change, or the record as it is now.
 * Records that nobody has changed since go back by the journal as in any undo; of the others every field that still is as
 * the merge left it gets its old value.
 */
#include "service/merge.h"

#include "model/undo.h"

/* One record at three times. */
struct apart {
	struct crm_record old, left, now;
	struct buf stays; /* names of fields that were changed since */
};

static struct slot *slot_of(struct crm_record *r, size_t i)
{
	return &r->slots[i];
}

static void stays(struct apart *a, const char *name)
{
	buf_printf(&a->stays, "%s%s", a->stays.len ? ", " : "", name);
}

/* --- fields --- */

static bool same(const struct crm_record *a, const struct crm_record *b, size_t i, size_t with)
{
	return value_equal(&a->slots[i].value, &b->slots[i].value) &&
	       value_equal(&a->slots[with].value, &b->slots[with].value);
}

static void put(struct apart *a, size_t i)
{
	record_put(&a->now, &a->now.e->fields[i], &slot_of(&a->old, i)->value, &slot_of(&a->old, i)->norm);
}

/* A key and its source are one. */
static void settle_field(struct apart *a, size_t i)
{
	const struct crm_entity *e = a->now.e;
	const struct crm_field *f = &e->fields[i], *source = field_find_static(e, "source");
	size_t with = source && strcmp(f->name, "key") == 0 ? record_index(&a->now, source) : i;

	if (same(&a->old, &a->left, i, with) || same(&a->old, &a->now, i, with))
		return;
	if (!same(&a->left, &a->now, i, with)) {
		stays(a, f->name);
		return;
	}
	put(a, i);
	if (with != i)
		put(a, with);
}

/* --- lists --- */

static bool same_label(const struct item *a, const struct item *b)
{
	return strcmp(a->label ? a->label : "", b->label ? b->label : "") == 0;
}

static bool same_items(const struct items *a, const struct items *b)
{
	for (size_t i = 0; a->n == b->n && i < a->n; i++)
		if (strcmp(a->v[i].norm, b->v[i].norm) != 0 || !same_label(&a->v[i], &b->v[i]))
			return false;
	return a->n == b->n;
}

static struct items *items_of(const struct crm_record *r, const struct crm_field *list)
{
	return &r->lists[record_index(r, list)];
}

static bool has(const struct crm_record *r, const struct crm_field *list, const char *norm)
{
	return items_find(items_of(r, list), norm) || record_is_primary(r, list, norm);
}

/* It has become the primary one: then it is none of the further ones, unless it always was both. */
static bool has_become_primary(const struct apart *a, const struct crm_field *list, const char *norm)
{
	return record_is_primary(&a->now, list, norm) && !record_is_primary(&a->old, list, norm);
}

/* An item that the merge brought goes. One that was the primary one, and is not now, needs this place. */
static bool goes(const struct apart *a, const struct crm_field *list, const char *norm)
{
	if (items_find(items_of(&a->old, list), norm))
		return has_become_primary(a, list, norm);
	return record_is_primary(&a->now, list, norm) || (has(&a->left, list, norm) && !has(&a->old, list, norm));
}

static int add_item(struct items *list, const struct item *item, struct err *err)
{
	if (!GROW(list->v, list->n, list->cap))
		return err_nomem(err);
	list->v[list->n++] = *item;
	return CRM_OK;
}

/* The label that an item had, if the merge gave it the one that it has. */
static void take_label(struct item *item, const struct items *old, const struct items *left)
{
	const struct item *had = items_find(old, item->norm), *got = items_find(left, item->norm);

	if (had && got && same_label(got, item))
		item->label = had->label;
}

static int settle_list(struct apart *a, const struct crm_field *f)
{
	const struct items *old = items_of(&a->old, f), *left = items_of(&a->left, f);
	struct items *now = items_of(&a->now, f), list = { 0 };
	int status = CRM_OK;

	if (same_items(old, left) && same_items(left, now))
		return CRM_OK;
	for (size_t k = 0; status == CRM_OK && k < now->n; k++) {
		struct item item = now->v[k];

		take_label(&item, old, left);
		if (!goes(a, f, item.norm))
			status = add_item(&list, &item, &a->now.s->err);
	}
	/* one that the merge made the primary one, or took away */
	for (size_t k = 0; status == CRM_OK && k < old->n; k++)
		if (!items_find(left, old->v[k].norm) && !items_find(&list, old->v[k].norm) &&
			!has_become_primary(a, f, old->v[k].norm))
			status = add_item(&list, &old->v[k], &a->now.s->err);
	list.changed = now->changed || !same_items(&list, now);
	free(now->v);
	*now = list;
	return status;
}

/* --- custom fields --- */

static int settle_custom(struct apart *a, const struct crm_field *f)
{
	const crm_value *old = record_custom(&a->old, f), *left = record_custom(&a->left, f),
			*now = record_custom(&a->now, f);

	if (value_equal(old, left) || value_equal(old, now))
		return CRM_OK;
	if (!value_equal(left, now)) {
		stays(a, f->name);
		return CRM_OK;
	}
	return crm_record_set_custom(&a->now, f->name, old->kind == CRM_STRING ? old->s : "");
}

/* --- records --- */

static int settle_values(struct apart *a)
{
	const struct crm_entity *e = a->now.e;
	int status = CRM_OK;

	for (size_t i = 0; i < e->nfields; i++)
		if (field_is_stored(&e->fields[i]) &&
			!(e->fields[i].flags & (FIELD_SYSTEM | FIELD_SOUND | CRM_FIELD_DERIVED)))
			settle_field(a, i);
	for (size_t i = 0; status == CRM_OK && i < e->nfields; i++)
		if (field_is_list(&e->fields[i]))
			status = settle_list(a, &e->fields[i]);
	for (size_t i = e->nfields; status == CRM_OK && i < crm_field_count(a->now.s, e); i++)
		status = settle_custom(a, crm_field_at(a->now.s, e, i));
	return status;
}

/* *op: the change after the merge, which found what the merge had left. */
static int next_change(int64_t *op, const struct undo *u, const struct crm_entity *e, int64_t id)
{
	return db_get_int(op, u->s,
		"SELECT op FROM change WHERE entity = $1 AND first_id = $2 AND op > $3 AND image IS NOT NULL ORDER BY "
		"op"
		" LIMIT 1",
		"sii", e->name, id, u->target);
}

static int load_times(struct apart *a, const struct undo *u, const struct crm_entity *e, int64_t id)
{
	int64_t next;
	int status = rows_load(&a->now, id);

	if (status == CRM_OK)
		status = rows_load_image(&a->old, id, u->target);
	if (status == CRM_OK)
		status = next_change(&next, u, e, id);
	return status == CRM_OK ? rows_load_image(&a->left, id, next) : status;
}

/* What is told of it in the end: the fields that stay as they are, or nothing. */
static int say_stays(struct apart *a, const struct undo *u, int64_t id)
{
	if (!buf_str(&a->stays))
		return err_nomem(&u->s->err);
	return db_run(u->s, "UPDATE temp.kept SET why = $1, what = $2 WHERE entity = $3 AND id = $4", "issi",
		(int64_t)(a->stays.len > 0 ? KEPT_STAYS : KEPT_UNSAID), buf_str(&a->stays), a->now.e->name, id);
}

static void apart_release(struct apart *a)
{
	record_release(&a->old);
	record_release(&a->left);
	record_release(&a->now);
	buf_free(&a->stays);
}

static int settle_record(const struct undo *u, const struct crm_entity *e, int64_t id)
{
	cleanup(apart_release) struct apart a = { 0 };
	int status = record_init(&a.old, u->s, e);

	if (status == CRM_OK)
		status = record_init(&a.left, u->s, e);
	if (status == CRM_OK)
		status = record_init(&a.now, u->s, e);
	if (status == CRM_OK)
		status = load_times(&a, u, e, id);
	if (status == CRM_NOTFOUND || status == CRM_END) /* removed since, or made by the merge itself */
		return CRM_OK;
	a.now.imported = true; /* nothing happened to it that rules are to answer */
	if (status == CRM_OK)
		status = settle_values(&a);
	if (status == CRM_OK)
		status = crm_record_save(&a.now);
	return status == CRM_OK ? say_stays(&a, u, id) : status;
}

static int settle(const struct undo *u, const struct crm_entity *e)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	cleanup(freep) int64_t *ids = NULL;
	size_t n = 0, cap = 0;
	int status = db_prepare(&st, u->s, "SELECT id FROM temp.kept WHERE entity = $1 ORDER BY id", DB_ONCE);

	if (status < 0)
		return status;
	db_bind_str(st, 1, e->name);
	while ((status = db_step(st)) == CRM_OK) {
		if (!GROW(ids, n, cap))
			return err_nomem(&u->s->err);
		ids[n++] = db_int(st, 0);
	}
	db_release(TAKE_PTR(st)); /* the table is written to */
	for (size_t i = 0; status >= 0 && i < n; i++)
		status = settle_record(u, e, ids[i]);
	return status < 0 ? status : CRM_OK;
}

/* --- the whole --- */

/* The customer that was kept, by the name of the operation. */
static int find_keep(int64_t *keep, const struct undo *u)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	static const char begins[] = "customer merge ";
	const size_t n = sizeof(begins) - 1;
	const char *command;
	int status = db_prepare(&st, u->s, "SELECT command FROM operation WHERE id = $1", 0);

	if (status < 0)
		return status;
	db_bind_int(st, 1, u->target);
	status = db_step(st);
	if (status < 0)
		return status;
	command = db_text(st, 0);
	if (strncmp(command, begins, n) != 0 ||
		!parse_int64(command + n, strcspn(command + n, " "), 1, INT64_MAX, keep))
		return err_set(&u->s->err, CRM_CONFLICT, "operation %lld is no merge of customers: %s",
			(long long)u->target, command);
	return CRM_OK;
}

static int check_keep(const struct undo *u, int64_t keep)
{
	int64_t other, op;
	int status = db_get_int(&other, u->s, "SELECT id FROM customer WHERE id = $1", "i", keep);

	if (status != CRM_END)
		return status;
	status = db_get_int(&op, u->s,
		"SELECT max(op) FROM change WHERE entity = 'customer' AND first_id = $1 AND image IS NOT NULL", "i",
		keep);
	if (status < 0)
		return status;
	return err_set(&u->s->err, CRM_CONFLICT,
		"operation %lld cannot be taken back: customer %lld, which was kept, is gone since operation %lld: "
		"take that "
		"back first",
		(long long)u->target, (long long)keep, (long long)op);
}

/* Those who were merged come back whole, or the merge stays. */
static int check_others(const struct undo *u, int64_t keep)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	cleanup(buf_free) struct buf why = BUF_INIT;
	int status = db_prepare(&st, u->s,
		"SELECT id, why, what, by_id FROM temp.kept WHERE entity = 'customer' AND (id <> $1 OR why IN ($2, $3))"
		" ORDER BY id LIMIT 1",
		DB_ONCE);

	if (status < 0)
		return status;
	db_bind_int(st, 1, keep);
	db_bind_int(st, 2, KEPT_GONE);
	db_bind_int(st, 3, KEPT_TAKEN);
	status = db_step(st);
	if (status != CRM_OK)
		return status < 0 ? status : CRM_OK;
	kept_put_why(&why, &entity_customer, st, 1);
	return buf_str(&why) ? err_set(&u->s->err, CRM_CONFLICT,
				       "operation %lld cannot be taken back: customer %lld cannot be as it was: %s",
				       (long long)u->target, (long long)db_int(st, 0), why.s)
			     : err_nomem(&u->s->err);
}

/* The customer first: it may have the key of one that comes back. */
static int take_apart(const struct undo *u, int64_t keep)
{
	int status = kept_collect_changed(u);

	if (status == CRM_OK)
		status = settle(u, &entity_customer);
	if (status == CRM_OK)
		status = kept_collect_unplaced(u, &entity_customer);
	if (status == CRM_OK)
		status = kept_collect_unplaced(u, &entity_customer_link);
	if (status == CRM_OK)
		status = check_others(u, keep);
	if (status == CRM_OK)
		status = undo_touch_all(u);
	if (status == CRM_OK)
		status = undo_take_back_all(u);
	for (size_t i = 0; status == CRM_OK && i < crm_entity_count(); i++)
		if (crm_entity_at(i) != &entity_customer)
			status = settle(u, crm_entity_at(i));
	if (status == CRM_OK)
		status = undo_check_restored(u);
	if (status == CRM_OK)
		status = undo_touch_all(u);
	return status == CRM_OK ? undo_mark(u) : status;
}

int crm_customer_unmerge(crm_store *s, int64_t operation, crm_kept_fn fn, void *payload)
{
	struct undo u = { .s = s, .target = operation, .force = true };
	int64_t keep;
	int status = crm_begin(s, "customer unmerge");

	if (status < 0)
		return status;
	status = undo_examine(s, operation, "customer unmerge");
	if (status == CRM_OK)
		status = find_keep(&keep, &u);
	if (status == CRM_OK)
		status = check_keep(&u, keep);
	if (status == CRM_OK)
		status = op_id(&u.op, s);
	if (status == CRM_OK)
		status = take_apart(&u, keep);
	if (status == CRM_OK)
		status = crm_commit(s);
	else
		crm_rollback(s);
	if (status < 0)
		return status;
	status = fn ? kept_tell(&u, fn, payload) : CRM_OK;
	return kept_forget(s) < 0 ? s->err.code : status;
}
