/*
 * Follow-ups as events of an iCalendar (RFC 5545). Events, not to-dos, because the calendars of telephones show nothing
 * else; they take no time, so that nobody seems busy by them.
 */
#include "base/time.h"
#include "exchange/content_line.h"
#include "store/store.h"
#include "text/text.h"
#include <crm/exchange.h>
#include <crm/text.h>

const char *crm_ics_fields(void)
{
	return "id,created_at,updated_at,due,due_day,snoozed_until,status,action,name,purpose,customer.phone,"
	       "customer.email,customer.company,ticket,owner,outcome";
}

enum column {
	ID,
	CREATED_AT,
	UPDATED_AT,
	DUE,
	DUE_DAY,
	SNOOZED_UNTIL,
	STATUS,
	ACTION,
	NAME,
	PURPOSE,
	PHONE,
	EMAIL,
	COMPANY,
	TICKET,
	OWNER,
	OUTCOME
};

const char *crm_ics_head(void)
{
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//crm//follow-ups//EN\r\nCALSCALE:GREGORIAN\r\n";
}

const char *crm_ics_tail(void)
{
	return "END:VCALENDAR\r\n";
}

struct event {
	struct buf out;
	struct buf line;
};

static void put_line(struct event *e)
{
	const char *line = buf_str(&e->line);

	if (line)
		content_line_put(&e->out, line, e->line.len);
	else
		e->out.failed = true;
	buf_clear(&e->line);
}

/* A TEXT: what would end it is escaped; other control characters, which it cannot hold, are shown as \x1b is. */
static void put_text(struct event *e, const crm_value *v)
{
	for (size_t i = 0; v->kind == CRM_STRING && i < v->len; i++) {
		unsigned char c = (unsigned char)v->s[i];

		if (c == '\r' && i + 1 < v->len && v->s[i + 1] == '\n')
			continue;
		if (c == '\n' || c == '\r')
			buf_puts(&e->line, "\\n");
		else if (strchr("\\,;", c))
			buf_printf(&e->line, "\\%c", c);
		else if ((c < ' ' && c != '\t') || c == 0x7f)
			buf_printf(&e->line, "\\\\x%02x", c);
		else
			buf_putc(&e->line, (char)c);
	}
}

static void put_utc(struct buf *out, int64_t t)
{
	struct civil c;

	civil_from_seconds(t, &c);
	buf_printf(out, "%04d%02d%02dT%02d%02d%02dZ", c.year, c.month, c.day, c.hour, c.minute, c.second);
}

static bool is_word(const crm_value *v, const char *word)
{
	return v->kind == CRM_STRING && strcmp(v->s, word) == 0;
}

/* On a day as a whole, or at a time; one snoozed until a midnight is due on that day. */
static bool put_start(struct event *e, crm_store *s, const crm_value *v)
{
	bool snoozed = is_word(&v[STATUS], "snoozed") && v[SNOOZED_UNTIL].kind == CRM_INT;
	int64_t at = snoozed ? v[SNOOZED_UNTIL].i : v[DUE].i;
	bool whole = snoozed ? at == zone_day_start(s->zone, zone_day(s->zone, at)) : v[DUE_DAY].kind == CRM_STRING;
	int y, m, d;

	if (!whole) {
		buf_puts(&e->line, "DTSTART:");
		put_utc(&e->line, at);
	} else if (snoozed) {
		civil_from_days(zone_day(s->zone, at), &y, &m, &d);
		buf_printf(&e->line, "DTSTART;VALUE=DATE:%04d%02d%02d", y, m, d);
	} else {
		buf_printf(
			&e->line, "DTSTART;VALUE=DATE:%.4s%.2s%.2s", v[DUE_DAY].s, v[DUE_DAY].s + 5, v[DUE_DAY].s + 8);
	}
	put_line(e);
	return whole;
}

/* `call 张三: the quote` */
static void put_summary(struct event *e, const crm_value *v, const char *name)
{
	buf_printf(&e->line, "%s:", name);
	put_text(e, &v[ACTION]);
	buf_putc(&e->line, ' ');
	put_text(e, &v[NAME]);
	if (v[PURPOSE].kind == CRM_STRING)
		buf_puts(&e->line, ": ");
	put_text(e, &v[PURPOSE]);
	put_line(e);
}

/* What somebody under way needs to know. */
static void put_description(struct event *e, const crm_value *v)
{
	static const struct {
		const char *label;
		enum column column;
	} parts[] = { { "Phone", PHONE }, { "E-mail", EMAIL }, { "Company", COMPANY }, { "Ticket", TICKET },
		{ "Owner", OWNER }, { "Outcome", OUTCOME } };
	bool any = false;

	buf_puts(&e->line, "DESCRIPTION:");
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		const crm_value *part = &v[parts[i].column];

		if (part->kind == CRM_NULL)
			continue;
		buf_printf(&e->line, "%s%s: ", any ? "\\n" : "", parts[i].label);
		if (part->kind == CRM_INT)
			buf_printf(&e->line, "%lld", (long long)part->i);
		else
			put_text(e, part);
		any = true;
	}
	if (any)
		put_line(e);
	else
		buf_clear(&e->line);
}

/* A quarter of an hour before, or at nine in the morning. */
static void put_alarm(struct event *e, const crm_value *v, bool whole)
{
	buf_printf(&e->out, "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:%s\r\n", whole ? "PT9H" : "-PT15M");
	put_summary(e, v, "DESCRIPTION");
	buf_puts(&e->out, "END:VALARM\r\n");
}

int crm_ics_event(char **out, size_t *len, crm_store *s, const crm_value *v)
{
	bool pending = is_word(&v[STATUS], "open") || is_word(&v[STATUS], "snoozed"), whole;
	struct event e = { .out = BUF_INIT, .line = BUF_INIT };

	buf_puts(&e.out, "BEGIN:VEVENT\r\n");
	/* ids are used once in a store; two stores that made the same one in the same second are too unlikely */
	buf_printf(&e.line, "UID:followup-%lld-%lld@crm", (long long)v[ID].i, (long long)v[CREATED_AT].i);
	put_line(&e);
	buf_puts(&e.line, "DTSTAMP:");
	put_utc(&e.line, v[UPDATED_AT].i);
	put_line(&e);
	whole = put_start(&e, s, v);
	put_summary(&e, v, "SUMMARY");
	put_description(&e, v);
	buf_printf(&e.out, "STATUS:%s\r\nTRANSP:TRANSPARENT\r\n",
		is_word(&v[STATUS], "skipped") ? "CANCELLED" : "CONFIRMED");
	if (pending)
		put_alarm(&e, v, whole);
	buf_puts(&e.out, "END:VEVENT\r\n");
	buf_free(&e.line);
	*len = e.out.len;
	*out = buf_take(&e.out);
	return *out ? CRM_OK : CRM_NOMEM;
}
