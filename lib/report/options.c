/*
 * Options that some reports take and others do not. How to add one: a member of crm_report_options, a bit of enum
 * report_takes, a line here, and one in the table of cmd/report.c, which says what it means.
 */
#include "report/report.h"
#include "text/text.h"
#include <stddef.h>

#define AT(member) offsetof(crm_report_options, member)

static const struct option {
	unsigned takes;
	const char *name;
	size_t text, flag; /* where it is: one of them, the other is 0 */
} options[] = {
	{ REPORT_PERIOD, "since", AT(since), 0 },
	{ REPORT_PERIOD, "until", AT(until), 0 },
	{ REPORT_BY, "by", AT(by), 0 },
	{ REPORT_AS_OF, "as-of", AT(as_of), 0 },
	{ REPORT_TOTAL, "total", 0, AT(total) },
	{ REPORT_NORMALISE, "normalise", 0, AT(normalise) },
	{ REPORT_FIT, "fit", AT(fit), 0 },
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

static int check_by(crm_store *s, const struct crm_report *r, const char *by)
{
	const char *nearest;
	size_t n = 0;

	for (; r->by[n]; n++)
		if (strcmp(r->by[n], by) == 0)
			return CRM_OK;
	nearest = crm_text_nearest(by, r->by, n);
	return err_set(&s->err, CRM_INVALID, "report %s: cannot group by '%s'%s%s%s", r->name, by,
		nearest ? ", did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
}

static int refuse(crm_store *s, const struct crm_report *r, const struct option *o)
{
	struct buf known = BUF_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (takes(r) & options[i].takes)
			buf_printf(&known, "%s--%s", known.len ? ", " : "; it takes ", options[i].name);
	err_set(&s->err, CRM_INVALID, "report %s: takes no --%s%s", r->name, o->name, known.len ? buf_str(&known) : "");
	buf_free(&known);
	return CRM_INVALID;
}

int report_check_options(crm_store *s, const struct crm_report *r, const crm_report_options *opt)
{
	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (is_given(&options[i], opt) && !(takes(r) & options[i].takes))
			return refuse(s, r, &options[i]);
	return opt->by ? check_by(s, r, opt->by) : CRM_OK;
}
