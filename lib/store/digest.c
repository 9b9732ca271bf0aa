/*
 * The digest of an operation: SHA-256 of the digest before it and of all that it did, so that nobody can change what
 * the journal says of the past without changing all that follows. The bytes are told in crm-schema(5), for others to
 * compute them; an image stands in them with its hash, which stays when the image is erased.
 */
#include "store/store.h"

static void add(struct sha256 *sha, const struct buf *line)
{
	sha256_add(sha, line->s, line->len);
}

/* A text that may hold anything: its length in bytes, a colon, the text. */
static void put_text(struct buf *out, struct stmt *st, int col)
{
	buf_printf(out, "%zu:", db_bytes(st, col));
	buf_add(out, db_text(st, col), db_bytes(st, col));
}

static int add_header(struct sha256 *sha, struct buf *line, crm_store *s, const char *previous, int64_t op)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(&st, s, "SELECT at, undoes, agent, login, command FROM operation WHERE id = $1", 0);

	if (status < 0)
		return status;
	db_bind_int(st, 1, op);
	status = db_step(st);
	if (status != CRM_OK)
		return status < 0 ? status
				  : err_set(&s->err, CRM_NOTFOUND, "there is no operation %lld", (long long)op);
	buf_printf(line, "crm 1\n%s\n%lld %lld ", previous ? previous : "-", (long long)op, (long long)db_int(st, 0));
	if (db_is_null(st, 1))
		buf_putc(line, '-');
	else
		buf_printf(line, "%lld", (long long)db_int(st, 1));
	for (int col = 2; col <= 4; col++) {
		buf_putc(line, ' ');
		put_text(line, st, col);
	}
	buf_putc(line, '\n');
	add(sha, line);
	return CRM_OK;
}

static int add_changes(struct sha256 *sha, struct buf *line, crm_store *s, int64_t op)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	char hash[SHA256_HEX + 1];
	int status = db_prepare(&st, s,
		"SELECT entity, first_id, last_id, image FROM change WHERE op = $1 ORDER BY entity, first_id", 0);

	if (status < 0)
		return status;
	db_bind_int(st, 1, op);
	while ((status = db_step(st)) == CRM_OK && !line->failed) {
		const char *entity = db_text(st, 0), *image = db_text(st, 3);

		if (image)
			image_hash(hash, image, db_bytes(st, 3));
		buf_clear(line);
		buf_printf(line, "%s %lld %lld %s\n", entity ? entity : "", (long long)db_int(st, 1),
			(long long)db_int(st, 2), image ? hash : "-");
		add(sha, line);
	}
	return status < 0 ? status : CRM_OK;
}

int op_digest(char hex[SHA256_HEX + 1], crm_store *s, const char *previous, int64_t op)
{
	struct buf line = BUF_INIT;
	struct sha256 sha;
	int status;

	sha256_begin(&sha);
	status = add_header(&sha, &line, s, previous, op);
	if (status == CRM_OK)
		status = add_changes(&sha, &line, s, op);
	if (status == CRM_OK && line.failed)
		status = err_nomem(&s->err);
	buf_free(&line);
	sha256_end(&sha, hex);
	return status;
}

int op_sign(crm_store *s, int64_t op)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	char hex[SHA256_HEX + 1];
	int status = db_prepare(&st, s,
		"SELECT digest FROM operation WHERE id < $1 AND digest IS NOT NULL ORDER BY id DESC LIMIT 1", 0);

	if (status < 0)
		return status;
	db_bind_int(st, 1, op);
	status = db_step(st);
	if (status >= 0)
		status = op_digest(hex, s, status == CRM_OK ? db_text(st, 0) : NULL, op);
	return status < 0 ? status : db_run(s, "UPDATE operation SET digest = $1 WHERE id = $2", "si", hex, op);
}
