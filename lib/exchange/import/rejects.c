/* Rejected rows as CSV: as they came, with line, field and reason added, so the file imports again once corrected. */
#include "exchange/import/import.h"
#include <errno.h>

static void put_cell(struct buf *b, const char *s, size_t len)
{
	bool quote = len > 0 && (s[0] == ' ' || s[len - 1] == ' ');

	for (size_t i = 0; i < len && !quote; i++)
		quote = strchr(",\"\r\n", s[i]) != NULL;
	if (!quote) {
		buf_add(b, s, len);
		return;
	}
	buf_putc(b, '"');
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '"')
			buf_putc(b, '"');
		buf_putc(b, s[i]);
	}
	buf_putc(b, '"');
}

static void put_header(struct import *im, struct buf *b)
{
	for (size_t i = 0; i < reader_columns(im->reader); i++) {
		const char *name = reader_column(im->reader, i);

		/* A file of rejects imported again has these three already. */
		if (strncmp(name, "reject_", 7) == 0)
			continue;
		put_cell(b, name, strlen(name));
		buf_putc(b, ',');
	}
	buf_puts(b, "reject_line,reject_field,reject_reason\n");
	im->rejects_begun = true;
}

int rejects_put(struct import *im, const struct draft *d, const char *field, const char *reason)
{
	struct buf *b = &im->reject_text;

	if (im->opt->rejects < 0)
		return CRM_OK;
	buf_clear(b);
	if (!im->rejects_begun)
		put_header(im, b);
	for (size_t i = 0; i < reader_columns(im->reader) || i < d->ncells; i++) {
		if (i < reader_columns(im->reader) && strncmp(reader_column(im->reader, i), "reject_", 7) == 0)
			continue;
		if (i < d->ncells)
			put_cell(b, d->cells[i].s - d->cells[i].before, d->cells[i].before + d->cells[i].len);
		buf_putc(b, ',');
	}
	buf_printf(b, "%zu,%s,", d->line, field ? field : "");
	put_cell(b, reason, strlen(reason));
	buf_putc(b, '\n');
	if (!buf_str(b))
		return err_nomem(&im->s->err);
	if (!write_all(im->opt->rejects, b->s, b->len))
		return err_set(&im->s->err, CRM_FAILED, "rejected rows could not be written: %s", strerror(errno));
	return CRM_OK;
}
