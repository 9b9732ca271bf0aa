/* Charts as pictures: SVG without scripts, fonts or colours from elsewhere. */
#include "cli/language.h"
#include "cli/words.h"
#include "draw/chart.h"
#include "draw/markup.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	LEGEND = 26,  /* height of the line above */
	TICKS = 22,   /* of the line of marks below */
	STRIP = 40,   /* of a series of its own */
	MARGIN = 20,  /* around a file of its own */
	HEADING = 36, /* its title */
	MARKS = 5,    /* on an axis, about */
	DOTTED = 100  /* points of at most so many tell what they are */
};

/* A column of text by crm_text_width(), in the style's size. */
static const double letter = 7.3;

/* clang-format off */
const char chart_style[] =
	".chart{font:12px system-ui,-apple-system,\"Segoe UI\",Roboto,\"Helvetica Neue\",\"PingFang SC\",\"Microsoft YaHei\","
	"\"Noto Sans CJK SC\",\"WenQuanYi Micro Hei\",sans-serif;font-variant-numeric:tabular-nums}"
	".chart text{fill:#1d2733}.chart .soft{fill:#5c6773}.chart .head{font-size:16px;font-weight:600}"
	".chart .bold{font-weight:600}.chart .paper{fill:#fff}"
	".chart .rule{stroke:#e4e8ed}.chart .zero{stroke:#9aa5b1}"
	".chart .s0{fill:#2f66c8}.chart .s1{fill:#e0952b}.chart .s2{fill:#3a9a78}.chart .s3{fill:#8a63c9}"
	".chart .l{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}.chart .area{opacity:.12}"
	".chart .l.s0{stroke:#2f66c8;fill:none}.chart .l.s1{stroke:#e0952b;fill:none}"
	".chart .l.s2{stroke:#3a9a78;fill:none}.chart .l.s3{stroke:#8a63c9;fill:none}"
	".chart .hit{opacity:0}.chart .hit:hover{opacity:1}"
	"@media screen and (prefers-color-scheme:dark){"
	".chart text{fill:#e3e8ee}.chart .soft{fill:#98a4b1}.chart .paper{fill:#161c23}"
	".chart .rule{stroke:#2a333d}.chart .zero{stroke:#66727f}"
	".chart .s0{fill:#6b9df0}.chart .s1{fill:#eab155}.chart .s2{fill:#5cbd9a}.chart .s3{fill:#b294e6}"
	".chart .l.s0{stroke:#6b9df0}.chart .l.s1{stroke:#eab155}.chart .l.s2{stroke:#5cbd9a}.chart .l.s3{stroke:#b294e6}}";
/* clang-format on */

struct pen {
	struct strbuf *b;
	const struct chart *c;
	double width, y; /* y: where the next thing begins */
};

/* --- pieces --- */

static double width_of(const char *s)
{
	return (double)crm_text_width(s, strlen(s)) * letter + 4; /* one may be an m */
}

/* Text, cut to `most` with an ellipsis; all of it is told then. */
static void put_text(struct pen *p, double x, double y, const char *look, const char *s, double most)
{
	size_t len = strlen(s);
	bool cut = width_of(s) > most + 0.1; /* what was made to fit fits, however it was rounded */

	strbuf_printf(p->b, "<text x=\"%.1f\" y=\"%.1f\"%s>", x, y, look);
	if (cut) {
		len = crm_text_fit(s, len, most > 3 * letter ? (size_t)(most / letter) - 2 : 1); /* … takes two */
		strbuf_puts(p->b, "<title>");
		markup_text(p->b, s, strlen(s));
		strbuf_puts(p->b, "</title>");
	}
	markup_text(p->b, s, len);
	strbuf_puts(p->b, cut ? "…</text>" : "</text>");
}

#define ENDS   " text-anchor=\"end\""
#define MIDDLE " text-anchor=\"middle\""
#define SOFT   " class=\"soft\""

static void put_rule(struct pen *p, double x1, double y1, double x2, double y2, const char *look)
{
	strbuf_printf(p->b, "<path class=\"%s\" d=\"M%.1f %.1fL%.1f %.1f\"/>", look, x1, y1, x2, y2);
}

static char *figure_text(const struct chart *c, double v)
{
	struct strbuf b = { 0 };

	figure_put(&b, c->unit, v);
	return need_text(&b);
}

static double figure_width(const struct chart *c, double v)
{
	cleanup(freep) char *s = figure_text(c, v);

	return width_of(s);
}

static void put_figure(struct pen *p, double x, double y, const char *look, double v)
{
	cleanup(freep) char *s = figure_text(p->c, v);

	put_text(p, x, y, look, s, INFINITY);
}

/* What a pointer is told: the label and the figure. */
static void put_tip(struct pen *p, size_t series, size_t i)
{
	cleanup(freep) char *s = figure_text(p->c, p->c->series[series].v[i]);

	strbuf_puts(p->b, "<title>");
	markup_text(p->b, p->c->labels[i], strlen(p->c->labels[i]));
	strbuf_puts(p->b, ", ");
	markup_text(p->b, p->c->series[series].name, strlen(p->c->series[series].name));
	strbuf_puts(p->b, ": ");
	markup_text(p->b, s, strlen(s));
	strbuf_puts(p->b, "</title>");
}

static void put_legend(struct pen *p)
{
	double x = 0;

	for (size_t k = 0; k < p->c->nseries; k++) {
		const char *name = p->c->series[k].name;
		double width = 16 + width_of(name);
		if (x > 0 && x + width > p->width) {
			x = 0;
			p->y += 18;
		}
		strbuf_printf(p->b, "<rect class=\"s%zu\" x=\"%.1f\" y=\"%.1f\" width=\"10\" height=\"10\" rx=\"2\"/>",
			k, x, p->y + 2);
		put_text(p, x + 16, p->y + 11, SOFT, name, p->width - 16);
		x += width + 18;
	}
	p->y += LEGEND;
}

/* --- bars --- */

struct bars {
	struct scale scale;
	double left, right; /* of the scale */
	double thick, row;  /* height of a bar, of a row */
};

static double label_room(const struct chart *c, double most)
{
	double widest = 0;

	for (size_t i = 0; i < c->n; i++)
		widest = fmax(widest, width_of(c->labels[i]));
	return fmin(widest, most) + 10;
}

static struct bars fit_bars(const struct pen *p, const struct chart_group *group)
{
	const struct chart *c = p->c;
	double low = 0, high = 0, text[2] = { 0, 0 };
	struct bars bars = { .thick = c->nseries > 1 ? 12 : 16 };

	chart_range(&low, &high, c, group->first, group->n);
	for (size_t k = 0; k < c->nseries; k++)
		for (size_t i = group->first; i < group->first + group->n; i++) {
			double v = c->series[k].v[i], *widest = &text[v < 0];
			*widest = fmax(*widest, figure_width(c, v) + 8);
		}
	bars.left = label_room(c, p->width * 0.38) + text[1];
	bars.right = fmax(p->width - text[0], bars.left + 20);
	double mark = fmax(figure_width(c, high), figure_width(c, low)) + 30;
	double marks = fmin(fmax((bars.right - bars.left) / mark, 1), MARKS);
	bars.scale = scale_make(low, high, (size_t)marks, chart_steps(c));
	bars.row = (double)c->nseries * (bars.thick + 2) + 8;
	return bars;
}

static double bar_x(const struct bars *bars, double v)
{
	return bars->left + scale_share(&bars->scale, v) * (bars->right - bars->left);
}

static void put_grid(struct pen *p, const struct bars *bars, double height)
{
	for (size_t i = 0; i < scale_marks(&bars->scale); i++) {
		double v = scale_mark(&bars->scale, i), x = bar_x(bars, v);
		put_rule(p, x, p->y, x, p->y + height, v == 0 ? "zero" : "rule");
	}
}

static void put_marks(struct pen *p, const struct bars *bars)
{
	for (size_t i = 0; i < scale_marks(&bars->scale); i++) {
		double v = scale_mark(&bars->scale, i), x = bar_x(bars, v), half = figure_width(p->c, v) / 2;
		x = x + half > p->width ? p->width - half : x;
		put_figure(p, x, p->y + 15, SOFT MIDDLE, v);
	}
	p->y += TICKS;
}

static void put_bar(struct pen *p, const struct bars *bars, size_t series, size_t i, double y)
{
	double v = p->c->series[series].v[i], zero = bar_x(bars, 0), text = y + bars->thick / 2 + 4;

	if (isnan(v)) {
		put_figure(p, zero + 6, text, SOFT, v);
		return;
	}
	double x = bar_x(bars, v), length = v == 0 ? 0 : fmax(fabs(x - zero), 1);
	strbuf_printf(p->b, "<rect class=\"s%zu\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.0f\" rx=\"2\">",
		series, v < 0 ? zero - length : zero, y, length, bars->thick);
	put_tip(p, series, i);
	strbuf_puts(p->b, "</rect>");
	put_figure(p, v < 0 ? x - 6 : x + 6, text, v < 0 ? ENDS : "", v);
}

static void draw_bars(struct pen *p)
{
	const struct chart *c = p->c;

	for (size_t g = 0; g < c->ngroups; g++) {
		const struct chart_group *group = &c->groups[g];
		struct bars bars = fit_bars(p, group);
		double gutter = label_room(c, p->width * 0.38) - 10;

		if (group->name) {
			put_text(p, 0, p->y + 12, " class=\"bold\"", group->name, p->width);
			p->y += LEGEND - 4;
		}
		put_grid(p, &bars, (double)group->n * bars.row);
		for (size_t i = group->first; i < group->first + group->n; i++, p->y += bars.row) {
			put_text(p, gutter, p->y + bars.row / 2 + 4, ENDS, c->labels[i], gutter);
			for (size_t k = 0; k < c->nseries; k++)
				put_bar(p, &bars, k, i, p->y + 5 + (double)k * (bars.thick + 2));
		}
		put_marks(p, &bars);
		p->y += g + 1 < c->ngroups ? 10 : 0;
	}
}

/* --- lines --- */

struct frame {
	double left, right, top, bottom;
	struct scale scale;
};

static double point_x(const struct frame *f, size_t i, size_t n)
{
	return n > 1 ? f->left + (f->right - f->left) * (double)i / (double)(n - 1) : (f->left + f->right) / 2;
}

static double point_y(const struct frame *f, double v)
{
	return f->bottom - scale_share(&f->scale, v) * (f->bottom - f->top);
}

/* The line, interrupted where nothing is known; a point without neighbours is a dot. */
static void put_line(struct pen *p, const struct frame *f, size_t series, size_t look)
{
	const double *v = p->c->series[series].v;
	size_t n = p->c->n;

	strbuf_printf(p->b, "<path class=\"l s%zu\" d=\"", look);
	for (size_t i = 0; i < n; i++)
		if (!isnan(v[i]))
			strbuf_printf(p->b, "%s%.1f %.1f", i > 0 && !isnan(v[i - 1]) ? "L" : "M", point_x(f, i, n),
				point_y(f, v[i]));
	strbuf_puts(p->b, "\"/>");
	for (size_t i = 0; i < n; i++)
		if (!isnan(v[i]) && (i == 0 || isnan(v[i - 1])) && (i + 1 == n || isnan(v[i + 1])))
			strbuf_printf(p->b, "<circle class=\"s%zu\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>", look,
				point_x(f, i, n), point_y(f, v[i]));
}

/* The shade between a line and zero. */
static void put_area(struct pen *p, const struct frame *f, size_t series)
{
	const double *v = p->c->series[series].v;
	size_t n = p->c->n;

	strbuf_printf(p->b, "<path class=\"area s%zu\" d=\"", series);
	for (size_t i = 0; i < n; i++) {
		if (isnan(v[i]))
			continue;
		if (i == 0 || isnan(v[i - 1]))
			strbuf_printf(p->b, "M%.1f %.1f", point_x(f, i, n), point_y(f, 0));
		strbuf_printf(p->b, "L%.1f %.1f", point_x(f, i, n), point_y(f, v[i]));
		if (i + 1 == n || isnan(v[i + 1]))
			strbuf_printf(p->b, "L%.1f %.1fZ", point_x(f, i, n), point_y(f, 0));
	}
	strbuf_puts(p->b, "\"/>");
}

static void put_dots(struct pen *p, const struct frame *f, size_t series, size_t look)
{
	const double *v = p->c->series[series].v;

	for (size_t i = 0; p->c->n <= DOTTED && i < p->c->n; i++) {
		if (isnan(v[i]))
			continue;
		strbuf_printf(p->b, "<circle class=\"hit s%zu\" cx=\"%.1f\" cy=\"%.1f\" r=\"5\">", look,
			point_x(f, i, p->c->n), point_y(f, v[i]));
		put_tip(p, series, i);
		strbuf_puts(p->b, "</circle>");
	}
}

/* Labels below: the last one always, before it as many as there is room for. */
static void put_times(struct pen *p, const struct frame *f)
{
	const struct chart *c = p->c;
	double each = c->n > 1 ? (f->right - f->left) / (double)(c->n - 1) : f->right - f->left, end = p->width;
	size_t stride = (size_t)ceil((label_room(c, p->width) + 8) / fmax(each, 0.1));

	for (size_t i = 0; i < c->n; i += stride) {
		const char *s = c->labels[c->n - 1 - i];
		double half = width_of(s) / 2, x = fmax(point_x(f, c->n - 1 - i, c->n), half);
		x = fmin(x, end - half);
		if (x - half < 0 && i > 0)
			break;
		put_text(p, x, p->y + 15, SOFT MIDDLE, s, p->width);
		end = x - half - 12;
	}
	p->y += TICKS;
}

static void draw_lines(struct pen *p)
{
	const struct chart *c = p->c;
	double low = 0, high = 0, gutter = 0, height = p->width < 500 ? 170 : 210;

	chart_range(&low, &high, c, 0, c->n);
	struct frame f = { .scale = scale_make(low, high, MARKS, chart_steps(c)) };
	for (size_t i = 0; i < scale_marks(&f.scale); i++)
		gutter = fmax(gutter, figure_width(c, scale_mark(&f.scale, i)));
	f.left = gutter + 10;
	f.right = p->width - 6;
	f.top = p->y + 4;
	f.bottom = f.top + height;
	for (size_t i = 0; i < scale_marks(&f.scale); i++) {
		double v = scale_mark(&f.scale, i), y = point_y(&f, v);
		put_rule(p, f.left, y, f.right, y, v == 0 ? "zero" : "rule");
		put_figure(p, gutter, y + 4, SOFT ENDS, v);
	}
	if (c->nseries == 1)
		put_area(p, &f, 0);
	for (size_t k = c->nseries; k-- > 0;)
		put_line(p, &f, k, k);
	for (size_t k = 0; k < c->nseries; k++)
		put_dots(p, &f, k, k);
	p->y = f.bottom;
	put_times(p, &f);
}

/* --- strips --- */

static void draw_strips(struct pen *p)
{
	const struct chart *c = p->c;
	double name = 0, figure = 0;

	for (size_t k = 0; k < c->nseries; k++) {
		name = fmax(name, width_of(c->series[k].name));
		figure = fmax(figure, figure_width(c, chart_last(&c->series[k], c->n)));
	}
	name = fmin(name, p->width * 0.3);
	if (c->plan.nvalues == 1) {
		put_text(p, 0, p->y + 11, SOFT, c->plan.columns[c->plan.values[0]].label, p->width);
		p->y += LEGEND - 6;
	}
	struct frame f = { .left = name + 14, .right = p->width - figure - 12 };
	for (size_t k = 0; k < c->nseries; k++, p->y += STRIP) {
		double low = 0, high = 0;
		for (size_t i = 0; i < c->n; i++) {
			low = fmin(low, c->series[k].v[i]); /* of a NAN and a number, the number */
			high = fmax(high, c->series[k].v[i]);
		}
		f.top = p->y + 4;
		f.bottom = p->y + STRIP - 10;
		f.scale = (struct scale){ low, high > low ? high : low + 1, 1 };
		put_text(p, 0, f.bottom, "", c->series[k].name, name);
		put_rule(p, f.left, point_y(&f, 0), f.right, point_y(&f, 0), "rule");
		put_line(p, &f, k, 0);
		put_dots(p, &f, k, 0);
		put_figure(p, p->width, f.bottom, ENDS, chart_last(&c->series[k], c->n));
	}
	put_times(p, &f);
}

/* --- the picture --- */

static void draw(struct pen *p)
{
	const struct chart *c = p->c;
	bool strips = c->plan.form == CHART_STRIPS || c->nseries > CHART_PLOTTED;

	if (c->n == 0) {
		put_text(p, 0, p->y + 14, SOFT, crm_tr("nothing to show"), p->width);
		p->y += LEGEND;
		return;
	}
	if (!strips)
		put_legend(p);
	if (c->plan.form == CHART_BARS)
		draw_bars(p);
	else if (strips)
		draw_strips(p);
	else
		draw_lines(p);
	struct strbuf note = { 0 };
	chart_note(&note, c);
	if (note.len > 0) {
		put_text(p, 0, p->y + 16, SOFT, need(note.s), p->width);
		p->y += TICKS;
	}
	strbuf_free(&note);
}

void chart_svg(
	struct strbuf *b, const struct chart *c, const char *title, const char *about, unsigned width, bool alone)
{
	struct strbuf body = { 0 };
	struct pen pen = { .b = &body, .c = c, .width = width - (alone ? 2 * MARGIN : 0) };

	draw(&pen);
	unsigned height = (unsigned)ceil(pen.y) + (alone ? 2 * MARGIN + HEADING : 0);
	strbuf_printf(b,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" role=\"img\" lang=\"%s\" "
		"viewBox=\"0 0 %u %u\" width=\"%u\" height=\"%u\"><title>",
		language_is_chinese() ? "zh" : "en", width, height, width, height);
	markup_text(b, title, strlen(title));
	strbuf_puts(b, "</title><desc>");
	markup_text(b, about, strlen(about));
	strbuf_puts(b, "</desc>");
	if (alone) {
		strbuf_printf(b,
			"<style>%s</style><rect class=\"paper\" width=\"%u\" height=\"%u\"/>"
			"<g transform=\"translate(%d %d)\">",
			chart_style, width, height, MARGIN, MARGIN + HEADING);
		struct pen head = { .b = b, .c = c };
		put_text(&head, 0, -16, " class=\"head\"", title, (double)width * 0.7);
	}
	strbuf_add(b, body.s, body.len);
	strbuf_puts(b, alone ? "</g></svg>\n" : "</svg>");
	b->failed |= body.failed;
	strbuf_free(&body);
}
