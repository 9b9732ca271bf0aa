/* Findings: counted by kind, kept until the cursor has given them out. */
#include "exchange/lint/lint.h"
#include <crm/text.h>

enum {
	VALUE_WIDTH_MAX = 60
};

static const char *const kinds[LINT_KINDS] = {
	[LINT_FILE] = "file",
	[LINT_HEADER] = "header",
	[LINT_UNKNOWN_COLUMN] = "unknown-column",
	[LINT_EMPTY_COLUMN] = "empty-column",
	[LINT_BYTES] = "bytes",
	[LINT_RAGGED] = "ragged",
	[LINT_ROW] = "row",
	[LINT_MISSING] = "missing",
	[LINT_EMAIL] = "email",
	[LINT_PHONE] = "phone",
	[LINT_DATE] = "date",
	[LINT_AMBIGUOUS_DATE] = "ambiguous-date",
	[LINT_MIXED_DATES] = "mixed-dates",
	[LINT_WORD] = "word",
	[LINT_NUMBER] = "number",
	[LINT_VALUE] = "value",
	[LINT_DUPLICATE] = "duplicate",
	[LINT_ROLE] = "role",
	[LINT_GARBLED] = "garbled",
	[LINT_CONTROL_CHARACTERS] = "control",
	[LINT_SPACES] = "spaces",
	[LINT_FORMULA] = "formula",
	[LINT_LONG] = "long",
};

_Static_assert((int)LINT_KINDS <= (int)CRM_LINT_KINDS, "the result has room for every kind");

const crm_column lint_report_columns[6] = {
	COLUMN("line", "Line", "line of the file, none for the file as a whole", CRM_INTEGER),
	COLUMN("column", "Column", "header of the column", CRM_TEXT),
	COLUMN("kind", "Kind", "what is wrong, in a word (crm-import(1))", CRM_TEXT),
	COLUMN("severity", "Severity", "error: an import rejects it; warning", CRM_TEXT),
	COLUMN("value", "Value", "the cell, or its beginning", CRM_TEXT),
	COLUMN("message", "Message", "what is wrong", CRM_TEXT),
};

/* The counts are kept where the result has them, at the place of the kind, until lint_conclude() closes the gaps. */
static bool count(struct lint *l, enum lint_kind kind, bool error)
{
	crm_lint_count *c = &l->result->kinds[kind];

	(error ? &c->errors : &c->warnings)[0]++;
	(error ? &l->result->errors : &l->result->warnings)[0]++;
	if (!l->all && c->shown == LINT_SHOWN)
		return false;
	c->shown++;
	return true;
}

static void keep_value(struct lint *l, struct finding *f, const char *s, size_t len)
{
	size_t fit = s ? crm_text_fit(s, len, VALUE_WIDTH_MAX) : 0;
	char *copy;

	if (!s)
		return;
	if (fit == len) {
		f->value = arena_copy(&l->mem, s, len);
		f->value_len = len;
		return;
	}
	copy = arena_alloc(&l->mem, fit + sizeof("…"));
	if (!copy)
		return;
	memcpy(copy, s, fit);
	memcpy(copy + fit, "…", sizeof("…"));
	f->value = copy;
	f->value_len = fit + strlen("…");
}

void lint_add(struct lint *l, enum lint_kind kind, bool error, size_t line, const char *column, const char *value,
	size_t len, const char *fmt, ...)
{
	struct buf message = BUF_INIT;
	struct finding *f;
	va_list ap;

	if (!count(l, kind, error))
		return;
	if (!GROW(l->findings, l->nfindings, l->findings_cap)) {
		l->mem.failed = true;
		return;
	}
	f = &l->findings[l->nfindings++];
	*f = (struct finding){ .line = line, .kind = kind, .error = error };
	va_start(ap, fmt);
	buf_vprintf(&message, crm_tr(fmt), ap);
	va_end(ap);
	f->message = arena_copy(&l->mem, message.s ? message.s : "", message.len);
	l->mem.failed |= message.failed;
	if (column)
		f->column = arena_copy(&l->mem, column, strlen(column));
	keep_value(l, f, value, len);
	buf_free(&message);
}

void lint_forget(struct lint *l)
{
	l->nfindings = l->given = 0;
	arena_reset(&l->mem);
}

static crm_value text_cell(const char *s, size_t len)
{
	return s ? (crm_value){ .kind = CRM_STRING, .s = s, .len = len } : (crm_value){ .kind = CRM_NULL };
}

static crm_value word_cell(const char *s)
{
	return text_cell(s, s ? strlen(s) : 0);
}

bool lint_give(struct lint *l)
{
	const struct finding *f;

	if (l->given == l->nfindings)
		return false;
	f = &l->findings[l->given++];
	l->cells[0] = f->line ? (crm_value){ .kind = CRM_INT, .i = (int64_t)f->line } : (crm_value){ .kind = CRM_NULL };
	l->cells[1] = word_cell(f->column);
	l->cells[2] = word_cell(kinds[f->kind]);
	l->cells[3] = word_cell(f->error ? "error" : "warning");
	l->cells[4] = text_cell(f->value, f->value_len);
	l->cells[5] = word_cell(f->message);
	return true;
}

void lint_conclude(struct lint *l)
{
	crm_lint_result *r = l->result;

	r->nkinds = 0;
	for (size_t i = 0; i < LINT_KINDS; i++) {
		crm_lint_count c = r->kinds[i];

		c.kind = kinds[i];
		if (c.errors + c.warnings > 0)
			r->kinds[r->nkinds++] = c;
	}
}
