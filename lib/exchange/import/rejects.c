/* Rejected rows as CSV: as they came, with line, field and reason added, so the file imports again once corrected. */
#include "exchange/import/import.h"
#include <errno.h>
#include <unistd.h>

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

static int write_all(struct import *im, const struct buf *b)
{
	size_t done = 0;

	while (done < b->len) {
		ssize_t n = write(im->opt->rejects, b->s + done, b->len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(
				&im->s->err, CRM_FAILED, "rejected rows could not be written: %s", strerror(errno));
		done += (size_t)n;
	}
	return CRM_OK;
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
	return buf_str(b) ? write_all(im, b) : err_nomem(&im->s->err);
}
