/*
 * Rules that would go round in a circle, found before they are stored: a ticket is followed in mind from each rule on, of
 * which nothing is known but what conditions say and actions set. What cannot be decided so (dates, words, related
 * records, `or`) is left to the guard at work (rule_react.c); so whatever is refused here would fail there.
 */
#include "model/convert.h"
#include "model/record.h"
#include "service/rule.h"

/* A ticket in mind: the values of `is` of the fields that are known; tags it has, and those it has not. */
struct mind {
	crm_store *s;
	crm_record *is, *without;
	bool *known; /* of each described field */
};

static int mind_init(struct mind *m, crm_store *s)
{
	int status;

	*m = (struct mind){ .s = s };
	m->known = calloc(entity_ticket.nfields, sizeof(*m->known));
	status = m->known ? crm_record_new(&m->is, s, &entity_ticket) : err_nomem(&s->err);
	return status == CRM_OK ? crm_record_new(&m->without, s, &entity_ticket) : status;
}

static void mind_free(struct mind *m)
{
	free(m->known);
	if (m->is)
		crm_record_free(m->is);
	if (m->without)
		crm_record_free(m->without);
}

static bool has_tag(crm_record *r, const char *tag)
{
	size_t i = record_index(r, field_find_static(&entity_ticket, "tags"));
	size_t n = r->lists[i].n;
	bool there;

	/* Adding it finds it without regard to case and width. */
	if (crm_record_add(r, "tags", tag) < 0)
		return false;
	there = r->lists[i].n == n;
	r->lists[i].n = n;
	return there;
}

/* --- terms --- */

/* `FIELD:VALUE`, one plain value of a field that rules can set, or a tag. */
struct term {
	const struct crm_field *field;
	char *value;
};

static bool read_term(struct term *out, crm_store *s, const char *term, size_t len)
{
	const char *colon = memchr(term, ':', len);
	cleanup(freep) char *name = colon ? strndup(term, (size_t)(colon - term)) : NULL;
	size_t n = colon ? len - (size_t)(colon + 1 - term) : 0;

	*out = (struct term){ 0 };
	if (!name || !n || strcspn(colon + 1, ",*~<>=\"\\()") < n || memchr(term, '(', len))
		return false;
	if (n >= 2 && memmem(colon + 1, n, "..", 2))
		return false;
	out->field = crm_field_find(s, &entity_ticket, name);
	if (!out->field || out->field->custom)
		return false;
	if (out->field->type != CRM_TAGS && out->field->type != CRM_ENUM && !(out->field->flags & FIELD_HANDLE))
		return false;
	out->value = strndup(colon + 1, n);
	return out->value && (out->field->flags & CRM_FIELD_EDITABLE);
}

static int compare(bool *equal, struct mind *m, const struct crm_field *f, const char *value)
{
	crm_record *probe;
	size_t i = record_index(m->is, f);
	int status = crm_record_new(&probe, m->s, &entity_ticket);

	if (status < 0)
		return status;
	*equal = crm_record_set(probe, f->name, value) == CRM_OK &&
		 value_equal(&probe->slots[i].value, &m->is->slots[i].value);
	crm_record_free(probe);
	return CRM_OK;
}

/* Calls for each term; false as soon as one is not plain, or `fn` says no. */
static bool each_term(struct mind *m, const char *condition, bool (*fn)(struct mind *m, const struct term *t))
{
	bool all = true;

	while (all && *condition) {
		size_t len = strcspn(condition, " ");
		struct term t;

		if (len > 0) {
			all = read_term(&t, m->s, condition, len) && fn(m, &t);
			free(t.value);
		}
		condition += len + (condition[len] == ' ');
	}
	return all;
}

static bool holds(struct mind *m, const struct term *t)
{
	bool equal = false;

	if (t->field->type == CRM_TAGS)
		return has_tag(m->is, t->value);
	return m->known[record_index(m->is, t->field)] && compare(&equal, m, t->field, t->value) == CRM_OK && equal;
}

static bool assume(struct mind *m, const struct term *t)
{
	if (t->field->type == CRM_TAGS)
		return crm_record_add(m->is, "tags", t->value) == CRM_OK;
	if (m->known[record_index(m->is, t->field)] && !holds(m, t))
		return false; /* fits no ticket */
	m->known[record_index(m->is, t->field)] = true;
	return crm_record_set(m->is, t->field->name, t->value) == CRM_OK;
}

/* --- actions --- */

static void learn(struct mind *m, const char *field, const char *value)
{
	const struct crm_field *f = field_find_static(&entity_ticket, field);

	if (f && !field_is_list(f))
		m->known[record_index(m->is, f)] = value && crm_record_set(m->is, field, value) == CRM_OK;
}

static void do_action(struct mind *m, const struct action *a)
{
	bool fresh = false;

	switch (a->kind) {
	case ACTION_SET:
		learn(m, a->field, a->value);
		break;
	case ACTION_ASSIGN:
	case ACTION_TEAM:
		if (a->kind == ACTION_TEAM)
			learn(m, "team", a->value);
		if (a->kind == ACTION_TEAM && !a->chooses)
			break;
		learn(m, "assignee", a->kind == ACTION_ASSIGN ? a->value : NULL);
		if (compare(&fresh, m, field_find_static(&entity_ticket, "status"), "new") == CRM_OK && fresh)
			learn(m, "status", "open");
		break;
	case ACTION_TAG:
		crm_record_add(m->is, "tags", a->value);
		crm_record_take(m->without, "tags", a->value);
		break;
	case ACTION_UNTAG:
		crm_record_take(m->is, "tags", a->value);
		crm_record_add(m->without, "tags", a->value);
		break;
	case ACTION_NOTE:
	case ACTION_FOLLOWUP:
	case ACTION_HOOK:
		break;
	}
}

/* Whether an action certainly changes the ticket. */
static bool changes(struct mind *m, const struct action *a)
{
	const char *name = a->kind == ACTION_SET ? a->field : a->kind == ACTION_ASSIGN ? "assignee" : "team";
	const struct crm_field *f;
	bool equal = true;

	if (a->kind == ACTION_TAG)
		return has_tag(m->without, a->value);
	if (a->kind == ACTION_UNTAG)
		return has_tag(m->is, a->value);
	if (a->kind == ACTION_NOTE || a->kind == ACTION_FOLLOWUP || a->kind == ACTION_HOOK)
		return false;
	f = field_find_static(&entity_ticket, name);
	return f && m->known[record_index(m->is, f)] && compare(&equal, m, f, a->value) == CRM_OK && !equal;
}

static bool changes_any(struct mind *m, const struct rule *r)
{
	for (size_t i = 0; i < r->actions.n; i++)
		if (changes(m, &r->actions.v[i]))
			return true;
	return false;
}

/* --- following --- */

struct follow {
	struct mind mind;
	struct rules *rules;
	bool *applied;
	struct buf trail;
	const struct rule *again; /* found: the one that comes round */
};

static void apply(struct follow *f, size_t i)
{
	const struct rule *r = &f->rules->v[i];

	f->applied[i] = true;
	buf_printf(&f->trail, "'%s', then ", r->name);
	for (size_t k = 0; k < r->actions.n; k++)
		do_action(&f->mind, &r->actions.v[k]);
}

/* As rule_react.c goes, with what can be proved. Each round applies a rule more, or ends. */
static void go_round(struct follow *f)
{
	bool more = true;

	while (more && !f->again) {
		more = false;
		for (size_t i = 0; i < f->rules->n && !f->again; i++) {
			const struct rule *r = &f->rules->v[i];

			if (r->news != TICKET_UPDATED || !each_term(&f->mind, r->condition, holds))
				continue;
			if (!f->applied[i]) {
				apply(f, i);
				more = true;
			} else if (changes_any(&f->mind, r)) {
				f->again = r;
			}
		}
	}
}

static int follow_from(struct rules *rules, crm_store *s, size_t first, size_t mine)
{
	struct follow f = { .rules = rules };
	int status = mind_init(&f.mind, s);

	f.applied = calloc(rules->n, sizeof(*f.applied));
	if (status == CRM_OK && !f.applied)
		status = err_nomem(&s->err);
	if (status == CRM_OK && each_term(&f.mind, rules->v[first].condition, assume)) {
		apply(&f, first);
		go_round(&f);
	}
	if (status == CRM_OK && f.again && f.applied[mine])
		status = err_set(&s->err, CRM_INVALID, "the rule would go round in a circle: %s'%s' again",
			buf_str(&f.trail) ? buf_str(&f.trail) : "", f.again->name);
	mind_free(&f.mind);
	free(f.applied);
	buf_free(&f.trail);
	return status;
}

int rule_check_loop(
	crm_store *s, int64_t id, const char *name, const char *event, const char *condition, const struct actions *a)
{
	struct rule mine = { .id = id, .name = name, .news = rule_event(event), .condition = condition, .actions = *a };
	struct rules rules;
	size_t at = 0;
	int status = rules_load(&rules, s, ~0U);

	if (status < 0)
		return status;
	while (at < rules.n && rules.v[at].id != id)
		at++;
	if (at == rules.n && !GROW(rules.v, rules.n, rules.cap)) {
		rules_free(&rules);
		return err_nomem(&s->err);
	}
	if (at == rules.n)
		rules.v[rules.n++] = (struct rule){ 0 };
	actions_free(&rules.v[at].actions);
	rules.v[at] = mine;
	for (size_t i = 0; status == CRM_OK && i < rules.n; i++)
		status = follow_from(&rules, s, i, at);
	rules.v[at].actions = (struct actions){ 0 }; /* the caller's */
	rules_free(&rules);
	return status;
}
