#include "model/chain.h"
#include <crm/journal.h>
#include <stdio.h>

enum {
	TELL_EVERY = 1000
};

/* Each digest is computed from the kept one before it, or, when all are made anew, from the computed one. */
static int walk(crm_store *s, bool renew, link_fn fn, void *payload)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	char previous[SHA256_HEX + 1] = "";
	int64_t last = 0;
	uint64_t n = 0;
	int status = db_get_int(&last, s, "SELECT max(id) FROM operation", "");

	if (status == CRM_OK)
		status = db_prepare(&st, s, "SELECT id, at, digest FROM operation ORDER BY id", DB_SCAN);
	while (status == CRM_OK && (status = db_step(st)) == CRM_OK) {
		struct link l = { .op = db_int(st, 0), .at = db_int(st, 1), .kept = db_text(st, 2) };

		if (!l.kept && !*previous)
			continue;
		if (n++ % TELL_EVERY == 0)
			store_event(
				s, CRM_EVENT_PROGRESS, (uint64_t)l.op, (uint64_t)last, crm_tr("reading the journal"));
		status = s->interrupted ? err_set(&s->err, CRM_INTERRUPTED, "interrupted: nothing was changed")
					: op_digest(l.hex, s, *previous ? previous : NULL, l.op);
		if (status == CRM_OK)
			status = fn(&l, payload);
		if (renew)
			memcpy(previous, l.hex, sizeof(previous));
		else if (l.kept && strlen(l.kept) == SHA256_HEX)
			memcpy(previous, l.kept, sizeof(previous));
	}
	return status < 0 ? status : CRM_OK;
}

int chain_walk(crm_store *s, link_fn fn, void *payload)
{
	return walk(s, false, fn, payload);
}

static int put_anew(const struct link *l, void *s)
{
	return link_fits(l) ? CRM_OK : db_run(s, "UPDATE operation SET digest = $1 WHERE id = $2", "si", l->hex, l->op);
}

int chain_renew(crm_store *s)
{
	return walk(s, true, put_anew, s);
}

/* --- a line of it, kept elsewhere --- */

#define LINE_WORD "crm-digest v1"

int crm_history_digest(char line[CRM_DIGEST_LINE], crm_store *s)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct civil at;
	int status = db_prepare(
		&st, s, "SELECT id, at, digest FROM operation WHERE digest IS NOT NULL ORDER BY id DESC LIMIT 1", 0);

	if (status == CRM_OK)
		status = db_step(st);
	if (status < 0)
		return status;
	if (status == CRM_END)
		return err_set(&s->err, CRM_NOTFOUND, "the journal has no digest yet: the next operation makes one");
	civil_from_seconds(db_int(st, 1), &at);
	snprintf(line, CRM_DIGEST_LINE, LINE_WORD " %lld %04d-%02d-%02dT%02d:%02d:%02dZ %.64s",
		(long long)db_int(st, 0), at.year, at.month, at.day, at.hour, at.minute, at.second, db_text(st, 2));
	return CRM_OK;
}

struct verification {
	crm_store *s;
	int64_t op, later;
	const char *hex;
	bool found;
};

static int compare(const struct link *l, void *payload)
{
	struct verification *v = payload;
	struct err *err = &v->s->err;

	if (!link_fits(l))
		return l->op <= v->op
			       ? err_set(err, CRM_REJECTED,
					 "operation %lld is not what it was when it was written down", (long long)l->op)
			       : err_set(err, CRM_REJECTED,
					 "unchanged up to operation %lld; operation %lld, after it, is not what it "
					 "was when it was written down",
					 (long long)v->op, (long long)l->op);
	v->later += l->op > v->op;
	if (l->op != v->op)
		return CRM_OK;
	v->found = true;
	return strcmp(l->hex, v->hex) == 0
		       ? CRM_OK
		       : err_set(err, CRM_REJECTED,
				 "the journal is another one: operation %lld, or one before it, is not what it was "
				 "when the line was printed",
				 (long long)v->op);
}

/* What of the line counts: the number and the digest; the time is for people. */
static bool read_line(struct verification *v, const char *line, char hex[SHA256_HEX + 1])
{
	char number[21], time[32], rest;

	if (sscanf(line, " " LINE_WORD " %20[0-9] %31s %64[0-9a-f] %c", number, time, hex, &rest) != 3)
		return false;
	v->hex = hex;
	return strlen(hex) == SHA256_HEX && parse_int64(number, strlen(number), 1, INT64_MAX, &v->op);
}

int crm_history_verify(int64_t *later, crm_store *s, const char *line)
{
	struct verification v = { .s = s };
	char hex[SHA256_HEX + 1];
	int status;

	if (!read_line(&v, line, hex))
		return err_set(&s->err, CRM_INVALID,
			"'%s' is no line of `crm history --digest`: " LINE_WORD " OPERATION TIME DIGEST", line);
	status = db_hold(s);
	if (status < 0)
		return status;
	status = chain_walk(s, compare, &v);
	db_unhold(s);
	if (status == CRM_OK && !v.found)
		status = err_set(
			&s->err, CRM_REJECTED, "the journal has no operation %lld with a digest", (long long)v.op);
	if (status == CRM_OK)
		*later = v.later;
	return status;
}
