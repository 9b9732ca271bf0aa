/* What a new ticket is about, filled in where nobody said it. */
#include "model/ticket.h"
#include "service/classify.h"
#include "text/text.h"

/* One of the fields of the configuration: `category`, or `category=MODEL`. */
struct auto_field {
	const struct crm_field *field;
	const char *model;
};

/* The next of the text `*at`, which is cut up; false at the end. *out is not filled in when it is faulty. */
static bool next_field(struct auto_field *out, char **at, crm_store *s, int *status)
{
	char *item = *at + strspn(*at, " ,"), *equals;
	size_t len = strcspn(item, ",");

	if (!len)
		return false;
	*at = item + len + (item[len] == ',');
	while (len > 0 && item[len - 1] == ' ')
		len--;
	item[len] = '\0';
	equals = strchr(item, '=');
	if (equals)
		*equals = '\0';
	out->field = field_find_static(&entity_ticket, item);
	out->model = equals && equals[1] ? equals + 1 : item;
	if (!out->field)
		*status = field_unknown(s, &entity_ticket, item, strlen(item));
	else if (!(out->field->flags & CRM_FIELD_EDITABLE) || field_is_list(out->field))
		*status = err_set(&s->err, CRM_INVALID, "'%s' is no field that can be filled in", item);
	return *status == CRM_OK;
}

int crm_classify_set_auto(crm_store *s, const char *fields)
{
	cleanup(freep) char *copy = fields ? strdup(fields) : NULL, *kept = fields ? strdup(fields) : NULL;
	struct auto_field field;
	char *at = copy;
	int status = CRM_OK;

	if (fields && (!copy || !kept))
		return err_nomem(&s->err);
	while (at && next_field(&field, &at, s, &status))
		;
	if (status < 0)
		return status;
	free(s->classify);
	s->classify = TAKE_PTR(kept);
	return CRM_OK;
}

/* --- filling in --- */

static void say(crm_store *s, crm_event_kind kind, const struct crm_field *f, const crm_suggestion *said)
{
	const char *why = crm_errmsg(s);

	if (!said)
		store_say(s, kind, 0, "classify.auto: %s", why);
	else if (kind == CRM_EVENT_NOTE)
		store_say(s, kind, 0, "%s: suggested %s (%.2f)", f->name, said->label, said->probability);
	else
		store_say(s, kind, 0, "%s: not filled in with %s (%.2f): %s", f->name, said->label, said->probability,
			why);
}

static int judge_ticket(crm_suggestion *out, struct loaded *l, crm_record *ticket)
{
	cleanup(buf_free) struct buf field = BUF_INIT;
	crm_store *s = ticket->s;
	size_t pos = 0;

	buf_clear(&l->text);
	while (loaded_field(&field, l, &pos)) {
		crm_value v;

		if (!crm_field_find(s, ticket->e, field.s))
			return err_set(&s->err, CRM_INVALID,
				"classifier '%s' reads '%s', which a new ticket does not have", l->name, field.s);
		v = crm_record_get(ticket, field.s);
		if (v.kind == CRM_STRING && text_prepare(&l->text, v.s, v.len) < 0)
			return err_nomem(&s->err);
	}
	if (field.failed)
		return err_nomem(&s->err);
	return loaded_judge(out, l, -1, &s->err);
}

/* Sets it, unless the ticket could then not be saved. */
static int put(crm_record *ticket, const struct crm_field *f, const char *label)
{
	int status = crm_record_set(ticket, f->name, label);

	if (status == CRM_OK)
		status = ticket_check_field(ticket, f);
	if (status == CRM_INVALID) {
		cleanup(freep) char *why = strdup(crm_errmsg(ticket->s));

		crm_record_set(ticket, f->name, "");
		return err_set(&ticket->s->err, CRM_INVALID, "%s", why ? why : "");
	}
	return status;
}

static int mark(crm_record *ticket, const struct crm_field *f)
{
	const crm_value none = { .kind = CRM_NULL };
	crm_value v = crm_record_get(ticket, "suggested");
	cleanup(buf_free) struct buf list = BUF_INIT;

	if (v.kind == CRM_STRING)
		buf_add(&list, v.s, v.len);
	list_append(&list, f->name, strlen(f->name));
	v = (crm_value){ .kind = CRM_STRING, .s = arena_copy(&ticket->mem, list.s, list.len), .len = list.len };
	if (list.failed || !v.s)
		return err_nomem(&ticket->s->err);
	record_put(ticket, field_find_static(&entity_ticket, "suggested"), &v, &none);
	return CRM_OK;
}

static int fill_field(crm_record *ticket, const struct auto_field *a)
{
	crm_store *s = ticket->s;
	crm_suggestion said;
	struct loaded *l;
	int status;

	if (crm_record_get(ticket, a->field->name).kind != CRM_NULL)
		return CRM_OK;
	status = classifier_load(&l, s, a->model);
	if (status == CRM_OK)
		status = judge_ticket(&said, l, ticket);
	if (status < 0) {
		say(s, CRM_EVENT_WARNING, a->field, NULL);
		return status;
	}
	if (!said.known)
		return CRM_OK;
	status = put(ticket, a->field, said.label);
	if (status == CRM_OK)
		status = mark(ticket, a->field);
	say(s, status == CRM_OK ? CRM_EVENT_NOTE : CRM_EVENT_WARNING, a->field, &said);
	return status;
}

int classify_fill(crm_record *ticket)
{
	crm_store *s = ticket->s;
	cleanup(freep) char *copy = s->classify ? strdup(s->classify) : NULL;
	struct auto_field field;
	char *at = copy;
	int status = CRM_OK;

	if (s->classify && !copy)
		return err_nomem(&s->err);
	while (at && next_field(&field, &at, s, &status))
		if (fill_field(ticket, &field) == CRM_NOMEM)
			return CRM_NOMEM;
	return status;
}
