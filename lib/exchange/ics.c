#include "exchange/ics.h"
#include "text/text.h"

/* A content line: NAME;PARAMETERS:value. */
struct property {
	const char *name, *value; /* the name ends where its parameters or the value begin */
	size_t name_len, len;
};

static int fault(const struct ics *r, uint64_t line, struct err *err, const char *fmt, ...) CRM_PRINTF(4, 5);
static int fault(const struct ics *r, uint64_t line, struct err *err, const char *fmt, ...)
{
	cleanup(buf_free) struct buf msg = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&msg, crm_tr(fmt), ap);
	va_end(ap);
	if (!buf_str(&msg))
		return err_nomem(err);
	return err_set(err, CRM_FAILED, "%s:%llu: %s", r->file, (unsigned long long)line, msg.s);
}

static int fault_quoting(const struct ics *r, struct err *err, const struct property *p, const char *why)
{
	cleanup(buf_free) struct buf msg = BUF_INIT;

	buf_quote(&msg, p->name, (size_t)(p->value - p->name) + p->len);
	return buf_str(&msg) ? fault(r, r->at, err, "%s: %s", msg.s, crm_tr(why)) : err_nomem(err);
}

/* --- lines --- */

/* Appends the physical line at p without its end. */
static void take_line(struct ics *r)
{
	const char *end = memchr(r->p, '\n', (size_t)(r->end - r->p));
	size_t len = (size_t)((end ? end : r->end) - r->p), keep = len;

	if (keep && r->p[keep - 1] == '\r')
		keep--;
	if (r->text.len <= ICS_LINE_MAX) /* longer ones are refused anyway */
		buf_add(&r->text, r->p, keep <= ICS_LINE_MAX ? keep : ICS_LINE_MAX + 1);
	r->p += len + (end != NULL);
	r->line++;
}

/* The next unfolded line that is not empty, in r->text; CRM_END behind the last. */
static int unfold(struct ics *r, struct err *err)
{
	size_t bad;

	do {
		if (r->p == r->end)
			return CRM_END;
		r->at = r->line;
		buf_clear(&r->text);
		take_line(r);
		while (r->p < r->end && (*r->p == ' ' || *r->p == '\t')) {
			r->p++;
			take_line(r);
		}
	} while (!r->text.failed && r->text.len == 0);
	if (!buf_str(&r->text))
		return err_nomem(err);
	if (r->text.len > ICS_LINE_MAX)
		return fault(r, r->at, err, "the line is longer than %d bytes", ICS_LINE_MAX);
	/* Folding may cut a character, so this is asked of the whole. */
	if (!utf8_valid(r->text.s, r->text.len, &bad))
		return fault(r, r->at, err, "not UTF-8; `iconv -t UTF-8 -f ENCODING` converts the file");
	return CRM_OK;
}

static bool split(struct property *out, const struct buf *line)
{
	const char *p = line->s, *end = line->s + line->len;
	bool quoted = false;

	out->name = p;
	while (p < end && (ascii_alpha(*p) || ascii_digit(*p) || *p == '-'))
		p++;
	out->name_len = (size_t)(p - out->name);
	if (!out->name_len || p == end || (*p != ';' && *p != ':'))
		return false;
	for (; p < end && (quoted || *p != ':'); p++)
		if (*p == '"')
			quoted = !quoted;
	if (p == end)
		return false;
	out->value = p + 1;
	out->len = (size_t)(end - out->value);
	return true;
}

static bool same(const char *s, size_t len, const char *word)
{
	for (size_t i = 0; i < len; i++)
		if (!word[i] || ascii_lower(s[i]) != ascii_lower(word[i]))
			return false;
	return word[len] == '\0';
}

/* --- values --- */

static int read_day(const struct ics *r, const struct property *p, int64_t *out, struct err *err)
{
	int64_t n;
	int y, m, d;

	if (p->len > 8 && (p->value[8] == 'T' || p->value[8] == 't'))
		return fault_quoting(r, err, p, N_("the event has a time of day; only whole days are taken"));
	if (p->len != 8 || !ascii_digit(p->value[0]) || !parse_int64(p->value, 8, 0, 99991231, &n))
		return fault_quoting(r, err, p, N_("a day is written 20261225"));
	y = (int)(n / 10000);
	m = (int)(n / 100 % 100);
	d = (int)(n % 100);
	if (y < 1 || m < 1 || m > 12 || d < 1 || d > days_in_month(y, m))
		return fault_quoting(r, err, p, N_("there is no such day"));
	*out = days_from_civil(y, m, d);
	return CRM_OK;
}

/* P3D, P2W. */
static int read_duration(const struct ics *r, const struct property *p, int64_t *out, struct err *err)
{
	const char *s = p->value;
	char unit = p->len > 2 ? ascii_lower(s[p->len - 1]) : '\0';
	int64_t n;

	if (ascii_lower(*s) != 'p' || !(unit == 'd' || unit == 'w') || !ascii_digit(s[1]) ||
		!parse_int64(s + 1, p->len - 2, 1, 366, &n))
		return fault_quoting(r, err, p, N_("only whole days are taken, as P1D"));
	*out = unit == 'w' ? n * 7 : n;
	return CRM_OK;
}

/* FREQ=YEARLY, perhaps with INTERVAL=1. */
static int read_rule(const struct ics *r, const struct property *p, struct err *err)
{
	const char *s = p->value, *end = p->value + p->len;
	bool yearly = false, other = false;

	while (s < end) {
		const char *sign = memchr(s, ';', (size_t)(end - s));
		size_t len = (size_t)((sign ? sign : end) - s);

		if (same(s, len, "FREQ=YEARLY"))
			yearly = true;
		else if (!same(s, len, "INTERVAL=1"))
			other = true;
		s += len + (sign != NULL);
	}
	if (yearly && !other)
		return CRM_OK;
	return fault_quoting(r, err, p, N_("of recurrences only FREQ=YEARLY is taken; write such days one by one"));
}

static void read_text(struct buf *out, const struct property *p)
{
	for (size_t i = 0; i < p->len; i++) {
		char c = p->value[i];

		if (c == '\\' && i + 1 < p->len) {
			c = p->value[++i];
			if (c == 'n' || c == 'N')
				c = '\n';
		}
		buf_putc(out, c);
	}
}

/* --- events --- */

/* A property that may stand once: *seen says whether it did. */
static int once(const struct ics *r, const struct property *p, bool *seen, struct err *err)
{
	if (*seen)
		return fault_quoting(r, err, p, N_("the event has that twice"));
	*seen = true;
	return CRM_OK;
}

static int read_special(struct ics *r, const struct property *p, struct err *err)
{
	if (same(p->value, p->len, "ALTERNATE-WORKDAY"))
		r->event.special = ICS_WORKDAY;
	else if (same(p->value, p->len, "WORK-HOLIDAY"))
		r->event.special = ICS_HOLIDAY;
	else
		return fault_quoting(r, err, p, N_("ALTERNATE-WORKDAY and WORK-HOLIDAY are known"));
	return CRM_OK;
}

static int read_property(struct ics *r, const struct property *p, struct err *err)
{
	struct ics_reading *e = &r->event;
	int rc = CRM_OK;

	if (same(p->name, p->name_len, "DTSTART")) {
		rc = once(r, p, &e->has_start, err);
		return rc < 0 ? rc : read_day(r, p, &e->start, err);
	}
	if (same(p->name, p->name_len, "DTEND")) {
		rc = once(r, p, &e->has_end, err);
		return rc < 0 ? rc : read_day(r, p, &e->end, err);
	}
	if (same(p->name, p->name_len, "DURATION")) {
		rc = once(r, p, &e->has_days, err);
		return rc < 0 ? rc : read_duration(r, p, &e->days, err);
	}
	if (same(p->name, p->name_len, "RRULE")) {
		rc = once(r, p, &e->yearly, err);
		return rc < 0 ? rc : read_rule(r, p, err);
	}
	if (same(p->name, p->name_len, "RDATE") || same(p->name, p->name_len, "EXDATE") ||
		same(p->name, p->name_len, "RECURRENCE-ID"))
		return fault_quoting(
			r, err, p, N_("exceptions of recurrences are not taken; write such days one by one"));
	if (same(p->name, p->name_len, "X-APPLE-SPECIAL-DAY"))
		return read_special(r, p, err);
	if (same(p->name, p->name_len, "SUMMARY") && !r->summary.len)
		read_text(&r->summary, p);
	if (same(p->name, p->name_len, "STATUS"))
		e->cancelled = same(p->value, p->len, "CANCELLED");
	return CRM_OK;
}

static int finish_event(struct ics_event *out, struct ics *r, struct err *err)
{
	const struct ics_reading *e = &r->event;
	int64_t to = e->start;

	if (!e->has_start)
		return fault(r, e->line, err, "the event has no DTSTART");
	if (e->has_end && e->has_days)
		return fault(r, e->line, err, "the event has both DTEND and DURATION");
	if (e->has_end && e->end < e->start)
		return fault(r, e->line, err, "the event ends before it begins");
	if (e->has_end && e->end > e->start) /* the end is exclusive; the same day is written for that one day */
		to = e->end - 1;
	if (e->has_days)
		to = e->start + e->days - 1;
	if (e->yearly && to - e->start >= 365)
		return fault(r, e->line, err, "the event of every year takes the whole year");
	*out = (struct ics_event){ .line = e->line,
		.from = e->start,
		.to = to,
		.yearly = e->yearly,
		.special = e->special,
		.summary = buf_str(&r->summary) };
	return out->summary ? CRM_OK : err_nomem(err);
}

/* --- components --- */

static int open_component(struct ics *r, const struct property *p, struct err *err)
{
	struct buf *name;

	if (r->depth == ICS_DEPTH_MAX)
		return fault(r, r->at, err, "components inside each other more than %d deep", ICS_DEPTH_MAX);
	name = &r->open[r->depth];
	buf_clear(name);
	buf_add(name, p->value, p->len);
	if (!buf_str(name))
		return err_nomem(err);
	if (r->depth == 0 && !same(p->value, p->len, "VCALENDAR"))
		return fault_quoting(r, err, p, N_("an iCalendar file begins with BEGIN:VCALENDAR"));
	r->opened[r->depth++] = r->at;
	r->any = true;
	if (r->depth == 2 && same(p->value, p->len, "VEVENT")) {
		r->event = (struct ics_reading){ .line = r->at };
		buf_clear(&r->summary);
	}
	return CRM_OK;
}

static bool in_event(const struct ics *r)
{
	return r->depth == 2 && same(r->open[1].s, r->open[1].len, "VEVENT");
}

/* *ended: it was an event. */
static int close_component(struct ics *r, const struct property *p, bool *ended, struct err *err)
{
	if (r->depth == 0)
		return fault_quoting(r, err, p, N_("nothing is open here"));
	if (!same(p->value, p->len, r->open[r->depth - 1].s))
		return fault(r, r->at, err, "what begins in line %llu must end first",
			(unsigned long long)r->opened[r->depth - 1]);
	*ended = in_event(r);
	r->depth--;
	return CRM_OK;
}

static int at_end(const struct ics *r, struct err *err)
{
	if (r->depth > 0)
		return fault(r, r->line, err, "the file is cut off: what begins in line %llu has no end",
			(unsigned long long)r->opened[r->depth - 1]);
	if (!r->any)
		return fault(r, 1, err, "an iCalendar file begins with BEGIN:VCALENDAR");
	return CRM_END;
}

int ics_next(struct ics_event *out, struct ics *r, struct err *err)
{
	for (;;) {
		struct property p;
		bool ended = false;
		int rc = unfold(r, err);

		if (rc == CRM_END)
			return at_end(r, err);
		if (rc == CRM_OK && !split(&p, &r->text))
			return fault(r, r->at, err, "the line is not like NAME:VALUE");
		if (rc == CRM_OK && same(p.name, p.name_len, "BEGIN"))
			rc = open_component(r, &p, err);
		else if (rc == CRM_OK && same(p.name, p.name_len, "END"))
			rc = close_component(r, &p, &ended, err);
		else if (rc == CRM_OK && r->depth == 0)
			return fault_quoting(r, err, &p, N_("an iCalendar file begins with BEGIN:VCALENDAR"));
		else if (rc == CRM_OK && in_event(r))
			rc = read_property(r, &p, err);
		if (rc < 0)
			return rc;
		if (ended && !r->event.cancelled)
			return finish_event(out, r, err);
	}
}

void ics_begin(struct ics *r, const char *s, size_t len, const char *file)
{
	*r = (struct ics){ .p = s, .end = s + len, .file = file, .line = 1 };
	if (len >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0)
		r->p += 3;
}

void ics_end(struct ics *r)
{
	buf_free(&r->text);
	buf_free(&r->summary);
	for (size_t i = 0; i < ICS_DEPTH_MAX; i++)
		buf_free(&r->open[i]);
}
