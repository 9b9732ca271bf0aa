/* A file as rows of texts, for what is no import. */
#include "base/cursor.h"
#include "exchange/import/import.h"
#include "exchange/reader.h"
#include <crm/exchange.h>

struct file_rows {
	struct crm_cursor cursor;
	crm_store *s;
	struct reader *reader;
	char *file;
	crm_column *columns;
};

static int file_fails(struct file_rows *f, int status)
{
	cleanup(freep) char *why = NULL;

	if (status != CRM_INVALID && status != CRM_FAILED)
		return status;
	why = strdup(crm_errmsg(f->s));
	return err_set(&f->s->err, CRM_FAILED, "%s: %s", f->file, why ? why : "");
}

static int file_rows_next(struct crm_cursor *c)
{
	struct file_rows *f = (struct file_rows *)c;
	struct row row;
	int status = reader_next(f->reader, &row, &f->s->err);

	if (status != CRM_OK)
		return status == CRM_END ? CRM_END : file_fails(f, status);
	if (row.fault)
		return err_set(&f->s->err, CRM_FAILED, "%s: line %zu: %s", f->file, row.line, row.fault);
	for (size_t i = 0; i < c->n; i++)
		c->values[i] = (crm_value){
			.kind = row.cells[i].len ? CRM_STRING : CRM_NULL, .s = row.cells[i].s, .len = row.cells[i].len
		};
	return CRM_OK;
}

static void file_rows_close(struct crm_cursor *c)
{
	struct file_rows *f = (struct file_rows *)c;

	reader_close(f->reader);
	free(f->file);
	free(f->columns);
	free(c->values);
	free(f);
}

static int open_file(struct file_rows *f, int fd, const crm_import_options *opt)
{
	struct reader_options settings;
	int status = import_reader_settings(f->s, opt, &settings);

	f->file = strdup(opt->file ? opt->file : "-");
	if (!f->file)
		return err_nomem(&f->s->err);
	if (status == CRM_OK) {
		status = reader_open(&f->reader, fd, &settings, &f->s->err);
		if (status < 0)
			return file_fails(f, status);
	}
	if (status < 0)
		return status;
	f->cursor.n = reader_columns(f->reader);
	f->columns = calloc(f->cursor.n + 1, sizeof(*f->columns));
	f->cursor.columns = f->columns;
	f->cursor.values = calloc(f->cursor.n + 1, sizeof(*f->cursor.values));
	if (!f->columns || !f->cursor.values)
		return err_nomem(&f->s->err);
	for (size_t i = 0; i < f->cursor.n; i++)
		f->columns[i] = (crm_column){ .name = reader_column(f->reader, i),
			.label = reader_column(f->reader, i),
			.help = "",
			.type = CRM_TEXT };
	return CRM_OK;
}

int crm_file_rows(crm_cursor **out, crm_store *s, int fd, const crm_import_options *opt)
{
	struct file_rows *f = calloc(1, sizeof(*f));
	int status;

	if (!f)
		return err_nomem(&s->err);
	f->s = s;
	f->cursor.next = file_rows_next;
	f->cursor.close = file_rows_close;
	status = open_file(f, fd, opt);
	if (status < 0) {
		file_rows_close(&f->cursor);
		return status;
	}
	*out = &f->cursor;
	return CRM_OK;
}
