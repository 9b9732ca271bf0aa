/* crm_search: hits as rows, each with the part of a text around it. */
#include "service/search.h"
#include "base/cursor.h"
#include "model/search.h"
#include "text/text.h"
#include <stdio.h>

enum {
	USUAL_WIDTH = 80,
	USUAL_COLUMNS = 8
};

enum column {
	TYPE,
	ID,
	CUSTOMER,
	AT,
	FIELD,
	SNIPPET,
	NAME,
	SCORE,
	ALSO,
	MARKS,
	COLUMNS
};

static const crm_column columns[COLUMNS] = {
	[TYPE] = COLUMN("type", "Type", "what was found: the name of its entity", CRM_TEXT),
	[ID] = COLUMN("id", "Id", "number of the record: TYPE:ID names it", CRM_INTEGER),
	[CUSTOMER] = COLUMN("customer", "Customer", "number of the customer; empty for an organisation", CRM_INTEGER),
	[AT] = COLUMN("at", "Time", "when it took place, was due, answered, or written down", CRM_TIME),
	[FIELD] = COLUMN("field", "Field", "where the best hit is", CRM_TEXT),
	[SNIPPET] = COLUMN("snippet", "Text", "the part of the field around the hits", CRM_TEXT),
	[NAME] = COLUMN("name", "Name", "name of the customer or organisation", CRM_TEXT),
	[SCORE] = COLUMN("score", "Score",
		"0 to 1; empty: too many were found to be ranked, or by a regular expression", CRM_REAL),
	[ALSO] = COLUMN("also", "Also", "further fields with hits", CRM_TEXT),
	[MARKS] = COLUMN("marks", "Marks", "bytes of the snippet that fit, from-to, counted from 0", CRM_TEXT),
};

/* In the order in which records of the same time, or score and time, are given. */
static const struct search_place places[SEARCH_PLACES] = {
	{ &entity_customer, "t0.created_at", false },
	{ &entity_org, "t0.created_at", false },
	{ &entity_log, "t0.at", true },
	{ &entity_ticket, "t0.created_at", false },
	{ &entity_followup, "t0.due_at", false },
	{ &entity_order, "t0.at", true },
	{ &entity_survey, "coalesce(t0.answered_at, t0.sent_at, t0.created_at)", false },
};

size_t crm_search_columns(const crm_column **out)
{
	*out = columns;
	return ARRAY_SIZE(columns);
}

const crm_entity *crm_search_entity(size_t i)
{
	return i < ARRAY_SIZE(places) ? places[i].entity : NULL;
}

/* --- where --- */

static int add_source(struct search *x, const struct search_place *place)
{
	struct search_source *source = &x->sources[x->nsources];
	const size_t n = crm_field_count(x->s, place->entity);

	if (x->customer && place->entity == &entity_org)
		return CRM_OK;
	*source = (struct search_source){ .place = place, .fields = calloc(n + 1, sizeof(*source->fields)) };
	if (!source->fields)
		return err_nomem(&x->s->err);
	for (size_t i = 0; i < n; i++) {
		const struct crm_field *f = crm_field_at(x->s, place->entity, i);

		if (search_has_field(f) && !(f->flags & FIELD_SOUND))
			source->fields[source->nfields++] = f;
	}
	x->nsources++;
	return CRM_OK;
}

static int unknown_place(crm_store *s, const char *name, size_t len)
{
	const char *names[SEARCH_PLACES];
	cleanup(freep) char *text = strndup(name, len);
	cleanup(buf_free) struct buf hint = BUF_INIT;

	for (size_t i = 0; i < SEARCH_PLACES; i++)
		names[i] = places[i].entity->name;
	return err_set(&s->err, CRM_INVALID, "--in: nothing is searched in '%s'%s", text ? text : "",
		buf_nearest(&hint, text ? crm_text_nearest(text, names, SEARCH_PLACES) : NULL));
}

/* The entities that are named, in their own order. */
static int add_sources(struct search *x, const char *in)
{
	bool wanted[SEARCH_PLACES];
	int status = CRM_OK;

	for (size_t i = 0; i < SEARCH_PLACES; i++)
		wanted[i] = !in;
	for (size_t len; in; in = in[len] ? in + len + 1 : NULL) {
		size_t i = 0;

		len = strcspn(in, ",");
		while (i < SEARCH_PLACES &&
			(strlen(places[i].entity->name) != len || strncmp(places[i].entity->name, in, len) != 0))
			i++;
		if (i == SEARCH_PLACES)
			return unknown_place(x->s, in, len);
		wanted[i] = true;
	}
	for (size_t i = 0; status == CRM_OK && i < SEARCH_PLACES; i++)
		if (wanted[i])
			status = add_source(x, &places[i]);
	return status;
}

/* --- a record --- */

enum record_column {
	RECORD_CUSTOMER,
	RECORD_NAME,
	RECORD_AT,
	RECORD_FIELDS
};

static int prepare_record(struct search *x, struct search_source *source)
{
	const struct crm_entity *e = source->place->entity;
	const struct crm_field *customer = field_find_static(e, "customer");
	cleanup(sql_release) struct sql q = { .s = x->s };

	buf_printf(&q.text, "SELECT %s%s, ",
		customer                ? "t0."
		: e == &entity_customer ? "t0.id"
					: "NULL",
		customer ? field_column(customer) : "");
	sql_field(&q, e, field_find_static(e, "name"), "t0");
	buf_printf(&q.text, ", %s", source->place->at);
	for (size_t i = 0; i < source->nfields; i++) {
		buf_puts(&q.text, ", ");
		sql_field(&q, e, source->fields[i], "t0");
	}
	buf_printf(&q.text, " FROM %s t0 WHERE t0.id = ", e->table);
	source->id_parameter = (int)q.n + 1;
	sql_param_int(&q, 0); /* bound for each in turn */
	return sql_prepare(&source->record, &q, DB_SCAN | DB_ONCE);
}

int search_record(struct search *x, struct search_source *source, int64_t id)
{
	int status = source->record ? CRM_OK : prepare_record(x, source);

	if (status < 0)
		return status;
	db_rewind(source->record);
	db_bind_int(source->record, source->id_parameter, id);
	return db_step(source->record);
}

int64_t search_record_at(const struct search_source *source)
{
	return db_int(source->record, RECORD_AT);
}

bool search_field_text(const char **text, size_t *len, const struct search_source *source, size_t field)
{
	const int col = RECORD_FIELDS + (int)field;

	if (db_is_null(source->record, col))
		return false;
	*text = db_text(source->record, col);
	*len = db_bytes(source->record, col);
	return true;
}

/* --- rows --- */

struct search_cursor {
	struct crm_cursor cursor;
	struct search x;
	struct search_found found, best;
	struct buf snippet, marks, also;
	crm_value values[COLUMNS];
	size_t width;
	int64_t left; /* rows to give, -1: all */
	bool held;
};

static crm_value text_value(const char *s, size_t len)
{
	return (crm_value){ .kind = s ? CRM_STRING : CRM_NULL, .s = s, .len = len };
}

static size_t terms_in(const struct search_found *found, size_t n)
{
	size_t terms = 0;

	for (size_t i = 0; i < n; i++)
		terms += found->count[i] > 0;
	return terms;
}

/* A field is better with more of the terms, else when it counts more; else the first one is. */
static bool is_better(const struct search_source *source, size_t terms, size_t field, size_t most, size_t best)
{
	if (best == source->nfields || terms != most)
		return best == source->nfields || terms > most;
	return search_weight(source->fields[field]) > search_weight(source->fields[best]);
}

static void note_also(struct buf *also, const struct crm_field *f)
{
	buf_puts(also, also->len ? "," : "");
	buf_puts(also, f->name);
}

/* The field with the best hit, whose spans are in c->best then; those with others are noted in c->also. */
static int choose_field(struct search_cursor *c, const struct search_source *source, size_t *chosen)
{
	size_t best = source->nfields, most = 0, len;
	const char *text;

	for (size_t i = 0; i < source->nfields; i++) {
		size_t terms;
		int status;

		if (!search_field_text(&text, &len, source, i))
			continue;
		status = search_within(&c->found, &c->x.terms, c->x.s, text, len);
		if (status < 0)
			return status;
		terms = terms_in(&c->found, c->x.terms.n);
		if (terms > 0 && is_better(source, terms, i, most, best)) {
			struct search_found before = c->best;

			c->best = c->found;
			c->found = before;
			if (best < source->nfields)
				note_also(&c->also, source->fields[best]);
			best = i;
			most = terms;
		} else if (terms > 0) {
			note_also(&c->also, source->fields[i]);
		}
	}
	*chosen = best;
	return CRM_OK;
}

/* Whether the text is a telephone number, or several, with the digits that are looked for, however it is written. */
static bool has_number(const struct crm_field *f, const struct search_terms *terms, const char *text, size_t len)
{
	cleanup(buf_free) struct buf digits = BUF_INIT, sought = BUF_INIT;
	bool found = false;

	if (f->type != CRM_PHONE && f->type != CRM_CONTACTS)
		return false;
	for (size_t i = 0; i < len; i++)
		if (ascii_digit(text[i]) || text[i] == ',')
			buf_putc(&digits, text[i]);
	for (size_t i = 0; i < terms->n && !found; i++) {
		buf_clear(&sought);
		for (size_t k = 0; k < terms->v[i].len; k++)
			if (ascii_digit(terms->v[i].text[k]))
				buf_putc(&sought, terms->v[i].text[k]);
		found = sought.len > 0 && digits.len > 0 && memmem(digits.s, digits.len, sought.s, sought.len);
	}
	return found;
}

/* What is shown where the index knows more than stands there: a number otherwise written, a name by how it sounds. */
static size_t usual_field(const struct search_cursor *c, const struct search_source *source)
{
	const char *text;
	size_t len, first = source->nfields;

	for (size_t i = 0; i < source->nfields; i++) {
		if (!search_field_text(&text, &len, source, i))
			continue;
		if (has_number(source->fields[i], &c->x.terms, text, len))
			return i;
		if (first == source->nfields || !(source->fields[first]->flags & CRM_FIELD_LISTED))
			first = i;
	}
	return first;
}

static int put_snippet(struct search_cursor *c, const struct search_source *source, size_t field)
{
	cleanup(spans_free) struct spans marks = { 0 };
	const char *text;
	size_t len;

	if (field == source->nfields || !search_field_text(&text, &len, source, field))
		return CRM_OK;
	if (snippet_make(&c->snippet, &marks, text, len, &c->best.spans, c->width) < 0)
		return err_nomem(&c->x.s->err);
	for (size_t i = 0; i < marks.n; i++)
		buf_printf(&c->marks, "%s%zu-%zu", i ? " " : "", marks.v[i].from, marks.v[i].to);
	c->values[FIELD] = text_value(source->fields[field]->name, strlen(source->fields[field]->name));
	c->values[SNIPPET] = text_value(buf_str(&c->snippet), c->snippet.len);
	c->values[MARKS] = text_value(c->marks.len ? buf_str(&c->marks) : NULL, c->marks.len);
	c->values[ALSO] = text_value(c->also.len ? buf_str(&c->also) : NULL, c->also.len);
	return c->snippet.failed || c->marks.failed || c->also.failed ? err_nomem(&c->x.s->err) : CRM_OK;
}

static int put_row(struct search_cursor *c, const struct search_hit *hit)
{
	struct search_source *source = hit->source;
	size_t field;
	int status = search_record(&c->x, source, hit->id);

	if (status != CRM_OK)
		return status;
	buf_clear(&c->snippet);
	buf_clear(&c->marks);
	buf_clear(&c->also);
	c->best.spans.n = 0;
	memset(c->values, 0, sizeof(c->values));
	c->values[TYPE] = text_value(source->place->entity->name, strlen(source->place->entity->name));
	c->values[ID] = (crm_value){ .kind = CRM_INT, .i = hit->id };
	c->values[CUSTOMER] = db_value(source->record, RECORD_CUSTOMER);
	c->values[AT] = db_value(source->record, RECORD_AT);
	c->values[NAME] = db_value(source->record, RECORD_NAME);
	if (c->x.ranking)
		c->values[SCORE] = (crm_value){ .kind = CRM_DOUBLE, .d = hit->score };
	status = choose_field(c, source, &field);
	if (status == CRM_OK)
		status = put_snippet(c, source, field < source->nfields ? field : usual_field(c, source));
	return status;
}

static int search_cursor_next(crm_cursor *cursor)
{
	struct search_cursor *c = (struct search_cursor *)cursor;
	struct search_hit hit;
	int status;

	if (c->left == 0)
		return CRM_END;
	do
		status = search_next(&c->x, &hit);
	while (status == CRM_OK && (status = put_row(c, &hit)) == CRM_END);
	c->left -= status == CRM_OK && c->left > 0;
	return status;
}

static void search_close(crm_cursor *cursor)
{
	struct search_cursor *c = (struct search_cursor *)cursor;

	for (size_t i = 0; i < c->x.nsources; i++) {
		db_release(c->x.sources[i].record);
		db_release(c->x.sources[i].walk);
		free(c->x.sources[i].fields);
		free(c->x.sources[i].v);
		free(c->x.sources[i].same);
	}
	search_terms_free(&c->x.terms);
	free(c->x.ranking);
	spans_free(&c->found.spans);
	spans_free(&c->best.spans);
	buf_free(&c->snippet);
	buf_free(&c->marks);
	buf_free(&c->also);
	if (c->held)
		db_unhold(c->x.s);
	free(c);
}

/* --- what is asked --- */

static int skip(struct search_cursor *c, int64_t offset)
{
	struct search_hit hit;
	int status = CRM_OK;

	while (status == CRM_OK && offset-- > 0)
		status = search_next(&c->x, &hit);
	return status == CRM_END ? CRM_OK : status;
}

static int open_hits(crm_cursor **out, crm_store *s, const crm_search_options *opt)
{
	const bool by_time = opt->sort && strcmp(opt->sort, "-at") == 0, sorted = opt->sort && *opt->sort && !by_time;
	const int64_t offset = opt->offset > 0 ? opt->offset : 0;
	struct search_cursor *c = calloc(1, sizeof(*c));
	int status;

	if (!c)
		return err_nomem(&s->err);
	c->x = (struct search){ .s = s, .customer = opt->customer, .newest = by_time, .wanted = -1 };
	c->width = opt->width ? opt->width : USUAL_WIDTH;
	c->left = sorted ? -1 : opt->limit;
	c->cursor = (struct crm_cursor){ columns, COLUMNS, c->values, search_cursor_next, search_close };
	if (!sorted && opt->limit >= 0 && opt->limit < INT64_MAX - offset)
		c->x.wanted = opt->limit + offset;
	c->x.ranks = sorted && !opt->regex;
	status = db_hold(s);
	c->held = status == CRM_OK;
	if (status == CRM_OK)
		status = search_terms_read(&c->x.terms, s, opt);
	if (status == CRM_OK)
		status = store_period(&c->x.from, &c->x.to, s, opt->since, opt->until);
	if (status == CRM_OK)
		status = add_sources(&c->x, opt->in);
	if (status == CRM_OK)
		status = search_find(&c->x);
	if (status == CRM_OK && !sorted)
		status = skip(c, offset);
	if (status < 0) {
		search_close(&c->cursor);
		return status;
	}
	*out = &c->cursor;
	return CRM_OK;
}

/* The columns that are asked for. */
static int choose_columns(struct buf *out, const char *fields)
{
	for (size_t i = 0; i < USUAL_COLUMNS && (!fields || *fields == '+'); i++)
		buf_printf(out, "%s%s", i ? "," : "", columns[i].name);
	if (fields)
		buf_printf(out, "%s%s", out->len ? "," : "", fields + (*fields == '+'));
	return buf_str(out) ? CRM_OK : CRM_NOMEM;
}

int crm_search(crm_cursor **out, crm_store *s, const crm_search_options *opt)
{
	cleanup(buf_free) struct buf fields = BUF_INIT;
	crm_cursor *c = NULL;
	int status = choose_columns(&fields, opt->fields) < 0 ? err_nomem(&s->err) : open_hits(&c, s, opt);

	if (status == CRM_OK && opt->sort && *opt->sort && strcmp(opt->sort, "-at") != 0)
		status = cursor_sort(&c, c, opt->sort, opt->offset > 0 ? opt->offset : 0, opt->limit, &s->err);
	return status == CRM_OK ? cursor_project(out, c, fields.s, &s->err) : status;
}
