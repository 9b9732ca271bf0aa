/*
 * The rules of events: what happened to tickets is gathered while an operation is open, and answered before it is
 * committed.
 *
 * Ticket by ticket, in rounds: every rule of what happened that fits is applied, in order, then those of what the rules
 * themselves changed, until nothing more follows. A rule is applied once to a ticket in an operation. One that would
 * change the ticket a second time, because of what rules did, goes round in a circle with others: that fails. So there are
 * no more rounds than rules.
 */
#include "service/rule.h"

#include "model/record.h"

/* The last tickets first: what happened is taken from the end. */
static int downwards(const void *a, const void *b)
{
	const struct happening *x = a, *y = b;

	return (x->ticket < y->ticket) - (x->ticket > y->ticket);
}

/* What is known of the ticket at hand. */
struct round {
	struct rule_work *work;
	crm_store *s;
	struct rules *rules;
	int64_t ticket;
	bool *applied;    /* of each rule */
	struct buf trail; /* the rules that were applied, for messages */
};

static int circle(struct round *d, const struct rule *r)
{
	return err_set(&d->s->err, CRM_CONFLICT,
		"rules go round in a circle on ticket %lld: %s'%s' again; crm rule edit, or --active no, stops it",
		(long long)d->ticket, buf_str(&d->trail) ? buf_str(&d->trail) : "", r->name);
}

static int consider(struct round *d, size_t i)
{
	struct rule *r = &d->rules->v[i];
	bool fits, more;
	int status = rule_fits(&fits, d->s, r, d->ticket);

	if (status < 0 || !fits)
		return status;
	if (d->applied[i]) {
		status = rule_would_change(&more, d->s, r, d->ticket);
		return status == CRM_OK && more ? circle(d, r) : status;
	}
	d->applied[i] = true;
	buf_printf(&d->trail, "'%s', then ", r->name);
	return rule_apply(d->work, d->s, r, d->ticket, false);
}

/* What happened to the ticket since it was last asked. */
static unsigned take_news(struct rule_work *w, int64_t ticket)
{
	unsigned news = 0;

	while (w->nhappened > 0 && w->happened[w->nhappened - 1].ticket == ticket)
		news |= w->happened[--w->nhappened].news;
	return news;
}

static int answer(struct rule_work *w, crm_store *s, struct rules *rules, int64_t ticket, unsigned news)
{
	struct round d = { .work = w, .s = s, .rules = rules, .ticket = ticket };
	int64_t there;
	int status = db_get_int(&there, s, "SELECT 1 FROM ticket WHERE id = $1", "i", ticket);

	if (status != CRM_OK)
		return status < 0 ? status : CRM_OK; /* removed since */
	d.applied = calloc(rules->n, sizeof(*d.applied));
	if (!d.applied)
		return err_nomem(&s->err);
	while (status == CRM_OK && news) {
		for (size_t i = 0; status == CRM_OK && i < rules->n; i++)
			if (rules->v[i].news & news)
				status = consider(&d, i);
		news = take_news(w, ticket);
	}
	free(d.applied);
	buf_free(&d.trail);
	return status;
}

/* The journal's entry says which rules took part: `ticket edit 4; rules: a, b`. */
static int name_rules(struct rule_work *w, crm_store *s)
{
	struct buf text = BUF_INIT;
	int64_t op;
	int status = CRM_OK;

	if (w->applied.len == 0 && !w->applied.failed)
		return CRM_OK;
	for (const char *p = buf_str(&w->applied); p && *p;) {
		size_t n = strcspn(p, "\n");

		buf_printf(&text, "%s%.*s", text.len ? ", " : "; rules: ", (int)n, p);
		p += n + (p[n] == '\n');
	}
	status = buf_str(&text) && buf_str(&w->applied) ? op_id(&op, s) : err_nomem(&s->err);
	if (status == CRM_OK)
		status = db_run(
			s, "UPDATE operation SET command = command || $1 WHERE id = $2", "si", buf_str(&text), op);
	buf_free(&text);
	return status;
}

static int before(struct reaction *reaction, crm_store *s)
{
	struct rule_work *w = (struct rule_work *)reaction;
	struct rules rules;
	int status;

	if (w->nhappened == 0)
		return name_rules(w, s);
	status = rules_load(&rules, s, ~(unsigned)RULE_TICK);
	if (status < 0)
		return status;
	qsort(w->happened, w->nhappened, sizeof(*w->happened), downwards);
	while (status == CRM_OK && rules.n && w->nhappened > 0) {
		int64_t ticket = w->happened[w->nhappened - 1].ticket;

		status = answer(w, s, &rules, ticket, take_news(w, ticket));
	}
	rules_free(&rules);
	return status == CRM_OK ? name_rules(w, s) : status;
}

static void after(struct reaction *reaction, crm_store *s)
{
	struct rule_work *w = (struct rule_work *)reaction;

	for (size_t i = 0; i < w->nhooks && s->hook; i++) {
		const struct hook_call *h = &w->hooks[i];
		const crm_hook call = { .name = h->name, .json = h->json, .length = h->length, .after = true };
		const char *failed = s->hook(&call, s->hook_payload);

		if (failed)
			store_say(s, CRM_EVENT_WARNING, 0, "hook '%s', after all was stored: %s", h->name, failed);
	}
}

static void release(struct reaction *reaction)
{
	struct rule_work *w = (struct rule_work *)reaction;

	for (size_t i = 0; i < w->nhooks; i++) {
		free(w->hooks[i].name);
		free(w->hooks[i].json);
	}
	free(w->hooks);
	free(w->happened);
	buf_free(&w->applied);
	free(w);
}

struct rule_work *rule_work_of(crm_store *s)
{
	struct rule_work *w = (struct rule_work *)s->op.reaction;

	if (w)
		return w;
	w = calloc(1, sizeof(*w));
	if (w) {
		w->reaction = (struct reaction){ .before = before, .after = after, .free = release };
		s->op.reaction = &w->reaction;
	}
	return w;
}

int ticket_happened(crm_store *s, int64_t ticket, enum ticket_news what)
{
	struct rule_work *w = rule_work_of(s);

	if (!w)
		return err_nomem(&s->err);
	if (w->nhappened > 0 && w->happened[w->nhappened - 1].ticket == ticket) {
		w->happened[w->nhappened - 1].news |= (unsigned)what;
		return CRM_OK;
	}
	if (!GROW(w->happened, w->nhappened, w->cap))
		return err_nomem(&s->err);
	w->happened[w->nhappened++] = (struct happening){ .ticket = ticket, .news = (unsigned)what };
	return CRM_OK;
}

void rule_tell(struct rule_work *w, const char *rule, int64_t ticket, const char *action)
{
	if (!w->rows)
		return;
	rowset_begin(w->rows);
	rowset_str(w->rows, 0, rule);
	rowset_int(w->rows, 1, ticket);
	rowset_str(w->rows, 2, action);
}
