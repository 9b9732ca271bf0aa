#include "exchange/json_object.h"

#include "text/text.h"

static int fault_set(struct buf *fault, const char *what)
{
	buf_puts(fault, crm_tr(what));
	return fault->failed ? CRM_NOMEM : JSON_FAULT;
}

static size_t digits(const char *s, const char *end)
{
	const char *p = s;

	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return (size_t)(p - s);
}

/* RFC 8259: -? (0 | 1-9 digits) (. digits)? ([eE] [+-]? digits)? */
static bool is_number(const char *s, size_t len)
{
	const char *end = s + len;
	size_t n;

	if (s < end && *s == '-')
		s++;
	n = digits(s, end);
	if (n == 0 || (n > 1 && *s == '0'))
		return false;
	s += n;
	if (s < end && *s == '.') {
		n = digits(s + 1, end);
		if (n == 0)
			return false;
		s += 1 + n;
	}
	if (s < end && (*s == 'e' || *s == 'E')) {
		s++;
		if (s < end && (*s == '+' || *s == '-'))
			s++;
		n = digits(s, end);
		if (n == 0)
			return false;
		s += n;
	}
	return s == end;
}

/* Length of the string literal at `s`, both quotes included. */
static size_t string_length(const char *s, size_t len)
{
	for (size_t i = 1; i < len; i++) {
		if (s[i] == '\\')
			i++;
		else if (s[i] == '"')
			return i + 1;
	}
	return len;
}

static bool is_number_char(char c)
{
	return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

static size_t number_length(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && is_number_char(s[n]))
		n++;
	return n;
}

/*
 * jansson keeps numbers as 64-bit integers and doubles, which changes 1.10 and 12345678901234567890. So it is given
 * the text with their places in a list in their stead, and the list has them as they are written.
 */
static int mask_numbers(struct json_object *o, const char *s, size_t len, struct buf *fault)
{
	size_t done = 0, i = 0;

	buf_clear(&o->masked);
	o->n = 0;
	while (i < len) {
		size_t n;

		if (s[i] == '"') {
			i += string_length(s + i, len - i);
			continue;
		}
		if (s[i] != '-' && (s[i] < '0' || s[i] > '9')) {
			i++;
			continue;
		}
		n = number_length(s + i, len - i);
		if (!is_number(s + i, n))
			return fault_set(fault, N_("not valid JSON: a number is written wrongly"));
		if (!GROW(o->numbers, o->n, o->cap))
			return CRM_NOMEM;
		buf_add(&o->masked, s + done, i - done);
		buf_printf(&o->masked, "%zu", o->n);
		o->numbers[o->n++] = (struct json_number){ s + i, n };
		i += n;
		done = i;
	}
	buf_add(&o->masked, s + done, len - done);
	return o->masked.failed ? CRM_NOMEM : 0;
}

/* Positions and excerpts of jansson are those of the masked text, so only the kind of error is told. */
static int explain(const json_error_t *e, struct buf *fault)
{
	switch (json_error_code(e)) {
	case json_error_premature_end_of_input:
		return fault_set(fault, N_("not valid JSON: it ends too early"));
	case json_error_end_of_input_expected:
		return fault_set(fault, N_("not valid JSON: text after the object"));
	case json_error_duplicate_key:
		return fault_set(fault, N_("a key appears twice in the object"));
	case json_error_null_character:
	case json_error_null_byte_in_key:
		return fault_set(fault, N_("a NUL character (\\u0000) in a text"));
	case json_error_stack_overflow:
		return fault_set(fault, N_("not readable: nested too deeply"));
	default:
		return fault_set(fault, N_("not valid JSON"));
	}
}

int json_object_parse(struct json_object *o, const char *s, size_t len, struct buf *fault)
{
	json_error_t e;
	int rc = mask_numbers(o, s, len, fault);

	if (rc)
		return rc;
	json_decref(o->root);
	o->root = json_parse(o->masked.s, o->masked.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &e);
	if (!o->root)
		return e.line < 0 ? CRM_NOMEM : explain(&e, fault);
	if (json_is_object(o->root))
		return 0;
	json_decref(o->root);
	o->root = NULL;
	return fault_set(fault, N_("not a JSON object"));
}

/* {"label": "work", "value": "a@b.c"} becomes the item `work:a@b.c`. */
static int labelled_item(struct json_object *o, const json_t *object, struct buf *fault)
{
	const json_t *label = json_object_get(object, "label");
	const json_t *value = json_object_get(object, "value");

	if (!json_is_string(value) || (label && !json_is_string(label) && !json_is_null(label)) ||
		json_object_size(object) != (label ? 2U : 1U))
		return fault_set(fault, N_("holds an object in its list that is not {\"label\", \"value\"}"));
	buf_clear(&o->item);
	if (json_string_length(label) > 0) {
		buf_add(&o->item, json_string_value(label), json_string_length(label));
		buf_putc(&o->item, ':');
	}
	buf_add(&o->item, json_string_value(value), json_string_length(value));
	if (o->item.failed)
		return CRM_NOMEM;
	list_append(&o->list, o->item.len ? o->item.s : "", o->item.len);
	return 0;
}

static int list_text(struct json_object *o, const json_t *array, struct buf *out, struct buf *fault)
{
	buf_clear(&o->list);
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *item = json_array_get(array, i);
		int rc = 0;

		if (json_is_string(item))
			list_append(&o->list, json_string_value(item), json_string_length(item));
		else if (json_is_object(item))
			rc = labelled_item(o, item, fault);
		else
			rc = fault_set(fault, N_("holds a list of something else than texts"));
		if (rc)
			return rc;
	}
	if (o->list.failed)
		return CRM_NOMEM;
	if (o->list.len)
		buf_add(out, o->list.s, o->list.len);
	return 0;
}

int json_object_text(struct json_object *o, const json_t *value, struct buf *out, bool *quoted, struct buf *fault)
{
	size_t i;
	int rc = 0;

	*quoted = json_is_string(value) || json_is_array(value);
	switch (json_typeof(value)) {
	case JSON_STRING:
		buf_add(out, json_string_value(value), json_string_length(value));
		break;
	case JSON_INTEGER:
		i = (size_t)json_integer_value(value);
		buf_add(out, o->numbers[i].s, o->numbers[i].len);
		break;
	case JSON_TRUE:
		buf_puts(out, "true");
		break;
	case JSON_FALSE:
		buf_puts(out, "false");
		break;
	case JSON_NULL:
		break;
	case JSON_ARRAY:
		rc = list_text(o, value, out, fault);
		break;
	case JSON_OBJECT:
	case JSON_REAL: /* no number is left that could be one */
		return fault_set(fault, N_("holds an object, which no field can take"));
	}
	if (rc)
		return rc;
	return out->failed ? CRM_NOMEM : 0;
}

void json_object_free(struct json_object *o)
{
	json_decref(o->root);
	buf_free(&o->masked);
	buf_free(&o->list);
	buf_free(&o->item);
	free(o->numbers);
	*o = (struct json_object){ 0 };
}
