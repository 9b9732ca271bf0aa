/*
 * Custom fields. They are loaded once per handle, when first asked for, so that commands without them pay nothing;
 * descriptions already handed out stay valid until the handle is closed.
 */
#include "model/custom.h"
#include "model/record.h"
#include "model/search.h"
#include "text/text.h"
#include <stdio.h>

struct custom_set {
	const struct crm_entity *e;
	struct crm_field **v;
	size_t n, cap;
};

struct custom_fields {
	struct arena mem; /* all texts and descriptions ever handed out */
	struct custom_set *sets;
	size_t n, cap;
};

static void sets_free(struct custom_fields *all)
{
	for (size_t i = 0; i < all->n; i++)
		free(all->sets[i].v);
	free(all->sets);
	all->sets = NULL;
	all->n = all->cap = 0;
}

static void custom_free(void *custom)
{
	struct custom_fields *all = custom;

	if (!all)
		return;
	sets_free(all);
	arena_free(&all->mem);
	free(all);
}

void custom_forget(crm_store *s)
{
	struct custom_fields *all = s->custom;

	if (all)
		sets_free(all);
}

static const char *copy_text(struct arena *mem, struct stmt *st, int col)
{
	return db_is_null(st, col) ? NULL : arena_copy(mem, db_text(st, col), db_bytes(st, col));
}

static crm_type type_named(const char *name)
{
	for (crm_type t = CRM_TEXT; t <= CRM_CONTACTS; t++)
		if (strcmp(crm_type_name(t), name) == 0)
			return t;
	return CRM_TEXT;
}

static void read_words(struct arena *mem, struct crm_field *f, const char *text)
{
	struct buf item = BUF_INIT;
	struct word *words;
	size_t pos = 0, n = 0;

	while (list_next(&item, text, strlen(text), &pos))
		n++;
	words = arena_alloc(mem, (n + 1) * sizeof(*words));
	for (pos = 0, n = 0; words && list_next(&item, text, strlen(text), &pos); n++)
		words[n].name = arena_copy(mem, item.s, item.len);
	f->words = words;
	f->nwords = words ? n : 0;
	mem->failed |= item.failed;
	buf_free(&item);
}

static struct crm_field *read_field(struct arena *mem, struct stmt *st)
{
	struct crm_field *f = arena_alloc(mem, sizeof(*f));

	if (!f)
		return NULL;
	f->custom = db_int(st, 0);
	f->name = copy_text(mem, st, 1);
	f->type = type_named(db_text(st, 2));
	f->label = db_is_null(st, 3) ? f->name : copy_text(mem, st, 3);
	f->help = db_is_null(st, 5) ? N_("custom field") : copy_text(mem, st, 5);
	f->flags = CRM_FIELD_CUSTOM | CRM_FIELD_IMPORTED;
	if (!db_is_null(st, 4))
		read_words(mem, f, db_text(st, 4));
	return f;
}

static int read_fields(struct custom_set *set, struct arena *mem, crm_store *s)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(
		&st, s, "SELECT id, name, type, label, words, help FROM field WHERE entity = $1 ORDER BY name", 0);

	if (status < 0)
		return status;
	db_bind_str(st, 1, set->e->name);
	while ((status = db_step(st)) == CRM_OK) {
		struct crm_field *f = read_field(mem, st);

		if (mem->failed || !GROW(set->v, set->n, set->cap))
			return err_nomem(&s->err);
		set->v[set->n++] = f;
	}
	return status < 0 ? status : CRM_OK;
}

/* NULL when the entity has none, or when they cannot be read: no field is then found, and no operation goes through. */
static const struct custom_set *load(crm_store *s, const struct crm_entity *e)
{
	struct custom_fields *all = s->custom;
	struct custom_set *set;

	if (!(e->flags & ENTITY_CUSTOM) || !s || !s->db)
		return NULL;
	if (s->custom_stale)
		custom_forget(s);
	s->custom_stale = false;
	if (!all) {
		all = s->custom = calloc(1, sizeof(*all));
		s->custom_free = custom_free;
	}
	for (size_t i = 0; all && i < all->n; i++)
		if (all->sets[i].e == e)
			return &all->sets[i];
	if (!all || !GROW(all->sets, all->n, all->cap)) {
		err_nomem(&s->err);
		return NULL;
	}
	set = &all->sets[all->n];
	*set = (struct custom_set){ .e = e };
	if (read_fields(set, &all->mem, s) < 0) {
		free(set->v);
		return NULL;
	}
	all->n++;
	return set;
}

size_t custom_count(crm_store *s, const struct crm_entity *e)
{
	const struct custom_set *set = s ? load(s, e) : NULL;

	return set ? set->n : 0;
}

const struct crm_field *custom_at(crm_store *s, const struct crm_entity *e, size_t i)
{
	const struct custom_set *set = s ? load(s, e) : NULL;

	return set && i < set->n ? set->v[i] : NULL;
}

const struct crm_field *custom_find(crm_store *s, const struct crm_entity *e, const char *name)
{
	const struct custom_set *set = s ? load(s, e) : NULL;

	for (size_t i = 0; set && i < set->n; i++)
		if (strcmp(set->v[i]->name, name) == 0)
			return set->v[i];
	return NULL;
}

crm_value custom_text(struct arena *mem, const crm_value *v)
{
	char number[24];

	if (v->kind != CRM_INT)
		return *v;
	snprintf(number, sizeof(number), "%lld", (long long)v->i);
	return value_text(mem, number, strlen(number));
}

int custom_remove_values(crm_store *s, int64_t field)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	char sql[128];
	int64_t op;
	int status = op_id(&op, s);

	if (status == CRM_OK)
		status = db_prepare(&st, s, "SELECT entity, record FROM field_value WHERE field = $1", 0);
	if (status < 0)
		return status;
	db_bind_int(st, 1, field);
	while ((status = db_step(st)) == CRM_OK) {
		const struct crm_entity *e = crm_entity_find(db_text(st, 0));
		int64_t id = db_int(st, 1), row_op;

		snprintf(sql, sizeof(sql), "SELECT op FROM %s WHERE id = $1", e->table);
		status = db_get_int(&row_op, s, sql, "i", id);
		if (status == CRM_OK)
			status = image_save(s, e, id, row_op);
		if (status == CRM_OK)
			status = search_touch(s, e, id);
		snprintf(sql, sizeof(sql), "UPDATE %s SET op = $1 WHERE id = $2", e->table);
		if (status == CRM_OK)
			status = db_run(s, sql, "ii", op, id);
		if (status == CRM_OK)
			status = db_run(s, "DELETE FROM field_value WHERE entity = $1 AND record = $2 AND field = $3",
				"sii", e->name, id, field);
		if (status == CRM_OK)
			status = row_sum_refresh(s, e, id);
		if (status < 0)
			return status;
	}
	return status < 0 ? status : CRM_OK;
}

/* A name must be usable as a column, a filter and a JSON key: letters, digits and _, not a described field's. */
static bool good_name(const char *s)
{
	for (const char *p = s; *p; p++) {
		bool letter =
			(*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || *p == '_' || (unsigned char)*p >= 0x80;

		if (!letter && !(p > s && *p >= '0' && *p <= '9'))
			return false;
	}
	return *s != '\0';
}

int custom_prepare(crm_record *r, bool creating)
{
	crm_value entity = crm_record_get(r, "entity"), name = crm_record_get(r, "name"),
		  type = crm_record_get(r, "type");
	crm_value words = crm_record_get(r, "words");
	const struct crm_entity *e = entity.s ? crm_entity_find(entity.s) : NULL;
	struct err *err = &r->s->err;

	if (!creating && (record_changed(r, "entity") || record_changed(r, "type")))
		return err_set(err, CRM_CONFLICT, "field '%s': entity and type cannot be changed once values may exist",
			name.s);
	if (entity.s && (!e || !(e->flags & ENTITY_CUSTOM)))
		return err_set(
			err, CRM_INVALID, "entity: '%s' takes no custom fields: use customer, org or log", entity.s);
	if (name.s && !good_name(name.s))
		return err_set(err, CRM_INVALID, "name: '%s' is not made of letters, digits and _", name.s);
	if (e && name.s && field_find_static(e, name.s))
		return err_set(err, CRM_INVALID, "name: %s has a field '%s' already", entity_word(e), name.s);
	if (type.kind == CRM_NULL)
		return crm_record_set(r, "type", words.kind == CRM_NULL ? "text" : "enum");
	if (strcmp(type.s, "enum") == 0 && words.kind == CRM_NULL)
		return err_set(err, CRM_INVALID, "words: a field of type enum needs its words");
	return CRM_OK;
}
