/* crm_followup_due: the due list as rows, with any field of the customer beside it. */
#include "base/cursor.h"
#include "model/entity.h"
#include "service/due.h"
#include "text/text.h"
#include <crm/report.h>

enum {
	OWN_CUSTOMER,
	OWN_OWNER,
	OWN_ACTION,
	OWN_DAYS,
	OWN_REASON,
	OWN_FOLLOWUP,
	OWN_DUE,
	OWN_NOT_BEFORE,
	OWN_PURPOSE,
	OWN_COUNT
};

static const crm_column own_columns[] = {
	[OWN_CUSTOMER] = COLUMN("customer", "Customer", "number of the customer", CRM_INTEGER),
	[OWN_OWNER] = COLUMN("owner", "Owner", "agent who owes it: of the follow-up, else of the customer", CRM_TEXT),
	[OWN_ACTION] = COLUMN("action", "Action", "what is owed", CRM_ENUM),
	[OWN_DAYS] = COLUMN("days", "Days", "days since the last contact, as the policy counts them", CRM_INTEGER),
	[OWN_REASON] = COLUMN("reason", "Reason", "why", CRM_TEXT),
	[OWN_FOLLOWUP] =
		COLUMN("followup", "Follow-up", "number of the explicit follow-up; empty: a policy asks", CRM_INTEGER),
	[OWN_DUE] = COLUMN("due", "Due", "when the follow-up was to be done, or was put off until", CRM_TIME),
	[OWN_NOT_BEFORE] =
		COLUMN("not_before", "Not before", "when the customer's quiet hours end; empty: now will do", CRM_TIME),
	[OWN_PURPOSE] = COLUMN("purpose", "Purpose", "what the follow-up is about", CRM_TEXT),
};

size_t crm_due_columns(const crm_column **out)
{
	*out = own_columns;
	return ARRAY_SIZE(own_columns);
}

static const char usual_fields[] =
	"customer,name,phone,email,owner,action,last_contact_at,days,reason,followup,due,not_before";

/* One column of the result: of ours, or the next of the customer query; the owner may be either. */
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

static crm_value text_value(const char *s)
{
	return (crm_value){ .kind = s ? CRM_STRING : CRM_NULL, .s = s, .len = s ? strlen(s) : 0 };
}

static crm_value int_value(bool there, int64_t i)
{
	return (crm_value){ .kind = there ? CRM_INT : CRM_NULL, .i = there ? i : 0 };
}

static int64_t counted_days(const struct due *d)
{
	return d->step && d->step->unit == STEP_WORKING ? d->passed : d->days;
}

static crm_value own_value(struct due_cursor *c, const struct due *d, const struct source *source)
{
	switch (source->own) {
	case OWN_CUSTOMER:
		return int_value(true, d->customer);
	case OWN_OWNER:
		return d->owner ? text_value(d->owner) : *crm_cursor_value(c->customers, source->at);
	case OWN_ACTION:
		return text_value(d->action);
	case OWN_DAYS:
		return int_value(d->days >= 0, counted_days(d));
	case OWN_FOLLOWUP:
		return int_value(d->followup, d->followup);
	case OWN_DUE:
		return int_value(d->followup, d->due);
	case OWN_NOT_BEFORE:
		return int_value(d->not_before, d->not_before);
	case OWN_PURPOSE:
		return text_value(d->purpose);
	default:
		buf_clear(&c->reason);
		due_reason(&c->reason, c->s, d);
		return text_value(buf_str(&c->reason)); /* due_next() sees whether it could be made */
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
		cursor->values[i] = c->sources[i].own >= 0 ? own_value(c, &c->list.v[c->at], &c->sources[i])
							   : *crm_cursor_value(c->customers, c->sources[i].at);
	c->at++;
	return c->reason.failed ? err_nomem(&c->s->err) : CRM_OK;
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
		bool asked = own < 0 || own == OWN_OWNER; /* of the customer */

		if (len == 0)
			return err_set(&c->s->err, CRM_INVALID, "--fields: an empty name");
		c->sources[c->cursor.n] = (struct source){ .own = own, .at = asked ? others++ : 0 };
		if (own >= 0)
			c->columns[c->cursor.n] = own_columns[own];
		if (asked)
			buf_printf(rest, "%s%.*s", rest->len ? "," : "", (int)len, f);
		f += len + (f[len] == ',');
	}
	c->cursor.columns = c->columns;
	return rest->failed ? err_nomem(&c->s->err) : CRM_OK;
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
		status = due_list_make(&c->list, s, opt);
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
static int open_sorted(crm_cursor **out, crm_store *s, const crm_due_options *opt, const char *fields, const char *sort)
{
	struct buf all = BUF_INIT;
	crm_cursor *c = NULL;
	int status;

	buf_puts(&all, fields);
	for (const char *key = sort; *key;) {
		size_t len = strcspn(key, ","), down = *key == '-';

		buf_printf(&all, ",%.*s", (int)(len - down), key + down);
		key += len + (key[len] == ',');
	}
	status = buf_str(&all) ? open_list(&c, s, opt, all.s, false) : err_nomem(&s->err);
	if (status == CRM_OK)
		status = cursor_sort(&c, c, sort, opt->offset, opt->limit, &s->err);
	if (status == CRM_OK)
		status = cursor_project(out, c, fields, &s->err);
	buf_free(&all);
	return status;
}

static bool has_field(const char *fields, const char *name)
{
	size_t len = strlen(name);

	for (const char *f = fields; *f; f += strcspn(f, ","), f += *f == ',')
		if (strncmp(f, name, len) == 0 && (f[len] == ',' || !f[len]))
			return true;
	return false;
}

int crm_followup_due(crm_cursor **out, crm_store *s, const crm_due_options *opt)
{
	struct buf fields = BUF_INIT, sort = BUF_INIT;
	const char *group = opt->group_by ? opt->group_by : "";
	int status;

	if (!opt->fields || *opt->fields == '+')
		buf_puts(&fields, usual_fields);
	if (opt->fields)
		buf_printf(&fields, "%s%s", fields.len ? "," : "", opt->fields + (*opt->fields == '+'));
	if (*group && buf_str(&fields) && !has_field(fields.s, group))
		buf_printf(&fields, ",%s", group);
	buf_puts(&sort, group);
	if (opt->sort && *opt->sort)
		buf_printf(&sort, "%s%s", *group ? "," : "", opt->sort);
	status = !buf_str(&fields) || !buf_str(&sort) ? err_nomem(&s->err)
		 : sort.len > 0                       ? open_sorted(out, s, opt, fields.s, sort.s)
						      : open_list(out, s, opt, fields.s, true);
	buf_free(&fields);
	buf_free(&sort);
	return status;
}
