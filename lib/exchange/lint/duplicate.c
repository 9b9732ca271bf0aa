/*
 * Rows about the same record: by whole rows, external keys and other unique values, e-mail addresses and phone numbers in
 * their normal form. The map knows hashes and lines, not values.
 */
#include "exchange/lint/lint.h"

/* What the map keeps of a row: its line, and in the last bits whose key it has. */
enum {
	OWNER_BITS = 20,
	OWNER_MASK = (1 << OWNER_BITS) - 1
};

static int64_t packed(size_t line, unsigned owner)
{
	return (int64_t)((uint64_t)line << OWNER_BITS | owner);
}

static size_t line_of(int64_t packed)
{
	return (size_t)((uint64_t)packed >> OWNER_BITS);
}

static unsigned owner_of(int64_t packed)
{
	return (unsigned)packed & OWNER_MASK;
}

void lint_find_matched(struct lint *l)
{
	const struct crm_entity *e = l->im.e;
	const struct crm_field *email = field_of_type(e, CRM_EMAIL), *phone = field_of_type(e, CRM_PHONE);

	l->key = field_find_static(e, "key");
	l->source = field_find_static(e, "source");
	for (size_t i = 0; i < e->nfields; i++) {
		const struct crm_field *f = &e->fields[i];

		if (!(f->flags & CRM_FIELD_UNIQUE) && f != email && f != phone)
			continue;
		for (size_t k = 0; k < l->ncolumns && l->nmatched < LINT_MATCHED; k++)
			if (l->columns[k].field == f)
				l->matched[l->nmatched++] = (struct lint_matched){ f, k, f == email || f == phone };
	}
}

static const crm_value *value_of(const struct lint *l, const struct crm_field *f)
{
	static const crm_value none = { .kind = CRM_NULL };
	const struct slot *slot = f ? &l->im.record.slots[record_index(&l->im.record, f)] : NULL;

	return !slot ? &none : slot->norm.kind == CRM_STRING ? &slot->norm : &slot->value;
}

static void add_sized(struct buf *b, const char *s, size_t len)
{
	buf_add(b, (const char *)&len, sizeof(len));
	buf_add(b, s, len);
}

/* A key belongs to its source. */
static uint64_t hash_of(struct lint *l, size_t i, const crm_value *v)
{
	const crm_value *source = l->matched[i].field == l->key ? value_of(l, l->source) : NULL;

	buf_clear(&l->text);
	add_sized(&l->text, v->s, v->len);
	if (source && source->kind == CRM_STRING)
		add_sized(&l->text, source->s, source->len);
	return idmap_hash(&l->seen, (char)(i + 1), l->text.s, l->text.len);
}

static uint64_t hash_of_row(struct lint *l, const struct row *row)
{
	buf_clear(&l->text);
	for (size_t i = 0; i < l->ncolumns; i++)
		if (l->columns[i].used)
			add_sized(&l->text, row->cells[i].s, row->cells[i].len);
	return idmap_hash(&l->seen, 0, l->text.s, l->text.len);
}

/* 0: the row has no key; else a number for the source of its key, as only keys of one source tell two records apart. */
static unsigned find_owner(const struct lint *l)
{
	const crm_value *source = value_of(l, l->source);

	if (value_of(l, l->key)->kind == CRM_NULL)
		return 0;
	if (source->kind != CRM_STRING)
		return 1;
	return 2 + (unsigned)(idmap_hash(&l->seen, 's', source->s, source->len) % (OWNER_MASK - 2));
}

static bool keep(struct lint *l, uint64_t hash, size_t line, unsigned owner)
{
	return !l->text.failed && idmap_add(&l->seen, hash, packed(line, owner));
}

/* The value was on an earlier line. Whether a family shares it or a person is there twice, only keys can tell. */
static void judge_repeated(struct lint *l, const struct lint_matched *m, const struct row *row, size_t line, bool apart)
{
	const struct cell *c = &row->cells[m->column];

	lint_add(l, LINT_DUPLICATE, !apart, row->line, l->columns[m->column].name, c->s, c->len,
		apart ? N_("the same %s as line %zu, under another key")
		      : N_("the same %s as line %zu, with other values: an import takes both for one record"),
		m->field->name, line);
}

/* By key, address and number. *clash: it is another row about the same record. */
static int judge_values(struct lint *l, const struct row *row, unsigned owner, bool *clash)
{
	size_t told = 0;

	for (size_t i = 0; i < l->nmatched; i++) {
		const crm_value *v = value_of(l, l->matched[i].field);
		uint64_t hash;
		int64_t before;
		bool apart;

		if (v->kind != CRM_STRING)
			continue;
		hash = hash_of(l, i, v);
		if (!idmap_find(&l->seen, hash, &before)) {
			if (!keep(l, hash, row->line, owner))
				return err_nomem(&l->im.s->err);
			continue;
		}
		apart = l->matched[i].shared && owner != 0 && owner == owner_of(before);
		if (told != line_of(before))
			judge_repeated(l, &l->matched[i], row, line_of(before), apart);
		*clash |= !apart;
		told = line_of(before);
	}
	return CRM_OK;
}

int lint_duplicates(struct lint *l, const struct row *row)
{
	unsigned owner = find_owner(l);
	uint64_t hash = hash_of_row(l, row);
	int64_t before;
	bool clash = false;
	int status;

	if (l->text.len == 0)
		return CRM_OK;
	if (idmap_find(&l->seen, hash, &before)) {
		lint_add(l, LINT_DUPLICATE, false, row->line, NULL, NULL, 0, "the same row as line %zu",
			line_of(before));
		return CRM_OK;
	}
	status = judge_values(l, row, owner, &clash);
	/* A row that clashes, met again, clashes again. */
	if (status == CRM_OK && !clash && !keep(l, hash, row->line, owner))
		status = err_nomem(&l->im.s->err);
	return status;
}
