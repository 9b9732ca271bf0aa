/* Weekly hours: `mon-fri 09:00-12:00 13:00-18:00; sat 10:00-14:00`, read and written. */
#include "base/foreign_scan.h"
#include "service/calendar_item.h"

enum {
	DAY_MINUTES = 24 * 60
};

static const char *const short_names[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };

/* What stands between the items of a list: blanks, commas. */
static void scan_comma(struct time_text *t)
{
	while (scan_blanks(t) || scan_literal(t, ",") || scan_literal(t, "、") || scan_literal(t, "和"))
		;
}

/* Minutes after midnight, or -1. */
static int scan_minutes(struct time_text *t)
{
	const char *start = t->p;
	int hour, minute, digits = scan_number(t, &hour);

	if (digits >= 1 && digits <= 2 && scan_literal(t, ":") && scan_number(t, &minute) == 2 && minute <= 59 &&
		hour * 60 + minute <= DAY_MINUTES)
		return hour * 60 + minute;
	t->p = start;
	return -1;
}

int calendar_scan_interval(struct time_text *t, struct calendar_interval *out)
{
	int from = scan_minutes(t), to = -1;

	if (from >= 0 && calendar_scan_range(t))
		to = scan_minutes(t);
	if (from < 0 || to < 0)
		return calendar_fault(t, "hours are written 09:00-18:00, from 00:00 to 24:00");
	if (from == DAY_MINUTES)
		return calendar_fault(t, "a day begins at 00:00; 24:00 is its end");
	if (from == to)
		return calendar_fault(t, "%02d:%02d-%02d:%02d has no length; a whole day is 00:00-24:00", from / 60,
			from % 60, to / 60, to % 60);
	out->from = from;
	out->to = to > from ? to : to + DAY_MINUTES;
	return CRM_OK;
}

static void write_interval(struct buf *out, const struct calendar_interval *i)
{
	int to = i->to > DAY_MINUTES ? i->to - DAY_MINUTES : i->to;

	buf_printf(out, "%02d:%02d-%02d:%02d", i->from / 60, i->from % 60, to / 60, to % 60);
}

static int overlap(const struct time_text *t, const struct calendar_interval *a, const struct calendar_interval *b)
{
	cleanup(buf_free) struct buf one = BUF_INIT, other = BUF_INIT;

	write_interval(&one, a);
	write_interval(&other, b);
	if (!buf_str(&one) || !buf_str(&other))
		return err_nomem(t->err);
	return calendar_fault(t, "%s overlaps %s; write each hour once", one.s, other.s);
}

int calendar_hours_add(struct calendar_hours *h, const struct calendar_interval *i, const struct time_text *t)
{
	size_t at = 0;

	while (at < h->n && h->v[at].from < i->from)
		at++;
	if (at > 0 && h->v[at - 1].to > i->from)
		return overlap(t, i, &h->v[at - 1]);
	if (at < h->n && i->to > h->v[at].from)
		return overlap(t, i, &h->v[at]);
	if (!GROW(h->v, h->n, h->cap))
		return err_nomem(t->err);
	memmove(h->v + at + 1, h->v + at, (h->n - at) * sizeof(*h->v));
	h->v[at] = *i;
	h->n++;
	return CRM_OK;
}

/* 周一, 星期日, and after one of those 三 alone; or an English name. -1 when there is none. */
static int scan_weekday(struct time_text *t, bool bare)
{
	static const char *const numbers[] = { "一", "二", "三", "四", "五", "六", "日", "天" };
	const char *start = t->p;
	bool chinese = scan_literal(t, "周") || scan_literal(t, "星期") || scan_literal(t, "礼拜");

	if (!chinese && !bare)
		return scan_weekday_name(t);
	for (int i = 0; i < (int)ARRAY_SIZE(numbers); i++)
		if (scan_literal(t, numbers[i]))
			return i == 7 ? 6 : i;
	t->p = start;
	return chinese ? -1 : scan_weekday_name(t);
}

int calendar_scan_weekdays(struct time_text *t, bool set[7])
{
	int n = 0;

	for (;; n++) {
		const char *start = t->p;
		bool chinese = n > 0 && !ascii_text(t->p[-1]);
		int from, to;

		scan_comma(t);
		from = to = scan_weekday(t, chinese);
		if (from < 0) {
			t->p = start;
			return n;
		}
		chinese = !ascii_text(t->p[-1]);
		if (calendar_scan_range(t))
			to = scan_weekday(t, chinese);
		if (to < 0)
			return -1;
		for (int d = from;; d = (d + 1) % 7) {
			set[d] = true;
			if (d == to)
				break;
		}
	}
}

static int scan_days(struct time_text *t, bool set[7])
{
	int n = calendar_scan_weekdays(t, set);

	if (n < 0)
		return calendar_fault(t, "the last weekday of the range is missing, as in mon-fri");
	if (n == 0)
		return calendar_fault(t,
			"an item begins with weekdays, mon to sun or 周一 to 周日, as in mon-fri 09:00-12:00 "
			"13:00-18:00");
	scan_literal(t, ":");
	return CRM_OK;
}

static int parse_item(struct calendar_rules *r, struct time_text *t)
{
	bool set[7] = { false };
	int rc = scan_days(t, set);
	size_t n = 0;

	while (rc == CRM_OK) {
		struct calendar_interval i;

		scan_comma(t);
		if (t->p == t->end)
			break;
		rc = calendar_scan_interval(t, &i);
		for (int d = 0; rc == CRM_OK && d < 7; d++)
			if (set[d])
				rc = calendar_hours_add(&r->week[d], &i, t);
		n++;
	}
	if (rc == CRM_OK && !n)
		return calendar_fault(t, "hours are missing after the weekdays, as in mon-fri 09:00-18:00");
	return rc;
}

/* Hours of one day that pass midnight into those of the next. */
static int check_nights(const struct calendar_rules *r, struct err *err)
{
	for (int d = 0; d < 7; d++) {
		const struct calendar_hours *a = &r->week[d], *b = &r->week[(d + 1) % 7];
		const struct calendar_interval *last = a->n ? &a->v[a->n - 1] : NULL;
		cleanup(buf_free) struct buf night = BUF_INIT, morning = BUF_INIT;

		if (!last || !b->n || last->to - DAY_MINUTES <= b->v[0].from)
			continue;
		write_interval(&night, last);
		write_interval(&morning, &b->v[0]);
		if (!buf_str(&night) || !buf_str(&morning))
			return err_nomem(err);
		return err_set(err, CRM_INVALID, "hours: %s %s overlaps %s %s; write each hour once", short_names[d],
			night.s, short_names[(d + 1) % 7], morning.s);
	}
	return CRM_OK;
}

int calendar_hours_parse(struct calendar_rules *r, const char *s, struct err *err)
{
	const char *item;
	size_t len, pos = 0, n = s ? strlen(s) : 0;
	bool any = false;

	while (calendar_item_next(&item, &len, s, n, &pos)) {
		struct time_text t;
		int rc = time_text_init(&t, N_("hours"), item, len, err);

		if (rc == CRM_OK)
			rc = parse_item(r, &t);
		time_text_free(&t);
		if (rc < 0)
			return rc;
		any = true;
	}
	if (!any)
		return err_set(err, CRM_INVALID,
			"hours: there is no working time; write weekly hours, such as mon-fri 09:00-18:00");
	return check_nights(r, err);
}

bool calendar_hours_equal(const struct calendar_hours *a, const struct calendar_hours *b)
{
	return a->n == b->n && (!a->n || memcmp(a->v, b->v, a->n * sizeof(*a->v)) == 0);
}

void calendar_intervals_write(struct buf *out, const struct calendar_hours *h)
{
	for (size_t i = 0; i < h->n; i++) {
		buf_putc(out, ' ');
		write_interval(out, &h->v[i]);
	}
}

/* Days with the same hours as day d, as `mon-wed,fri`; marks them in done[]. */
static void write_weekdays(struct buf *out, const struct calendar_rules *r, int d, bool done[7])
{
	const char *comma = "";

	for (int from = d; from < 7; from++) {
		int to = from;

		if (!calendar_hours_equal(&r->week[from], &r->week[d]))
			continue;
		while (to < 6 && calendar_hours_equal(&r->week[to + 1], &r->week[d]))
			to++;
		buf_printf(out, "%s%s", comma, short_names[from]);
		if (to > from)
			buf_printf(out, "%s%s", to > from + 1 ? "-" : ",", short_names[to]);
		comma = ",";
		for (; from <= to; from++)
			done[from] = true;
	}
}

void calendar_hours_write(struct buf *out, const struct calendar_rules *r)
{
	bool done[7] = { false };
	const char *semicolon = "";

	for (int d = 0; d < 7; d++) {
		if (done[d] || !r->week[d].n)
			continue;
		buf_puts(out, semicolon);
		write_weekdays(out, r, d, done);
		calendar_intervals_write(out, &r->week[d]);
		semicolon = "; ";
	}
}
