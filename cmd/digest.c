/* The letter: what is said, and how text and HTML say it. */
#include "digest.h"
#include "cli/language.h"
#include "cli/words.h"
#include "draw/markup.h"
#include <stdlib.h>
#include <string.h>

void digest_free(struct digest *d)
{
	struct digest_part *const parts[] = { &d->overdue, &d->today, &d->ahead };

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		for (size_t k = 0; k < parts[i]->n; k++) {
			free(parts[i]->v[k].name);
			free(parts[i]->v[k].reach);
			free(parts[i]->v[k].action);
			free(parts[i]->v[k].reason);
		}
		free(parts[i]->v);
	}
	free(d->agent);
}

/* --- what is said --- */

static int number(const char *digits, int n)
{
	int value = 0;

	while (n-- > 0)
		value = value * 10 + (*digits++ - '0');
	return value;
}

/* Day of the week of a date YYYY-MM-DD, 0 Sunday: by Sakamoto. */
static int weekday(const char *date)
{
	static const int months[] = { 0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4 };
	int month = number(date + 5, 2), year = number(date, 4) - (month < 3);

	return (year + year / 4 - year / 100 + year / 400 + months[month - 1] + number(date + 8, 2)) % 7;
}

/* A text of data, escaped; owned by the caller. */
static char *plain(const char *s)
{
	struct strbuf b = { 0 };

	strbuf_escape(&b, s, strlen(s), CRM_ESCAPE_LINE);
	return need_text(&b);
}

static void put_title(struct strbuf *b, const struct digest *d)
{
	static const char *const days[] = { N_("Sunday"), N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"),
		N_("Friday"), N_("Saturday") };
	cleanup(freep) char *agent = plain(d->agent);

	/* an agent, a day of the week, a date */
	strbuf_printf(b, crm_tr("Follow-ups for %s, %s %s"), agent, crm_tr(days[weekday(d->date)]), d->date);
}

static size_t all_of(const struct digest_part *part)
{
	return part->n + part->more;
}

static void put_counts(struct strbuf *b, const struct digest *d)
{
	size_t overdue = all_of(&d->overdue), due = overdue + all_of(&d->today), ahead = all_of(&d->ahead);

	if (due == 0)
		strbuf_puts(b, crm_tr("Nothing is due today"));
	else if (overdue == 0)
		strbuf_printf(b, crm_tr("%zu due today"), due);
	else
		strbuf_printf(b, crm_tr("%zu due today, %zu of them overdue"), due, overdue);
	strbuf_printf(b, crm_tr("; in the next %d days: %zu."), DIGEST_DAYS, ahead);
}

static void put_numbers(struct strbuf *b, const struct digest_item *item)
{
	if (item->followup)
		strbuf_printf(b, crm_tr("[customer %lld, follow-up %lld]"), (long long)item->customer,
			(long long)item->followup);
	else
		strbuf_printf(b, crm_tr("[customer %lld]"), (long long)item->customer);
}

static void put_more(struct strbuf *b, const struct digest *d, const struct digest_part *part)
{
	cleanup(freep) char *agent = plain(d->agent);

	strbuf_printf(b, crm_tr("%zu more: crm followup due --for %s"), part->more, agent);
}

static void put_nobodys(struct strbuf *b, const struct digest *d)
{
	strbuf_printf(
		b, crm_tr("Due to customers whom nobody looks after: %zu (crm followup due --for '')"), d->nobodys);
}

struct part_view {
	const struct digest_part *part;
	const char *heading;
};

enum {
	PARTS = 3
};

static void view_parts(struct part_view views[PARTS], const struct digest *d)
{
	views[0] = (struct part_view){ &d->overdue, crm_tr("Overdue") };
	views[1] = (struct part_view){ &d->today, crm_tr("Today") };
	views[2] = (struct part_view){ &d->ahead, crm_tr("In the next 7 days") };
}

/* --- as text --- */

/* Lines of at most DIGEST_WIDTH columns, all but the first behind `indent` blanks; `used` columns are written already. */
static void put_wrapped(struct strbuf *out, const char *s, size_t used, size_t indent)
{
	for (size_t line;
		(line = crm_text_line(s, strlen(s), DIGEST_WIDTH - used, CRM_AMBIGUOUS_NARROW)) < strlen(s);) {
		strbuf_add(out, s, line);
		strbuf_printf(out, "\n%*s", (int)indent, "");
		s += line + strspn(s + line, " ");
		used = indent;
	}
	strbuf_puts(out, s);
	strbuf_puts(out, "\n");
}

static void put_line(struct strbuf *out, struct strbuf *line, size_t indent)
{
	cleanup(freep) char *text = need_text(line);

	strbuf_printf(out, "%*s", (int)indent, "");
	put_wrapped(out, text, indent, indent);
}

static void text_item(struct strbuf *out, const struct digest_item *item, size_t number)
{
	struct strbuf line = { 0 };
	size_t indent;

	strbuf_printf(out, "%2zu. ", number);
	indent = number < 100 ? 4 : 5;
	strbuf_escape(&line, item->name, strlen(item->name), CRM_ESCAPE_LINE);
	strbuf_printf(&line, "%s%s%s", crm_tr(", "), crm_tr(item->action), *item->reach ? " " : "");
	strbuf_escape(&line, item->reach, strlen(item->reach), CRM_ESCAPE_LINE);
	cleanup(freep) char *first = need_text(&line);
	put_wrapped(out, first, indent, indent);
	strbuf_escape(&line, item->reason, strlen(item->reason), CRM_ESCAPE_LINE);
	strbuf_puts(&line, " ");
	put_numbers(&line, item);
	put_line(out, &line, indent);
}

void digest_text(struct strbuf *out, const struct digest *d)
{
	struct part_view views[PARTS];
	struct strbuf line = { 0 };
	size_t number = 0;

	put_title(&line, d);
	put_line(out, &line, 0);
	put_counts(&line, d);
	put_line(out, &line, 0);
	view_parts(views, d);
	for (size_t i = 0; i < PARTS; i++) {
		const struct digest_part *part = views[i].part;

		if (all_of(part) == 0)
			continue;
		strbuf_printf(out, "\n%s (%zu)\n", views[i].heading, all_of(part));
		for (size_t k = 0; k < part->n; k++)
			text_item(out, &part->v[k], ++number);
		if (part->more > 0) {
			put_more(&line, d, part);
			put_line(out, &line, 4);
		}
	}
	if (d->nobodys > 0) {
		strbuf_puts(out, "\n");
		put_nobodys(&line, d);
		put_line(out, &line, 0);
	}
}

/* --- as HTML: for mail programs, so the styles stand in the tags --- */

/* Escaped for the screen, then for HTML. */
static void html_text(struct strbuf *out, const char *s)
{
	cleanup(freep) char *text = plain(s);

	markup_text(out, text, strlen(text));
}

static void html_line(struct strbuf *out, const char *tag, struct strbuf *line)
{
	cleanup(freep) char *text = need_text(line);

	strbuf_printf(out, "<%s>", tag);
	html_text(out, text);
	strbuf_printf(out, "</%.*s>\n", (int)strcspn(tag, " "), tag);
}

/* A phone number to touch, on a phone. */
static void html_reach(struct strbuf *out, const struct digest_item *item)
{
	bool phone = strcmp(item->action, "email") != 0;

	strbuf_puts(out, " ");
	if (phone) {
		strbuf_puts(out, "<a style=\"color:inherit\" href=\"tel:");
		for (const char *p = item->reach; *p; p++)
			if ((*p >= '0' && *p <= '9') || *p == '+')
				strbuf_add(out, p, 1);
		strbuf_puts(out, "\">");
	}
	html_text(out, item->reach);
	strbuf_puts(out, phone ? "</a>" : "");
}

static void html_item(struct strbuf *out, const struct digest_item *item)
{
	struct strbuf numbers = { 0 };

	strbuf_puts(out, "<li style=\"margin:0 0 .7em\"><b>");
	html_text(out, item->name);
	strbuf_printf(out, "</b>%s", crm_tr(", "));
	html_text(out, crm_tr(item->action));
	if (*item->reach)
		html_reach(out, item);
	strbuf_puts(out, "<br>");
	html_text(out, item->reason);
	put_numbers(&numbers, item);
	strbuf_puts(out, " ");
	html_line(out, "span style=\"color:#767676\"", &numbers);
	strbuf_puts(out, "</li>\n");
}

static void html_parts(struct strbuf *out, const struct digest *d)
{
	struct part_view views[PARTS];
	struct strbuf line = { 0 };
	size_t number = 1;

	view_parts(views, d);
	for (size_t i = 0; i < PARTS; i++) {
		const struct digest_part *part = views[i].part;

		if (all_of(part) == 0)
			continue;
		strbuf_printf(out,
			"<h2 style=\"font-size:1.1em%s\">%s (%zu)</h2>\n<ol start=\"%zu\" "
			"style=\"padding-left:2em\">\n",
			part == &d->overdue ? ";color:#b00020" : "", views[i].heading, all_of(part), number);
		for (size_t k = 0; k < part->n; k++)
			html_item(out, &part->v[k]);
		strbuf_puts(out, "</ol>\n");
		number += part->n;
		if (part->more > 0) {
			put_more(&line, d, part);
			html_line(out, "p", &line);
		}
	}
}

void digest_html(struct strbuf *out, const struct digest *d)
{
	struct strbuf line = { 0 };

	strbuf_printf(out,
		"<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width\">\n",
		language_is_chinese() ? "zh" : "en");
	put_title(&line, d);
	html_line(out, "title", &line);
	strbuf_puts(out, "</head>\n<body style=\"font-family:sans-serif;line-height:1.4;max-width:42em;margin:1em auto;"
			 "padding:0 1em;overflow-wrap:anywhere\">\n");
	put_title(&line, d);
	html_line(out, "h1 style=\"font-size:1.3em\"", &line);
	put_counts(&line, d);
	html_line(out, "p", &line);
	html_parts(out, d);
	if (d->nobodys > 0) {
		put_nobodys(&line, d);
		html_line(out, "p", &line);
	}
	strbuf_puts(out, "</body>\n</html>\n");
}
