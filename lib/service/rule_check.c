/* Whether the store knows what actions name, and accepts what they set. */
#include "model/record.h"
#include "service/rule.h"
#include "text/text.h"

/* Puts `actions: 'set x=y': ` before the message of what refused it. */
static int blame(crm_store *s, const struct action *a, int status)
{
	struct buf why = BUF_INIT, quoted = BUF_INIT;

	buf_puts(&why, crm_errmsg(s));
	buf_quote(&quoted, a->text, strlen(a->text));
	if (status == CRM_NOMEM || !buf_str(&why) || !buf_str(&quoted))
		status = err_nomem(&s->err);
	else
		status = err_set(&s->err, status, "actions: %s: %s", quoted.s, buf_str(&why));
	buf_free(&why);
	buf_free(&quoted);
	return status;
}

/* Fields that have an action of their own, which does more. */
static const struct {
	const char *field, *use;
} own[] = {
	{ "assignee", "assign AGENT" },
	{ "team", "team TEAM" },
	{ "tags", N_("tag TAG and untag TAG") },
};

static int check_set(crm_record *r, const struct action *a)
{
	const struct crm_field *f = crm_field_find(r->s, r->e, a->field);
	int status;

	if (!f)
		return field_unknown(r->s, r->e, a->field, strlen(a->field));
	for (size_t i = 0; i < ARRAY_SIZE(own); i++)
		if (strcmp(f->name, own[i].field) == 0)
			return err_set(&r->s->err, CRM_INVALID, "%s is not set but by %s", f->name, crm_tr(own[i].use));
	if (!f->custom && !(f->flags & CRM_FIELD_EDITABLE))
		return err_set(&r->s->err, CRM_INVALID, "%s: is kept by crm and cannot be set", f->name);
	status = crm_record_set(r, a->field, a->value);
	return status == CRM_OK && strcmp(f->name, "category") == 0 ? ticket_category_check(r) : status;
}

static int check_action(crm_record *r, const struct action *a)
{
	const char *name;
	size_t len = strlen(a->value);

	switch (a->kind) {
	case ACTION_SET:
		return check_set(r, a);
	case ACTION_ASSIGN:
		return resolve_handle(&name, r->s, &entity_agent, &r->mem, a->value, len);
	case ACTION_TEAM:
		return resolve_handle(&name, r->s, &entity_team, &r->mem, a->value, len);
	case ACTION_TAG:
		return crm_record_add(r, "tags", a->value);
	case ACTION_UNTAG:
		return crm_record_take(r, "tags", a->value);
	case ACTION_FOLLOWUP:
		return rule_followup_check(r->s, a);
	case ACTION_NOTE:
	case ACTION_HOOK:
		break;
	}
	return CRM_OK;
}

/* What an action decides: two that decide the same contradict each other. */
static int subject(struct buf *out, crm_store *s, const struct action *a)
{
	const struct crm_field *f = a->field ? crm_field_find(s, &entity_ticket, a->field) : NULL;

	if (a->kind == ACTION_SET)
		buf_puts(out, f ? f->name : a->field);
	else if (a->kind == ACTION_ASSIGN || (a->kind == ACTION_TEAM && a->chooses))
		buf_puts(out, crm_tr("the assignee"));
	else if (a->kind == ACTION_TEAM)
		buf_puts(out, crm_tr("the team"));
	else if (a->kind == ACTION_TAG || a->kind == ACTION_UNTAG) {
		buf_puts(out, crm_tr("the tag "));
		if (text_fold(out, a->value, strlen(a->value)) == CRM_INVALID)
			return err_set(&s->err, CRM_INVALID, "actions: a tag that is no UTF-8 text");
	}
	return buf_str(out) ? CRM_OK : err_nomem(&s->err);
}

static int check_pair(crm_store *s, const struct action *a, const struct action *b)
{
	struct buf x = BUF_INIT, y = BUF_INIT;
	int status = subject(&x, s, a);

	if (status == CRM_OK)
		status = subject(&y, s, b);
	if (status == CRM_OK && x.len && y.len && strcmp(x.s, y.s) == 0)
		status = err_set(&s->err, CRM_INVALID, "actions: '%s' and '%s' both decide %s", a->text, b->text, x.s);
	buf_free(&x);
	buf_free(&y);
	return status;
}

enum {
	ACTIONS_MAX = 100
};

int actions_check(crm_store *s, const struct actions *list)
{
	crm_record *r;
	int status;

	if (list->n > ACTIONS_MAX)
		return err_set(&s->err, CRM_INVALID, "actions: %zu are more than %d", list->n, ACTIONS_MAX);
	status = crm_record_new(&r, s, &entity_ticket);
	for (size_t i = 0; status == CRM_OK && i < list->n; i++) {
		status = check_action(r, &list->v[i]);
		if (status < 0)
			status = blame(s, &list->v[i], status);
		for (size_t k = 0; status == CRM_OK && k < i; k++)
			status = check_pair(s, &list->v[k], &list->v[i]);
	}
	if (r)
		crm_record_free(r);
	return status;
}
