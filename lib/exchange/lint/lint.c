/* crm_lint: opening, the cursor, what ends a file. */
#include "exchange/lint/lint.h"
#include <stdio.h>
#include <sys/stat.h>

enum {
	PROGRESS_ROWS = 1024
};

static const char *file_name(const struct lint *l)
{
	return l->opt.file ? l->opt.file : crm_tr("the file");
}

/* `line 3: …`, as the reader says it in the language of people: its line, and the message without it. */
static const char *message_line(const char *message, size_t *line)
{
	const char *said = crm_tr("line %zu: %s"), *number = strstr(said, "%zu"), *rest = number + 3;
	const size_t after = strcspn(rest, "%");
	const char *p = message + (number - said);

	*line = 0;
	if (strncmp(message, said, (size_t)(number - said)) != 0)
		return message;
	for (; ascii_digit(*p) && *line < SIZE_MAX / 100; p++)
		*line = *line * 10 + (size_t)(*p - '0');
	return strncmp(p, rest, after) == 0 ? p + after : message;
}

/* What ends the file is a finding when its content is why; else the reading failed. */
static int file_ends(struct lint *l, int status)
{
	struct err *err = &l->im.s->err;
	const char *message;
	size_t line;

	l->over = true;
	if (status != CRM_INVALID)
		return status == CRM_FAILED && err->msg.s ? err_set(err, status, "%s: %s", file_name(l), err->msg.s)
							  : status;
	message = message_line(err->msg.s ? err->msg.s : "", &line);
	lint_add(l, LINT_FILE, true, line, NULL, NULL, 0, "%s", message);
	return CRM_OK;
}

/* --- the cursor --- */

static int step(struct lint *l)
{
	crm_store *s = l->im.s;
	struct row row;
	int status;

	if (s->interrupted)
		return err_set(&s->err, CRM_INTERRUPTED, "interrupted: the file was not read to its end");
	status = reader_next(l->im.reader, &row, &s->err);
	if (status < 0)
		return file_ends(l, status);
	if (status == CRM_END) {
		l->over = true;
		lint_columns(l);
		return CRM_OK;
	}
	status = lint_row(l, &row);
	if (l->result->rows % PROGRESS_ROWS == 0)
		store_event(s, CRM_EVENT_PROGRESS, reader_bytes(l->im.reader), l->im.size, "checking");
	return status;
}

static void end(struct lint *l)
{
	crm_lint_result *r = l->result;

	l->ended = true;
	lint_conclude(l);
	if (!l->im.reader)
		return;
	snprintf(r->encoding, sizeof(r->encoding), "%s", reader_encoding(l->im.reader));
	snprintf(r->form, sizeof(r->form), "%s", reader_form_name(l->im.reader));
	if (l->im.mapping.preset)
		snprintf(r->preset, sizeof(r->preset), "%s", l->im.mapping.preset->name);
}

static int lint_next(crm_cursor *c)
{
	struct lint *l = (struct lint *)c;

	while (!lint_give(l)) {
		int status = CRM_OK;

		if (l->over && !l->ended)
			end(l);
		if (l->ended)
			return CRM_END;
		lint_forget(l);
		status = step(l);
		if (status < 0)
			return status;
		if (l->mem.failed)
			return err_nomem(&l->im.s->err);
	}
	return CRM_OK;
}

static void lint_close(crm_cursor *c)
{
	struct lint *l = (struct lint *)c;

	if (l->im.record.slots)
		record_release(&l->im.record);
	mapping_free(&l->im.mapping);
	reader_close(l->im.reader);
	zone_free(l->zone);
	idmap_free(&l->seen);
	free(l->columns);
	free(l->dates);
	free(l->row);
	free(l->made);
	free(l->findings);
	buf_free(&l->text);
	buf_free(&l->item);
	arena_free(&l->mem);
	free(l);
}

/* --- opening --- */

/* Notes of the mapping are findings here, made from its columns. */
static void no_note(uint64_t line, const char *field, const char *reason, void *payload)
{
	(void)line;
	(void)field;
	(void)reason;
	(void)payload;
}

static int open_file(struct lint *l, int fd, const struct reader_options *settings)
{
	struct stat st;
	int status = reader_open(&l->im.reader, fd, settings, &l->im.s->err);

	if (status < 0)
		return file_ends(l, status);
	status = import_check_form(&l->im);
	if (status < 0)
		return status;
	l->im.size = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
	status = lint_headers(l);
	if (status == CRM_OK)
		lint_find_matched(l);
	return status;
}

static int begin(struct lint *l, int fd)
{
	crm_store *s = l->im.s;
	struct reader_options settings;
	int status = import_check_options(s, l->im.e, &l->opt);

	if (status == CRM_OK)
		status = import_reader_settings(s, &l->opt, &settings);
	if (status == CRM_OK)
		status = import_context(&l->im, &l->convert, &l->zone);
	if (status == CRM_OK)
		status = record_init(&l->im.record, s, l->im.e);
	if (status < 0)
		return status;
	l->im.record.imported = true;
	l->im.record.unique = true; /* what a store has is not looked at: there may be none */
	l->convert.mem = &l->im.record.mem;
	if (l->opt.country)
		l->convert.country = l->opt.country;
	status = lint_defaults(l);
	return status == CRM_OK ? open_file(l, fd, &settings) : status;
}

int crm_lint(crm_cursor **out, crm_lint_result *result, crm_store *s, const crm_entity *e, int fd,
	const crm_import_options *opt, bool all)
{
	struct lint *l = calloc(1, sizeof(*l));
	int status;

	if (!l)
		return err_nomem(&s->err);
	*result = (crm_lint_result){ 0 };
	l->cursor = (struct crm_cursor){ .columns = lint_report_columns,
		.n = ARRAY_SIZE(lint_report_columns),
		.values = l->cells,
		.next = lint_next,
		.close = lint_close };
	l->opt = *opt;
	l->im = (struct import){ .s = s, .e = e, .opt = &l->opt, .note = no_note, .lint = true };
	l->result = result;
	l->all = all;
	idmap_init(&l->seen);
	lint_gbk_init(&l->gbk);
	status = begin(l, fd);
	if (status == CRM_OK && l->mem.failed)
		status = err_nomem(&s->err);
	if (status < 0) {
		lint_close(&l->cursor);
		return status;
	}
	*out = &l->cursor;
	return CRM_OK;
}
