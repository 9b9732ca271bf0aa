/* crm-export-xlsx: csv with a header from stdin into an xlsx file, for `crm export`. */
#include "cli/sandbox.h"
#include "cli/words.h"
#include "helpers/say.h"

#include <config.h>
#include <csv.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

#define HELPER_NAME PROGRAM_NAME "-export-xlsx"

enum {
	ROWS_MAX = 1048576,
	COLUMNS_MAX = 16384,
	CHARACTERS_MAX = 32767
};

enum type {
	TYPE_TEXT,
	TYPE_NUMBER,
	TYPE_DATE,
	TYPE_TIME
};

struct sheet {
	lxw_workbook *book;
	lxw_worksheet *sheet;
	lxw_format *header, *day, *time;
	enum type *types; /* of the columns; those beyond are text */
	size_t ntypes, types_cap;
	size_t row, column;
	struct strbuf header_names; /* a NUL behind each */
	struct strbuf text;
	bool failed;
};

/* --- cells --- */

static const char *column_name(const struct sheet *s, size_t column)
{
	const char *name = s->header_names.s ? s->header_names.s : "";

	while (column-- > 0 && *name)
		name += strlen(name) + 1;
	return name;
}

static void CRM_PRINTF(2, 3) fail(struct sheet *s, const char *fmt, ...)
{
	cleanup(freep) char *why = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&why, crm_tr(fmt), ap) < 0)
		why = NULL;
	va_end(ap);
	if (!s->failed)
		say("%s", (const char *)need(why));
	s->failed = true;
}

/* _xHHHH_, which readers take for a character. */
static bool is_escape(const char *t)
{
	if (t[0] != '_' || t[1] != 'x')
		return false;
	for (int i = 2; i < 6; i++)
		if (!strchr("0123456789abcdefABCDEF", t[i]) || t[i] == '\0')
			return false;
	return t[6] == '_';
}

/*
 * The text as it stands in the file: what XML cannot hold is _xHHHH_, and so is the beginning of a text that looks like
 * that. Carriage returns are too: XML makes newlines of them.
 */
static const char *escape(struct strbuf *b, const char *t, size_t len)
{
	strbuf_truncate(b, 0);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)t[i];
		bool noncharacter = c == 0xef && len - i >= 3 && (unsigned char)t[i + 1] == 0xbf &&
				    ((unsigned char)t[i + 2] | 1) == 0xbf;
		if (noncharacter) {
			strbuf_printf(b, "_x%04X_", (unsigned char)t[i + 2] == 0xbf ? 0xffffU : 0xfffeU);
			i += 2;
		} else if ((c < ' ' && c != '\t' && c != '\n') || is_escape(t + i)) {
			strbuf_printf(b, "_x%04X_", (unsigned)c);
		} else {
			strbuf_add(b, t + i, 1);
		}
	}
	need(b->failed ? NULL : b);
	return b->s ? b->s : "";
}

static size_t count_characters(const char *t)
{
	size_t n = 0;

	for (; *t; t++)
		n += ((unsigned char)*t & 0xc0) != 0x80;
	return n;
}

static void put_text(struct sheet *s, const char *t, size_t len, lxw_format *format)
{
	const char *text = escape(&s->text, t, len);

	if (count_characters(text) > CHARACTERS_MAX) {
		fail(s,
			"row %zu, column '%s': the text is longer than the 32767 characters that a cell of xlsx holds "
			"(csv has no limit)",
			s->row + 1, column_name(s, s->column));
		return;
	}
	lxw_error error = worksheet_write_string(s->sheet, (lxw_row_t)s->row, (lxw_col_t)s->column, text, format);
	if (error)
		fail(s, "row %zu: %s", s->row + 1, lxw_strerror(error));
}

/* Digits of a number without exponent, zeros in front not counted. */
static size_t significant(const char *t)
{
	size_t n = 0;

	for (; *t; t++)
		n += *t >= '0' && *t <= '9' && (n > 0 || *t != '0');
	return n;
}

/* A number that 15 digits hold, which is all that a spreadsheet keeps. */
static bool put_number(struct sheet *s, const char *t)
{
	char *end, shown[32];
	double value = strtod(t, &end);

	if (end == t || *end || strspn(t, "+-0123456789.eE") != strlen(t))
		return false;
	if (!strpbrk(t, "eE") && significant(t) > 15)
		return false;
	snprintf(shown, sizeof(shown), "%.15g", value);
	if (strtod(shown, NULL) != value)
		return false;
	if (!strpbrk(t, ".eE") && strcmp(shown, t) != 0)
		return false; /* a whole number of another shape, or with more digits */
	return worksheet_write_number(s->sheet, (lxw_row_t)s->row, (lxw_col_t)s->column, value, NULL) == LXW_NO_ERROR;
}

/* As many digits as there are places in `shape`, and its other characters. */
static bool has_shape(const char *t, const char *shape)
{
	for (; *shape; t++, shape++)
		if (*shape == '0' ? *t < '0' || *t > '9' : *t != *shape)
			return false;
	return *t == '\0';
}

static int digits(const char *t, int n)
{
	int value = 0;

	while (n-- > 0)
		value = value * 10 + (*t++ - '0');
	return value;
}

/* Days before 1900-03-01 are counted wrong by spreadsheets: they stay text, and so does what is no full date. */
static bool put_date(struct sheet *s, const char *t, bool clock)
{
	if (!has_shape(t, clock ? "0000-00-00 00:00:00" : "0000-00-00") || strncmp(t, "1900-03-01", 10) < 0)
		return false;
	lxw_datetime d = { .year = digits(t, 4), .month = digits(t + 5, 2), .day = digits(t + 8, 2) };
	if (clock) {
		d.hour = digits(t + 11, 2);
		d.min = digits(t + 14, 2);
		d.sec = digits(t + 17, 2);
	}
	return worksheet_write_datetime(
		       s->sheet, (lxw_row_t)s->row, (lxw_col_t)s->column, &d, clock ? s->time : s->day) == LXW_NO_ERROR;
}

static void put_cell(struct sheet *s, const char *t, size_t len)
{
	enum type type = s->column < s->ntypes ? s->types[s->column] : TYPE_TEXT;
	bool put = false;

	if (s->row == 0) {
		put_text(s, t, len, s->header);
		strbuf_add(&s->header_names, t, len + 1);
		return;
	}
	if (len == 0)
		return;
	if (type == TYPE_NUMBER)
		put = put_number(s, t);
	else if (type != TYPE_TEXT)
		put = put_date(s, t, type == TYPE_TIME);
	if (!put)
		put_text(s, t, len, NULL);
}

/* --- rows --- */

static void on_field(void *t, size_t len, void *payload)
{
	struct sheet *s = payload;

	if (s->failed)
		return;
	if (s->row == ROWS_MAX)
		fail(s, "more than 1048575 rows: an xlsx file holds no more (--limit, a filter, or csv)");
	else if (s->column == COLUMNS_MAX)
		fail(s, "more than 16384 columns: an xlsx file holds no more (--fields, or csv)");
	else
		put_cell(s, t, len);
	s->column++;
}

static void on_row(int end, void *payload)
{
	struct sheet *s = payload;

	(void)end;
	s->row++;
	s->column = 0;
}

/* Blanks at the ends of a cell are part of it. */
static int no_space(unsigned char c)
{
	(void)c;
	return 0;
}

static void read_rows(struct sheet *s)
{
	static char block[64 << 10];
	struct csv_parser parser;
	ssize_t n;

	need(csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) == 0 ? s : NULL);
	csv_set_space_func(&parser, no_space);
	while (!s->failed && (n = read(STDIN_FILENO, block, sizeof(block))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			fail(s, "cannot read: %s", strerror(errno));
		else if (csv_parse(&parser, block, (size_t)n, on_field, on_row, s) != (size_t)n)
			fail(s, "cannot read row %zu: %s", s->row + 1, csv_strerror(csv_error(&parser)));
	}
	if (!s->failed && csv_fini(&parser, on_field, on_row, s) != 0)
		fail(s, "cannot read row %zu: it is cut off", s->row + 1);
	csv_free(&parser);
}

/* --- the file --- */

static void set_formats(struct sheet *s)
{
	const double day_width = 11, time_width = 19;

	s->header = need(workbook_add_format(s->book));
	s->day = need(workbook_add_format(s->book));
	s->time = need(workbook_add_format(s->book));
	format_set_bold(s->header);
	format_set_num_format(s->day, "yyyy-mm-dd");
	format_set_num_format(s->time, "yyyy-mm-dd hh:mm:ss");
	worksheet_freeze_panes(s->sheet, 1, 0);
	for (size_t i = 0; i < s->ntypes && i < COLUMNS_MAX; i++)
		if (s->types[i] == TYPE_DATE || s->types[i] == TYPE_TIME)
			worksheet_set_column(s->sheet, (lxw_col_t)i, (lxw_col_t)i,
				s->types[i] == TYPE_DATE ? day_width : time_width, NULL);
}

/* Rows wait in a file until they are packed: beside the one that is written, since they belong no more to others. */
static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct strbuf b = { 0 };

	if (slash)
		strbuf_add(&b, path, (size_t)(slash - path) + (slash == path));
	else
		strbuf_puts(&b, ".");
	return need_text(&b);
}

static int convert(struct sheet *s, const char *path, char *folder, int64_t created)
{
	lxw_workbook_options options = { .constant_memory = LXW_TRUE, .tmpdir = folder };
	lxw_doc_properties properties = { .created = (time_t)created };

	s->book = workbook_new_opt(path, &options);
	s->sheet = s->book ? workbook_add_worksheet(s->book, NULL) : NULL;
	if (!s->sheet)
		return say_failed("a temporary file cannot be made in %s", folder);
	workbook_set_properties(s->book, &properties);
	set_formats(s);
	read_rows(s);
	lxw_error error = workbook_close(s->book);
	if (!s->failed && error)
		fail(s, "%s", lxw_strerror(error));
	return s->failed;
}

static bool add_types(struct sheet *s, const char *list)
{
	static const char *const names[] = { "text", "number", "date", "time" };

	for (size_t len, i; *list; list += len + (list[len] == ',')) {
		len = strcspn(list, ",");
		for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (strlen(names[i]) == len && strncmp(names[i], list, len) == 0)
				break;
		if (i == sizeof(names) / sizeof(names[0]))
			return false;
		s->types = need_room(s->types, s->ntypes, &s->types_cap, sizeof(*s->types));
		s->types[s->ntypes++] = (enum type)i;
	}
	return true;
}

static int usage(const char *what)
{
	return say_usage("%s (%s)", crm_tr(what),
		HELPER_NAME " [--types text,number,date,time,…] [--created SECONDS] [--] FILE <CSV");
}

int main(int argc, char **argv)
{
	struct sheet s = { 0 };
	const char *file = NULL;
	int64_t created = 0;
	bool words = false;

	say_safety();
	say_about(HELPER_NAME, NULL);
	for (int i = 1; i < argc; i++) {
		if (!words && strcmp(argv[i], "--") == 0) {
			words = true;
		} else if (!words && strcmp(argv[i], "--types") == 0 && i + 1 < argc) {
			if (!add_types(&s, argv[++i]))
				return usage(N_("a type is text, number, date or time"));
		} else if (!words && strcmp(argv[i], "--created") == 0 && i + 1 < argc) {
			if (!number_read(argv[++i], &created))
				return usage(N_("--created is a number of seconds"));
		} else if (file || (!words && argv[i][0] == '-')) {
			return usage(N_("too many words, or an unknown option"));
		} else {
			file = argv[i];
		}
	}
	if (!file)
		return usage(N_("no file is named"));
	cleanup(freep) char *folder = folder_of(file);
	sandbox_enter(&(struct sandbox_path){ .path = folder, .write = true }, 1);
	int status = convert(&s, file, folder, created);
	free(s.types);
	strbuf_free(&s.header_names);
	strbuf_free(&s.text);
	return status;
}
