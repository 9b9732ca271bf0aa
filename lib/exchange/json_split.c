#include "exchange/json_split.h"

void json_split_init(struct json_split *j, struct decoder *in)
{
	*j = (struct json_split){ .in = in, .line = 1 };
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void keep(struct json_element *e, const char *s, size_t len)
{
	if (e->text.len + len > READER_ROW_MAX)
		e->too_long = true;
	if (!e->too_long)
		buf_add(&e->text, s, len);
}

static void pass_over(struct json_split *j, const char *s, size_t len)
{
	const char *end = s + len;

	while (s < end) {
		const char *nl = memchr(s, '\n', (size_t)(end - s));

		if (!nl)
			break;
		j->line++;
		s = nl + 1;
	}
}

/* Passes over blanks to the character that comes next, which stays. */
static int next_char(struct json_split *j, char *c, struct err *err)
{
	const char *s;
	size_t len, n;

	for (;;) {
		int rc = decoder_peek(j->in, &s, &len, err);

		if (rc)
			return rc;
		for (n = 0; n < len && is_blank(s[n]); n++)
			j->line += s[n] == '\n';
		decoder_take(j->in, n);
		if (n == len)
			continue;
		*c = s[n];
		return 0;
	}
}

static int read_line(struct json_split *j, struct json_element *e, struct err *err)
{
	const char *s, *nl;
	size_t len;

	do {
		int rc = decoder_peek(j->in, &s, &len, err);

		if (rc == CRM_END)
			return 0;
		if (rc < 0)
			return rc;
		nl = memchr(s, '\n', len);
		if (nl)
			len = (size_t)(nl - s) + 1;
		keep(e, s, len);
		pass_over(j, s, len);
		decoder_take(j->in, len);
	} while (!nl);
	return 0;
}

/* Bytes of the element in `s`; sets element_done when it ends there, before the comma or bracket behind it. */
static size_t element_length(struct json_split *j, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char c = s[i];

		if (j->escaped) {
			j->escaped = false;
		} else if (j->in_string) {
			j->escaped = c == '\\';
			j->in_string = c != '"';
		} else if (c == '"') {
			j->in_string = true;
		} else if (c == '{' || c == '[') {
			j->depth++;
		} else if (j->depth == 0 && (c == ',' || c == ']')) {
			j->element_done = true;
			return i;
		} else if ((c == '}' || c == ']') && j->depth > 0) {
			j->depth--;
		}
	}
	return len;
}

static int read_element(struct json_split *j, struct json_element *e, struct err *err)
{
	const char *s;
	size_t len;

	j->depth = 0;
	j->in_string = j->escaped = j->element_done = false;
	while (!j->element_done) {
		int rc = decoder_peek(j->in, &s, &len, err);

		if (rc == CRM_END)
			return err_set(
				err, CRM_INVALID, "line %zu: the file ends inside this element of the array", e->line);
		if (rc < 0)
			return rc;
		len = element_length(j, s, len);
		keep(e, s, len);
		pass_over(j, s, len);
		decoder_take(j->in, len);
	}
	return 0;
}

static int not_closed(const struct json_split *j, struct err *err)
{
	return err_set(err, CRM_INVALID, "line %zu: the file ends before the ] of its array", j->line);
}

/* Moves to the first character of the next element. */
static int to_element(struct json_split *j, struct err *err)
{
	char c = 0;
	int rc = next_char(j, &c, err);

	if (rc == CRM_END && (j->place == JSON_AFTER_COMMA || j->place == JSON_FIRST || j->place == JSON_ELEMENT))
		return not_closed(j, err);
	if (rc)
		return rc;
	switch (j->place) {
	case JSON_AFTER_ARRAY:
		return err_set(err, CRM_INVALID, "line %zu: text after the ] of the array", j->line);
	case JSON_BEGINNING:
		j->place = c == '[' ? JSON_FIRST : JSON_LINES;
		if (c != '[')
			return 0;
		decoder_take(j->in, 1);
		return to_element(j, err);
	case JSON_LINES:
		return 0;
	case JSON_ELEMENT:
		decoder_take(j->in, 1);
		j->place = c == ',' ? JSON_AFTER_COMMA : JSON_AFTER_ARRAY;
		return to_element(j, err);
	case JSON_FIRST:
		if (c == ']') {
			decoder_take(j->in, 1);
			j->place = JSON_AFTER_ARRAY;
			return to_element(j, err);
		}
		break;
	case JSON_AFTER_COMMA:
		break;
	}
	if (c == ',' || c == ']')
		return err_set(err, CRM_INVALID, "line %zu: a comma without an element beside it", j->line);
	j->place = JSON_ELEMENT;
	return 0;
}

int json_split_next(struct json_split *j, struct json_element *e, struct err *err)
{
	int rc = to_element(j, err);

	if (rc)
		return rc;
	buf_clear(&e->text);
	e->line = j->line;
	e->too_long = false;
	rc = j->place == JSON_LINES ? read_line(j, e, err) : read_element(j, e, err);
	if (!rc && e->text.failed)
		return err_nomem(err);
	return rc;
}
