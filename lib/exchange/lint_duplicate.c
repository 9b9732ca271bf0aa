/*
 * Rows about the same record: by whole rows, external keys and other unique values, e-mail addresses and phone numbers in
 * their normal form. The map knows hashes and lines, not values.
 */
#include "exchange/lint.h"

/* What the map keeps of a row: its line, and whether it had a key of its own. */
static int64_t packed(size_t line, bool keyed)
{
	return (int64_t)(line << 1 | (keyed ? 1U : 0U));
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

static bool keep(struct lint *l, uint64_t hash, size_t line, bool keyed)
{
	return !l->text.failed && idmap_add(&l->seen, hash, packed(line, keyed));
}

/* The value was on an earlier line. Which of the two a family's number is, only keys can tell. */
static void judge_repeated(struct lint *l, const struct lint_matched *m, const struct row *row, size_t line, bool apart)
{
	const struct cell *c = &row->cells[m->column];

	lint_add(l, LINT_DUPLICATE, !apart, row->line, reader_column(l->im.reader, m->column), c->s, c->len,
		apart ? "the same %s as line %zu, under another key"
		      : "the same %s as line %zu, with other values: an import takes both for one record",
		m->field->name, line);
}

int lint_duplicates(struct lint *l, const struct row *row)
{
	bool keyed = value_of(l, l->key)->kind != CRM_NULL;
	uint64_t hash = hash_of_row(l, row);
	int64_t before;
	size_t told = 0;

	if (l->text.len == 0)
		return CRM_OK;
	if (idmap_find(&l->seen, hash, &before)) {
		lint_add(l, LINT_DUPLICATE, false, row->line, NULL, NULL, 0, "the same row as line %zu",
			(size_t)(before >> 1));
		return CRM_OK;
	}
	if (!keep(l, hash, row->line, keyed))
		return err_nomem(&l->im.s->err);
	for (size_t i = 0; i < l->nmatched; i++) {
		const crm_value *v = value_of(l, l->matched[i].field);

		if (v->kind != CRM_STRING)
			continue;
		hash = hash_of(l, i, v);
		if (!idmap_find(&l->seen, hash, &before)) {
			if (!keep(l, hash, row->line, keyed))
				return err_nomem(&l->im.s->err);
			continue;
		}
		if (told != (size_t)(before >> 1))
			judge_repeated(l, &l->matched[i], row, (size_t)(before >> 1),
				l->matched[i].shared && keyed && (before & 1));
		told = (size_t)(before >> 1);
	}
	return CRM_OK;
}
