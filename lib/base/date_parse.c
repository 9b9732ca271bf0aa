#include "base/time_scan.h"

static void add_parts(struct buf *out, const struct civil *c, int parts)
{
	buf_printf(out, "%04d", c->year);
	if (parts > 1)
		buf_printf(out, "-%02d", c->month);
	if (parts > 2)
		buf_printf(out, "-%02d", c->day);
}

/* --05-12 or 5月12日: a day of every year. Returns 1, 0 when it is something else, or a fault. */
static int scan_yearless(struct time_text *t, struct civil *c)
{
	const char *start = t->p;
	bool dashed = scan_literal(t, "--");
	int digits = scan_number(t, &c->month), rc;

	if (!dashed && !scan_literal(t, "月")) {
		t->p = start;
		return 0;
	}
	if (digits < 1 || digits > 2 || (dashed && !scan_literal(t, "-")))
		return time_text_fault(t, t->noun, "a day without its year is written --05-12");
	digits = scan_number(t, &c->day);
	if (digits < 1 || digits > 2 || (!dashed && !scan_literal(t, "日") && !scan_literal(t, "号")))
		return time_text_fault(t, t->noun, "a day without its year is written --05-12");
	c->year = 0;
	rc = check_date(t, c);
	return rc ? rc : 1;
}

/* Databases and spreadsheets write a date as its midnight. */
static int scan_midnight(struct time_text *t)
{
	struct civil c;
	int rc;

	if (!scan_literal(t, "t") && !scan_blanks(t))
		return CRM_OK;
	rc = scan_clock(t, &c);
	if (rc < 0)
		return rc;
	if (rc && (c.hour || c.minute || c.second))
		return time_text_fault(t, t->noun, "a date has no time of day");
	return CRM_OK;
}

static int calendar_date(struct buf *out, struct time_text *t)
{
	struct civil c;
	int parts = scan_yearless(t, &c), rc = CRM_OK;
	bool yearless = parts == 1;

	if (!parts)
		parts = scan_date(t, &c);
	if (parts < 0)
		return parts;
	if (parts == 3)
		rc = scan_midnight(t);
	if (!rc)
		rc = time_text_end(t);
	if (rc)
		return rc;
	if (yearless)
		buf_printf(out, "--%02d-%02d", c.month, c.day);
	else
		add_parts(out, &c, parts);
	return CRM_OK;
}

static int relative_date(struct buf *out, struct time_text *t, const struct time_context *ctx)
{
	int64_t from = 0, to = 0;
	struct civil c;
	bool clock;
	int rc = time_parse_text(t, ctx, &from, &to, &clock);

	if (rc)
		return rc;
	if (clock)
		return time_text_fault(t, t->noun, "a date has no time of day");
	zone_civil(ctx->zone, from, &c);
	add_parts(out, &c, 3);
	return CRM_OK;
}

int date_parse(struct buf *out, const struct time_context *ctx, const char *s, size_t len, struct err *err)
{
	cleanup(time_text_free) struct time_text t;
	int rc = time_text_init(&t, N_("date"), s, len, err);

	if (rc)
		return rc;
	if (ascii_digit(*t.p) || (t.end - t.p >= 2 && memcmp(t.p, "--", 2) == 0))
		rc = calendar_date(out, &t);
	else
		rc = relative_date(out, &t, ctx);
	return !rc && out->failed ? err_nomem(err) : rc;
}
