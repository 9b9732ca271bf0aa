/*
 * What a customer is known by when several turn out to be one: field by field, as the description says what kind of value
 * it is. Nothing of another is written over what the one kept has, unless that was asked for.
 */
#include "service/merge.h"

static struct slot *slot_of(const crm_record *r, const struct crm_field *f)
{
	return &r->slots[record_index(r, f)];
}

static void put(crm_record *to, const struct crm_field *f, const crm_record *from)
{
	record_put(to, f, &slot_of(from, f)->value, &slot_of(from, f)->norm);
}

/* The source belongs to the key, and goes with it. */
static bool is_source(const struct crm_field *f)
{
	return strcmp(f->name, "source") == 0;
}

/* Fields whose value is one or the other: no lists, nothing that crm itself keeps. */
static bool is_plain(const struct crm_field *f)
{
	return field_is_stored(f) && !(f->flags & (FIELD_SYSTEM | FIELD_SOUND | CRM_FIELD_DERIVED)) && !is_source(f);
}

static const crm_value *value_of(const crm_record *r, const struct crm_field *f)
{
	return f->custom ? record_custom(r, f) : &slot_of(r, f)->value;
}

static struct items *items_of(const crm_record *r, const struct crm_field *list)
{
	return &r->lists[record_index(r, list)];
}

static bool has_further(const crm_record *r, const struct crm_field *f, const char *norm)
{
	const struct crm_field *list = field_further(r->e, f);

	return list && items_find(items_of(r, list), norm);
}

/* --- what was asked for --- */

static const crm_record *record_of(const struct merge *m, int64_t id)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->others[i]->id == id)
			return m->others[i];
	return m->keep->id == id ? m->keep : NULL;
}

static const crm_record *taken_from(const struct merge *m, const struct crm_field *f)
{
	for (size_t i = 0; i < m->options->ntakes; i++)
		if (crm_field_find(m->s, m->keep->e, m->options->takes[i].field) == f)
			return record_of(m, m->options->takes[i].from);
	return NULL;
}

static int check_take(const struct merge *m, size_t at)
{
	const crm_take *take = &m->options->takes[at];
	const crm_record *from = record_of(m, take->from);
	const struct crm_field *f = crm_field_find(m->s, m->keep->e, take->field);
	struct err *err = &m->s->err;

	if (!f)
		return field_unknown(m->s, m->keep->e, take->field, strlen(take->field));
	if (field_is_list(f))
		return err_set(err, CRM_INVALID, "%s: those of all are kept, none need be taken", f->name);
	if (is_source(f))
		return err_set(err, CRM_INVALID, "source: is that of the key, take the key");
	if (!f->custom && !is_plain(f))
		return err_set(err, CRM_INVALID, "%s: is kept or computed by crm itself", f->name);
	if (!from)
		return err_set(err, CRM_INVALID, "%s: customer %lld is not one of those that are merged", f->name,
			(long long)take->from);
	if (value_of(from, f)->kind == CRM_NULL)
		return err_set(err, CRM_INVALID, "%s: customer %lld has none", f->name, (long long)take->from);
	for (size_t i = 0; i < at; i++)
		if (crm_field_find(m->s, m->keep->e, m->options->takes[i].field) == f)
			return err_set(err, CRM_INVALID, "%s: is taken twice", f->name);
	return CRM_OK;
}

int merge_check_takes(const struct merge *m)
{
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < m->options->ntakes; i++)
		status = check_take(m, i);
	return status;
}

/* --- fields --- */

/* Whether a text is another one, or stands in it between blank lines. */
static bool says(const crm_value *all, const crm_value *text)
{
	const char *p = all->kind == CRM_STRING ? strstr(all->s, text->s) : NULL;

	for (; p; p = strstr(p + 1, text->s)) {
		const char *end = p + text->len;
		bool begins = p == all->s || (p >= all->s + 2 && strncmp(p - 2, "\n\n", 2) == 0);

		if (begins && (*end == '\0' || strncmp(end, "\n\n", 2) == 0))
			return true;
	}
	return false;
}

/* Texts that are each one's own are all worth keeping: those that differ, with a blank line between. */
static int join_texts(const struct merge *m, const struct crm_field *f)
{
	const crm_value none = { .kind = CRM_NULL };
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < m->n; i++) {
		const crm_value *mine = value_of(m->keep, f), *more = value_of(m->others[i], f);
		struct buf text = BUF_INIT;
		crm_value v;

		if (more->kind == CRM_NULL || says(mine, more))
			continue;
		if (mine->kind == CRM_STRING)
			buf_printf(&text, "%s\n\n", mine->s);
		buf_add(&text, more->s, more->len);
		if (buf_str(&text)) {
			v = value_text(&m->keep->mem, text.s, text.len);
			record_put(m->keep, f, &v, &none);
		} else {
			status = err_nomem(&m->s->err);
		}
		buf_free(&text);
	}
	return m->keep->mem.failed ? err_nomem(&m->s->err) : status;
}

/* Partial dates without a year cannot be compared: the one that is there stays. */
static bool is_earlier(const crm_value *a, const crm_value *b)
{
	return a->kind == CRM_STRING && b->kind == CRM_STRING && *a->s != '-' && *b->s != '-' && strcmp(a->s, b->s) < 0;
}

/* Whether this one's value goes before what the one kept has so far. */
static bool goes_before(const struct merge *m, const struct crm_field *f, const crm_record *other)
{
	const crm_value *mine = value_of(m->keep, f), *value = value_of(other, f);

	if (f->type == CRM_BOOL)
		return value->i && !mine->i;
	if (f->flags & FIELD_EARLIEST && is_earlier(value, mine))
		return true;
	/* one that it has with a label stays there */
	return mine->kind == CRM_NULL && value->kind != CRM_NULL &&
	       !(f->flags & CRM_FIELD_REPEATED && has_further(m->keep, f, slot_of(other, f)->norm.s));
}

static int merge_field(const struct merge *m, const struct crm_field *f)
{
	const struct crm_field *with = strcmp(f->name, "key") == 0 ? field_find_static(m->keep->e, "source") : NULL;
	const crm_record *from = taken_from(m, f);

	if (!from && f->flags & FIELD_LONG)
		return join_texts(m, f);
	if (from)
		put(m->keep, f, from);
	if (from && with)
		put(m->keep, with, from);
	for (size_t i = 0; !from && i < m->n; i++) {
		if (!goes_before(m, f, m->others[i]))
			continue;
		put(m->keep, f, m->others[i]);
		if (with)
			put(m->keep, with, m->others[i]);
	}
	return CRM_OK;
}

/* --- lists --- */

static int add_item(const struct merge *m, const struct crm_field *f, const struct item *item)
{
	struct items *list = items_of(m->keep, f);
	struct item *there = items_find(list, item->norm);

	if (record_is_primary(m->keep, f, item->norm) || (there && (there->label || !item->label)))
		return CRM_OK;
	list->changed = true;
	if (there) {
		there->label = item->label;
		return CRM_OK;
	}
	if (!GROW(list->v, list->n, list->cap))
		return err_nomem(&m->s->err);
	list->v[list->n++] = *item;
	return CRM_OK;
}

static int add_primary(const struct merge *m, const struct crm_field *f, const struct slot *slot)
{
	const struct item item = { .value = slot->value.s, .norm = slot->norm.s };

	return slot->value.kind == CRM_STRING ? add_item(m, f, &item) : CRM_OK;
}

/* What has become the primary one is none of the further ones. */
static void drop_primary(const struct merge *m, const struct crm_field *f, const struct crm_field *primary)
{
	struct items *list = items_of(m->keep, f);
	struct item *there =
		record_changed(m->keep, primary->name) ? items_find(list, slot_of(m->keep, primary)->norm.s) : NULL;

	if (!there)
		return;
	memmove(there, there + 1, (size_t)(&list->v[list->n] - (there + 1)) * sizeof(*there));
	list->n--;
	list->changed = true;
}

static int unite(const struct merge *m, const struct crm_field *f, const struct crm_field *primary)
{
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < m->n; i++) {
		const struct items *more = items_of(m->others[i], f);

		if (primary)
			status = add_primary(m, f, slot_of(m->others[i], primary));
		for (size_t k = 0; status == CRM_OK && k < more->n; k++)
			status = add_item(m, f, &more->v[k]);
	}
	return status;
}

/* `before`: the primary one that it had, which may have been taken over. */
static int unite_addresses(const struct merge *m, const struct crm_field *primary, const struct slot *before)
{
	const struct crm_field *list = field_further(m->keep->e, primary);
	int status;

	drop_primary(m, list, primary);
	status = add_primary(m, list, before);
	return status == CRM_OK ? unite(m, list, primary) : status;
}

/* --- custom fields --- */

static int merge_custom(const struct merge *m, const struct crm_field *f)
{
	const crm_record *from = taken_from(m, f);
	crm_record *keep = m->keep;
	size_t at = 0;

	for (size_t i = 0; !from && i < m->n && record_custom(keep, f)->kind == CRM_NULL; i++)
		if (record_custom(m->others[i], f)->kind != CRM_NULL)
			from = m->others[i];
	if (!from || from == keep || value_equal(record_custom(keep, f), record_custom(from, f)))
		return CRM_OK;
	while (at < keep->ncustom && keep->custom[at].field->custom != f->custom)
		at++;
	if (at == keep->ncustom && !GROW(keep->custom, keep->ncustom, keep->custom_cap))
		return err_nomem(&m->s->err);
	keep->ncustom += at == keep->ncustom;
	keep->custom[at] = (struct custom_value){ .field = f, .value = *record_custom(from, f), .changed = true };
	return CRM_OK;
}

/* --- all --- */

int merge_values(const struct merge *m)
{
	const struct crm_entity *e = m->keep->e;
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < e->nfields; i++) {
		const struct crm_field *f = &e->fields[i];
		const struct slot before = *slot_of(m->keep, f);

		if (f->type == CRM_TAGS)
			status = unite(m, f, NULL);
		if (!is_plain(f))
			continue;
		status = merge_field(m, f);
		if (status == CRM_OK && field_further(e, f))
			status = unite_addresses(m, f, &before);
	}
	for (size_t i = e->nfields; status == CRM_OK && i < crm_field_count(m->s, e); i++)
		status = merge_custom(m, crm_field_at(m->s, e, i));
	return status;
}

static bool is_kept(const struct merge *m, const struct crm_field *f, const crm_record *other)
{
	const crm_value *mine = value_of(m->keep, f), *value = value_of(other, f);

	if (value->kind == CRM_NULL || value_equal(mine, value))
		return true;
	if (f->custom)
		return false;
	/* addresses are all there, a key leads to the survivor, and a yes or no is the right one of them */
	if (f->type == CRM_BOOL || field_further(other->e, f) || f->flags & CRM_FIELD_UNIQUE)
		return true;
	if (f->flags & FIELD_LONG)
		return says(mine, value);
	return f->norm && value_equal(&slot_of(m->keep, f)->norm, &slot_of(other, f)->norm);
}

size_t merge_left(const struct merge *m)
{
	const struct crm_entity *e = m->keep->e;
	size_t left = 0;

	for (size_t i = 0; i < m->n; i++)
		for (size_t k = 0; k < crm_field_count(m->s, e); k++) {
			const struct crm_field *f = crm_field_at(m->s, e, k);

			left += (f->custom || is_plain(f)) && !is_kept(m, f, m->others[i]);
		}
	return left;
}
