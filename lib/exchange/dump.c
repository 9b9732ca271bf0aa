/* The whole store as text. */
#include "exchange/dump_line.h"
#include "text/text.h"
#include <crm/exchange.h>
#include <errno.h>

struct dump {
	crm_store *s;
	int fd;
	bool history;
	struct buf out;
	struct sha256 sha;
	uint64_t rows;
};

enum {
	WRITE_SIZE = 1 << 16
};

static int write_out(struct dump *d)
{
	if (d->out.failed)
		return err_nomem(&d->s->err);
	if (!write_all(d->fd, d->out.s, d->out.len))
		return err_set(&d->s->err, CRM_FAILED, "the dump could not be written: %s", strerror(errno));
	buf_clear(&d->out);
	return CRM_OK;
}

/* Ends the line that began at `start` of the buffer. */
static int end_line(struct dump *d, size_t start)
{
	buf_putc(&d->out, '\n');
	if (d->out.failed)
		return err_nomem(&d->s->err);
	sha256_add(&d->sha, d->out.s + start, d->out.len - start);
	return d->out.len >= WRITE_SIZE ? write_out(d) : CRM_OK;
}

static void put_hex(struct buf *out, const char *name, const char *s, size_t len)
{
	buf_printf(out, "{\"%s\":\"", name);
	buf_hex(out, s, len);
	buf_puts(out, "\"}");
}

static void put_value(struct buf *out, struct stmt *st, int col)
{
	crm_value v = db_value(st, col);
	size_t bad;

	if (db_is_blob(st, col))
		put_hex(out, "bytes", v.s, v.len);
	else if (v.kind == CRM_INT)
		buf_printf(out, "%lld", (long long)v.i);
	else if (v.kind == CRM_DOUBLE)
		buf_printf(out, "%.17g", v.d);
	else if (utf8_valid(v.s, v.len, &bad))
		buf_json(out, v.s, v.len);
	else
		put_hex(out, "hex", v.s, v.len);
}

static int put_row(struct dump *d, const struct table *t, struct stmt *st)
{
	size_t start = d->out.len;
	bool first = true;

	buf_printf(&d->out, "%s {", t->name);
	for (size_t i = 0; i < t->n; i++) {
		if (db_is_null(st, (int)i) || (!d->history && dump_is_of_history(t->columns[i])))
			continue;
		buf_printf(&d->out, "%s\"%s\":", first ? "" : ",", t->columns[i]);
		put_value(&d->out, st, (int)i);
		first = false;
	}
	buf_putc(&d->out, '}');
	d->rows++;
	return end_line(d, start);
}

static int put_table(struct dump *d, const struct table *t)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf sql = BUF_INIT;
	int status;

	buf_puts(&sql, "SELECT ");
	for (size_t i = 0; i < t->n; i++)
		buf_printf(&sql, "%s%s", i ? ", " : "", t->columns[i]);
	buf_printf(&sql, " FROM %s ORDER BY %s", t->name, t->order);
	status = buf_str(&sql) ? db_prepare(&st, d->s, sql.s, DB_SCAN | DB_ONCE) : err_nomem(&d->s->err);
	buf_free(&sql);
	while (status >= 0 && (status = db_step(st)) == CRM_OK)
		status = put_row(d, t, st);
	return status < 0 ? status : CRM_OK;
}

/* The highest number that a table ever gave: it is never given again. */
static int put_sequences(struct dump *d)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(&st, d->s, "SELECT name, seq FROM sqlite_sequence ORDER BY name", DB_SCAN | DB_ONCE);

	while (status >= 0 && (status = db_step(st)) == CRM_OK) {
		size_t start = d->out.len;

		if (!schema_is_ours(db_text(st, 0)) || (!d->history && dump_is_history(db_text(st, 0))))
			continue;
		buf_printf(&d->out, DUMP_SEQUENCE " {\"table\":\"%s\",\"last\":%lld}", db_text(st, 0),
			(long long)db_int(st, 1));
		d->rows++;
		status = end_line(d, start);
	}
	return status < 0 ? status : CRM_OK;
}

static int put_all(struct dump *d)
{
	char digest[SHA256_HEX + 1];
	struct tables tables;
	int status = tables_read(&tables, d->s);

	buf_printf(&d->out, DUMP_HEADER " {\"format\":%d,\"schema\":%d,\"history\":%s}", DUMP_FORMAT,
		crm_schema_version(), d->history ? "true" : "false");
	if (status == CRM_OK)
		status = end_line(d, 0);
	for (size_t i = 0; status == CRM_OK && i < tables.n; i++) {
		store_event(d->s, CRM_EVENT_PROGRESS, i, tables.n, "dumping");
		if (d->history || !dump_is_history(tables.v[i].name))
			status = put_table(d, &tables.v[i]);
	}
	tables_free(&tables);
	if (status == CRM_OK)
		status = put_sequences(d);
	sha256_end(&d->sha, digest);
	buf_printf(&d->out, DUMP_END " {\"rows\":%llu,\"sha256\":\"%s\"}\n", (unsigned long long)d->rows, digest);
	return status == CRM_OK ? write_out(d) : status;
}

int crm_dump(crm_store *s, int fd, bool history)
{
	struct dump d = { .s = s, .fd = fd, .history = history };
	int status = db_hold(s);

	if (status < 0)
		return status;
	sha256_begin(&d.sha);
	status = put_all(&d);
	db_unhold(s);
	buf_free(&d.out);
	return status;
}
