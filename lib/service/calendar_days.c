/* Holidays and adjusted working days: `2026-02-16..2026-02-22 春节; --12-25 Christmas`, read and written. */
#include "service/calendar_item.h"

enum {
	LONGEST = 366 /* days of one item */
};

void calendar_day_free(struct calendar_day *d)
{
	free(d->hours.v);
	free(d->name);
	*d = (struct calendar_day){ 0 };
}

static void days_free(struct calendar_days *days)
{
	for (size_t i = 0; i < days->n; i++)
		calendar_day_free(&days->v[i]);
	free(days->v);
}

void calendar_rules_free(struct calendar_rules *r)
{
	for (int d = 0; d < 7; d++)
		free(r->week[d].v);
	days_free(&r->holidays);
	days_free(&r->workdays);
	*r = (struct calendar_rules){ 0 };
}

/* --- reading one item --- */

/* What the readers of dates say, with the name of the text before it. */
static int date_fault(const struct time_text *t, int rc)
{
	if (rc != CRM_INVALID || !t->err || !buf_str(&t->err->msg))
		return rc;
	return err_set(t->err, rc, "%s: %s", t->noun, buf_str(&t->err->msg));
}

static int scan_day(struct time_text *t, bool *yearly, int64_t *out)
{
	struct civil c = { 0 };
	int rc;

	*yearly = scan_literal(t, "--");
	if (!*yearly) {
		if (t->p == t->end || !ascii_digit(*t->p))
			return calendar_fault(t, "an item begins with a day, 2026-12-25, or --12-25 for every year");
		rc = scan_date(t, &c);
		if (rc < 0)
			return date_fault(t, rc);
		if (rc < 3)
			return calendar_fault(t, "the day is missing, as in 2026-12-25");
		*out = days_from_civil(c.year, c.month, c.day);
		return CRM_OK;
	}
	if (scan_number(t, &c.month) != 2 || !scan_literal(t, "-") || scan_number(t, &c.day) != 2)
		return calendar_fault(t, "a day of every year is written --12-25");
	*out = calendar_key(c.month, c.day);
	return date_fault(t, check_date(t, &c));
}

/* Whether a date follows a sign of a range; else nothing is consumed, for a name may begin with a dash. */
static bool scan_range_end(struct time_text *t)
{
	const char *start = t->p;

	if (calendar_scan_range(t) && t->p < t->end && (ascii_digit(*t->p) || t->p[0] == '-'))
		return true;
	t->p = start;
	return false;
}

static int scan_days(struct time_text *t, struct calendar_day *out)
{
	bool yearly;
	int rc = scan_day(t, &out->yearly, &out->from);

	out->to = out->from;
	if (rc < 0 || !scan_range_end(t))
		return rc;
	rc = scan_day(t, &yearly, &out->to);
	if (rc < 0)
		return rc;
	if (yearly != out->yearly)
		return calendar_fault(t, "both ends of a range are of one year, or both of every year");
	if (!yearly && out->to < out->from)
		return calendar_fault(t, "the range ends before it begins");
	if (!yearly && out->to - out->from >= LONGEST)
		return calendar_fault(t, "a range has at most %d days", LONGEST);
	return CRM_OK;
}

static bool at_hours(const struct time_text *t)
{
	size_t digits = strspn(t->p, "0123456789");

	return digits >= 1 && digits <= 2 && t->p[digits] == ':';
}

static int scan_hours(struct time_text *t, enum calendar_kind kind, struct calendar_hours *out)
{
	int rc = CRM_OK;

	if (at_hours(t) && kind == CALENDAR_HOLIDAYS)
		return calendar_fault(t, "a holiday has no hours; a day with its own hours is one of the workdays");
	while (rc == CRM_OK && at_hours(t)) {
		struct calendar_interval i;

		rc = calendar_scan_interval(t, &i);
		if (rc == CRM_OK)
			rc = calendar_hours_add(out, &i, t);
		while (scan_blanks(t) || scan_literal(t, ","))
			;
	}
	return rc;
}

static bool continues(char c) /* a character that began before */
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* The rest of the item as it was written: the cleaned text has a character for each of the original. */
static int take_name(const struct time_text *t, char **name)
{
	const char *p = t->orig, *end = t->orig + t->orig_len;

	if (t->p == t->end)
		return CRM_OK;
	for (const char *c = t->clean.s; c < t->p; c++) {
		if (continues(*c))
			continue;
		do
			p++;
		while (p < end && continues(*p));
		if (p >= end)
			break;
	}
	*name = strndup(p, (size_t)(end - p));
	return *name ? CRM_OK : err_nomem(t->err);
}

static int parse_item(struct calendar_day *out, enum calendar_kind kind, struct time_text *t)
{
	int rc = scan_days(t, out);

	if (rc < 0)
		return rc;
	if (out->yearly && kind == CALENDAR_WORKDAYS)
		return calendar_fault(t, "an adjusted working day is of one year, as in 2026-02-14");
	if (!scan_blanks(t) && t->p < t->end && ascii_text(*t->p))
		return calendar_fault(t, "a blank is missing after the day");
	rc = scan_hours(t, kind, &out->hours);
	return rc < 0 ? rc : take_name(t, &out->name);
}

int calendar_day_parse(struct calendar_day *out, enum calendar_kind kind, const char *s, size_t len, struct err *err)
{
	struct calendar_day d = { 0 };
	struct time_text t;
	int rc;

	calendar_trim(&s, &len);
	rc = time_text_init(&t, kind == CALENDAR_HOLIDAYS ? "holidays" : "workdays", s, len, err);
	if (rc == CRM_OK)
		rc = parse_item(&d, kind, &t);
	time_text_free(&t);
	if (rc < 0)
		calendar_day_free(&d);
	else
		*out = d;
	return rc;
}

/* --- lists --- */

static int compare(const void *a, const void *b)
{
	const struct calendar_day *x = a, *y = b;
	int c;

	if (x->yearly != y->yearly)
		return x->yearly ? 1 : -1;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	if (!x->name || !y->name)
		return !y->name - !x->name;
	c = strcmp(x->name, y->name);
	return c;
}

static void write_date(struct buf *out, bool yearly, int64_t day)
{
	int y, m, d;

	if (yearly) {
		buf_printf(out, "--%02d-%02d", (int)(day / 32), (int)(day % 32));
		return;
	}
	civil_from_days(day, &y, &m, &d);
	buf_printf(out, "%04d-%02d-%02d", y, m, d);
}

static void write_days(struct buf *out, const struct calendar_day *d)
{
	write_date(out, d->yearly, d->from);
	if (d->to == d->from)
		return;
	buf_puts(out, "..");
	write_date(out, d->yearly, d->to);
}

void calendar_days_write(struct buf *out, const struct calendar_days *days)
{
	for (size_t i = 0; i < days->n; i++) {
		const struct calendar_day *d = &days->v[i];

		buf_puts(out, i ? "; " : "");
		write_days(out, d);
		calendar_intervals_write(out, &d->hours);
		if (d->name)
			buf_printf(out, " %s", d->name);
	}
}

/* Two hours for one day would contradict each other. */
static int refuse_twice(const struct calendar_day *a, const struct calendar_day *b, struct err *err)
{
	cleanup(buf_free) struct buf msg = BUF_INIT;

	write_days(&msg, b);
	calendar_intervals_write(&msg, &b->hours);
	buf_puts(&msg, a->to == b->to ? " is there already, as " : " overlaps ");
	write_days(&msg, a);
	calendar_intervals_write(&msg, &a->hours);
	if (!buf_str(&msg))
		return err_nomem(err);
	return err_set(err, CRM_INVALID, "workdays: %s; write each day once", msg.s);
}

static int sort_days(struct calendar_days *days, enum calendar_kind kind, struct err *err)
{
	if (days->n)
		qsort(days->v, days->n, sizeof(*days->v), compare);
	for (size_t i = 1; kind == CALENDAR_WORKDAYS && i < days->n; i++)
		if (days->v[i].from <= days->v[i - 1].to)
			return refuse_twice(&days->v[i - 1], &days->v[i], err);
	return CRM_OK;
}

bool calendar_day_has(const struct calendar_day *d, int64_t day, int64_t key)
{
	int64_t x = d->yearly ? key : day;

	return d->from <= d->to ? x >= d->from && x <= d->to : x >= d->from || x <= d->to;
}

static bool has_day(const struct calendar_days *days, const struct calendar_day *like, int64_t day)
{
	int y, m, d;

	civil_from_days(day, &y, &m, &d);
	for (size_t i = 0; i < days->n; i++) {
		const struct calendar_day *have = &days->v[i];

		if (calendar_day_has(have, day, calendar_key(m, d)) && (have->yearly || !like->yearly) &&
			(!like->hours.n || calendar_hours_equal(&have->hours, &like->hours)))
			return true;
	}
	return false;
}

/* A day of every year is looked up in a leap year, which has them all. */
static bool has_all(const struct calendar_days *days, const struct calendar_day *d)
{
	int64_t from = d->from, to = d->to;

	if (d->yearly) {
		from = days_from_civil(2000, 1, 1);
		to = days_from_civil(2000, 12, 31);
	}
	for (int64_t day = from; day <= to; day++) {
		int y, m, dd;

		civil_from_days(day, &y, &m, &dd);
		if (calendar_day_has(d, day, calendar_key(m, dd)) && !has_day(days, d, day))
			return false;
	}
	return true;
}

int calendar_days_add(
	struct calendar_days *days, enum calendar_kind kind, struct calendar_day *day, bool *added, struct err *err)
{
	*added = !has_all(days, day);
	if (!*added) {
		calendar_day_free(day);
		return CRM_OK;
	}
	if (!GROW(days->v, days->n, days->cap)) {
		calendar_day_free(day);
		return err_nomem(err);
	}
	days->v[days->n++] = *day;
	return sort_days(days, kind, err);
}

static int parse_days(struct calendar_days *out, enum calendar_kind kind, const char *s, struct err *err)
{
	const char *item;
	size_t len, pos = 0, n = s ? strlen(s) : 0;

	while (calendar_item_next(&item, &len, s, n, &pos)) {
		struct calendar_day d;
		int rc = calendar_day_parse(&d, kind, item, len, err);

		if (rc < 0)
			return rc;
		if (!GROW(out->v, out->n, out->cap)) {
			calendar_day_free(&d);
			return err_nomem(err);
		}
		out->v[out->n++] = d;
	}
	return sort_days(out, kind, err);
}

/* Days of every year that leave none would leave no working time in any year to come. */
static int check_any(const struct calendar_rules *r, struct err *err)
{
	struct calendar_day all = { .yearly = true, .from = calendar_key(1, 1), .to = calendar_key(12, 31) };

	if (r->holidays.n && has_all(&r->holidays, &all))
		return err_set(err, CRM_INVALID,
			"holidays: every day of the year is one, so there is no working time; leave some out");
	return CRM_OK;
}

int calendar_rules_parse(struct calendar_rules *out, const struct calendar_text *text, struct err *err)
{
	int rc;

	*out = (struct calendar_rules){ 0 };
	rc = calendar_hours_parse(out, text->hours, err);
	if (rc == CRM_OK)
		rc = parse_days(&out->holidays, CALENDAR_HOLIDAYS, text->holidays, err);
	if (rc == CRM_OK)
		rc = parse_days(&out->workdays, CALENDAR_WORKDAYS, text->workdays, err);
	return rc < 0 ? rc : check_any(out, err);
}
