#include "exchange/vcard/rows.h"

#include "exchange/fault.h"
#include "exchange/vcard/card.h"
#include "exchange/vcard/split.h"

/* A card read to know the columns, to be given out as a row. */
struct ahead {
	struct vcard_text card; /* of its text only the length counts */
	size_t at;              /* where that is */
};

struct names {
	const char **v;
	size_t n, cap;
};

struct vcard_rows {
	struct vcard_split split;
	struct vcard_text text;
	struct vcard_card card;
	struct arena mem;
	struct names columns, late;
	struct buf ahead_text;
	struct ahead *ahead;
	size_t nahead, ahead_cap, given;
	struct cell *cells;
	struct buf fault;
};

struct vcard_rows *vcard_rows_close(struct vcard_rows *v)
{
	if (v) {
		vcard_split_free(&v->split);
		buf_free(&v->text.text);
		vcard_card_free(&v->card);
		arena_free(&v->mem);
		free(v->columns.v);
		free(v->late.v);
		buf_free(&v->ahead_text);
		free(v->ahead);
		free(v->cells);
		buf_free(&v->fault);
	}
	free(v);
	return NULL;
}

static size_t find_name(const struct names *names, const char *name)
{
	size_t i;

	for (i = 0; i < names->n; i++)
		if (strcmp(names->v[i], name) == 0)
			break;
	return i;
}

static int add_name(struct vcard_rows *v, struct names *names, const char *name)
{
	if (!GROW(names->v, names->n, names->cap))
		return CRM_NOMEM;
	names->v[names->n] = arena_copy(&v->mem, name, strlen(name));
	return names->v[names->n++] ? 0 : CRM_NOMEM;
}

/* Why the text is no card to be taken, or reads it. VCARD_FAULT, CRM_NOMEM. */
static int read_card(struct vcard_rows *v, const struct vcard_text *t, const char *s)
{
	buf_clear(&v->fault);
	v->card.decoder.file_encoding = decoder_encoding(v->split.in);
	if (t->shape == VCARD_STRAY)
		buf_say(&v->fault, "text outside a card: BEGIN:VCARD is missing");
	else if (t->too_long)
		buf_say(&v->fault, FAULT_ROW_TOO_LONG);
	else if (t->shape == VCARD_UNCLOSED && t->end)
		buf_say(&v->fault, "the card is not closed: END:VCARD is missing before line %zu", t->end);
	else if (t->shape == VCARD_UNCLOSED)
		buf_say(&v->fault, "the card is not closed: END:VCARD is missing at the end of the file");
	else if (t->nested)
		buf_say(&v->fault, "line %zu: a card inside the card, which cannot be taken", t->nested);
	else
		return vcard_card_read(&v->card, s, t->text.len, t->line + 1, &v->fault);
	return v->fault.failed ? CRM_NOMEM : VCARD_FAULT;
}

/* What a card has beyond the fields becomes columns. One that cannot be read adds none. */
static int add_columns(struct vcard_rows *v, struct err *err)
{
	int rc = read_card(v, &v->text, v->text.text.len ? v->text.text.s : "");

	for (size_t i = 0; rc == 0 && i < v->card.nextra; i++) {
		if (find_name(&v->columns, v->card.extra[i].name) < v->columns.n)
			continue;
		if (v->columns.n == READER_COLUMNS_MAX)
			return err_set(err, CRM_INVALID, "line %zu: more than %d different properties", v->text.line,
				READER_COLUMNS_MAX);
		rc = add_name(v, &v->columns, v->card.extra[i].name);
	}
	return rc < 0 ? err_nomem(err) : 0;
}

static int read_ahead(struct vcard_rows *v, struct err *err)
{
	while (v->nahead < VCARD_AHEAD && v->ahead_text.len < READER_ROW_MAX) {
		struct ahead *a;
		int rc = vcard_split_next(&v->split, &v->text, err);

		if (rc)
			return rc == CRM_END ? 0 : rc;
		rc = add_columns(v, err);
		if (rc < 0)
			return rc;
		if (!GROW(v->ahead, v->nahead, v->ahead_cap))
			return err_nomem(err);
		a = &v->ahead[v->nahead++];
		*a = (struct ahead){ v->text, v->ahead_text.len };
		buf_add(&v->ahead_text, v->text.text.len ? v->text.text.s : "", v->text.text.len);
		if (v->ahead_text.failed)
			return err_nomem(err);
	}
	return 0;
}

int vcard_rows_open(struct vcard_rows **out, struct decoder *in, struct err *err)
{
	struct vcard_rows *v = calloc(1, sizeof(*v));
	int rc = 0;

	if (!v)
		return err_nomem(err);
	vcard_split_init(&v->split, in);
	vcard_card_init(&v->card);
	for (size_t i = 0; rc == 0 && i < VCARD_FIELDS; i++)
		rc = add_name(v, &v->columns, vcard_field_names[i]);
	rc = rc < 0 ? err_nomem(err) : read_ahead(v, err);
	if (rc == 0 && v->nahead == 0)
		rc = err_set(err, CRM_INVALID, "the file is empty");
	if (rc == 0) {
		v->cells = calloc(v->columns.n, sizeof(*v->cells));
		rc = v->cells ? 0 : err_nomem(err);
	}
	if (rc < 0) {
		vcard_rows_close(v);
		return rc;
	}
	*out = v;
	return 0;
}

size_t vcard_rows_columns(const struct vcard_rows *v)
{
	return v->columns.n;
}

const char *vcard_rows_column(const struct vcard_rows *v, size_t i)
{
	return v->columns.v[i];
}

size_t vcard_rows_fields(void)
{
	return VCARD_FIELDS;
}

const char *vcard_rows_late(const struct vcard_rows *v, size_t i)
{
	return i < v->late.n ? v->late.v[i] : NULL;
}

static struct cell cell_of(const struct buf *text)
{
	return (struct cell){ .s = text->len ? text->s : "", .len = text->len };
}

static int fill_cells(struct vcard_rows *v)
{
	for (size_t i = 0; i < v->columns.n; i++)
		v->cells[i] = i < VCARD_FIELDS ? cell_of(&v->card.fields[i]) : (struct cell){ .s = "" };
	for (size_t i = 0; i < v->card.nextra; i++) {
		const struct vcard_extra *e = &v->card.extra[i];
		size_t column = find_name(&v->columns, e->name);

		if (column < v->columns.n)
			v->cells[column] = cell_of(&e->text);
		else if (v->late.n < READER_COLUMNS_MAX && find_name(&v->late, e->name) == v->late.n &&
			 add_name(v, &v->late, e->name) < 0)
			return CRM_NOMEM;
	}
	return 0;
}

/* The next card, from those read ahead or from the file. */
static int next_card(struct vcard_rows *v, struct vcard_text *t, const char **s, struct err *err)
{
	int rc;

	if (v->given < v->nahead) {
		*t = v->ahead[v->given].card;
		*s = v->ahead_text.len ? v->ahead_text.s + v->ahead[v->given].at : "";
		v->given++;
		return 0;
	}
	rc = vcard_split_next(&v->split, &v->text, err);
	*t = v->text;
	*s = v->text.text.len ? v->text.text.s : "";
	return rc;
}

int vcard_rows_next(struct vcard_rows *v, struct row *row, struct err *err)
{
	struct vcard_text t;
	const char *s;
	int rc = next_card(v, &t, &s, err);

	if (rc)
		return rc;
	rc = read_card(v, &t, s);
	*row = (struct row){ .line = t.line };
	if (rc == 0) {
		rc = fill_cells(v);
		row->cells = v->cells;
		row->n = v->columns.n;
		row->id = v->card.id;
	}
	if (rc < 0)
		return err_nomem(err);
	row->fault = v->fault.len ? v->fault.s : NULL;
	return 0;
}
