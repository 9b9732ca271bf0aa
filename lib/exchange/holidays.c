#include "exchange/holidays.h"
#include "exchange/ics.h"
#include "service/calendar_item.h"
#include "text/text.h"

void holidays_free(struct holidays *h)
{
	for (size_t i = 0; i < h->n; i++)
		calendar_day_free(&h->v[i].day);
	free(h->v);
	*h = (struct holidays){ 0 };
}

static int fault(const char *file, uint64_t line, struct err *err, const char *why)
{
	return err_set(err, CRM_FAILED, "%s:%llu: %s", file, (unsigned long long)line, why);
}

static int add_item(struct holidays *out, enum calendar_kind kind, const char *s, size_t len, const char *file,
	uint64_t line, struct err *err)
{
	struct calendar_day day;
	int rc = calendar_day_parse(&day, kind, s, len, err);

	if (rc == CRM_INVALID)
		return fault(file, line, err, buf_str(&err->msg));
	if (rc < 0)
		return rc;
	if (!GROW(out->v, out->n, out->cap)) {
		calendar_day_free(&day);
		return err_nomem(err);
	}
	out->v[out->n++] = (struct holiday){ kind, day, line };
	return CRM_OK;
}

/* What people write beside a day on which there is work: 班 (补班, 上班, 调休上班), (work), working day. */
static bool names_work(const char *s, size_t len, struct err *err)
{
	static const char *const words[] = { "班", "(work)", "working day", "workday" };
	cleanup(buf_free) struct buf folded = BUF_INIT;

	if (text_fold(&folded, s, len) < 0) {
		if (folded.failed)
			err_nomem(err);
		return false;
	}
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (text_contains(buf_str(&folded), folded.len, words[i], strlen(words[i])))
			return true;
	return false;
}

/* --- text --- */

/* Passes over `work`, 补班 and the like before a day. */
static bool take_work(const char **s, size_t *len)
{
	static const char *const words[] = { "work", "补班", "上班", "班" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		size_t n = strlen(words[i]), same = 0;

		while (same < n && same < *len && ascii_lower((*s)[same]) == words[i][same])
			same++;
		if (same < n || (*len > n && ascii_alpha((*s)[n])))
			continue;
		*s += n;
		*len -= n;
		if (*len && **s == ':') {
			++*s;
			--*len;
		} else if (*len >= 3 && memcmp(*s, "：", 3) == 0) {
			*s += 3;
			*len -= 3;
		}
		calendar_trim(s, len);
		return true;
	}
	return false;
}

static int parse_line(struct holidays *out, const char *s, size_t len, const char *file, uint64_t line, struct err *err)
{
	const char *item;
	size_t n, pos = 0, bad;

	if (len > HOLIDAYS_LINE_MAX)
		return fault(file, line, err, "the line is longer than any list of days");
	if (!utf8_valid(s, len, &bad))
		return fault(file, line, err, "not UTF-8; `iconv -t UTF-8 -f ENCODING` converts the file");
	while (calendar_item_next(&item, &n, s, len, &pos)) {
		bool work;
		int rc;

		if (*item == '#')
			return CRM_OK;
		work = take_work(&item, &n);
		if (!n)
			return fault(file, line, err, "the day is missing, as in `work 2026-02-14`");
		rc = add_item(out, work || names_work(item, n, err) ? CALENDAR_WORKDAYS : CALENDAR_HOLIDAYS, item, n,
			file, line, err);
		if (rc < 0)
			return rc;
	}
	return CRM_OK;
}

static int parse_text(struct holidays *out, const char *s, size_t len, const char *file, struct err *err)
{
	uint64_t line = 1;
	int rc = CRM_OK;

	for (; len > 0 && rc == CRM_OK; line++) {
		const char *end = memchr(s, '\n', len);
		size_t n = end ? (size_t)(end - s) : len;

		rc = parse_line(out, s, n, file, line, err);
		n += end != NULL;
		s += n;
		len -= n;
	}
	return rc;
}

/* --- iCalendar --- */

static void write_day(struct buf *out, int64_t day, bool yearly)
{
	int y, m, d;

	civil_from_days(day, &y, &m, &d);
	if (yearly)
		buf_printf(out, "--%02d-%02d", m, d);
	else
		buf_printf(out, "%04d-%02d-%02d", y, m, d);
}

/* The event as an item of a calendar's text; what parts items there becomes a comma or a blank. */
static void write_event(struct buf *out, const struct ics_event *e)
{
	write_day(out, e->from, e->yearly);
	if (e->to > e->from) {
		buf_puts(out, "..");
		write_day(out, e->to, e->yearly);
	}
	buf_putc(out, ' ');
	for (const char *p = e->summary; *p; p++) {
		if (*p == ';')
			buf_putc(out, ',');
		else if (strncmp(p, "；", 3) == 0) {
			buf_puts(out, "，");
			p += 2;
		} else
			buf_putc(out, ascii_blank(*p) ? ' ' : *p);
	}
}

static int parse_ics(struct holidays *out, const char *s, size_t len, const char *file, struct err *err)
{
	cleanup(buf_free) struct buf item = BUF_INIT;
	struct ics_event e;
	struct ics reader;
	int rc;

	ics_begin(&reader, s, len, file);
	while ((rc = ics_next(&e, &reader, err)) == CRM_OK) {
		bool work = e.special == ICS_WORKDAY ||
			    (e.special == ICS_NOTHING && names_work(e.summary, strlen(e.summary), err));

		buf_clear(&item);
		write_event(&item, &e);
		rc = buf_str(&item) ? add_item(out, work ? CALENDAR_WORKDAYS : CALENDAR_HOLIDAYS, item.s, item.len,
					      file, e.line, err)
				    : err_nomem(err);
		if (rc < 0)
			break;
	}
	ics_end(&reader);
	return rc < 0 ? rc : CRM_OK;
}

/* iCalendar begins with BEGIN:VCALENDAR, in any case. */
static bool is_ics(const char *s, size_t len)
{
	static const char begin[] = "begin:vcalendar";

	while (len && ascii_blank(*s)) {
		s++;
		len--;
	}
	for (size_t i = 0; begin[i]; i++)
		if (i == len || ascii_lower(s[i]) != begin[i])
			return false;
	return true;
}

int holidays_parse(struct holidays *out, const char *s, size_t len, const char *file, struct err *err)
{
	*out = (struct holidays){ 0 };
	if (len >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0) {
		s += 3;
		len -= 3;
	}
	return is_ics(s, len) ? parse_ics(out, s, len, file, err) : parse_text(out, s, len, file, err);
}
