/*
 * Any text in the cells of the csv that we write, for programs and for spreadsheets: what is read back is what was written.
 * Bytes 0x1e and 0x1f part rows and cells; what is no UTF-8 is not written.
 */
#include "base/cursor.h"
#include "cli/out.h"
#include "exchange/reader.h"
#include "fuzz_file.h"
#include "text/text.h"

#include <assert.h>

enum {
	COLUMNS = 3
};

static const crm_column columns[COLUMNS] = { { .name = "a", .type = CRM_TEXT }, { .name = "b", .type = CRM_TEXT },
	{ .name = "=c", .type = CRM_TEXT } };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static crm_cursor *rows_of(const char *s, size_t len)
{
	struct rowset *rows;
	crm_cursor *cursor;
	const char *end = s + len;

	assert(rowset_new(&rows, columns, COLUMNS) == CRM_OK);
	while (s < end) {
		const char *row_end = memchr(s, 0x1e, (size_t)(end - s));

		if (!row_end)
			row_end = end;
		assert(rowset_begin(rows) == CRM_OK);
		for (size_t i = 0; i < COLUMNS; i++) {
			const char *cell_end = s < row_end ? memchr(s, 0x1f, (size_t)(row_end - s)) : NULL;

			if (!cell_end)
				cell_end = row_end;
			rowset_text(rows, i, s, (size_t)(cell_end - s));
			s = cell_end < row_end ? cell_end + 1 : row_end;
		}
		s = row_end < end ? row_end + 1 : end;
	}
	assert(rowset_cursor(&cursor, rows) == CRM_OK);
	return cursor;
}

static void check(const char *s, size_t len, crm_store *store, bool excel)
{
	const struct out_settings set = { .format = OUT_CSV, .header = 1, .excel = excel };
	const struct reader_options opt = { .form = READER_CSV, .encoding = "UTF-8", .delimiter = ',', .excel = excel };
	crm_cursor *cursor = rows_of(s, len);
	int fd = fuzz_file(NULL, 0);
	struct reader *r = NULL;
	struct out *o = out_open(fd);
	struct row row;

	assert(o && out_rows(o, store, cursor, &set, NULL, NULL) == CRM_OK && out_close(o) == 0);
	crm_cursor_close(cursor);
	cursor = rows_of(s, len);
	assert(lseek(fd, 0, SEEK_SET) == 0 && reader_open(&r, fd, &opt, NULL) == CRM_OK);
	assert(reader_columns(r) == COLUMNS && strcmp(reader_column(r, 2), "=c") == 0);
	while (crm_cursor_next(cursor) == CRM_OK) {
		assert(reader_next(r, &row, NULL) == CRM_OK && !row.fault && row.n == COLUMNS);
		for (size_t i = 0; i < COLUMNS; i++) {
			const crm_value *v = crm_cursor_value(cursor, i);

			assert(row.cells[i].len == v->len && memcmp(row.cells[i].s, v->s, v->len) == 0);
		}
	}
	assert(reader_next(r, &row, NULL) == CRM_END);
	reader_close(r);
	crm_cursor_close(cursor);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *s = (const char *)data;
	static crm_store *store;

	if (!store && crm_store_new(&store) < 0)
		abort();
	if (!utf8_valid(s, size, NULL))
		return 0;
	check(s, size, store, false);
	check(s, size, store, true);
	return 0;
}
