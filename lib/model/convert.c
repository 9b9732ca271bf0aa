/* Text to typed values, by a field's description. */
#include "model/convert.h"
#include "base/foreign_time.h"
#include "model/record.h"
#include "text/money.h"
#include "text/text.h"

enum {
	TEXT_MAX = 1 << 20
};

struct convert convert_context(crm_store *s, struct arena *mem)
{
	return (struct convert){
		.time = store_time_context(s, CRM_TIME_PAST),
		.country = s->country,
		.currency = s->currency,
		.mem = mem,
		.err = &s->err,
	};
}

crm_value value_text(struct arena *mem, const char *s, size_t len)
{
	return (crm_value){ .kind = CRM_STRING, .s = arena_copy(mem, s, len), .len = len };
}

bool value_equal(const crm_value *a, const crm_value *b)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case CRM_INT:
		return a->i == b->i;
	case CRM_DOUBLE:
		return memcmp(&a->d, &b->d, sizeof(a->d)) == 0;
	case CRM_STRING:
		return a->len == b->len && memcmp(a->s, b->s, a->len) == 0;
	case CRM_NULL:
		break;
	}
	return true;
}

static int integer(crm_value *v, int64_t i)
{
	*v = (crm_value){ .kind = CRM_INT, .i = i };
	return CRM_OK;
}

/* Puts the field's name before a message of a lower layer, which knows only the text. */
static int name_field(struct convert *c, const struct crm_field *f, int status)
{
	struct buf lower = c->err->msg;

	c->err->msg = (struct buf)BUF_INIT;
	err_set(c->err, status, "%s: %s", f->name, lower.s ? lower.s : "");
	buf_free(&lower);
	return status;
}

const char *convert_without_name(const char *message, const char *field)
{
	size_t n = field ? strlen(field) : 0;

	return n > 0 && strncmp(message, field, n) == 0 && strncmp(message + n, ": ", 2) == 0 ? message + n + 2
											      : message;
}

static int convert_bool(struct convert *c, const struct crm_field *f, const char *s, size_t len, crm_value *v)
{
	static const struct word words[] = {
		WORD("yes", "y|true|t|1|on|是|对|真|√"),
		WORD("no", "n|false|f|0|off|否|不|假|×"),
	};
	const struct word *w = word_meant(words, ARRAY_SIZE(words), s, len, c->err);

	if (!w)
		return err_set(c->err, CRM_INVALID, "%s: '%.*s' is neither yes nor no", f->name,
			(int)crm_text_fit(s, len, 40), s);
	return integer(v, w == &words[0]);
}

static int unknown_word(struct convert *c, const struct crm_field *f, const char *s, size_t len)
{
	struct buf known = BUF_INIT, hint = BUF_INIT;
	const char **names = calloc(f->nwords, sizeof(*names));
	cleanup(freep) char *text = strndup(s, crm_text_fit(s, len, 40));
	const char *nearest = NULL;
	int status;

	for (size_t i = 0; i < f->nwords; i++) {
		buf_printf(&known, "%s%s", i ? ", " : "", f->words[i].name);
		if (names)
			names[i] = f->words[i].name;
	}
	if (names && text)
		nearest = crm_text_nearest(text, names, f->nwords);
	status = buf_str(&known) ? err_set(c->err, CRM_INVALID, "%s: '%s' is not known%s; known: %s", f->name,
					   text ? text : "", buf_nearest(&hint, nearest), known.s)
				 : err_nomem(c->err);
	buf_free(&hint);
	buf_free(&known);
	free(names);
	return status;
}

static int convert_enum(struct convert *c, const struct crm_field *f, const char *s, size_t len, crm_value *v)
{
	const struct word *w = word_find(f->words, f->nwords, s, len);

	if (!w)
		w = word_meant(f->words, f->nwords, s, len, c->err);
	if (!w)
		return unknown_word(c, f, s, len);
	/* The names live as long as the library (or the store, for custom fields). */
	*v = (crm_value){ .kind = CRM_STRING, .s = w->name, .len = strlen(w->name) };
	return CRM_OK;
}

static int convert_text(struct convert *c, const struct crm_field *f, const char *s, size_t len, crm_value *v)
{
	size_t bad;

	if (len > TEXT_MAX && !(f->flags & FIELD_PACKED))
		return err_set(c->err, CRM_INVALID, "%s: longer than 1 MiB", f->name);
	if (!utf8_valid(s, len, &bad))
		return err_set(c->err, CRM_INVALID, "%s: byte %zu is not UTF-8 text", f->name, bad + 1);
	*v = value_text(c->mem, s, len);
	return CRM_OK;
}

static int convert_normal(struct convert *c, const struct crm_field *f, const char *s, size_t len, crm_value *norm)
{
	struct buf b = BUF_INIT;
	int r;

	if (f->type == CRM_EMAIL)
		r = email_normalise(&b, s, len, c->err);
	else if (f->type == CRM_PHONE)
		r = phone_normalise(&b, s, len, c->country, c->err);
	else
		r = text_fold(&b, s, len);
	if (!buf_str(&b))
		r = err_nomem(c->err);
	if (r == CRM_OK)
		*norm = value_text(c->mem, b.s, b.len);
	buf_free(&b);
	return r == CRM_INVALID && f->type != CRM_TEXT ? name_field(c, f, r) : r;
}

static int convert_date(struct convert *c, const struct crm_field *f, const char *s, size_t len, crm_value *v)
{
	struct buf b = BUF_INIT;
	int r = c->foreign_dates ? foreign_date_parse(&b, &c->time, c->date_format, s, len, c->err)
				 : date_parse(&b, &c->time, s, len, c->err);

	if (r == CRM_OK && buf_str(&b))
		*v = value_text(c->mem, b.s, b.len);
	else
		r = r < 0 ? name_field(c, f, r) : err_nomem(c->err);
	buf_free(&b);
	return r;
}

/* A whole number as programs write it that keep it as a real, `3.0`: without its zeros. */
static size_t whole_length(const char *s, size_t len)
{
	size_t end = len;

	while (end > 0 && s[end - 1] == '0')
		end--;
	return end > 1 && end < len && s[end - 1] == '.' && ascii_digit(s[end - 2]) ? end - 1 : len;
}

static int convert_number(struct convert *c, const struct crm_field *f, const char *s, size_t len, crm_value *v)
{
	int64_t from, to;
	int r;

	switch (f->type) {
	case CRM_TIME:
		r = c->foreign_dates ? foreign_time_parse(&from, &c->time, c->date_format, s, len, c->err)
				     : time_parse(&from, &to, &c->time, s, len, c->err);
		break;
	case CRM_DURATION:
		r = c->foreign_dates ? foreign_duration_parse(&from, s, len, c->err)
				     : duration_parse(&from, s, len, c->err);
		break;
	default:
		if (!parse_int64(s, whole_length(s, len), INT64_MIN, INT64_MAX, &from))
			return err_set(c->err, CRM_INVALID, "%s: '%.*s' is not a whole number", f->name,
				(int)crm_text_fit(s, len, 40), s);
		r = CRM_OK;
	}
	return r < 0 ? name_field(c, f, r) : integer(v, from);
}

static int convert_real(struct convert *c, const struct crm_field *f, const char *s, size_t len, crm_value *v)
{
	*v = (crm_value){ .kind = CRM_DOUBLE };
	return parse_real(s, len, &v->d) ? CRM_OK
					 : err_set(c->err, CRM_INVALID, "%s: '%.*s' is not a number", f->name,
						   (int)crm_text_fit(s, len, 40), s);
}

/* The text stays: what it comes to, the currency of the record decides. */
static int convert_money(struct convert *c, const struct crm_field *f, const char *s, size_t len, crm_value *v)
{
	int r = money_check(s, len, c->err);

	*v = value_text(c->mem, s, len);
	return r == CRM_INVALID ? name_field(c, f, r) : r;
}

static int convert_currency(struct convert *c, const struct crm_field *f, const char *s, size_t len, crm_value *v)
{
	const struct currency *currency;
	int r = currency_parse(&currency, s, len, c->err);

	if (r < 0)
		return r == CRM_INVALID ? name_field(c, f, r) : r;
	*v = (crm_value){ .kind = CRM_STRING, .s = currency->code, .len = 3 };
	return CRM_OK;
}

int convert_field(
	struct convert *c, const struct crm_field *f, const char *s, size_t len, crm_value *value, crm_value *norm)
{
	int r;

	*value = *norm = (crm_value){ .kind = CRM_NULL };
	if (len == 0)
		return CRM_OK;
	if (f->flags & FIELD_CURRENCY)
		return convert_currency(c, f, s, len, value);
	switch (f->type) {
	case CRM_MONEY:
		r = convert_money(c, f, s, len, value);
		break;
	case CRM_BOOL:
		r = convert_bool(c, f, s, len, value);
		break;
	case CRM_ENUM:
		r = convert_enum(c, f, s, len, value);
		break;
	case CRM_DATE:
		r = convert_date(c, f, s, len, value);
		break;
	case CRM_REAL:
		r = convert_real(c, f, s, len, value);
		break;
	case CRM_INTEGER:
	case CRM_TIME:
	case CRM_DURATION:
		r = convert_number(c, f, s, len, value);
		break;
	default:
		r = convert_text(c, f, s, len, value);
		if (r == CRM_OK && (f->norm || f->type == CRM_EMAIL || f->type == CRM_PHONE))
			r = convert_normal(c, f, s, len, norm);
	}
	if (r == CRM_OK && c->mem->failed)
		r = err_nomem(c->err);
	return r;
}

/* `label:address`: a label is letters, digits, blanks, - and _; a scheme (tel:, mailto:) is part of the address. */
size_t convert_label(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len && s[i] != ':'; i++)
		if ((unsigned char)s[i] < 0x80 && !strchr(" -_", s[i]) && !(s[i] >= '0' && s[i] <= '9') &&
			!((s[i] | 0x20) >= 'a' && (s[i] | 0x20) <= 'z'))
			return 0;
	if (i == len || i == 0 || (i == 3 && memcmp(s, "tel", 3) == 0) || (i == 6 && memcmp(s, "mailto", 6) == 0))
		return 0;
	return i;
}

int convert_item(struct convert *c, const struct crm_field *f, const char *s, size_t len, struct item *out)
{
	struct crm_field item = { .name = f->name, .type = CRM_TEXT, .norm = f->name };
	crm_value value, norm;
	size_t label = 0;
	int r;

	if (f->type == CRM_CONTACTS) {
		item.type = strcmp(f->kind, "phone") == 0 ? CRM_PHONE : CRM_EMAIL;
		label = convert_label(s, len);
	}
	*out = (struct item){ 0 };
	if (label > 0) {
		out->label = arena_copy(c->mem, s, label);
		s += label + 1;
		len -= label + 1;
	}
	if (len == 0)
		return err_set(c->err, CRM_INVALID, "%s: an item is empty", f->name);
	r = convert_field(c, &item, s, len, &value, &norm);
	if (r < 0)
		return r;
	out->value = value.s;
	out->norm = norm.s;
	return CRM_OK;
}
