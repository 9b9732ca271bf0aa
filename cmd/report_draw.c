#include "report_draw.h"
#include "cli/language.h"
#include "report_view.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	TABLE_ROWS = 1000 /* of a page's table: more is for programs */
};

/* --- texts --- */

/* What those are told who cannot see the picture: "How many …. Day 2026-03-01 to 2026-03-10." */
static char *about(const struct view *v)
{
	const struct chart *c = &v->chart;
	struct strbuf b = { 0 };

	strbuf_puts(&b, crm_tr(view_question(v)));
	for (size_t k = 0; k < c->nseries; k++)
		strbuf_printf(&b, "%s%s", k ? ", " : ": ", c->series[k].name);
	if (c->n > 0)
		strbuf_printf(&b, "; %s … %s", c->labels[0], c->labels[c->n - 1]);
	return need_text(&b);
}

static char *time_text(struct cli *cli, int64_t t, bool day)
{
	char text[32];

	crm_time_format(text, cli->store, t, CRM_TIME_SHORT);
	text[day ? strlen("2026-01-02") : strlen(text)] = '\0';
	return need_copy(text);
}

/* Since and until as times, after `before`; nothing without them. A time given as a day is shown as one. */
static void put_period(struct strbuf *b, struct view *v, const char *before)
{
	int64_t from = 0, to = 0, end;
	char *first = NULL, *last = NULL;

	if (v->opt.since && crm_time_parse(&from, &end, v->cli->store, v->opt.since, CRM_TIME_PAST) == CRM_OK)
		first = time_text(v->cli, from, end > from);
	if (v->opt.until && crm_time_parse(&from, &to, v->cli->store, v->opt.until, CRM_TIME_PAST) == CRM_OK)
		last = time_text(v->cli, to, to > from);
	if (first || last)
		strbuf_puts(b, before);
	if (first && last)
		strbuf_printf(b, crm_tr("%s to %s"), first, last);
	else if (first || last)
		strbuf_printf(b, first ? crm_tr("from %s") : crm_tr("until %s"), first ? first : last);
	free(first);
	free(last);
}

/* "by channel"; nothing where the report is not by anything. */
static void put_by(struct strbuf *b, const struct view *v)
{
	const char *by = view_by(v);
	struct strbuf word = { 0 };

	if (!by || strcmp(by, "all") == 0)
		return;
	strbuf_puts(&word, crm_tr(view_by_label(v)));
	cleanup(freep) char *label = need_text(&word);
	if (*label >= 'A' && *label <= 'Z')
		*label = (char)(*label - 'A' + 'a');
	strbuf_printf(b, crm_tr("by %s"), label);
}

static void put_facts(struct strbuf *b, struct view *v)
{
	struct strbuf text = { 0 };

	put_period(&text, v, "");
	if (text.len > 0)
		page_fact(b, crm_tr("Period"), need(text.s));
	if (view_by(v))
		page_fact(b, crm_tr("Grouped by"), crm_tr(view_by_label(v)));
	strbuf_truncate(&text, 0);
	for (size_t i = 0; i < v->opt.nfilter; i++) {
		strbuf_puts(&text, i ? " " : "");
		strbuf_escape(&text, v->opt.filter[i], strlen(v->opt.filter[i]), CRM_ESCAPE_LINE);
	}
	if (text.len > 0)
		page_fact(b, crm_tr("Filter"), need(text.s));
	strbuf_truncate(&text, 0);
	cleanup(freep) char *now = time_text(v->cli, crm_store_now(v->cli->store), false);
	strbuf_printf(&text, "%s %s", now, crm_store_zone(v->cli->store));
	page_fact(b, crm_tr("As of"), need(text.s));
	strbuf_free(&text);
}

/* --- pages --- */

/* The chart, `width` wide (0: none), and the table. */
static void put_view(struct strbuf *b, struct view *v, unsigned width)
{
	const char *title = crm_tr(view_title(v));

	if (v->charted && v->chart.n > 0 && width > 0) {
		cleanup(freep) char *text = about(v);
		page_chart(b, &v->chart, title, text, width);
	}
	page_table_put(b, &v->table);
}

/* The rows of a report of several parts are single figures: what it is, how much, and how much it was before. */
struct figures {
	size_t label, value, unit, previous, change;
};

/* A figure of the unit that the row says: count, percent, s, score, or the currency of an amount. */
static void put_figure(struct strbuf *b, const struct view *v, const char *unit, const crm_value *value)
{
	static const struct {
		const char *name;
		enum figure_unit unit;
	} units[] = { { "count", FIGURE_WHOLE }, { "percent", FIGURE_PERCENT }, { "s", FIGURE_DURATION },
		{ "score", FIGURE_REAL } };
	const crm_column amount = { "amount", "", "", CRM_MONEY, NULL };
	struct cells cells;
	double number;

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(unit, units[i].name) == 0) {
			figure_put(b, units[i].unit, figure_number(&number, value) ? number : NAN);
			return;
		}
	cells_init(&cells, v->cli->store, false);
	figure_cell(b, &cells, &amount, value);
	strbuf_puts(b, " ");
	strbuf_escape(b, unit, strlen(unit), CRM_ESCAPE_LINE);
	cells_release(&cells);
}

static const char *text_at(const crm_cursor *row, size_t column)
{
	const crm_value *v = column == SIZE_MAX ? NULL : crm_cursor_value(row, column);

	return v && v->kind == CRM_STRING ? v->s : "";
}

static void put_tile(struct strbuf *b, const struct view *v, const struct figures *f, const crm_cursor *row)
{
	cleanup(strbuf_freep) struct strbuf value = { 0 }, exact = { 0 }, before = { 0 }, past = { 0 };
	const char *unit = text_at(row, f->unit);
	struct cells cells;
	double number;

	cells_init(&cells, v->cli->store, false);
	struct span text = cell_exact(&cells, &v->columns[f->value], crm_cursor_value(row, f->value));
	strbuf_escape(&exact, text.s, text.len, CRM_ESCAPE_LINE);
	cells_release(&cells);
	put_figure(&value, v, unit, crm_cursor_value(row, f->value));
	if (figure_number(&number, crm_cursor_value(row, f->change)))
		figure_put(&before, FIGURE_CHANGE, number);
	if (!figure_is_absent(crm_cursor_value(row, f->previous))) {
		put_figure(&past, v, unit, crm_cursor_value(row, f->previous));
		strbuf_puts(&before, before.len ? " · " : "");
		strbuf_printf(&before, crm_tr("before: %s"), need_str(&past));
	}
	page_tile(b, crm_tr(text_at(row, f->label)), need(value.s), need_str(&exact), need_str(&before));
}

static int put_tiles(struct strbuf *b, struct view *v)
{
	int exit_status = view_open(v), status;

	if (exit_status)
		return exit_status;
	const struct figures f = { view_column(v, "label"), view_column(v, "value"), view_column(v, "unit"),
		view_column(v, "previous"), view_column(v, "change_percent") };
	page_tiles(b);
	while ((status = crm_cursor_next(v->rows)) == CRM_OK)
		if (!figure_is_absent(crm_cursor_value(v->rows, f.value)) ||
			!figure_is_absent(crm_cursor_value(v->rows, f.previous)))
			put_tile(b, v, &f, v->rows);
	page_tiles_end(b);
	return status < 0 ? cli_store_fail(v->cli, status) : EXIT_DONE;
}

/* The day, week or month in which `since` lies, as its first day; a page begins no period in the middle. */
static char *whole_period(struct cli *cli, const char *since, const char *by)
{
	const int64_t day = 86400, week = 7 * day;
	int64_t t = 0, monday = 0;

	crm_time_parse(&t, NULL, cli->store, since, CRM_TIME_PAST);
	if (by && strcmp(by, "week") == 0) {
		/* the clock may have been changed since: noon is of the same day */
		crm_time_parse(&monday, NULL, cli->store, "monday", CRM_TIME_PAST);
		while (monday > t)
			monday -= week;
		t = monday + day / 2;
	}
	char *text = time_text(cli, t, true);
	if (by && strcmp(by, "month") == 0)
		memcpy(text + strlen("2026-01-"), "01", 2);
	return text;
}

/*
 * The view of a part: its options, the period of the page where that was given. False when the filter of the page, which
 * is about other records, says nothing about it.
 */
static bool view_of_part(struct view *v, const struct view *page, const crm_report_part *part)
{
	const crm_report *r = part->report ? need((void *)(uintptr_t)crm_report_find(part->report)) : NULL;
	const crm_entity *entity = r ? crm_report_entity(r) : crm_entity_find("customer");
	crm_report_options opt = {
		.by = part->by, .fields = part->fields, .nfilter = page->opt.nfilter, .filter = page->opt.filter
	};

	if (page->opt.nfilter > 0 && entity != crm_report_entity(page->report))
		return false;
	if (r && crm_report_takes(r, "since") && (page->opt.since || page->opt.until)) {
		opt.since = page->opt.since;
		opt.until = page->opt.until;
	}
	view_init(v, page->cli, r, &opt);
	v->ascii = page->ascii;
	if (part->since && !opt.since && !opt.until)
		v->opt.since = v->since = whole_period(v->cli, part->since, part->by);
	return true;
}

static int put_part(struct strbuf *b, const struct view *page, const crm_report_part *part)
{
	cleanup(view_release) struct view v = { 0 };
	struct strbuf subtitle = { 0 };

	if (!view_of_part(&v, page, part))
		return EXIT_DONE;
	int exit_status = view_gather(&v, part->rows, NULL);
	if (exit_status)
		return exit_status;
	if (v.table.seen == 0) /* what is not used has no place on the page */
		return EXIT_DONE;
	put_by(&subtitle, &v);
	if (subtitle.len == 0)
		strbuf_puts(&subtitle, crm_tr(view_question(&v)));
	put_period(&subtitle, &v, " · ");
	cleanup(freep) char *text = need_text(&subtitle);
	page_card(b, view_title(&v), text, !v.report);
	put_view(b, &v, part->chart ? PAGE_HALF : 0);
	page_card_end(b);
	return EXIT_DONE;
}

static int put_parts(struct strbuf *b, struct view *v)
{
	const crm_report_part *parts;
	size_t n = crm_report_parts(v->report, &parts);
	int exit_status = put_tiles(b, v);

	for (size_t i = 0; !exit_status && i < n; i++)
		exit_status = put_part(b, v, &parts[i]);
	return exit_status;
}

static int put_alone(struct strbuf *b, struct view *v)
{
	int exit_status = view_gather(v, TABLE_ROWS, NULL);

	if (exit_status)
		return exit_status;
	page_card(b, NULL, NULL, false);
	put_view(b, v, PAGE_WIDE);
	page_card_end(b);
	return EXIT_DONE;
}

static int draw_page(struct strbuf *b, struct view *v)
{
	const crm_report_part *parts;
	struct strbuf foot = { 0 };
	bool several = crm_report_parts(v->report, &parts) > 0;

	page_begin(b, crm_report_title(v->report), crm_report_help(v->report));
	put_facts(b, v);
	page_cards(b, several);
	int exit_status = several ? put_parts(b, v) : put_alone(b, v);
	strbuf_printf(&foot, "crm %s · crm report %s", crm_version(), v->name);
	page_end(b, need(foot.s));
	strbuf_free(&foot);
	return exit_status;
}

/* --- drawings --- */

static int draw_picture(struct strbuf *b, struct view *v)
{
	const crm_report_part *parts;

	if (crm_report_parts(v->report, &parts) > 0)
		return cli_fail(v->cli, EXIT_USAGE,
			"report %s: is several charts: --format html or --chart has them all", v->name);
	int exit_status = view_gather_chart(v);
	if (exit_status)
		return exit_status;
	cleanup(freep) char *text = about(v);
	chart_svg(b, &v->chart, crm_tr(crm_report_title(v->report)), text, PAGE_WIDE, true);
	return EXIT_DONE;
}

static int draw_text(struct strbuf *b, struct view *v, const struct chart_look *look)
{
	int exit_status = view_gather_chart(v);

	if (exit_status)
		return exit_status;
	strbuf_printf(
		b, look->color ? "%s\033[1m%s\033[0m\n\n" : "%s%s\n\n", b->len ? "\n" : "", crm_tr(view_title(v)));
	chart_text(b, &v->chart, look);
	return EXIT_DONE;
}

/* The chart of the report, or of each of its parts that has one. */
static int draw_texts(struct strbuf *b, struct view *v, const char *path)
{
	struct out_settings set = cli_settings(v->cli);
	struct chart_look look = { .width = set.width && !path ? set.width : 80,
		.color = set.color && !path,
		.ambiguous = path ? CRM_AMBIGUOUS_NARROW : set.ambiguous };
	const crm_report_part *parts;
	size_t n = crm_report_parts(v->report, &parts);

	v->ascii |= look.ambiguous == CRM_AMBIGUOUS_WIDE; /* blocks and lines would be two columns wide */
	int exit_status = n > 0 ? EXIT_DONE : draw_text(b, v, &look);

	for (size_t i = 0; !exit_status && i < n; i++) {
		cleanup(view_release) struct view part = { 0 };
		if (parts[i].chart && view_of_part(&part, v, &parts[i]))
			exit_status = draw_text(b, &part, &look);
	}
	return exit_status;
}

int report_drawing(struct cli *cli, enum out_format *out, const struct draw_opts *o, const char *path)
{
	enum out_format format = cli_file_format(cli, path, OUT_AUTO);
	bool drawn = format == OUT_SVG || format == OUT_HTML;

	if (o->chart && format != OUT_AUTO)
		return cli_fail(cli, EXIT_USAGE,
			cli->global.format
				? N_("--chart: draws in the terminal, which is no format: either it or --format "
				     "(--format svg is a picture)")
				: N_("--chart: draws in the terminal, which is no format: either it or -o with that "
				     "ending (--format svg is a picture)"));
	if (o->ascii && !o->chart)
		return cli_fail(cli, EXIT_USAGE, "--ascii: is a way to draw a --chart");
	if (o->lang && !o->chart && !drawn)
		return cli_fail(cli, EXIT_USAGE, "--lang: is for --chart, --format html and --format svg");
	if ((cli->global.header || cli->global.no_header) && (o->chart || drawn))
		return cli_fail(cli, EXIT_USAGE,
			cli->global.header ? N_("--header: is for table, tsv and csv")
					   : N_("--no-header: is for table, tsv and csv"));
	*out = o->chart ? OUT_TABLE : drawn ? format : OUT_AUTO;
	return EXIT_DONE;
}

static int deliver(struct cli *cli, struct strbuf *text, const char *path)
{
	if (!path || strcmp(path, "-") == 0)
		return cli_page_text(cli, text);
	int error = text->failed ? ENOMEM : new_file_write(path, text->s, text->len);
	strbuf_free(text);
	return error ? cli_fail(cli, EXIT_FAILED, "%s: %s", path, strerror(error)) : EXIT_DONE;
}

int report_draw(struct cli *cli, const crm_report *r, const crm_report_options *opt, const struct draw_opts *o,
	enum out_format format, const char *path)
{
	const char *lang = o->lang ? o->lang : config_get(&cli->config, "report.language");
	cleanup(view_release) struct view v;
	struct strbuf text = { 0 };
	int exit_status;

	if (strcmp(lang, "auto") != 0)
		language_use(lang);
	view_init(&v, cli, r, opt);
	v.ascii = o->ascii;
	if (format == OUT_HTML)
		exit_status = draw_page(&text, &v);
	else if (format == OUT_SVG)
		exit_status = draw_picture(&text, &v);
	else
		exit_status = draw_texts(&text, &v, path);
	if (exit_status) {
		strbuf_free(&text);
		return exit_status;
	}
	return deliver(cli, &text, path);
}
