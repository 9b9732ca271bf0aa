/* Charts in characters: bars by eighths of a column, columns by eighths of a line; or plain ASCII. */
#include "cli/words.h"
#include "draw/chart.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	TALL = 8,   /* lines of a plot of one series */
	LOW = 5,    /* of each of several */
	WIDEST = 6, /* columns of one point */
	LEAST = 6,  /* of the longest bar */
	NARROWEST = 20
};

static const char *const rightward[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█" };
static const char *const upward[] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
static const char ascii_upward[] = " ..:::###";

/* Without colour, series differ by what they are made of. */
static const char *const fills[CHART_VALUES] = { "█", "▒", "░", "▚" };
static const char ascii_fills[CHART_VALUES] = "#=-+";
static const char *const colors[CHART_VALUES] = { "36", "35", "32", "34" }; /* to be seen on light and on dark */

struct pen {
	struct strbuf *b;
	const struct chart *c;
	const struct chart_look *look;
};

static void blanks(struct strbuf *b, size_t n)
{
	strbuf_printf(b, "%*s", (int)n, "");
}

static void repeat(struct strbuf *b, const char *s, size_t n)
{
	while (n-- > 0)
		strbuf_puts(b, s);
}

static size_t width_of(const struct pen *p, const char *s)
{
	return crm_text_width_as(s, strlen(s), p->look->ambiguous);
}

/* The text, cut to the width with an ellipsis; how many columns it takes. */
static size_t put_cut(const struct pen *p, const char *s, size_t width)
{
	size_t len = strlen(s), used = width_of(p, s);

	if (used <= width) {
		strbuf_add(p->b, s, len);
		return used;
	}
	len = crm_text_fit_as(s, len, width > 0 ? width - 1 : 0, p->look->ambiguous);
	strbuf_add(p->b, s, len);
	strbuf_puts(p->b, width == 0 ? "" : p->c->plan.ascii ? "." : "…");
	return crm_text_width_as(s, len, p->look->ambiguous) + (width > 0);
}

static void put_label(const struct pen *p, const char *s, size_t width)
{
	size_t used = put_cut(p, s, width);

	blanks(p->b, width - used);
}

static void color_on(const struct pen *p, size_t series)
{
	if (p->look->color)
		strbuf_printf(p->b, "\033[%sm", colors[series % CHART_VALUES]);
}

static void color_off(const struct pen *p)
{
	if (p->look->color)
		strbuf_puts(p->b, "\033[0m");
}

static char *figure_text(const struct pen *p, double v)
{
	struct strbuf b = { 0 };

	if (p->c->plan.ascii && isnan(v))
		strbuf_puts(&b, "-");
	else
		figure_put(&b, p->c->unit, v);
	return need_text(&b);
}

static size_t figure_width(const struct pen *p, double v)
{
	cleanup(freep) char *s = figure_text(p, v);

	return width_of(p, s);
}

static size_t label_width(const struct pen *p, size_t most)
{
	size_t widest = 0;

	for (size_t i = 0; i < p->c->n; i++) {
		size_t width = width_of(p, p->c->labels[i]);
		widest = width > widest ? width : widest;
	}
	return widest < most ? widest : most;
}

static void put_fill(const struct pen *p, size_t series)
{
	char plain[2] = { ascii_fills[series], '\0' };

	strbuf_puts(p->b, p->c->plan.ascii ? plain : p->look->color ? fills[0] : fills[series]);
}

static void put_legend(const struct pen *p, size_t first, size_t n)
{
	for (size_t k = first; k < first + n; k++) {
		strbuf_puts(p->b, k > first ? "   " : "");
		color_on(p, k);
		put_fill(p, k);
		color_off(p);
		strbuf_printf(p->b, " %s", p->c->series[k].name);
	}
	strbuf_puts(p->b, "\n");
}

/* --- bars --- */

struct bars {
	size_t label;          /* width of the labels */
	size_t before, behind; /* zero: columns left and right of it */
	double unit;           /* columns for one */
};

/* Columns on both sides of zero, with room for the figures at the ends of the bars. */
static struct bars fit_bars(const struct pen *p, size_t first, size_t n)
{
	double low = 0, high = 0;
	size_t text[2] = { 0, 0 }, width = p->look->width;

	chart_range(&low, &high, p->c, first, n);
	low = low < 0 ? low : 0;
	high = high > 0 ? high : 0;
	for (size_t k = 0; k < p->c->nseries; k++)
		for (size_t i = first; i < first + n; i++) {
			double v = p->c->series[k].v[i];
			size_t figure = figure_width(p, v) + 1, *widest = &text[v < 0];
			*widest = figure > *widest ? figure : *widest;
		}
	size_t taken = 1 + text[0] + text[1], most = width * 2 / 5;
	if (taken + most + LEAST > width)
		most = taken + LEAST < width ? width - taken - LEAST : 0;
	struct bars bars = { .label = label_width(p, most) };
	taken += bars.label;
	double room = taken + LEAST < width ? (double)(width - taken) : LEAST;
	bool sliver = low < 0 && -low * room < high - low; /* less than a column, but it is seen */
	bars.unit = high > low ? (room - sliver) / (high - low) : 0;
	bars.before = text[1] + (sliver ? 1 : (size_t)floor(-low * bars.unit));
	return bars;
}

/* Eighths of a column, at least one for what is not zero; other series have whole columns. */
static void put_bar(const struct pen *p, size_t series, double length)
{
	bool fine = !p->c->plan.ascii && (series == 0 || p->look->color);
	size_t eighths = (size_t)llround(length * 8);

	if (length > 0 && eighths == 0)
		eighths = 1;
	if (!fine)
		eighths = length > 0 && eighths < 8 ? 8 : (eighths + 4) / 8 * 8;
	for (size_t i = 0; i < eighths / 8; i++)
		put_fill(p, series);
	strbuf_puts(p->b, rightward[eighths % 8]);
}

static void put_positive(const struct pen *p, const struct bars *bars, size_t series, double v)
{
	cleanup(freep) char *text = figure_text(p, v);

	blanks(p->b, bars->before);
	if (v > 0) {
		color_on(p, series);
		put_bar(p, series, v * bars->unit);
		color_off(p);
		strbuf_puts(p->b, " ");
	}
	strbuf_puts(p->b, text);
}

/* To the left of zero, by half columns. */
static void put_negative(const struct pen *p, const struct bars *bars, size_t series, double v)
{
	cleanup(freep) char *text = figure_text(p, v);
	bool fine = !p->c->plan.ascii && (series == 0 || p->look->color);
	size_t halves = (size_t)llround(-v * bars->unit * 2), width = width_of(p, text) + 1;

	if (!fine)
		halves = (halves + 1) / 2 * 2;
	halves = halves > 0 ? halves : 1;
	size_t columns = (halves + 1) / 2;
	columns = columns + width > bars->before ? bars->before - width : columns;
	blanks(p->b, bars->before - columns - width);
	strbuf_printf(p->b, "%s ", text);
	color_on(p, series);
	if (halves % 2 && columns > 0)
		strbuf_puts(p->b, fine ? "▐" : "");
	for (size_t i = halves % 2 && fine; i < columns; i++)
		put_fill(p, series);
	color_off(p);
}

static void draw_bars(const struct pen *p)
{
	const struct chart *c = p->c;

	put_legend(p, 0, c->nseries);
	for (size_t g = 0; g < c->ngroups; g++) {
		const struct chart_group *group = &c->groups[g];
		struct bars bars = fit_bars(p, group->first, group->n);

		if (group->name)
			strbuf_printf(p->b, "%s%s\n", g ? "\n" : "", group->name);
		for (size_t i = group->first; i < group->first + group->n; i++)
			for (size_t k = 0; k < c->nseries; k++) {
				double v = c->series[k].v[i];
				put_label(p, k == 0 ? c->labels[i] : "", bars.label);
				strbuf_puts(p->b, " ");
				(v < 0 ? put_negative : put_positive)(p, &bars, k, v);
				strbuf_puts(p->b, "\n");
			}
	}
}

/* --- lines: a column a point --- */

struct plot {
	struct scale scale;
	size_t gutter; /* width of the marks at the left */
	size_t each;   /* rows that a column is the mean of */
	size_t points;
	size_t width; /* columns of a point, the gap included */
};

static double mean_of(const struct chart *c, const struct plot *plot, size_t series, size_t point)
{
	double sum = 0;
	size_t n = 0;

	/* the last column is full, the first one perhaps not */
	size_t end = c->n - (plot->points - 1 - point) * plot->each;
	size_t begin = end > plot->each ? end - plot->each : 0;
	for (size_t i = begin; i < end; i++)
		if (!isnan(c->series[series].v[i])) {
			sum += c->series[series].v[i];
			n++;
		}
	return n > 0 ? sum / (double)n : NAN;
}

static struct plot fit_plot(const struct pen *p, double low, double high, size_t marks)
{
	struct plot plot = { .scale = scale_make(low, high, marks, chart_steps(p->c)), .each = 1 };

	/* lines are few: none of them beyond the figures */
	plot.scale.low = low < 0 ? low : 0;
	plot.scale.high = high > 0 ? high : low < 0 ? 0 : plot.scale.high;
	for (size_t i = 0; i < scale_marks(&plot.scale); i++) {
		size_t width = figure_width(p, scale_mark(&plot.scale, i));
		plot.gutter = width > plot.gutter ? width : plot.gutter;
	}
	size_t room = p->look->width > plot.gutter + 3 ? p->look->width - plot.gutter - 3 : 1;
	while ((p->c->n + plot.each - 1) / plot.each > room)
		plot.each++;
	plot.points = (p->c->n + plot.each - 1) / plot.each;
	plot.width = plot.points > 0 ? room / plot.points : 1;
	plot.width = plot.width > WIDEST ? WIDEST : plot.width;
	return plot;
}

/* One line of the plot; `level` counts lines up from zero, below it from -1 down. */
static void put_level(const struct pen *p, const struct plot *plot, size_t series, long level, double per_line)
{
	size_t bar = plot->width > 1 ? plot->width - 1 : 1;

	for (size_t i = 0; i < plot->points; i++) {
		double v = mean_of(p->c, plot, series, i) / per_line; /* in lines */
		double part = level >= 0 ? v - (double)level : -v + (double)level + 1;
		long eighths = isnan(v) || part <= 0 ? 0 : part >= 1 ? 8 : lround(part * 8);
		char plain[2] = { '\0', '\0' };
		const char *s;

		if (eighths == 0 && part > 0 && (level == 0 || level == -1))
			eighths = 1;
		plain[0] = ascii_upward[eighths];
		if (p->c->plan.ascii)
			s = plain;
		else if (level >= 0)
			s = upward[eighths];
		else
			s = eighths >= 6 ? "█" : eighths >= 3 ? "▀" : eighths > 0 ? "▔" : " ";
		repeat(p->b, s, bar);
		blanks(p->b, plot->width - bar);
	}
}

/* Blanks at the end of what was added since `from` go, and the line ends. */
static void end_line(struct strbuf *b, size_t from)
{
	while (b->len > from && b->s[b->len - 1] == ' ')
		strbuf_truncate(b, b->len - 1);
	strbuf_puts(b, "\n");
}

/* The figure at the left of a line. */
static void put_mark(const struct pen *p, const struct plot *plot, double v)
{
	cleanup(freep) char *s = figure_text(p, v);

	blanks(p->b, plot->gutter - width_of(p, s));
	strbuf_puts(p->b, s);
}

/* The axis through zero, with a hole where nothing is known. */
static void put_axis(const struct pen *p, const struct plot *plot, size_t series)
{
	size_t from = p->b->len;

	put_mark(p, plot, 0);
	strbuf_puts(p->b, p->c->plan.ascii ? " +" : plot->scale.low < 0 ? " ┼" : " └");
	for (size_t i = 0; i < plot->points; i++)
		repeat(p->b, isnan(mean_of(p->c, plot, series, i)) ? " " : p->c->plan.ascii ? "-" : "─", plot->width);
	end_line(p->b, from);
}

/* Labels under the points: the last one always, before it as many as there is room for. */
static void put_times(const struct pen *p, const struct plot *plot)
{
	size_t label = label_width(p, SIZE_MAX), end = plot->points * plot->width, from = p->b->len;
	size_t stride = (label + 2 + plot->width - 1) / plot->width, used = 0;
	struct {
		const char *s;
		size_t at;
	} *put = need_zeroed(plot->points, sizeof(*put));

	for (size_t i = plot->points; i-- > 0;) {
		const char *s = p->c->labels[p->c->n - 1 - (plot->points - 1 - i) * plot->each];
		size_t width = width_of(p, s), middle = i * plot->width + plot->width / 2;
		size_t at = middle > width / 2 ? middle - width / 2 : 0;
		if ((plot->points - 1 - i) % stride != 0)
			continue;
		if (at + width > end)
			at = end > width ? end - width : 0;
		put[i].s = at + width <= end || i + 1 == plot->points ? s : NULL;
		put[i].at = at;
		end = at > 2 ? at - 2 : 0;
	}
	blanks(p->b, plot->gutter + 2);
	for (size_t i = 0; i < plot->points; i++) {
		if (!put[i].s)
			continue;
		blanks(p->b, put[i].at - used);
		strbuf_puts(p->b, put[i].s);
		used = put[i].at + width_of(p, put[i].s);
	}
	free(put);
	end_line(p->b, from);
}

/* The mark at whose height the line ends, NAN: none. */
static double mark_of(const struct plot *plot, long level, double per_line)
{
	for (size_t i = 0; i < scale_marks(&plot->scale); i++) {
		double v = scale_mark(&plot->scale, i), at = v / per_line;
		if (v != 0 && lround(at) == (level >= 0 ? level + 1 : level))
			return v;
	}
	return NAN;
}

static void put_plot(const struct pen *p, const struct plot *plot, size_t series, size_t height)
{
	double per_line = (plot->scale.high - plot->scale.low) / (double)height;
	long top = lround(plot->scale.high / per_line), bottom = lround(plot->scale.low / per_line);

	if (top == 0)
		put_axis(p, plot, series);
	for (long level = top - 1; level >= bottom; level--) {
		double mark = mark_of(plot, level, per_line);
		size_t from = p->b->len;
		if (isnan(mark))
			blanks(p->b, plot->gutter);
		else
			put_mark(p, plot, mark);
		strbuf_puts(p->b, p->c->plan.ascii ? " |" : isnan(mark) ? " │" : " ┤");
		color_on(p, series);
		put_level(p, plot, series, level, per_line);
		color_off(p);
		end_line(p->b, from);
		if (level == 0)
			put_axis(p, plot, series);
	}
}

static void draw_lines(const struct pen *p)
{
	const struct chart *c = p->c;
	size_t height = c->nseries > 1 ? LOW : TALL;
	double low = 0, high = 0;

	chart_range(&low, &high, c, 0, c->n);
	struct plot plot = fit_plot(p, low, high, height / 2 + 1);
	for (size_t k = 0; k < c->nseries; k++) {
		put_legend(p, k, 1);
		put_plot(p, &plot, k, height);
	}
	put_times(p, &plot);
	if (plot.each > 1) {
		struct strbuf n = { 0 };
		figure_put(&n, FIGURE_WHOLE, (double)plot.each);
		cleanup(freep) char *each = need_text(&n);
		strbuf_puts(p->b, "(");
		strbuf_printf(p->b, crm_tr("each column is the mean of %s"), each);
		strbuf_puts(p->b, ")\n");
	}
}

/* --- strips: a sparkline a series --- */

static size_t name_width(const struct pen *p)
{
	size_t widest = 0;

	for (size_t k = 0; k < p->c->nseries; k++) {
		size_t width = width_of(p, p->c->series[k].name);
		widest = width > widest ? width : widest;
	}
	return widest < p->look->width / 3 ? widest : p->look->width / 3;
}

static void put_spark(const struct pen *p, const struct plot *plot, size_t series)
{
	static const char plain[] = " _.-:=+*#";
	double high = 0;

	for (size_t i = 0; i < plot->points; i++) {
		double v = fabs(mean_of(p->c, plot, series, i));
		high = v > high ? v : high;
	}
	for (size_t i = 0; i < plot->points; i++) {
		double v = mean_of(p->c, plot, series, i);
		long level = isnan(v) ? 0 : high > 0 && v > 0 ? 1 + lround(v / high * 7) : 1;
		if (p->c->plan.ascii)
			strbuf_add(p->b, &plain[level], 1);
		else
			strbuf_puts(p->b, upward[level]);
	}
}

static void draw_strips(const struct pen *p)
{
	const struct chart *c = p->c;
	size_t name = name_width(p), figure = 0;
	struct plot plot = { .each = 1, .width = 1 };

	for (size_t k = 0; k < c->nseries; k++) {
		size_t width = figure_width(p, chart_last(&c->series[k], c->n));
		figure = width > figure ? width : figure;
	}
	size_t room = p->look->width > name + figure + 4 ? p->look->width - name - figure - 2 : 2;
	while ((c->n + plot.each - 1) / plot.each > room)
		plot.each++;
	plot.points = (c->n + plot.each - 1) / plot.each;
	struct strbuf head = { 0 };
	if (c->plan.nvalues == 1)
		strbuf_printf(&head, "%s: ", c->plan.columns[c->plan.values[0]].label);
	strbuf_printf(&head, "%s %s %s", c->labels[0], c->plan.ascii ? ".." : "…", c->labels[c->n - 1]);
	cleanup(freep) char *heading = need_text(&head);
	put_cut(p, heading, p->look->width);
	strbuf_puts(p->b, "\n");
	for (size_t k = 0; k < c->nseries; k++) {
		cleanup(freep) char *last = figure_text(p, chart_last(&c->series[k], c->n));
		put_label(p, c->series[k].name, name);
		strbuf_puts(p->b, " ");
		color_on(p, 0);
		put_spark(p, &plot, k);
		color_off(p);
		strbuf_printf(p->b, " %s\n", last);
	}
}

void chart_text(struct strbuf *b, const struct chart *c, const struct chart_look *look)
{
	struct chart_look real = *look;
	struct pen pen = { .b = b, .c = c, .look = &real };

	real.width = look->width < NARROWEST ? NARROWEST : look->width;
	if (c->n == 0) {
		strbuf_printf(b, "(%s)\n", crm_tr("nothing to show"));
		return;
	}
	if (c->plan.form == CHART_BARS)
		draw_bars(&pen);
	else if (c->plan.form == CHART_STRIPS || c->nseries > CHART_PLOTTED)
		draw_strips(&pen);
	else
		draw_lines(&pen);
	size_t from = b->len;
	strbuf_puts(b, "(");
	chart_note(b, c);
	if (b->len == from + 1)
		strbuf_truncate(b, from);
	else
		strbuf_puts(b, ")\n");
}
