#include "exchange/json_rows.h"

#include "exchange/fault.h"
#include "exchange/json_object.h"
#include "exchange/json_split.h"
#include "text/text.h"

struct ahead {
	size_t at, len, line;
	bool too_long;
};

struct json_rows {
	struct json_split split;
	struct json_element element;
	struct json_object object;
	struct arena names;
	const char **columns;
	size_t ncolumns, columns_cap;
	struct buf ahead_text; /* elements read to know the columns, to be given out as rows */
	struct ahead ahead[JSON_AHEAD];
	size_t nahead, given;
	struct buf text; /* cells of the row, a NUL behind each */
	struct cell *cells;
	struct buf fault;
};

struct json_rows *json_rows_close(struct json_rows *j)
{
	if (j) {
		buf_free(&j->element.text);
		json_object_free(&j->object);
		arena_free(&j->names);
		free(j->columns);
		buf_free(&j->ahead_text);
		buf_free(&j->text);
		free(j->cells);
		buf_free(&j->fault);
	}
	free(j);
	return NULL;
}

/* Checks what jansson would only call invalid, then parses. */
static int parse(struct json_rows *j, const char *s, size_t len, bool too_long)
{
	size_t bad = 0;

	buf_clear(&j->fault);
	if (too_long)
		buf_puts(&j->fault, FAULT_ROW_TOO_LONG);
	else if (!utf8_valid(s, len, &bad))
		fault_bytes(&j->fault, s + bad, decoder_encoding(j->split.in));
	else
		return json_object_parse(&j->object, s, len, &j->fault);
	return j->fault.failed ? CRM_NOMEM : JSON_FAULT;
}

static bool has_column(const struct json_rows *j, const char *name)
{
	for (size_t i = 0; i < j->ncolumns; i++) {
		if (!strcmp(j->columns[i], name))
			return true;
	}
	return false;
}

static int add_column(struct json_rows *j, const char *name, size_t line, struct err *err)
{
	if (j->ncolumns == READER_COLUMNS_MAX)
		return err_set(err, CRM_INVALID, "line %zu: more than %d different keys", line, READER_COLUMNS_MAX);
	if (!GROW(j->columns, j->ncolumns, j->columns_cap))
		return err_nomem(err);
	j->columns[j->ncolumns] = arena_copy(&j->names, name, strlen(name));
	if (!j->columns[j->ncolumns])
		return err_nomem(err);
	j->ncolumns++;
	return 0;
}

/* The keys of one object. One that cannot be read adds none: its fault is told when its row comes. */
static int add_columns(struct json_rows *j, struct err *err)
{
	const char *key;
	json_t *value;
	int rc = parse(j, buf_str(&j->element.text), j->element.text.len, j->element.too_long);

	if (rc == JSON_FAULT)
		return 0;
	if (rc)
		return err_nomem(err);
	json_object_foreach(j->object.root, key, value)
	{
		if (*key == '\0')
			return err_set(err, CRM_INVALID, "line %zu: a key is empty", j->element.line);
		if (!has_column(j, key)) {
			rc = add_column(j, key, j->element.line, err);
			if (rc < 0)
				return rc;
		}
	}
	return 0;
}

static int read_ahead(struct json_rows *j, struct err *err)
{
	while (j->nahead < JSON_AHEAD && j->ahead_text.len < READER_ROW_MAX) {
		int rc = json_split_next(&j->split, &j->element, err);

		if (rc)
			return rc == CRM_END ? 0 : rc;
		rc = add_columns(j, err);
		if (rc < 0)
			return rc;
		j->ahead[j->nahead++] =
			(struct ahead){ j->ahead_text.len, j->element.text.len, j->element.line, j->element.too_long };
		buf_add(&j->ahead_text, buf_str(&j->element.text), j->element.text.len);
		if (j->ahead_text.failed)
			return err_nomem(err);
	}
	return 0;
}

int json_rows_open(struct json_rows **out, struct decoder *in, struct err *err)
{
	struct json_rows *j = calloc(1, sizeof(*j));
	int rc;

	if (!j)
		return err_nomem(err);
	json_split_init(&j->split, in);
	rc = read_ahead(j, err);
	if (!rc && j->split.place == JSON_BEGINNING)
		rc = err_set(err, CRM_INVALID, "the file is empty");
	if (!rc) {
		j->cells = calloc(j->ncolumns + 1, sizeof(*j->cells));
		rc = j->cells ? 0 : err_nomem(err);
	}
	if (rc < 0) {
		json_rows_close(j);
		return rc;
	}
	*out = j;
	return 0;
}

size_t json_rows_columns(const struct json_rows *j)
{
	return j->ncolumns;
}

const char *json_rows_column(const struct json_rows *j, size_t i)
{
	return j->columns[i];
}

static void key_fault(struct json_rows *j, const char *key, const char *what)
{
	struct buf name = BUF_INIT;

	fault_name(&name, key);
	buf_clear(&j->fault);
	buf_say(&j->fault, "the key '%s' %s", name.s ? name.s : "", what);
	j->fault.failed |= name.failed;
	buf_free(&name);
}

/* One cell: absent when the object has no such key. Only the first fault of a row is kept. */
static int fill_cell(struct json_rows *j, const json_t *value, size_t column, struct buf *why)
{
	struct cell *c = &j->cells[column];
	size_t start = j->text.len;
	int rc = 0;

	*c = (struct cell){ 0 };
	buf_clear(why);
	if (value)
		rc = json_object_text(&j->object, value, &j->text, &c->quoted, why);
	if (!rc && j->text.len - start > READER_FIELD_MAX) {
		buf_puts(why, crm_tr("holds more than 1 MiB"));
		rc = JSON_FAULT;
	}
	if (rc == JSON_FAULT) {
		if (!j->fault.len)
			key_fault(j, j->columns[column], buf_str(why));
		buf_truncate(&j->text, start);
		rc = 0;
	}
	c->len = j->text.len - start;
	buf_putc(&j->text, '\0');
	return rc;
}

static void find_unknown_key(struct json_rows *j)
{
	const char *key;
	json_t *value;

	json_object_foreach(j->object.root, key, value)
	{
		if (!has_column(j, key)) {
			key_fault(j, key,
				crm_tr("does not appear in the first objects of the file, which give the columns"));
			return;
		}
	}
}

static int fill_cells(struct json_rows *j)
{
	struct buf why cleanup(buf_free) = BUF_INIT;
	const char *s;
	size_t found = 0;

	buf_clear(&j->text);
	for (size_t i = 0; i < j->ncolumns; i++) {
		const json_t *value = json_object_get(j->object.root, j->columns[i]);
		int rc = fill_cell(j, value, i, &why);

		if (rc)
			return rc;
		found += value != NULL;
	}
	if (!j->fault.len && found != json_object_size(j->object.root))
		find_unknown_key(j);
	if (j->text.failed || j->fault.failed)
		return CRM_NOMEM;
	s = j->text.s;
	for (size_t i = 0; i < j->ncolumns; i++) {
		j->cells[i].s = s;
		s += j->cells[i].len + 1;
	}
	return 0;
}

/* The next element, from those read ahead or from the file. */
static int next_element(struct json_rows *j, struct ahead *e, const char **s, struct err *err)
{
	int rc;

	if (j->given < j->nahead) {
		*e = j->ahead[j->given++];
		*s = j->ahead_text.s + e->at;
		return 0;
	}
	rc = json_split_next(&j->split, &j->element, err);
	if (rc)
		return rc;
	*e = (struct ahead){ 0, j->element.text.len, j->element.line, j->element.too_long };
	*s = buf_str(&j->element.text);
	return 0;
}

int json_rows_next(struct json_rows *j, struct row *row, struct err *err)
{
	struct ahead e;
	const char *s;
	size_t n = 0;
	int rc = next_element(j, &e, &s, err);

	if (rc)
		return rc;
	rc = parse(j, s, e.len, e.too_long);
	if (!rc) {
		n = j->ncolumns;
		rc = fill_cells(j);
	}
	if (rc < 0)
		return err_nomem(err);
	*row = (struct row){ .line = e.line, .cells = j->cells, .n = n, .fault = j->fault.len ? j->fault.s : NULL };
	return 0;
}
