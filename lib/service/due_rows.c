/* crm_followup_due: the due list as rows, with any field of the customer beside it. */
#include "base/cursor.h"
#include "model/entity.h"
#include "service/due.h"
#include "text/text.h"
#include <crm/report.h>

enum {
	OWN_CUSTOMER,
	OWN_ACTION,
	OWN_DAYS,
	OWN_REASON,
	OWN_COUNT
};

static const crm_column own_columns[] = {
	[OWN_CUSTOMER] = { "customer", "Customer", "number of the customer", CRM_INTEGER },
	[OWN_ACTION] = { "action", "Action", "what is owed", CRM_TEXT },
	[OWN_DAYS] = { "days", "Days", "days since the last contact, as the policy counts them", CRM_INTEGER },
	[OWN_REASON] = { "reason", "Reason", "why", CRM_TEXT },
};

size_t crm_due_columns(const crm_column **out)
{
	*out = own_columns;
	return ARRAY_SIZE(own_columns);
}

static const char usual_fields[] = "customer,name,phone,email,owner,action,last_contact_at,days,reason";

/* One column of the result: of ours, or the next of the customer query. */
struct source {
	int own; /* OWN_…, or -1 */
	size_t at;
};

struct due_cursor {
	struct crm_cursor cursor;
	crm_store *s;
	struct due_list list;
	size_t at;
	crm_cursor *customers; /* one row for each entry of the list, in its order; NULL when no field is asked for */
	struct source *sources;
	crm_column *columns;
	struct buf reason;
	bool held; /* the list and the rows beside it are of one snapshot */
};

static void put_reason(struct due_cursor *c, const struct due *d)
{
	const struct step *p = d->step;
	struct buf *b = &c->reason;

	buf_clear(b);
	if (p->unit == STEP_NEVER) {
		buf_puts(b, "never contacted");
	} else if (p->unit == STEP_ELAPSED) {
		duration_format(b, d->passed);
		buf_printf(b, " since the last contact, more than %s", p->after);
	} else {
		buf_printf(b, "%lld %sday%s since the last contact, more than %s", (long long)d->passed,
			p->unit == STEP_WORKING ? "working " : "", d->passed == 1 ? "" : "s", p->after);
	}
	if (d->instead)
		buf_puts(b, "; must not be called");
}

static crm_value text_value(const char *s, size_t len)
{
	return (crm_value){ .kind = s ? CRM_STRING : CRM_NULL, .s = s, .len = len };
}

static crm_value own_value(struct due_cursor *c, const struct due *d, int own)
{
	const char *action = due_action(d);

	switch (own) {
	case OWN_CUSTOMER:
		return (crm_value){ .kind = CRM_INT, .i = d->customer };
	case OWN_ACTION:
		return text_value(action, strlen(action));
	case OWN_DAYS:
		if (d->days < 0)
			return (crm_value){ .kind = CRM_NULL };
		return (crm_value){ .kind = CRM_INT, .i = d->step->unit == STEP_WORKING ? d->passed : d->days };
	default:
		put_reason(c, d);
		return text_value(buf_str(&c->reason), c->reason.len);
	}
}

static int due_next(crm_cursor *cursor)
{
	struct due_cursor *c = (struct due_cursor *)cursor;
	int status;

	if (c->at == c->list.n)
		return CRM_END;
	status = c->customers ? crm_cursor_next(c->customers) : CRM_OK;
	if (status != CRM_OK)
		return status;
	for (size_t i = 0; i < cursor->n; i++)
		cursor->values[i] = c->sources[i].own >= 0 ? own_value(c, &c->list.v[c->at], c->sources[i].own)
							   : *crm_cursor_value(c->customers, c->sources[i].at);
	c->at++;
	return CRM_OK;
}

static void due_close(crm_cursor *cursor)
{
	struct due_cursor *c = (struct due_cursor *)cursor;

	crm_cursor_close(c->customers);
	due_list_free(&c->list);
	buf_free(&c->reason);
	free(c->sources);
	free(c->columns);
	free(cursor->values);
	if (c->held)
		db_unhold(c->s);
	free(c);
}

static int find_own(const char *name, size_t len)
{
	for (int i = 0; i < OWN_COUNT; i++)
		if (strlen(own_columns[i].name) == len && strncmp(own_columns[i].name, name, len) == 0)
			return i;
	return -1;
}

/* Splits the wanted columns: ours are noted, the rest become the fields of a query on customers. */
static int split_fields(struct due_cursor *c, const char *fields, struct buf *rest)
{
	size_t n = 1, others = 0;

	for (const char *f = fields; *f; f++)
		n += *f == ',';
	c->sources = calloc(n, sizeof(*c->sources));
	c->columns = calloc(n, sizeof(*c->columns));
	c->cursor.values = calloc(n, sizeof(*c->cursor.values));
	if (!c->sources || !c->columns || !c->cursor.values)
		return err_nomem(&c->s->err);
	for (const char *f = fields; c->cursor.n < n; c->cursor.n++) {
		size_t len = strcspn(f, ",");
		int own = find_own(f, len);

		if (len == 0)
			return err_set(&c->s->err, CRM_INVALID, "--fields: an empty name");
		c->sources[c->cursor.n] = (struct source){ .own = own, .at = own < 0 ? others++ : 0 };
		if (own >= 0)
			c->columns[c->cursor.n] = own_columns[own];
		else
			buf_printf(rest, "%s%.*s", rest->len ? "," : "", (int)len, f);
		f += len + (f[len] == ',');
	}
	c->cursor.columns = c->columns;
	return CRM_OK;
}

static int open_customers(struct due_cursor *c, const char *fields)
{
	int64_t *ids = malloc((c->list.n + 1) * sizeof(*ids));
	crm_query *q = NULL;
	int status = ids ? crm_query_new(&q, c->s, &entity_customer) : err_nomem(&c->s->err);

	for (size_t i = 0; ids && i < c->list.n; i++)
		ids[i] = c->list.v[i].customer;
	if (status == CRM_OK)
		status = crm_query_fields(q, fields);
	if (status == CRM_OK)
		status = crm_query_ids(q, ids, c->list.n);
	if (status == CRM_OK)
		status = crm_query_open(&c->customers, q);
	for (size_t i = 0; status == CRM_OK && i < c->cursor.n; i++)
		if (c->sources[i].own < 0)
			c->columns[i] = *crm_cursor_column(c->customers, c->sources[i].at);
	crm_query_free(q);
	free(ids);
	return status;
}

static void cut_list(struct due_list *list, int64_t offset, int64_t limit)
{
	size_t skip = offset > 0 ? (size_t)offset : 0;

	skip = skip < list->n ? skip : list->n;
	if (skip > 0)
		memmove(list->v, list->v + skip, (list->n - skip) * sizeof(*list->v));
	list->n -= skip;
	if (limit >= 0 && (size_t)limit < list->n)
		list->n = (size_t)limit;
}

static int open_list(crm_cursor **out, crm_store *s, const crm_due_options *opt, const char *fields, bool cut)
{
	struct due_cursor *c = calloc(1, sizeof(*c));
	struct buf rest = BUF_INIT;
	int status;

	if (!c)
		return err_nomem(&s->err);
	c->s = s;
	c->cursor.next = due_next;
	c->cursor.close = due_close;
	status = db_hold(s);
	c->held = status == CRM_OK;
	if (status == CRM_OK)
		status = split_fields(c, fields, &rest);
	if (status == CRM_OK)
		status = due_list_make(&c->list, s, opt->nfilter, opt->filter);
	if (status == CRM_OK && cut)
		cut_list(&c->list, opt->offset, opt->limit);
	if (status == CRM_OK && rest.len > 0)
		status = buf_str(&rest) ? open_customers(c, rest.s) : err_nomem(&s->err);
	buf_free(&rest);
	if (status < 0) {
		due_close(&c->cursor);
		return status;
	}
	*out = &c->cursor;
	return CRM_OK;
}

/* Another order than the list's own: sorted by columns that may not be shown. */
static int open_sorted(crm_cursor **out, crm_store *s, const crm_due_options *opt, const char *fields)
{
	struct buf all = BUF_INIT;
	crm_cursor *c = NULL;
	int status;

	buf_puts(&all, fields);
	for (const char *key = opt->sort; *key;) {
		size_t len = strcspn(key, ","), down = *key == '-';

		buf_printf(&all, ",%.*s", (int)(len - down), key + down);
		key += len + (key[len] == ',');
	}
	status = buf_str(&all) ? open_list(&c, s, opt, all.s, false) : err_nomem(&s->err);
	if (status == CRM_OK)
		status = cursor_sort(&c, c, opt->sort, opt->offset, opt->limit, &s->err);
	if (status == CRM_OK)
		status = cursor_project(out, c, fields, &s->err);
	buf_free(&all);
	return status;
}

int crm_followup_due(crm_cursor **out, crm_store *s, const crm_due_options *opt)
{
	struct buf fields = BUF_INIT;
	int status;

	if (!opt->fields || *opt->fields == '+')
		buf_puts(&fields, usual_fields);
	if (opt->fields)
		buf_printf(&fields, "%s%s", fields.len ? "," : "", opt->fields + (*opt->fields == '+'));
	status = !buf_str(&fields)         ? err_nomem(&s->err)
		 : opt->sort && *opt->sort ? open_sorted(out, s, opt, fields.s)
					   : open_list(out, s, opt, fields.s, true);
	buf_free(&fields);
	return status;
}
