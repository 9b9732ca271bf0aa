/*
 * Options that some reports take and others do not. How to add one: a member of crm_report_options, a bit of enum
 * report_takes, a line here, and one in the table of cmd/report.c, which says what it means.
 */
#include "query/filter.h"
#include "report/report.h"
#include "text/text.h"
#include <stddef.h>

#define AT(member) offsetof(crm_report_options, member)

static const struct option {
	unsigned takes;
	const char *name;
	size_t text, flag; /* where it is: one of them, the other is 0 */
} options[] = {
	{ REPORT_SINCE, "since", AT(since), 0 },
	{ REPORT_UNTIL, "until", AT(until), 0 },
	{ REPORT_VS, "vs", AT(vs), 0 },
	{ REPORT_BY, "by", AT(by), 0 },
	{ REPORT_AS_OF, "as-of", AT(as_of), 0 },
	{ REPORT_ROWS, "rows", 0, AT(rows) },
	{ REPORT_TOTAL, "total", 0, AT(total) },
	{ REPORT_NORMALISE, "normalise", 0, AT(normalise) },
	{ REPORT_FIT, "fit", AT(fit), 0 },
	{ REPORT_FROM, "from", AT(from), 0 },
	{ REPORT_TOP, "top", AT(top), 0 },
	{ REPORT_MODEL, "model", AT(model), 0 },
};

static unsigned takes(const struct crm_report *r)
{
	return r->takes | (r->by ? REPORT_BY : 0) | (r->rows ? REPORT_ROWS : 0);
}

bool crm_report_takes(const crm_report *r, const char *option)
{
	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (strcmp(options[i].name, option) == 0)
			return (takes(r) & options[i].takes) != 0;
	return true;
}

bool crm_report_by_field(const crm_report *r, const crm_field *f)
{
	return takes(r) & REPORT_BY_FIELD && !(f && field_no_word(f));
}

static bool is_given(const struct option *o, const crm_report_options *opt)
{
	const char *at = (const char *)opt;

	return o->text ? *(const char *const *)(const void *)(at + o->text) != NULL : *(const bool *)(at + o->flag);
}

const char *crm_report_option_given(const crm_report_options *opt)
{
	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (is_given(&options[i], opt))
			return options[i].name;
	return NULL;
}

/* The nearest of the report's words and, where these will do, the entity's fields. */
static int unknown_by(crm_store *s, const struct crm_report *r, const char *by, size_t nwords, const crm_entity *e)
{
	size_t n = e ? crm_field_count(s, e) : 0;
	cleanup(freep) const char **names = malloc((nwords + n + 1) * sizeof(*names));
	cleanup(buf_free) struct buf hint = BUF_INIT;

	if (!names)
		return err_nomem(&s->err);
	memcpy(names, r->by, nwords * sizeof(*names));
	for (size_t i = 0; i < n; i++)
		names[nwords + i] = crm_field_at(s, e, i)->name;
	return err_set(&s->err, CRM_INVALID, "report %s: cannot group by '%s'%s", r->name, by,
		buf_nearest(&hint, crm_text_nearest(by, names, nwords + n)));
}

static int check_by(crm_store *s, const struct crm_report *r, const char *by, const char *from)
{
	const crm_entity *e = !(takes(r) & REPORT_BY_FIELD) ? NULL
			      : from                        ? crm_entity_find(from)
							    : crm_report_entity(r);
	cleanup(sql_release) struct sql q = { .s = s };
	const struct crm_field *f;
	size_t n = 0;

	for (; r->by[n]; n++)
		if (strcmp(r->by[n], by) == 0)
			return CRM_OK;
	if (!e || (!strchr(by, '.') && !field_typed(s, e, by)))
		return unknown_by(s, r, by, n, e);
	return sql_word(&q, e, by, "t0", &f);
}

static int refuse(crm_store *s, const struct crm_report *r, const struct option *o)
{
	struct buf known = BUF_INIT;

	if (o->takes == REPORT_ROWS && r->no_rows)
		return err_set(&s->err, CRM_INVALID, "report %s: takes no --rows: %s", r->name, crm_tr(r->no_rows));
	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (takes(r) & options[i].takes)
			buf_printf(&known, "%s--%s", known.len ? ", " : "", options[i].name);
	if (known.len)
		err_set(&s->err, CRM_INVALID, "report %s: takes no --%s; it takes %s", r->name, o->name,
			buf_str(&known));
	else
		err_set(&s->err, CRM_INVALID, "report %s: takes no --%s", r->name, o->name);
	buf_free(&known);
	return CRM_INVALID;
}

int report_check_options(crm_store *s, const struct crm_report *r, const crm_report_options *opt)
{
	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (is_given(&options[i], opt) && !(takes(r) & options[i].takes))
			return refuse(s, r, &options[i]);
	if (opt->rows && opt->vs)
		return err_set(&s->err, CRM_INVALID, "report %s: --rows of one period, not --vs another", r->name);
	return opt->by ? check_by(s, r, opt->by, opt->from) : CRM_OK;
}
