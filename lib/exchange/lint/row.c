/* One row of a file that is looked at: converted as an import would, and read as a person would. */
#include "exchange/fault.h"
#include "exchange/lint/lint.h"
#include "exchange/lint/text.h"
#include "text/text.h"

enum {
	LONG_VALUE = 1000, /* characters of a name, a city … */
	LONG_PROSE = 32767 /* what a cell of a spreadsheet holds */
};

/* Where the finding is: the cell at hand. */
struct place {
	size_t line;
	const char *header;
	const struct cell *cell;
};

static void add(struct lint *l, enum lint_kind kind, bool error, const struct place *at, const char *message)
{
	lint_add(l, kind, error, at->line, at->header, at->cell->s, at->cell->len, "%s", crm_tr(message));
}

/* --- values --- */

static enum lint_kind kind_of(crm_type type)
{
	switch (type) {
	case CRM_EMAIL:
		return LINT_EMAIL;
	case CRM_PHONE:
		return LINT_PHONE;
	case CRM_DATE:
	case CRM_TIME:
		return LINT_DATE;
	case CRM_BOOL:
	case CRM_ENUM:
		return LINT_WORD;
	case CRM_INTEGER:
	case CRM_REAL:
	case CRM_DURATION:
	case CRM_MONEY:
		return LINT_NUMBER;
	default:
		return LINT_VALUE;
	}
}

/* What a conversion said. Anything but a refused value ends the reading. */
static int refused(struct lint *l, enum lint_kind kind, const struct place *at, const char *field, int status)
{
	const char *message = l->im.s->err.msg.s;

	if (status != CRM_INVALID)
		return status;
	add(l, kind, true, at, convert_without_name(message ? message : "", field));
	return CRM_OK;
}

static void judge_address(struct lint *l, const struct place *at, const char *normal, size_t len)
{
	if (lint_is_role(normal, len))
		add(l, LINT_ROLE, false, at, N_("the address of a function, not of a person"));
}

/* `label:address, …` or tags, item by item. */
static int judge_list(struct lint *l, const struct crm_field *f, const struct place *at, bool *good)
{
	bool phones = f->kind && strcmp(f->kind, "phone") == 0;
	enum lint_kind kind = !f->kind ? LINT_VALUE : phones ? LINT_PHONE : LINT_EMAIL;
	size_t pos = 0;
	int status = CRM_OK;

	while (status == CRM_OK && list_next(&l->item, at->cell->s, at->cell->len, &pos)) {
		struct item item;

		if (l->item.len == 0)
			continue;
		status = convert_item(&l->convert, f, l->item.s, l->item.len, &item);
		if (status < 0) {
			*good = false;
			status = refused(l, kind, at, f->name, status);
		} else if (kind == LINT_EMAIL) {
			judge_address(l, at, item.norm, strlen(item.norm));
		}
	}
	return status == CRM_OK && l->item.failed ? err_nomem(&l->im.s->err) : status;
}

static int judge_value(struct lint *l, const struct crm_field *f, const struct place *at, bool ambiguous, bool *good)
{
	enum lint_kind kind = ambiguous ? LINT_AMBIGUOUS_DATE : kind_of(f->type);
	crm_value value, norm;
	int status = f->set ? crm_record_set(&l->im.record, f->name, at->cell->s)
			    : convert_field(&l->convert, f, at->cell->s, at->cell->len, &value, &norm);

	*good = status == CRM_OK;
	if (status == CRM_INVALID && ambiguous) {
		add(l, kind, true, at, N_("day or month first? write the year first, as 2026-12-31"));
		return CRM_OK;
	}
	if (status < 0)
		return refused(l, kind, at, f->name, status);
	if (ambiguous)
		add(l, kind, false, at, N_("day or month first?"));
	if (!f->set)
		record_put(&l->im.record, f, &value, &norm);
	if (f->type == CRM_EMAIL)
		judge_address(l, at, norm.s, norm.len);
	return CRM_OK;
}

/* --- texts --- */

static void judge_spaces(struct lint *l, const struct place *at, unsigned flaws)
{
	static const struct {
		unsigned flaw;
		const char *name;
	} names[] = {
		{ LINT_SPACE_START, N_("blanks at the start") },
		{ LINT_SPACE_END, N_("blanks at the end") },
		{ LINT_SPACES_INSIDE, N_("several blanks in a row") },
		{ LINT_NO_BREAK, N_("a no-break space") },
		{ LINT_ZERO_WIDTH, N_("a character without width") },
	};

	buf_clear(&l->text);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (flaws & names[i].flaw)
			buf_puts(buf_comma(&l->text), crm_tr(names[i].name));
	if (l->text.len > 0)
		lint_add(l, LINT_SPACES, false, at->line, at->header, at->cell->s, at->cell->len, "has %s", l->text.s);
}

static size_t characters(const char *s, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += ((unsigned char)s[i] & 0xc0) != 0x80;
	return n;
}

/* Fields for whole sentences: two blanks are no slip there, and much text is no surprise. */
static bool is_prose(const struct crm_field *f)
{
	return f && (strcmp(f->name, "note") == 0 || strcmp(f->name, "content") == 0);
}

static void judge_text(struct lint *l, const struct crm_field *f, const struct place *at)
{
	const char *s = at->cell->s, *garbled;
	size_t len = at->cell->len, limit = is_prose(f) ? LONG_PROSE : LONG_VALUE;
	unsigned flaws = lint_flaws(s, len);

	garbled = lint_garbled(s, len);
	if (!garbled && lint_gbk_misread(&l->gbk, s, len))
		garbled = N_("looks like UTF-8 that was read as GBK");
	if (garbled)
		add(l, LINT_GARBLED, false, at, garbled);
	if (flaws & LINT_CONTROL && !garbled)
		add(l, LINT_CONTROL_CHARACTERS, false, at,
			N_("has a control character, or one that turns the direction"));
	if (flaws && !garbled)
		judge_spaces(l, at, is_prose(f) ? flaws & ~(unsigned)LINT_SPACES_INSIDE : flaws);
	if (len > limit && (len = characters(s, len)) > limit)
		lint_add(l, LINT_LONG, false, at->line, at->header, s, at->cell->len, "is %zu characters long", len);
}

static int judge_cell(struct lint *l, size_t i, const struct place *at)
{
	struct lint_column *c = &l->columns[i];
	const struct crm_field *f = c->field;
	bool ambiguous = false, good = true;
	bool dated = f && (f->type == CRM_DATE || f->type == CRM_TIME);
	int status = CRM_OK;

	if (!c->used || at->cell->len == 0)
		return CRM_OK;
	c->filled++;
	judge_text(l, f, at);
	if (c->dates) {
		int form = lint_date_form(at->cell->s, at->cell->len, dated, &ambiguous);

		if (form >= 0 && c->dates->v[form].n++ == 0)
			c->dates->v[form].line = at->line;
	}
	if (f && field_is_list(f))
		status = judge_list(l, f, at, &good);
	else if (f && (c->how == COLUMN_VALUE || f->set))
		status = judge_value(l, f, at, ambiguous && dated, &good);
	/* A number or a date that begins with a sign is what it is. */
	if (status == CRM_OK && (!f || f->type == CRM_TEXT || f->type == CRM_TAGS || f->type == CRM_REF || !good) &&
		lint_is_formula(at->cell->s, at->cell->len))
		add(l, LINT_FORMULA, false, at, N_("a spreadsheet would run it as a formula"));
	return status;
}

/* --- the row as a whole --- */

static void judge_fault(struct lint *l, const struct row *row)
{
	enum lint_kind kind = fault_is_bytes(row->fault) ? LINT_BYTES
			      : reader_delimiter(l->im.reader) && strcmp(row->fault, crm_tr(FAULT_ROW_TOO_LONG)) != 0
				      ? LINT_RAGGED
				      : LINT_ROW;

	lint_add(l, kind, true, row->line, NULL, NULL, 0, "%s", row->fault);
}

static bool has_default(const struct lint *l, const struct crm_field *f)
{
	for (size_t i = 0; i < l->opt.ndefaults; i++) {
		const char *text = l->opt.defaults[i];
		size_t len = strcspn(text, "=");

		if ((strlen(f->name) == len && strncmp(text, f->name, len) == 0) ||
			(f->alias && strlen(f->alias) == len && strncmp(text, f->alias, len) == 0))
			return true;
	}
	return false;
}

/* Said in any column, readable or not. */
static const char *column_with(const struct lint *l, const struct crm_field *f, const struct row *row, bool *said)
{
	const char *header = NULL;

	*said = false;
	for (size_t i = 0; i < l->ncolumns; i++)
		if (l->columns[i].field == f) {
			header = l->columns[i].name;
			*said |= row->cells[i].len > 0;
		}
	return header;
}

/* What must be there in a new record; a row that names a stored one by key or address may be without. */
static void judge_missing(struct lint *l, const struct row *row)
{
	bool may_be_stored = false;

	for (size_t i = 0; i < l->nmatched; i++)
		may_be_stored |= row->cells[l->matched[i].column].len > 0;
	for (size_t i = 0; i < l->im.e->nfields; i++) {
		const struct crm_field *f = &l->im.e->fields[i];
		const char *header;
		bool said;

		if (!(f->flags & CRM_FIELD_REQUIRED) || l->im.record.slots[i].value.kind != CRM_NULL ||
			has_default(l, f))
			continue;
		header = column_with(l, f, row, &said);
		if (!said)
			lint_add(l, LINT_MISSING, !may_be_stored, row->line, header, NULL, 0,
				may_be_stored ? N_("%s is missing: good for a stored record only")
					      : N_("%s is missing"),
				f->name);
	}
}

static int settle_money(struct lint *l)
{
	int status;

	l->im.record.reading = &l->convert;
	status = record_settle_money(&l->im.record, NULL);
	l->im.record.reading = NULL;
	return status;
}

/* Rules beyond single fields; the message begins with the field's name. */
static int judge_prepared(struct lint *l, const struct row *row)
{
	int status = settle_money(l);
	const char *message;

	if (status == CRM_OK && l->im.e->prepare)
		status = l->im.e->prepare(&l->im.record, true);
	message = l->im.s->err.msg.s ? l->im.s->err.msg.s : "";
	if (status != CRM_INVALID)
		return status;
	for (size_t i = 0; i < l->ncolumns; i++) {
		const struct crm_field *f = l->columns[i].field;
		struct place at = { row->line, l->columns[i].name, &row->cells[i] };

		if (f && convert_without_name(message, f->name) != message)
			return refused(l, LINT_VALUE, &at, f->name, status);
	}
	lint_add(l, LINT_VALUE, true, row->line, NULL, NULL, 0, "%s", message);
	return CRM_OK;
}

/* Its cells in the order of the mapping. */
static struct row mapped(struct lint *l, const struct row *row)
{
	const struct mapping *m = &l->im.mapping;
	struct row mapped = *row;

	if (m->recipes.n > 0)
		recipes_make(&m->recipes, &l->im.record.mem, row->cells, l->made);
	for (size_t i = 0; i < m->n; i++)
		l->row[i] = m->columns[i].made ? l->made[m->columns[i].at] : row->cells[m->columns[i].at];
	mapped.cells = l->row;
	mapped.n = m->n;
	return mapped;
}

static int judge_row(struct lint *l, const struct row *row)
{
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < l->ncolumns; i++) {
		struct place at = { row->line, l->columns[i].name, &row->cells[i] };

		status = judge_cell(l, i, &at);
	}
	if (status == CRM_OK)
		status = judge_prepared(l, row);
	if (status == CRM_OK) {
		judge_missing(l, row);
		status = lint_duplicates(l, row);
	}
	return status;
}

int lint_row(struct lint *l, const struct row *row)
{
	struct row cells;

	l->result->rows++;
	record_reset(&l->im.record);
	if (row->fault) {
		judge_fault(l, row);
		return CRM_OK;
	}
	cells = mapped(l, row);
	return l->im.record.mem.failed ? err_nomem(&l->im.s->err) : judge_row(l, &cells);
}

int lint_defaults(struct lint *l)
{
	for (size_t i = 0; i < l->opt.ndefaults; i++) {
		const char *text = l->opt.defaults[i], *equals = strchr(text, '=');
		cleanup(freep) char *name = strndup(text, (size_t)(equals - text));
		const struct crm_field *f = name ? crm_field_find(l->im.s, l->im.e, name) : NULL;
		crm_value value, norm;
		int status = CRM_OK;

		if (!name)
			return err_nomem(&l->im.s->err);
		if (f && !f->set && f->type != CRM_REF && !field_is_list(f))
			status = convert_field(&l->convert, f, equals + 1, strlen(equals + 1), &value, &norm);
		if (status == CRM_INVALID)
			return err_set(&l->im.s->err, CRM_INVALID, "--default %s", crm_errmsg(l->im.s));
		if (status < 0)
			return status;
	}
	return CRM_OK;
}
