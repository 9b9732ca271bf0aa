/* The columns of a file that is looked at: what they mean, and what can be said of a column as a whole. */
#include "exchange/lint/lint.h"
#include "text/text.h"

size_t lint_meanings(
	const struct crm_entity *e, const char *header, const struct crm_field **v, size_t max, struct err *err)
{
	cleanup(buf_free) struct buf folded = BUF_INIT;
	size_t n = 0;

	if (text_fold(&folded, header, strlen(header)) < 0 || !buf_str(&folded)) {
		if (folded.failed)
			err_nomem(err);
		return 0;
	}
	for (size_t i = 0; i < e->nfields; i++) {
		const struct crm_field *f = &e->fields[i];

		if (!(f->flags & CRM_FIELD_IMPORTED) ||
			(strcmp(f->name, folded.s) != 0 && !synonym_match(f->synonyms, folded.s, folded.len)))
			continue;
		if (n < max)
			v[n] = f;
		n++;
	}
	return n;
}

/* The header of the column that is this field, other than column `but`. */
static const char *column_of(const struct lint *l, const struct crm_field *f, size_t but)
{
	for (size_t i = 0; i < l->ncolumns; i++)
		if (i != but && l->columns[i].field == f)
			return l->columns[i].name;
	return crm_tr("another column");
}

/* A column that an import passes over: because another one is that field already, or because it means nothing. */
static void judge_unknown(struct lint *l, size_t i, const char *header)
{
	const struct crm_field *meant;

	if (lint_meanings(l->im.e, header, &meant, 1, &l->im.s->err) > 0)
		lint_add(l, LINT_HEADER, false, 0, header, NULL, 0,
			"means %s, as '%s' does, which comes first: not imported (--map '%s=FIELD')", meant->name,
			column_of(l, meant, i), header);
	else if (!l->columns[i].used)
		lint_add(l, LINT_UNKNOWN_COLUMN, false, 0, header, NULL, 0,
			"unknown, not imported (--map '%s=FIELD', --keep-unknown)", header);
}

static void judge_known(struct lint *l, const struct column *c, const char *header)
{
	const struct crm_field *meant[2];

	if (!c->by_name && lint_meanings(l->im.e, header, meant, ARRAY_SIZE(meant), &l->im.s->err) > 1)
		lint_add(l, LINT_HEADER, false, 0, header, NULL, 0,
			"may be %s or %s: taken as %s (--map '%s=FIELD' says which)", meant[0]->name, meant[1]->name,
			c->field->name, header);
}

static void judge(struct lint *l, size_t i, const struct column *c)
{
	const char *header = l->columns[i].name;

	if (c->taken)
		lint_add(l, LINT_HEADER, true, 0, header, NULL, 0,
			"is %s, as '%s' is: an import refuses the file (--map '%s=' leaves it out)", c->taken->name,
			column_of(l, c->taken, i), header);
	else if (c->unknown)
		judge_unknown(l, i, header);
	else if (c->field)
		judge_known(l, c, header);
}

static bool may_be_date(const struct crm_field *f)
{
	return !f || f->type == CRM_DATE || f->type == CRM_TIME || f->type == CRM_TEXT;
}

/* A field that is made of one column is called like it. */
static const char *name_of(const struct lint *l, const struct column *c)
{
	const struct recipe *r = c->made ? &l->im.mapping.recipes.v[c->at] : NULL;

	return r && r->n == 1 ? r->v[0].name : mapping_name(&l->im, c);
}

static int set_up(struct lint *l)
{
	bool keep = l->opt.keep_unknown && l->im.e->flags & ENTITY_CUSTOM;

	l->columns = calloc(l->ncolumns + 1, sizeof(*l->columns));
	l->dates = calloc(l->ncolumns + 1, sizeof(*l->dates));
	l->row = calloc(l->ncolumns + 1, sizeof(*l->row));
	l->made = calloc(l->im.mapping.recipes.n + 1, sizeof(*l->made));
	if (!l->columns || !l->dates || !l->row || !l->made)
		return err_nomem(&l->im.s->err);
	for (size_t i = 0; i < l->ncolumns; i++) {
		const struct column *c = &l->im.mapping.columns[i];

		l->columns[i].name = name_of(l, c);
		l->columns[i].field = c->field;
		l->columns[i].how = c->how;
		l->columns[i].used = c->field || (c->unknown && keep);
		if (l->columns[i].used && may_be_date(c->field))
			l->columns[i].dates = &l->dates[i];
	}
	return CRM_OK;
}

int lint_headers(struct lint *l)
{
	size_t used = 0;
	int status = mapping_make(&l->im.mapping, &l->im);

	if (status < 0)
		return status;
	l->ncolumns = l->im.mapping.n;
	status = set_up(l);
	for (size_t i = 0; status == CRM_OK && i < l->ncolumns; i++) {
		judge(l, i, &l->im.mapping.columns[i]);
		used += l->columns[i].used;
	}
	if (status == CRM_OK && l->ncolumns > 0 && used == 0) {
		l->over = true; /* rows without a meaning are not looked at */
		lint_add(l, LINT_HEADER, true, 0, NULL, NULL, 0,
			"no column is a field of %s: name them by --map COLUMN=FIELD (crm %s list --fields help)",
			entity_word(l->im.e), l->im.e->name);
	}
	return status;
}

/* In a column of dates always; elsewhere only when all cells are dates. */
static void judge_dates(struct lint *l, const struct lint_column *c, const char *header)
{
	cleanup(buf_free) struct buf forms = BUF_INIT;
	uint64_t dates = 0;
	size_t line = 0;

	for (size_t i = 0; i < LINT_DATE_FORMS; i++)
		dates += c->dates->v[i].n;
	if (dates < c->filled && (!c->field || c->field->type == CRM_TEXT))
		return;
	if (lint_date_mixture(&forms, c->dates, &line))
		lint_add(l, LINT_MIXED_DATES, false, line, header, NULL, 0, "%s", forms.failed ? "" : forms.s);
	l->mem.failed |= forms.failed;
}

void lint_columns(struct lint *l)
{
	/* The columns of a card and of an export that a preset knows were not chosen by who wrote the file. */
	bool chosen = l->result->rows > 0 && strcmp(reader_form_name(l->im.reader), "vcard") != 0;
	const char *late;

	for (size_t i = 0; (late = reader_late_property(l->im.reader, i)); i++)
		lint_add(l, LINT_UNKNOWN_COLUMN, false, 0, late, NULL, 0,
			"not imported: the columns come from the first cards, which do not have it");
	for (size_t i = 0; i < l->ncolumns; i++) {
		const struct lint_column *c = &l->columns[i];
		const char *header = l->columns[i].name;

		if (c->used && c->filled == 0 && chosen && !l->im.mapping.columns[i].made)
			lint_add(l, LINT_EMPTY_COLUMN, false, 0, header, NULL, 0, "no row has a value here");
		if (c->dates)
			judge_dates(l, c, header);
	}
}
