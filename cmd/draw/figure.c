#include "draw/figure.h"
#include "cli/language.h"
#include <crm/language.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && strcmp(s + n - m, end) == 0;
}

enum figure_unit figure_unit(const crm_column *col)
{
	if (col->type == CRM_DURATION)
		return FIGURE_DURATION;
	if (col->type == CRM_MONEY)
		return FIGURE_MONEY;
	if (col->type != CRM_INTEGER && col->type != CRM_REAL)
		return FIGURE_NONE;
	if (ends_with(col->name, "change_percent"))
		return FIGURE_CHANGE;
	if (ends_with(col->name, "_percent") || strcmp(col->name, "percent") == 0)
		return FIGURE_PERCENT;
	if (ends_with(col->name, "_days") || strcmp(col->name, "days") == 0)
		return FIGURE_DAYS;
	return col->type == CRM_INTEGER ? FIGURE_WHOLE : FIGURE_REAL;
}

bool figure_is_absent(const crm_value *v)
{
	return v->kind == CRM_NULL || (v->kind == CRM_DOUBLE && isnan(v->d)) || (v->kind == CRM_STRING && v->len == 0);
}

bool figure_number(double *out, const crm_value *v)
{
	if (v->kind == CRM_INT)
		*out = (double)v->i;
	else if (v->kind == CRM_DOUBLE)
		*out = v->d;
	else if (v->kind == CRM_STRING && cell_is_number(v->s, v->len))
		*out = strtod(v->s, NULL);
	else
		return false;
	return isfinite(*out);
}

/* A decimal number with commas between thousands. */
static void put_grouped(struct strbuf *b, const char *s, size_t len)
{
	size_t sign = len > 0 && s[0] == '-', whole = sign;

	while (whole < len && s[whole] >= '0' && s[whole] <= '9')
		whole++;
	strbuf_add(b, s, sign);
	for (size_t i = sign; i < whole; i++) {
		if (i > sign && (whole - i) % 3 == 0)
			strbuf_add(b, ",", 1);
		strbuf_add(b, s + i, 1);
	}
	strbuf_add(b, s + whole, len - whole);
}

/* Rounded to at most so many places, without zeros at the end. */
static void put_real(struct strbuf *b, double v, int places)
{
	struct strbuf text = { 0 };

	strbuf_printf(&text, "%.*f", places, v);
	if (text.failed) {
		b->failed = true;
		return;
	}
	size_t len = text.len;
	while (places > 0 && text.s[len - 1] == '0')
		len--;
	if (text.s[len - 1] == '.')
		len--;
	bool zero = strspn(text.s, "-0.") >= len;
	put_grouped(b, zero ? "0" : text.s, zero ? 1 : len);
	strbuf_free(&text);
}

/* The two largest units, rounded: 2 h 5 min. */
static void put_duration(struct strbuf *b, double seconds)
{
	static const struct {
		uint64_t size;
		const char *name;
	} units[] = { { 86400, N_("d") }, { 3600, N_("h") }, { 60, N_("min") }, { 1, N_("s") } };
	size_t i = 0, last = sizeof(units) / sizeof(units[0]) - 1;
	double size = fabs(seconds);

	if (!(size < 1e15)) {
		put_real(b, seconds, 0);
		return;
	}
	while (i < last && size < (double)units[i].size)
		i++;
	uint64_t unit = units[i < last ? i + 1 : last].size;
	uint64_t left = (uint64_t)llround(size / (double)unit) * unit;
	if (i > 0 && left >= units[i - 1].size) /* 59 min 59.6 s */
		i--;
	uint64_t n = left / units[i].size, rest = i < last ? left % units[i].size / units[i + 1].size : 0;
	strbuf_printf(b, "%s%llu %s", seconds < 0 && left > 0 ? "-" : "", (unsigned long long)n, crm_tr(units[i].name));
	if (rest > 0)
		strbuf_printf(b, " %llu %s", (unsigned long long)rest, crm_tr(units[i + 1].name));
}

void figure_put(struct strbuf *b, enum figure_unit unit, double v)
{
	if (!isfinite(v)) {
		strbuf_puts(b, "—");
		return;
	}
	switch (unit) {
	case FIGURE_DURATION:
		put_duration(b, v);
		break;
	case FIGURE_CHANGE:
		strbuf_puts(b, v > 0 ? "+" : "");
		__attribute__((fallthrough));
	case FIGURE_PERCENT:
		put_real(b, v, 1);
		strbuf_puts(b, "%");
		break;
	case FIGURE_DAYS:
		put_real(b, v, 1);
		strbuf_printf(b, " %s", crm_tr("d"));
		break;
	default:
		put_real(b, v, 2);
		break;
	}
}

/* first_reply is "first reply" to people. */
static void put_word(struct strbuf *b, const crm_column *col, const char *word)
{
	const char *text = col->field ? crm_field_word_tr(col->field, word) : crm_tr(word);
	size_t from = b->len;

	strbuf_escape(b, text, strlen(text), CRM_ESCAPE_LINE);
	for (size_t i = from; !b->failed && i < b->len; i++)
		if (b->s[i] == '_')
			b->s[i] = ' ';
}

void figure_cell(struct strbuf *b, struct cells *cells, const crm_column *col, const crm_value *v)
{
	enum figure_unit unit = figure_unit(col);
	double number;

	if (figure_is_absent(v)) {
		strbuf_puts(b, "—");
	} else if (unit == FIGURE_MONEY || (unit == FIGURE_WHOLE && v->kind != CRM_DOUBLE)) {
		struct span text = cell_exact(cells, col, v);
		if (cell_is_number(text.s, text.len))
			put_grouped(b, text.s, text.len);
		else
			strbuf_escape(b, text.s, text.len, CRM_ESCAPE_LINE);
	} else if (unit != FIGURE_NONE && figure_number(&number, v)) {
		figure_put(b, unit, number);
	} else if (col->type == CRM_ENUM && v->kind == CRM_STRING) {
		put_word(b, col, v->s);
	} else {
		struct span text = cell_human(cells, col, v);
		strbuf_escape(b, text.s, text.len, CRM_ESCAPE_LINE);
	}
}
