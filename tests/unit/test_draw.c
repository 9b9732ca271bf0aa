/*
 * Drawings of figures: the axis, figures as people read them, bars and columns of characters, pictures. Every expected
 * number and line was worked out by hand.
 */
#include "out_fixture.h"

#include "cli/language.h"
#include "draw/chart.h"
#include "draw/markup.h"
#include <math.h>

/* --- the axis --- */

static void scale_is(double low, double high, size_t marks, enum scale_steps steps, double from, double to, double step)
{
	struct scale s = scale_make(low, high, marks, steps);

	assert_true(fabs(s.low - from) < 1e-9 && fabs(s.high - to) < 1e-9 && fabs(s.step - step) < 1e-9);
}

static void test_scale(void **state)
{
	(void)state;
	/* 27 in 5 steps is 5.4 each, the next round step is 10; in 6 it is 4.5, so 5 */
	scale_is(0, 27, 5, SCALE_WHOLE, 0, 30, 10);
	scale_is(0, 27, 6, SCALE_WHOLE, 0, 30, 5);
	/* zero is always on it */
	scale_is(95, 100, 5, SCALE_REAL, 0, 100, 20);
	scale_is(-100, -20, 4, SCALE_REAL, -100, 0, 50);
	/* 130 in 4 steps: 32.5 each, so 50 */
	scale_is(-30, 100, 4, SCALE_REAL, -50, 100, 50);
	/* halves are no customers */
	scale_is(0, 2, 8, SCALE_WHOLE, 0, 2, 1);
	scale_is(0, 2, 8, SCALE_REAL, 0, 2, 0.5);
	scale_is(0, 0.3, 3, SCALE_REAL, 0, 0.3, 0.1);
	/* nothing, and nothing but zero */
	scale_is(0, 0, 5, SCALE_WHOLE, 0, 1, 1);
	scale_is(0, 0, 0, SCALE_TIME, 0, 1, 1);
	scale_is(0, 3e9, 3, SCALE_WHOLE, 0, 3e9, 1e9);
}

static void test_scale_of_time(void **state)
{
	(void)state;
	/* 100 s in 5: 20 s, so 30 s; 2 h in 4: 30 min; 30 h in 5: 6 h; 10 d in 5: 2 d; 400 d in 4: 100 d */
	scale_is(0, 100, 5, SCALE_TIME, 0, 120, 30);
	scale_is(0, 7200, 4, SCALE_TIME, 0, 7200, 1800);
	scale_is(0, 108000, 5, SCALE_TIME, 0, 108000, 21600);
	scale_is(0, 864000, 5, SCALE_TIME, 0, 864000, 172800);
	scale_is(0, 34560000, 4, SCALE_TIME, 0, 34560000, 8640000);
}

static void test_scale_marks(void **state)
{
	(void)state;
	struct scale s = scale_make(-30, 100, 4, SCALE_REAL);

	assert_int_equal(scale_marks(&s), 4);
	assert_true(scale_mark(&s, 0) == -50 && scale_mark(&s, 1) == 0 && scale_mark(&s, 3) == 100);
	assert_false(signbit(scale_mark(&s, 1)));
	assert_true(fabs(scale_share(&s, -50)) < 1e-9 && fabs(scale_share(&s, 25) - 0.5) < 1e-9);
	/* ends between marks: -20, 0, 20 and 40 */
	s = (struct scale){ -33, 59, 20 };
	assert_int_equal(scale_marks(&s), 4);
	assert_true(scale_mark(&s, 0) == -20 && scale_mark(&s, 3) == 40);
}

/* --- figures --- */

static void reads(enum figure_unit unit, double v, const char *en, const char *zh)
{
	const char *const languages[][2] = { { "zh", zh }, { "en", en } };

	for (size_t i = 0; i < 2; i++) {
		struct strbuf b = { 0 };
		language_use(languages[i][0]);
		figure_put(&b, unit, v);
		assert_string_equal(b.s, languages[i][1]);
		strbuf_free(&b);
	}
}

static void test_figures(void **state)
{
	(void)state;
	reads(FIGURE_WHOLE, 0, "0", "0");
	reads(FIGURE_WHOLE, 999, "999", "999");
	reads(FIGURE_WHOLE, 1234567, "1,234,567", "1,234,567");
	reads(FIGURE_WHOLE, -1234, "-1,234", "-1,234");
	reads(FIGURE_REAL, 1234.5678, "1,234.57", "1,234.57");
	reads(FIGURE_REAL, 2.5, "2.5", "2.5");
	reads(FIGURE_REAL, -0.001, "0", "0");
	reads(FIGURE_REAL, 100, "100", "100");
	reads(FIGURE_PERCENT, 93.14, "93.1%", "93.1%");
	reads(FIGURE_CHANGE, 12.5, "+12.5%", "+12.5%");
	reads(FIGURE_CHANGE, -8, "-8%", "-8%");
	reads(FIGURE_CHANGE, 0, "0%", "0%");
	reads(FIGURE_DAYS, 3.25, "3.2 d", "3.2 天");
	reads(FIGURE_REAL, NAN, "—", "—");
	reads(FIGURE_REAL, INFINITY, "—", "—");
}

static void test_durations(void **state)
{
	(void)state;
	reads(FIGURE_DURATION, 0, "0 s", "0 秒");
	reads(FIGURE_DURATION, 59.4, "59 s", "59 秒");
	reads(FIGURE_DURATION, 90, "1 min 30 s", "1 分 30 秒");
	reads(FIGURE_DURATION, 3599.6, "1 h", "1 小时");
	reads(FIGURE_DURATION, 7500, "2 h 5 min", "2 小时 5 分");
	/* the third unit is rounded: 2 h 5 min 40 s */
	reads(FIGURE_DURATION, 7540, "2 h 6 min", "2 小时 6 分");
	reads(FIGURE_DURATION, 93784, "1 d 2 h", "1 天 2 小时");
	/* 23 h 59 min 45 s */
	reads(FIGURE_DURATION, 86385, "1 d", "1 天");
	reads(FIGURE_DURATION, -90, "-1 min 30 s", "-1 分 30 秒");
}

static void test_units(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		crm_type type;
		enum figure_unit unit;
	} wanted[] = { { "count", CRM_INTEGER, FIGURE_WHOLE }, { "average", CRM_REAL, FIGURE_REAL },
		{ "met_percent", CRM_REAL, FIGURE_PERCENT }, { "change_percent", CRM_REAL, FIGURE_CHANGE },
		{ "oldest_days", CRM_INTEGER, FIGURE_DAYS }, { "days", CRM_INTEGER, FIGURE_DAYS },
		{ "median_s", CRM_DURATION, FIGURE_DURATION }, { "total", CRM_MONEY, FIGURE_MONEY },
		{ "met_percent", CRM_TEXT, FIGURE_NONE }, { "at", CRM_TIME, FIGURE_NONE } };

	for (size_t i = 0; i < COUNT(wanted); i++) {
		const crm_column col = { wanted[i].name, "", "", wanted[i].type, NULL };
		assert_int_equal(figure_unit(&col), wanted[i].unit);
	}
}

static void cell_is(const char *wanted, crm_type type, crm_value v)
{
	const crm_column col = { "x", "X", "", type, NULL };
	struct strbuf b = { 0 };
	struct cells cells;

	cells_init(&cells, NULL, false);
	figure_cell(&b, &cells, &col, &v);
	assert_string_equal(b.s, wanted);
	cells_release(&cells);
	strbuf_free(&b);
}

static void test_cells(void **state)
{
	(void)state;
	/* all digits of what a double could not hold */
	cell_is("9,007,199,254,740,993", CRM_INTEGER, (crm_value)INT(9007199254740993));
	cell_is("12,345,678.90", CRM_MONEY, (crm_value)TEXT("12345678.90"));
	cell_is("-649.50", CRM_MONEY, (crm_value)TEXT("-649.50"));
	cell_is("—", CRM_MONEY, (crm_value)NONE);
	cell_is("—", CRM_TEXT, (crm_value)TEXT(""));
	cell_is("first reply", CRM_ENUM, (crm_value)TEXT("first_reply"));
	cell_is("\\x1bx", CRM_ENUM, (crm_value)TEXT("\033x"));
	language_use("zh");
	cell_is("首次回复", CRM_ENUM, (crm_value)TEXT("first_reply"));
	language_use("en");
	cell_is("first_reply", CRM_TEXT, (crm_value)TEXT("first_reply"));
	cell_is("a\\x1b[31mb\\u202ec", CRM_TEXT, (crm_value)TEXT("a\033[31mb\u202ec"));
	cell_is("a\\x1b[31m", CRM_ENUM, (crm_value)TEXT("a\033[31m"));
}

/* --- charts in characters --- */

static const crm_column columns[] = { { "name", "Name", "", CRM_TEXT, NULL }, { "part", "Part", "", CRM_TEXT, NULL },
	{ "count", "Count", "", CRM_INTEGER, NULL }, { "late", "Late", "", CRM_INTEGER, NULL } };

struct drawing {
	enum chart_form form;
	size_t values, width;
	bool ascii, color, apart;
};

static char *drawn(const struct drawing *d, const crm_value *values, size_t rows, bool picture)
{
	crm_cursor c = { .columns = columns, .values = values, .ncolumns = COUNT(columns), .nrows = rows };
	struct chart_plan plan = { .form = d->form,
		.ascii = d->ascii,
		.columns = columns,
		.keys = { 0, 1 },
		.nkeys = d->form == CHART_STRIPS ? 2 : 1,
		.values = { 2, 3 },
		.nvalues = d->values,
		.apart = d->apart ? 1 : SIZE_MAX };
	struct chart_look look = { .width = d->width, .color = d->color };
	struct chart chart;
	struct cells cells;
	struct strbuf b = { 0 };

	cells_init(&cells, NULL, false);
	chart_begin(&chart, &plan);
	while (crm_cursor_next(&c) == CRM_OK)
		chart_row(&chart, &cells, &c);
	chart_finish(&chart);
	if (picture)
		chart_svg(&b, &chart, "A <title>", "\"about\" & more", 400, true);
	else
		chart_text(&b, &chart, &look);
	chart_free(&chart);
	cells_release(&cells);
	assert_false(b.failed);
	return b.s;
}

static void draws(struct drawing d, const crm_value *values, size_t rows, const char *wanted)
{
	char *got = drawn(&d, values, rows, false);

	assert_string_equal(got, wanted);
	free(got);
}

#define ROW(name, part, count, late) TEXT(name), TEXT(part), count, late

static void test_bars(void **state)
{
	(void)state;
	static const crm_value rows[] = { ROW("Ada", "", INT(20), INT(5)), ROW("张三", "", INT(5), INT(0)),
		ROW("Bo", "", INT(0), NONE), ROW("Cy", "", NONE, INT(1)) };

	/* 28 columns: 4 of labels, a blank, a blank and 2 of figures: 20 for 20, a column each */
	draws((struct drawing){ CHART_BARS, 1, 28, false, false, false }, rows, 4,
		"█ Count\n"
		"Ada  ████████████████████ 20\n"
		"张三 █████ 5\n"
		"Bo   0\n"
		"Cy   —\n");
	/* 13: 5 for 20, a quarter of a column each: 5 is 1 1/4 */
	draws((struct drawing){ CHART_BARS, 1, 13, false, false, false }, rows, 2,
		"█ Count\n"
		"Ada  ████████████ 20\n"
		"张三 ███ 5\n");
	draws((struct drawing){ CHART_BARS, 2, 28, true, false, false }, rows, 4,
		"# Count   = Late\n"
		"Ada  #################### 20\n"
		"     ===== 5\n"
		"张三 ##### 5\n"
		"     0\n"
		"Bo   0\n"
		"     -\n"
		"Cy   -\n"
		"     = 1\n");
	draws((struct drawing){ CHART_BARS, 2, 28, false, true, false }, rows, 2,
		"\033[36m█\033[0m Count   \033[35m█\033[0m Late\n"
		"Ada  \033[36m████████████████████\033[0m 20\n"
		"     \033[35m█████\033[0m 5\n"
		"张三 \033[36m█████\033[0m 5\n"
		"     0\n");
}

static void test_bars_by_eighths(void **state)
{
	(void)state;
	static const crm_value rows[] = { ROW("a", "", INT(160), NONE), ROW("b", "", INT(1), NONE),
		ROW("c", "", INT(13), NONE), ROW("d", "", INT(0), NONE) };

	/* 26 columns: 1, a blank, a blank and 3 of figures: 20 for 160, 8 a column */
	draws((struct drawing){ CHART_BARS, 1, 26, false, false, false }, rows, 4,
		"█ Count\n"
		"a ████████████████████ 160\n"
		"b ▏ 1\n"
		"c █▋ 13\n"
		"d 0\n");
	/* what is not zero is seen */
	static const crm_value small[] = { ROW("a", "", INT(100000), NONE), ROW("b", "", INT(1), NONE) };
	draws((struct drawing){ CHART_BARS, 1, 30, false, false, false }, small, 2,
		"█ Count\n"
		"a ████████████████████ 100,000\n"
		"b ▏ 1\n");
}

static void test_bars_on_both_sides(void **state)
{
	(void)state;
	static const crm_value rows[] = { ROW("a", "", INT(30), NONE), ROW("b", "", INT(-10), NONE),
		ROW("c", "", INT(-5), NONE) };

	/* 29 columns: 1 and a blank, 4 for "-10 " and 3 for " 30": 20 for 40, half a column each; zero is behind 5 of them */
	draws((struct drawing){ CHART_BARS, 1, 29, false, false, false }, rows, 3,
		"█ Count\n"
		"a          ███████████████ 30\n"
		"b -10 █████\n"
		"c    -5 ▐██\n");
	draws((struct drawing){ CHART_BARS, 1, 29, true, false, false }, rows, 3,
		"# Count\n"
		"a          ############### 30\n"
		"b -10 #####\n"
		"c    -5 ###\n");
}

static void test_bars_apart(void **state)
{
	(void)state;
	static const crm_value rows[] = { ROW("a", "CNY", INT(20), NONE), ROW("b", "USD", INT(4), NONE),
		ROW("c", "CNY", INT(10), NONE) };

	draws((struct drawing){ CHART_BARS, 1, 25, false, false, true }, rows, 3,
		"█ Count\n"
		"CNY\n"
		"a ████████████████████ 20\n"
		"c ██████████ 10\n"
		"\n"
		"USD\n"
		"b █████████████████████ 4\n");
}

static void test_bars_of_many_rows(void **state)
{
	(void)state;
	enum {
		MANY = 9000
	};
	static crm_value rows[MANY * COUNT(columns)];

	/* 7919 is prime to 9000: every number from 0 once, in disorder */
	for (size_t i = 0; i < MANY; i++) {
		crm_value *row = &rows[i * COUNT(columns)];
		row[0] = (crm_value)TEXT("x");
		row[1] = row[3] = (crm_value)NONE;
		row[2] = (crm_value)INT((int64_t)(i * 7919 % MANY));
	}
	char *got = drawn(&(struct drawing){ CHART_BARS, 1, 80, false, false, false }, rows, MANY, false);
	const char *line = strchr(got, '\n') + 1;
	for (int i = 0; i < CHART_LARGEST; i++, line = strchr(line, '\n') + 1) {
		char wanted[16];
		snprintf(wanted, sizeof(wanted), " 8,%03d\n", 999 - i);
		assert_memory_equal(strchr(line, '\n') - strlen(wanted) + 1, wanted, strlen(wanted));
	}
	assert_string_equal(line, "(the 40 largest of 9,000)\n");
	free(got);
}

static void test_labels_are_cut(void **state)
{
	(void)state;
	static const crm_value rows[] = { ROW("一二三四五六七八九十", "", INT(8), NONE),
		ROW("\033]0;x\007y", "", INT(4), NONE) };

	/* labels take two fifths of 30: 12 columns, of which the mark takes one and half a character none */
	draws((struct drawing){ CHART_BARS, 1, 30, false, false, false }, rows, 2,
		"█ Count\n"
		"一二三四五…  ███████████████ 8\n"
		"\\x1b]0;x\\x0… ███████▌ 4\n");
	draws((struct drawing){ CHART_BARS, 1, 30, true, false, false }, rows, 1,
		"# Count\n"
		"一二三四五.  ############### 8\n");
}

static void test_columns(void **state)
{
	(void)state;
	static const crm_value rows[] = { ROW("Mon", "", INT(0), NONE), ROW("Tue", "", INT(8), NONE),
		ROW("Wed", "", NONE, NONE), ROW("Thu", "", INT(3), NONE) };

	/* eight lines for eight: a line each; marks are even: 5 steps or so of 1.6, so 2; six columns a point at most */
	draws((struct drawing){ CHART_LINES, 1, 80, false, false, false }, rows, 4,
		"█ Count\n"
		"8 ┤      █████\n"
		"  │      █████\n"
		"6 ┤      █████\n"
		"  │      █████\n"
		"4 ┤      █████\n"
		"  │      █████       █████\n"
		"2 ┤      █████       █████\n"
		"  │      █████       █████\n"
		"0 └────────────      ──────\n"
		"     Mon   Tue   Wed   Thu\n");
	/* 16 columns for four: four each; there is room for every second label, from the last on */
	draws((struct drawing){ CHART_LINES, 1, 20, true, false, false }, rows, 4,
		"# Count\n"
		"8 |    ###\n"
		"  |    ###\n"
		"6 |    ###\n"
		"  |    ###\n"
		"4 |    ###\n"
		"  |    ###     ###\n"
		"2 |    ###     ###\n"
		"  |    ###     ###\n"
		"0 +--------    ----\n"
		"        Tue     Thu\n");
}

static void test_columns_of_many_rows(void **state)
{
	(void)state;
	enum {
		MANY = 50
	};
	static crm_value rows[MANY * COUNT(columns)];

	for (size_t i = 0; i < MANY; i++) {
		crm_value *row = &rows[i * COUNT(columns)];
		row[0] = (crm_value)TEXT("d");
		row[1] = row[3] = (crm_value)NONE;
		row[2] = (crm_value)INT(i % 2 ? 10 : 6); /* 8 on average */
	}
	/* 17 columns for 50 points: three a column */
	char *got = drawn(&(struct drawing){ CHART_LINES, 1, 22, false, false, false }, rows, MANY, false);
	assert_non_null(strstr(got, "(each column is the mean of 3)\n"));
	for (const char *line = got; *line; line = strchr(line, '\n') + 1) {
		size_t len = strcspn(line, "\n");
		assert_true(*line == '(' || crm_text_width(line, len) <= 22);
	}
	free(got);
}

static void test_strips(void **state)
{
	(void)state;
	static const crm_value rows[] = { ROW("May", "calls", INT(7), NONE), ROW("May", "visits", INT(100), NONE),
		ROW("June", "calls", INT(1), NONE), ROW("July", "calls", INT(0), NONE),
		ROW("July", "visits", INT(50), NONE) };

	/* of each series the greatest is full: sevenths above the lowest block */
	draws((struct drawing){ CHART_STRIPS, 1, 40, false, false, false }, rows, 5,
		"Count: May … July\n"
		"calls  █▂▁ 0\n"
		"visits █ ▅ 50\n");
	draws((struct drawing){ CHART_STRIPS, 1, 40, true, false, false }, rows, 5,
		"Count: May .. July\n"
		"calls  #._ 0\n"
		"visits # = 50\n");
}

static void test_nothing(void **state)
{
	(void)state;
	draws((struct drawing){ CHART_LINES, 1, 40, false, false, false }, NULL, 0, "(nothing to show)\n");
	draws((struct drawing){ CHART_BARS, 1, 40, false, false, false }, NULL, 0, "(nothing to show)\n");
}

/* No width, form or number makes a line wider than the terminal, from 40 columns on. */
static void test_widths(void **state)
{
	(void)state;
	static const crm_value rows[] = { ROW("a rather long label that must be cut", "p", INT(-123456), INT(7)),
		ROW("张三李四王五", "q", INT(987654321), NONE), ROW("", "p", INT(0), INT(-1)) };

	for (enum chart_form form = CHART_BARS; form <= CHART_STRIPS; form++)
		for (size_t width = 40; width <= 200; width++)
			for (int ascii = 0; ascii < 2; ascii++) {
				struct drawing d = { form, form == CHART_STRIPS ? 1 : 2, width, ascii, false, false };
				char *got = drawn(&d, rows, 3, false);
				for (const char *line = got; *line; line = strchr(line, '\n') + 1)
					if (crm_text_width(line, strcspn(line, "\n")) > width)
						fail_msg("form %d, %zu columns:\n%s", form, width, got);
				free(got);
			}
}

/* --- pictures --- */

static void test_markup(void **state)
{
	(void)state;
	struct strbuf b = { 0 };

	markup_text(&b, "<a href=\"x\">&", strlen("<a href=\"x\">&"));
	assert_string_equal(b.s, "&lt;a href=&quot;x&quot;&gt;&amp;");
	strbuf_free(&b);
}

static void test_picture(void **state)
{
	(void)state;
	static const crm_value rows[] = { ROW("<script>", "", INT(10), NONE), ROW("b", "", INT(5), NONE) };
	char *got = drawn(&(struct drawing){ CHART_BARS, 1, 0, false, false, false }, rows, 2, true);

	assert_memory_equal(got, "<svg xmlns=\"http://www.w3.org/2000/svg\"", 39);
	assert_non_null(strstr(got, "<title>A &lt;title&gt;</title><desc>&quot;about&quot; &amp; more</desc>"));
	assert_null(strstr(got, "<script>"));
	assert_non_null(strstr(got, "&lt;script&gt;, Count: 10"));
	/*
	 * 400 less the margins is 360. Labels: "<script>" is 8 x 7.3 + 4 = 62.4, and 10 to the bars at 72.4. Figures: "10" is
	 * 2 x 7.3 + 4 + 8 = 26.6, so the scale ends at 333.4: 261 for ten, 130.5 for five.
	 */
	assert_non_null(strstr(got, "<rect class=\"s0\" x=\"72.4\" y=\"31.0\" width=\"261.0\" height=\"16\""));
	assert_non_null(strstr(got, "<rect class=\"s0\" x=\"72.4\" y=\"57.0\" width=\"130.5\" height=\"16\""));
	free(got);
}

static void test_picture_has_gaps(void **state)
{
	(void)state;
	static const crm_value rows[] = { ROW("a", "", INT(4), NONE), ROW("b", "", INT(2), NONE),
		ROW("c", "", NONE, NONE), ROW("d", "", INT(0), NONE) };
	char *got = drawn(&(struct drawing){ CHART_LINES, 1, 0, false, false, false }, rows, 4, true);

	/*
	 * The marks are as wide as "4": 7.3 + 4, and 10 to the plot at 21.3, which ends at 354: 110.9 between points. It is
	 * 170 high from y = 30, zero at 200. The last point stands alone.
	 */
	assert_non_null(strstr(got, "<path class=\"l s0\" d=\"M21.3 30.0L132.2 115.0M354.0 200.0\"/>"));
	assert_non_null(strstr(got, "<circle class=\"s0\" cx=\"354.0\" cy=\"200.0\" r=\"3\"/>"));
	free(got);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scale),
		cmocka_unit_test(test_scale_of_time),
		cmocka_unit_test(test_scale_marks),
		cmocka_unit_test(test_figures),
		cmocka_unit_test(test_durations),
		cmocka_unit_test(test_units),
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_bars),
		cmocka_unit_test(test_bars_by_eighths),
		cmocka_unit_test(test_bars_on_both_sides),
		cmocka_unit_test(test_bars_apart),
		cmocka_unit_test(test_bars_of_many_rows),
		cmocka_unit_test(test_labels_are_cut),
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_columns_of_many_rows),
		cmocka_unit_test(test_strips),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_widths),
		cmocka_unit_test(test_markup),
		cmocka_unit_test(test_picture),
		cmocka_unit_test(test_picture_has_gaps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
