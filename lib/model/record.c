/* Records in memory: set, read, compare. */
#include "model/record.h"
#include "model/custom.h"
#include "text/pinyin.h"
#include "text/text.h"
#include <stdio.h>

int record_init(struct crm_record *r, crm_store *s, const struct crm_entity *e)
{
	*r = (struct crm_record){ .s = s, .e = e };
	r->slots = calloc(e->nfields, sizeof(*r->slots));
	r->lists = calloc(e->nfields, sizeof(*r->lists));
	if (r->slots && r->lists)
		return CRM_OK;
	record_release(r);
	return err_nomem(&s->err);
}

void record_reset(struct crm_record *r)
{
	r->id = r->op = r->effective = 0;
	memset(r->slots, 0, r->e->nfields * sizeof(*r->slots));
	for (size_t i = 0; i < r->e->nfields; i++) {
		r->lists[i].n = 0;
		r->lists[i].changed = false;
	}
	r->ncustom = 0;
	arena_reset(&r->mem);
}

void record_release(struct crm_record *r)
{
	for (size_t i = 0; r->lists && i < r->e->nfields; i++)
		free(r->lists[i].v);
	free(r->slots);
	free(r->lists);
	free(r->custom);
	buf_free(&r->text);
	arena_free(&r->mem);
	*r = (struct crm_record){ .s = r->s, .e = r->e };
}

int crm_record_new(crm_record **out, crm_store *s, const crm_entity *e)
{
	crm_record *r;
	int result;

	if (e->flags & ENTITY_FIXED)
		return err_set(&s->err, CRM_INVALID, "%s: records are made by crm itself", entity_word(e));
	r = malloc(sizeof(*r));
	if (!r)
		return err_nomem(&s->err);
	result = record_init(r, s, e);
	if (result < 0) {
		free(r);
		return result;
	}
	*out = r;
	return CRM_OK;
}

int crm_record_load(crm_record **out, crm_store *s, const crm_entity *e, int64_t id)
{
	crm_record *r;
	int result = crm_record_new(&r, s, e);

	if (result < 0)
		return result;
	result = rows_load(r, id);
	if (result < 0) {
		crm_record_free(r);
		return result;
	}
	*out = r;
	return CRM_OK;
}

void crm_record_free(crm_record *r)
{
	if (!r)
		return;
	record_release(r);
	free(r);
}

const crm_entity *crm_record_entity(const crm_record *r)
{
	return r->e;
}

int64_t crm_record_id(const crm_record *r)
{
	return r->id;
}

int64_t crm_record_version(const crm_record *r)
{
	return r->op;
}

crm_store *record_store(const crm_record *r)
{
	return r->s;
}

size_t record_index(const crm_record *r, const struct crm_field *f)
{
	return (size_t)(f - r->e->fields);
}

bool record_changed(const crm_record *r, const char *field)
{
	const struct crm_field *f = field_find_static(r->e, field);

	return f && (r->slots[record_index(r, f)].changed || r->lists[record_index(r, f)].changed);
}

int record_set_int(crm_record *r, const char *field, int64_t value, char text[24])
{
	snprintf(text, 24, "%lld", (long long)value);
	return crm_record_set(r, field, text);
}

/* How a new text sounds is part of it. */
static void put_sound(crm_record *r, const struct crm_field *f, const crm_value *text)
{
	struct slot *slot = &r->slots[record_index(r, field_sound(f))];
	crm_value sound = { .kind = CRM_NULL };
	struct buf pinyin = BUF_INIT;

	if (text->kind == CRM_STRING && text_pinyin(&pinyin, text->s, text->len) == CRM_NOMEM)
		r->mem.failed = true;
	if (pinyin.len > 0)
		sound = value_text(&r->mem, pinyin.s, pinyin.len);
	buf_free(&pinyin);
	slot->changed = slot->changed || !value_equal(&slot->value, &sound);
	slot->value = sound;
}

bool record_put(crm_record *r, const struct crm_field *f, const crm_value *value, const crm_value *norm)
{
	struct slot *slot = &r->slots[record_index(r, f)];

	if (f->type == CRM_MONEY || f->flags & FIELD_CURRENCY)
		slot->given = *value;
	if (f->type == CRM_MONEY && value->kind == CRM_STRING)
		return true;
	if (value_equal(&slot->value, value))
		return false;
	slot->value = *value;
	slot->norm = *norm;
	slot->changed = true;
	if (f->sound)
		put_sound(r, f, value);
	return true;
}

struct convert record_context(crm_record *r)
{
	struct convert c = convert_context(r->s, &r->mem);

	if (r->reading) {
		c = *r->reading;
		c.mem = &r->mem;
		c.err = &r->s->err;
	}
	return c;
}

static int set_reference(crm_record *r, const struct crm_field *f, const char *text, size_t len)
{
	const struct crm_entity *target = crm_entity_find(f->target);
	crm_value value = { .kind = CRM_NULL }, none = { .kind = CRM_NULL };
	int status = CRM_OK;

	if (len > 0 && f->flags & FIELD_HANDLE) {
		const char *handle = NULL;

		status = resolve_word(&handle, r->s, f, &r->mem, text, len);
		if (status == CRM_NOTFOUND && f->flags & FIELD_LOOSE) {
			struct convert c = record_context(r);

			status = convert_field(
				&c, &(struct crm_field){ .name = f->name, .type = CRM_TEXT }, text, len, &value, &none);
		} else if (status == CRM_OK) {
			value = (crm_value){ .kind = CRM_STRING, .s = handle, .len = strlen(handle) };
		}
	} else if (len > 0) {
		cleanup(freep) char *name = strndup(text, len);

		value.kind = CRM_INT;
		status = name ? resolve_reference(&value.i, r->s, target, name, true) : err_nomem(&r->s->err);
	}
	if (status == CRM_OK)
		record_put(r, f, &value, &none);
	return status;
}

const struct crm_field *field_further(const struct crm_entity *e, const struct crm_field *f)
{
	for (size_t i = 0; i < e->nfields; i++)
		if (e->fields[i].kind && strcmp(e->fields[i].kind, f->name) == 0)
			return &e->fields[i];
	return NULL;
}

struct item *items_find(const struct items *list, const char *norm)
{
	for (size_t i = 0; i < list->n; i++)
		if (strcmp(list->v[i].norm, norm) == 0)
			return &list->v[i];
	return NULL;
}

bool record_is_primary(const crm_record *r, const struct crm_field *list, const char *norm)
{
	const struct crm_field *f = list->kind ? field_find_static(r->e, list->kind) : NULL;
	const crm_value *v = f ? &r->slots[record_index(r, f)].norm : NULL;

	return v && v->kind == CRM_STRING && strcmp(v->s, norm) == 0;
}

const crm_value *record_custom(const crm_record *r, const struct crm_field *f)
{
	static const crm_value none = { .kind = CRM_NULL };

	for (size_t i = 0; i < r->ncustom; i++)
		if (r->custom[i].field->custom == f->custom)
			return &r->custom[i].value;
	return &none;
}

/* The list that further values of a field go to: phones for phone, emails for email, tags for itself. */
static const struct crm_field *list_of(const crm_record *r, const struct crm_field *f)
{
	return !f || field_is_list(f) ? f : field_further(r->e, f);
}

int record_set_field(crm_record *r, const struct crm_field *f, const char *text, size_t len)
{
	struct convert c = record_context(r);
	crm_value value, norm;
	int status;

	if (field_is_list(f))
		return record_set_list(r, f, text, len);
	if (f->type == CRM_REF)
		return set_reference(r, f, text, len);
	if (f->type == CRM_BOOL && len == 0) {
		text = "no"; /* stored as 0: there is no third state */
		len = 2;
	}
	status = convert_field(&c, f, text, len, &value, &norm);
	if (status == CRM_OK)
		record_put(r, f, &value, &norm);
	return status;
}

int crm_record_set(crm_record *r, const char *field, const char *text)
{
	const struct crm_field *f = crm_field_find(r->s, r->e, field);

	if (!f)
		return field_unknown(r->s, r->e, field, strlen(field));
	if (f->custom)
		return crm_record_set_custom(r, field, text);
	if (f->set)
		return f->set(r, f, text);
	if (f->flags & (CRM_FIELD_COMPUTED | CRM_FIELD_DERIVED | FIELD_SYSTEM | FIELD_SOUND) &&
		!(r->imported && f->flags & CRM_FIELD_IMPORTED))
		return err_set(&r->s->err, CRM_INVALID, "%s: is kept by crm and cannot be set", f->name);
	if (list_of(r, f) != f && list_of(r, f) && convert_label(text, strlen(text)) > 0)
		return crm_record_add(r, field, text);
	return record_set_field(r, f, text, strlen(text));
}

static int unknown_custom(crm_record *r, const char *name)
{
	size_t n = custom_count(r->s, r->e);
	const char **names = calloc(n + 1, sizeof(*names));
	const char *nearest;

	if (!names)
		return err_nomem(&r->s->err);
	for (size_t i = 0; i < n; i++)
		names[i] = custom_at(r->s, r->e, i)->name;
	nearest = crm_text_nearest(name, names, n);
	if (nearest)
		err_set(&r->s->err, CRM_INVALID, "%s has no custom field '%s', did you mean '%s'?", entity_word(r->e),
			name, nearest);
	else
		err_set(&r->s->err, CRM_INVALID, "%s has no custom field '%s': crm field add %s %s", entity_word(r->e),
			name, r->e->name, name);
	free(names);
	return CRM_INVALID;
}

int crm_record_set_custom(crm_record *r, const char *name, const char *text)
{
	const struct crm_field *f = custom_find(r->s, r->e, name);
	struct convert c = record_context(r);
	struct custom_value *slot = NULL;
	crm_value value, norm;
	int status;

	if (!f)
		return unknown_custom(r, name);
	status = convert_field(&c, f, text, strlen(text), &value, &norm);
	if (status < 0)
		return status;
	value = custom_text(&r->mem, &value);
	for (size_t i = 0; i < r->ncustom; i++)
		if (r->custom[i].field->custom == f->custom)
			slot = &r->custom[i];
	if (!slot) {
		if (!GROW(r->custom, r->ncustom, r->custom_cap))
			return err_nomem(&r->s->err);
		slot = &r->custom[r->ncustom++];
		*slot = (struct custom_value){ .field = f };
	}
	if (!value_equal(&slot->value, &value)) {
		slot->value = value;
		slot->changed = true;
	}
	return CRM_OK;
}

/* --- lists --- */

static int add_item(crm_record *r, const struct crm_field *f, const char *text, size_t len, bool *added)
{
	struct items *list = &r->lists[record_index(r, f)];
	struct convert c = record_context(r);
	struct item item;
	int status = convert_item(&c, f, text, len, &item);

	if (status < 0)
		return status;
	if (items_find(list, item.norm)) {
		*added = false;
		return CRM_OK;
	}
	if (!GROW(list->v, list->n, list->cap))
		return err_nomem(&r->s->err);
	list->v[list->n++] = item;
	*added = true;
	return CRM_OK;
}

static bool has_tag(const struct item *v, size_t n, const struct item *tag)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(v[i].value, tag->value) == 0)
			return true;
	return false;
}

/* Tags are a set; addresses have an order. */
static bool same_items(const struct crm_field *f, const struct items *a, const struct item *b, size_t n)
{
	if (a->n != n)
		return false;
	for (size_t i = 0; f->type == CRM_TAGS && i < n; i++)
		if (!has_tag(b, n, &a->v[i]))
			return false;
	for (size_t i = 0; f->type != CRM_TAGS && i < n; i++) {
		const char *la = a->v[i].label ? a->v[i].label : "", *lb = b[i].label ? b[i].label : "";

		if (strcmp(la, lb) != 0 || strcmp(a->v[i].value, b[i].value) != 0)
			return false;
	}
	return true;
}

int record_set_list(crm_record *r, const struct crm_field *f, const char *text, size_t len)
{
	struct items *list = &r->lists[record_index(r, f)];
	struct items before = *list;
	struct buf item = BUF_INIT;
	size_t pos = 0;
	int status = CRM_OK;
	bool added;

	*list = (struct items){ .changed = before.changed };
	while (status == CRM_OK && list_next(&item, text, len, &pos))
		if (item.len > 0)
			status = add_item(r, f, item.s, item.len, &added);
	status = list_end(&item, status, &r->s->err);
	if (status == CRM_OK && !same_items(f, list, before.v, before.n))
		list->changed = true;
	free(before.v);
	return status;
}

int crm_record_add(crm_record *r, const char *field, const char *item)
{
	const struct crm_field *f = field_find_static(r->e, field), *list = list_of(r, f);
	bool added = false;
	int status;

	if (!f)
		return field_unknown(r->s, r->e, field, strlen(field));
	if (!list)
		return err_set(&r->s->err, CRM_INVALID, "%s: takes one value only", field);
	/* The primary address has no label; one with a label is always a further one. */
	if (f != list && r->slots[record_index(r, f)].value.kind == CRM_NULL && convert_label(item, strlen(item)) == 0)
		return crm_record_set(r, field, item);
	status = add_item(r, list, item, strlen(item), &added);
	if (added)
		r->lists[record_index(r, list)].changed = true;
	return status;
}

int crm_record_take(crm_record *r, const char *field, const char *item)
{
	const struct crm_field *f = list_of(r, field_find_static(r->e, field));
	struct convert c = record_context(r);
	struct items *list;
	struct item gone;
	int status;

	if (!f)
		return err_set(&r->s->err, CRM_INVALID, "%s has no list '%s'", entity_word(r->e), field);
	list = &r->lists[record_index(r, f)];
	status = convert_item(&c, f, item, strlen(item), &gone);
	for (size_t i = 0; status == CRM_OK && i < list->n; i++)
		if (strcmp(list->v[i].norm, gone.norm) == 0) {
			memmove(&list->v[i], &list->v[i + 1], (list->n - i - 1) * sizeof(list->v[0]));
			list->n--;
			list->changed = true;
			break;
		}
	return status;
}

static crm_value list_value(crm_record *r, const struct items *list)
{
	struct buf item = BUF_INIT;

	buf_clear(&r->text);
	for (size_t i = 0; i < list->n; i++) {
		buf_clear(&item);
		if (list->v[i].label)
			buf_printf(&item, "%s:", list->v[i].label);
		buf_puts(&item, list->v[i].value);
		list_append(&r->text, item.s ? item.s : "", item.len);
	}
	buf_free(&item);
	return (crm_value){ .kind = list->n ? CRM_STRING : CRM_NULL, .s = buf_str(&r->text), .len = r->text.len };
}

static crm_value money_value(crm_record *r, const struct crm_field *f)
{
	const struct slot *slot = &r->slots[record_index(r, f)];

	if (slot->given.kind == CRM_STRING)
		return slot->given;
	buf_clear(&r->text);
	if (!record_money_text(&r->text, r, f, false))
		return (crm_value){ .kind = CRM_NULL };
	return (crm_value){ .kind = CRM_STRING, .s = buf_str(&r->text), .len = r->text.len };
}

crm_value crm_record_get(crm_record *r, const char *field)
{
	const struct crm_field *f = crm_field_find(r->s, r->e, field);

	if (!f)
		return (crm_value){ .kind = CRM_NULL };
	if (f->custom)
		return *record_custom(r, f);
	if (f->type == CRM_MONEY)
		return money_value(r, f);
	return field_is_list(f) ? list_value(r, &r->lists[record_index(r, f)]) : r->slots[record_index(r, f)].value;
}
