/* json: one array, an object a line, or one object a key a line; jsonl: an object a line. */
#include "cli/writer.h"

#include <stdlib.h>

/* What stands for the byte after a backslash: a letter, 'u' for \u00xx; 0 when it stands for itself. */
static char json_letter(unsigned char c)
{
	switch (c) {
	case '"':
	case '\\':
		return (char)c;
	case '\b':
		return 'b';
	case '\t':
		return 't';
	case '\n':
		return 'n';
	case '\f':
		return 'f';
	case '\r':
		return 'r';
	default:
		return c < ' ' ? 'u' : 0;
	}
}

/* Adds the inside of a JSON string. */
static void json_text(struct out *o, const char *s, size_t len)
{
	static const char hex[] = "0123456789abcdef";
	size_t i = 0, done = 0;

	while (i < len) {
		if (i + 8 <= len) {
			uint64_t x = bytes_load(s + i);
			if (!(bytes_below(x, ' ') | bytes_equal(x, '"') | bytes_equal(x, '\\'))) {
				i += 8;
				continue;
			}
		}
		size_t end = i + 8 < len ? i + 8 : len;
		for (; i < end; i++) {
			unsigned char c = (unsigned char)s[i];
			char letter = json_letter(c);
			if (!letter)
				continue;
			char escape[6] = { '\\', letter, '0', '0', hex[c >> 4], hex[c & 15] };
			out_put(o, s + done, i - done);
			out_put(o, escape, letter == 'u' ? 6 : 2);
			done = i + 1;
		}
	}
	out_put(o, s + done, len - done);
}

void json_string(struct out *o, const char *s, size_t len)
{
	out_putc(o, '"');
	json_text(o, s, len);
	out_putc(o, '"');
}

/* --- values --- */

/* Length of the label of `label:value`, 0 for none: it has only letters, digits, blanks, - and _. */
static size_t label_length(struct span item)
{
	for (size_t i = 0; i < item.len; i++) {
		unsigned char c = (unsigned char)item.s[i];
		if (c == ':')
			return i;
		bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
		if (!letter && !(c >= '0' && c <= '9') && c != ' ' && c != '-' && c != '_' && c < 0x80)
			break;
	}
	return 0;
}

static void json_contact(struct out *o, struct span item)
{
	size_t label = label_length(item);
	size_t value = label ? label + 1 : 0;

	out_put(o, "{\"label\":", 9);
	if (label)
		json_string(o, item.s, label);
	else
		out_put(o, "null", 4);
	out_put(o, ",\"value\":", 9);
	json_string(o, item.s + value, item.len - value);
	out_putc(o, '}');
}

static int json_list(struct rows *r, const crm_column *col, const crm_value *v)
{
	struct span item;
	size_t pos = 0;
	bool first = true;

	out_putc(r->out, '[');
	while (cell_list_item(&r->cells, v, &pos, &item)) {
		if (!first)
			out_putc(r->out, ',');
		first = false;
		if (col->type == CRM_CONTACTS)
			json_contact(r->out, item);
		else
			json_string(r->out, item.s, item.len);
	}
	out_putc(r->out, ']');
	return r->cells.large.failed ? CRM_NOMEM : CRM_OK;
}

static bool is_numeric(crm_type type)
{
	return type == CRM_INTEGER || type == CRM_REAL || type == CRM_DURATION;
}

/* A text cell; custom numbers, times and truth values are kept as text, the type says what they are. */
static int json_text_cell(struct rows *r, const crm_column *col, const crm_value *v)
{
	int64_t t;
	bool yes;

	if (col->type == CRM_TAGS || col->type == CRM_CONTACTS)
		return json_list(r, col, v);
	if (col->type == CRM_BOOL && cell_as_bool(v, &yes)) {
		out_puts(r->out, yes ? "true" : "false");
	} else if (is_numeric(col->type) && cell_is_number(v->s, v->len)) {
		out_put(r->out, v->s, v->len);
	} else if (col->type == CRM_TIME && cell_as_integer(v, &t)) {
		struct span text = cell_time(&r->cells, t, CRM_TIME_RFC3339);
		json_string(r->out, text.s, text.len);
	} else {
		json_string(r->out, v->s, v->len);
	}
	return CRM_OK;
}

static int json_value(struct rows *r, const crm_column *col, const crm_value *v)
{
	struct out *o = r->out;
	struct span text;
	int64_t i;

	if (v->kind == CRM_STRING)
		return json_text_cell(r, col, v);
	if (v->kind == CRM_NULL) {
		out_put(o, "null", 4);
	} else if (col->type == CRM_TIME && cell_as_integer(v, &i)) {
		text = cell_time(&r->cells, i, CRM_TIME_RFC3339);
		json_string(o, text.s, text.len);
	} else if (col->type == CRM_BOOL) {
		out_puts(o, (v->kind == CRM_INT ? v->i != 0 : v->d != 0) ? "true" : "false");
	} else {
		text = v->kind == CRM_INT ? cell_integer(&r->cells, v->i) : cell_real(&r->cells, v->d);
		if (text.len > 0)
			out_put(o, text.s, text.len);
		else
			out_put(o, "null", 4); /* not a number */
	}
	return CRM_OK;
}

/* --- objects --- */

/* What stands before each value: `{"id":`, `,"name":` …, escaped once. */
struct json {
	struct strbuf heads;
	size_t *ends; /* where the head of each column ends in `heads` */
};

static void json_release(struct rows *r)
{
	struct json *json = r->state;

	if (!json)
		return;
	strbuf_free(&json->heads);
	free(json->ends);
	free(json);
}

static int begin(struct rows *r, bool pretty)
{
	struct json *json = r->state = calloc(1, sizeof(*json));
	if (!json)
		return CRM_NOMEM;
	json->ends = calloc(r->ncolumns + 1, sizeof(*json->ends));
	struct out *o = out_open(-1);
	if (!json->ends || !o) {
		out_close(o);
		return CRM_NOMEM;
	}
	o->sink = &json->heads;
	for (size_t i = 0; i < r->ncolumns; i++) {
		out_puts(o, i > 0 ? "," : "{");
		if (pretty)
			out_puts(o, "\n  ");
		json_string(o, r->columns[i]->name, strlen(r->columns[i]->name));
		out_puts(o, pretty ? ": " : ":");
		out_flush(o);
		json->ends[i] = json->heads.len;
	}
	return out_close(o) == 0 ? CRM_OK : CRM_NOMEM;
}

static int json_object(struct rows *r)
{
	struct json *json = r->state;
	size_t head = 0;
	int status = CRM_OK;

	for (size_t i = 0; i < r->ncolumns && status == CRM_OK; i++) {
		out_put(r->out, json->heads.s + head, json->ends[i] - head);
		head = json->ends[i];
		status = json_value(r, r->columns[i], crm_cursor_value(r->cursor, i));
	}
	return status;
}

static int json_begin(struct rows *r)
{
	return begin(r, r->set->single);
}

static int json_row(struct rows *r)
{
	if (!r->set->single)
		out_put(r->out, r->written == 0 ? "[\n" : ",\n", 2);
	int status = json_object(r);
	if (r->set->single)
		out_put(r->out, "\n}\n", 3);
	else
		out_putc(r->out, '}');
	return status;
}

static int json_end(struct rows *r)
{
	if (r->set->single)
		out_puts(r->out, r->written == 0 ? "null\n" : "");
	else
		out_puts(r->out, r->written == 0 ? "[]\n" : "\n]\n");
	return CRM_OK;
}

const struct writer rows_json = {
	.begin = json_begin,
	.row = json_row,
	.end = json_end,
	.release = json_release,
	.machine = true,
};

static int jsonl_begin(struct rows *r)
{
	return begin(r, false);
}

static int jsonl_row(struct rows *r)
{
	int status = json_object(r);
	out_put(r->out, "}\n", 2);
	return status;
}

const struct writer rows_jsonl = {
	.begin = jsonl_begin,
	.row = jsonl_row,
	.release = json_release,
	.machine = true,
};
