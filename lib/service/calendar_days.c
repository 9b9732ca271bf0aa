/* Holidays and adjusted working days: `2026-02-16..2026-02-22 春节; --12-25 Christmas`, read and written. */
#include "service/calendar_item.h"

enum {
	LONGEST = 366, /* days of one item */
	MOST = 5000    /* items of a list */
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

	if (calendar_scan_range(t) && (strspn(t->p, "0123456789") >= 4 || t->p[0] == '-'))
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
	rc = time_text_init(&t, kind == CALENDAR_HOLIDAYS ? N_("holidays") : N_("workdays"), s, len, err);
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
	cleanup(buf_free) struct buf second = BUF_INIT, first = BUF_INIT;

	write_days(&second, b);
	calendar_intervals_write(&second, &b->hours);
	write_days(&first, a);
	calendar_intervals_write(&first, &a->hours);
	if (!buf_str(&second) || !buf_str(&first))
		return err_nomem(err);
	if (a->to == b->to)
		return err_set(err, CRM_INVALID, "workdays: %s is there already, as %s; write each day once", second.s,
			first.s);
	return err_set(err, CRM_INVALID, "workdays: %s overlaps %s; write each day once", second.s, first.s);
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

/* Marks the days of d, from `from` on, that `have` has. */
static void mark(
	bool seen[LONGEST], const int64_t key[LONGEST], const struct calendar_day *have, int64_t from, int64_t n)
{
	if (!have->yearly) {
		for (int64_t i = have->from > from ? have->from - from : 0; i < n && from + i <= have->to; i++)
			seen[i] = true;
		return;
	}
	for (int64_t i = 0; i < n; i++)
		seen[i] |= calendar_day_has(have, 0, key[i]);
}

/* How many days of d are not there yet. Those of every year are looked up in a leap year, which has them all. */
static size_t count_new(const struct calendar_days *days, const struct calendar_day *d)
{
	bool seen[LONGEST] = { false };
	int64_t key[LONGEST], from = d->yearly ? days_from_civil(2000, 1, 1) : d->from;
	int64_t n = d->yearly ? LONGEST : d->to - d->from + 1;
	size_t fresh = 0;

	for (int64_t i = 0; i < n; i++) {
		int y, m, day;

		civil_from_days(from + i, &y, &m, &day);
		key[i] = calendar_key(m, day);
	}
	for (size_t i = 0; i < days->n; i++) {
		const struct calendar_day *have = &days->v[i];

		if ((have->yearly || !d->yearly) && (!d->hours.n || calendar_hours_equal(&have->hours, &d->hours)))
			mark(seen, key, have, from, n);
	}
	for (int64_t i = 0; i < n; i++)
		fresh += !seen[i] && calendar_day_has(d, from + i, key[i]);
	return fresh;
}

/* A day has its hours from one item. */
static int check_neighbours(const struct calendar_days *days, size_t at, const struct calendar_day *d, struct err *err)
{
	if (at > 0 && d->from <= days->v[at - 1].to)
		return refuse_twice(&days->v[at - 1], d, err);
	if (at < days->n && d->to >= days->v[at].from)
		return refuse_twice(&days->v[at], d, err);
	return CRM_OK;
}

static int make_room(struct calendar_days *days, enum calendar_kind kind, struct err *err)
{
	if (days->n == MOST)
		return err_set(err, CRM_INVALID, "%s: more than %d; leave out those of years long past",
			kind == CALENDAR_HOLIDAYS ? "holidays" : "workdays", MOST);
	return GROW(days->v, days->n, days->cap) ? CRM_OK : err_nomem(err);
}

int calendar_days_add(
	struct calendar_days *days, enum calendar_kind kind, struct calendar_day *day, size_t *added, struct err *err)
{
	size_t at = days->n;
	int rc;

	*added = count_new(days, day);
	if (!*added) {
		calendar_day_free(day);
		return CRM_OK;
	}
	while (at > 0 && compare(&days->v[at - 1], day) > 0)
		at--;
	rc = kind == CALENDAR_WORKDAYS ? check_neighbours(days, at, day, err) : CRM_OK;
	if (rc == CRM_OK)
		rc = make_room(days, kind, err);
	if (rc < 0) {
		calendar_day_free(day);
		return rc;
	}
	memmove(days->v + at + 1, days->v + at, (days->n - at) * sizeof(*days->v));
	days->v[at] = *day;
	days->n++;
	*day = (struct calendar_day){ 0 };
	return CRM_OK;
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
		rc = make_room(out, kind, err);
		if (rc < 0) {
			calendar_day_free(&d);
			return rc;
		}
		out->v[out->n++] = d;
	}
	return sort_days(out, kind, err);
}

/* Days of every year that leave none would leave no working time in any year to come. */
static int check_any(const struct calendar_rules *r, struct err *err)
{
	struct calendar_day all = { .yearly = true, .from = calendar_key(1, 1), .to = calendar_key(12, 31) };

	if (r->holidays.n && count_new(&r->holidays, &all) == 0)
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
