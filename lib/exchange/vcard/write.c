/* A customer as a vCard 4.0 (RFC 6350), such that card.c reads back every field exactly. */
#include "base/time.h"
#include "exchange/content_line.h"
#include "exchange/vcard/card.h"
#include "exchange/vcard/date.h"
#include "exchange/vcard/label.h"
#include "exchange/vcard/split.h"
#include "model/convert.h"
#include "text/text.h"
#include <crm/exchange.h>

struct card_writer {
	struct buf out;
	struct buf value;   /* of the property being made */
	struct buf returns; /* places of its carriage returns */
	size_t at;          /* characters of the value so far, see struct vcard_walk */
	size_t groups;
};

static void put_separator(struct card_writer *w, char c)
{
	buf_putc(&w->value, c);
	w->at++;
}

static void put_text(struct card_writer *w, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '\r') {
			buf_printf(&w->returns, "%s%zu", w->returns.len ? "," : "", w->at);
			continue;
		}
		if (s[i] == '\n')
			buf_puts(&w->value, "\\n");
		else if (strchr("\\,;", s[i]))
			buf_printf(&w->value, "\\%c", s[i]);
		else
			buf_putc(&w->value, s[i]);
		w->at++;
	}
}

static void put_value(struct card_writer *w, const crm_value *v)
{
	if (v->kind == CRM_STRING)
		put_text(w, v->s, v->len);
}

/* Ends a property: its name with parameters, and the value made so far. */
static void put_property(struct card_writer *w, const char *name)
{
	struct buf line cleanup(buf_free) = BUF_INIT;

	buf_puts(&line, name);
	if (w->returns.len)
		buf_printf(&line, ";X-CRM-CR=%s", w->returns.s);
	buf_putc(&line, ':');
	if (w->value.len)
		buf_add(&line, w->value.s, w->value.len);
	if (line.failed || w->value.failed || w->returns.failed)
		w->out.failed = true;
	else
		content_line_put(&w->out, line.s, line.len);
	buf_clear(&w->value);
	buf_clear(&w->returns);
	w->at = 0;
}

static void put_one(struct card_writer *w, const char *name, const crm_value *v)
{
	if (v->kind != CRM_STRING)
		return;
	put_value(w, v);
	put_property(w, name);
}

/* Properties of several parts, where any of them is there. */
static void put_parts(
	struct card_writer *w, const char *name, const char *before, const crm_value *v, size_t n, const char *after)
{
	bool any = false;

	for (size_t i = 0; i < n; i++)
		any |= v[i].kind == CRM_STRING;
	if (!any)
		return;
	for (; *before; before++)
		put_separator(w, *before);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			put_separator(w, ';');
		put_value(w, &v[i]);
	}
	for (; *after; after++)
		put_separator(w, *after);
	put_property(w, name);
}

/* --- numbers and addresses --- */

/* Bytes of the label of an item; what has only blanks behind it is none. */
static size_t label_length(const char *s, size_t len)
{
	size_t label = convert_label(s, len);

	for (size_t i = label + 1; label > 0 && i < len; i++)
		if (!ascii_blank(s[i]))
			return label;
	return 0;
}

/* A further one. A label that TYPE cannot say is written as Apple does, which others follow. */
static void put_further(struct card_writer *w, const char *name, const char *s, size_t len, bool alone)
{
	struct buf head cleanup(buf_free) = BUF_INIT, types cleanup(buf_free) = BUF_INIT;
	size_t label = label_length(s, len), start = label + (label > 0);
	bool typed = label > 0 && vcard_label_types(&types, s, label), grouped = label > 0 && !typed;

	if (grouped)
		buf_printf(&head, "item%zu.", ++w->groups);
	buf_puts(&head, name);
	if (typed)
		buf_printf(&head, ";TYPE=%s", types.s);
	if (alone)
		buf_puts(&head, ";X-CRM-FURTHER=yes");
	if (head.failed || types.failed) {
		w->out.failed = true;
		return;
	}
	put_text(w, s + start, len - start);
	put_property(w, head.s);
	if (!grouped)
		return;
	buf_clear(&head);
	buf_printf(&head, "item%zu.X-ABLabel", w->groups);
	put_text(w, s, label);
	if (head.failed)
		w->out.failed = true;
	else
		put_property(w, head.s);
}

static void put_contacts(struct card_writer *w, const char *name, const crm_value *first, const crm_value *list)
{
	struct buf item cleanup(buf_free) = BUF_INIT;
	size_t pos = 0;

	if (first->kind == CRM_STRING) {
		buf_printf(&item, "%s;PREF=1", name);
		if (item.failed)
			w->out.failed = true;
		else
			put_one(w, item.s, first);
	}
	while (list->kind == CRM_STRING && list_next(&item, list->s, list->len, &pos))
		put_further(w, name, item.s, item.len, first->kind != CRM_STRING);
	w->out.failed |= item.failed;
}

static void put_tags(struct card_writer *w, const crm_value *list)
{
	struct buf item cleanup(buf_free) = BUF_INIT;
	size_t pos = 0, n = 0;

	while (list->kind == CRM_STRING && list_next(&item, list->s, list->len, &pos)) {
		if (n++ > 0)
			put_separator(w, ',');
		put_text(w, item.s, item.len);
	}
	w->out.failed |= item.failed;
	if (n > 0)
		put_property(w, "CATEGORIES");
}

/* --- the others that are not just text --- */

static void put_uid(struct card_writer *w, const crm_value *id, const crm_value *key)
{
	if (key->kind == CRM_STRING) {
		put_one(w, "UID;VALUE=text", key);
	} else if (id->kind == CRM_INT) {
		buf_printf(&w->value, VCARD_OWN_UID "%lld", (long long)id->i);
		put_property(w, "UID;VALUE=text");
	}
}

static void put_gender(struct card_writer *w, const crm_value *v)
{
	static const char *const words[] = { "male", "female", "other" };

	if (v->kind != CRM_STRING)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcmp(v->s, words[i]) == 0) {
			buf_putc(&w->value, "MFO"[i]);
			put_property(w, "GENDER");
			return;
		}
	}
	put_one(w, "X-GENDER", v);
}

static void put_birthday(struct card_writer *w, const crm_value *v)
{
	struct buf date cleanup(buf_free) = BUF_INIT;

	if (v->kind != CRM_STRING)
		return;
	vcard_date_write(&date, v->s, v->len);
	if (date.len)
		put_text(w, date.s, date.len);
	w->out.failed |= date.failed;
	put_property(w, "BDAY");
}

static void put_revision(struct card_writer *w, const crm_value *at)
{
	struct civil c;

	if (at->kind != CRM_INT)
		return;
	civil_from_seconds(at->i, &c);
	buf_printf(&w->value, "%04d%02d%02dT%02d%02d%02dZ", c.year, c.month, c.day, c.hour, c.minute, c.second);
	put_property(w, "REV");
}

/* --- the card --- */

const char *crm_vcard_fields(void)
{
	return "id,key,source,name,family_name,given_name,company,title,phone,phones,email,emails,address,city,region,"
	       "postcode,country,birthday,gender,tags,note,language,timezone,updated_at";
}

enum column {
	ID,
	KEY,
	SOURCE,
	NAME,
	FAMILY_NAME,
	GIVEN_NAME,
	COMPANY,
	TITLE,
	PHONE,
	PHONES,
	EMAIL,
	EMAILS,
	ADDRESS,
	CITY,
	REGION,
	POSTCODE,
	COUNTRY,
	BIRTHDAY,
	GENDER,
	TAGS,
	NOTE,
	LANGUAGE,
	TIMEZONE,
	UPDATED_AT
};

int crm_vcard(char **out, size_t *len, const crm_value *v)
{
	struct card_writer w = { .groups = 0 };

	buf_puts(&w.out, "BEGIN:VCARD\r\nVERSION:4.0\r\n");
	put_uid(&w, &v[ID], &v[KEY]);
	put_value(&w, &v[NAME]);
	put_property(&w, "FN"); /* must be there */
	put_parts(&w, "N", "", &v[FAMILY_NAME], 2, ";;;");
	put_one(&w, "ORG", &v[COMPANY]);
	put_one(&w, "TITLE", &v[TITLE]);
	put_contacts(&w, "TEL;VALUE=text", &v[PHONE], &v[PHONES]);
	put_contacts(&w, "EMAIL", &v[EMAIL], &v[EMAILS]);
	put_parts(&w, "ADR", ";;", &v[ADDRESS], 5, "");
	put_birthday(&w, &v[BIRTHDAY]);
	put_gender(&w, &v[GENDER]);
	put_tags(&w, &v[TAGS]);
	put_one(&w, "NOTE", &v[NOTE]);
	put_one(&w, "LANG", &v[LANGUAGE]);
	put_one(&w, "TZ", &v[TIMEZONE]);
	put_one(&w, "X-CRM-SOURCE", &v[SOURCE]);
	put_revision(&w, &v[UPDATED_AT]);
	buf_puts(&w.out, "END:VCARD\r\n");
	buf_free(&w.value);
	buf_free(&w.returns);
	*len = w.out.len;
	*out = buf_take(&w.out);
	return *out ? CRM_OK : CRM_NOMEM;
}
