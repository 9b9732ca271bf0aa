/* The journal against the records, against itself, and against its digests. */
#include "model/chain.h"
#include "service/check.h"

/*
 * Rows of an entity that name an operation which is not in the journal, or whose making it does not know; what a new
 * store begins with was made by none.
 */
static int check_journal_of(struct check *c, const struct crm_entity *e)
{
	static const char *const questions[] = {
		"SELECT t.id FROM %s t WHERE t.op > 0 AND NOT EXISTS (SELECT 1 FROM operation o WHERE o.id = t.op) "
		"ORDER BY t.id",
		"SELECT t.id FROM %s t WHERE t.op > 0 AND NOT EXISTS (SELECT 1 FROM change x WHERE x.entity = '%s'"
		" AND x.first_id = t.id AND (x.image IS NULL OR (json_valid(x.image) AND x.image ->> '$.op' = 0)))"
		" AND NOT EXISTS (SELECT 1 FROM change x WHERE x.entity = "
		"'%s'"
		" AND x.last_id > x.first_id AND x.first_id <= t.id AND x.last_id >= t.id) ORDER BY t.id",
	};
	static const char *const faults[] = {
		N_("%s %lld was last written by an operation that the journal does not have"),
		N_("%s %lld is not in the journal as created")
	};
	int status = CRM_OK;

	for (size_t i = 0; status >= 0 && i < ARRAY_SIZE(questions); i++) {
		cleanup(db_releasep) struct stmt *st = NULL;
		struct buf sql = BUF_INIT;

		for (const char *p = questions[i]; *p; p++)
			if (p[0] == '%' && p[1] == 's') {
				buf_puts(&sql, p[2] == '\'' ? e->name : e->table);
				p++;
			} else {
				buf_putc(&sql, *p);
			}
		for (status = check_ask(&st, c, &sql); status == CRM_OK; status = db_step(st))
			check_say(c, CHECK_PROBLEM, faults[i], check_word(c, e), (long long)db_int(st, 0));
	}
	return status < 0 ? status : CRM_OK;
}

static int check_images(struct check *c)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf sql = BUF_INIT;
	int status;

	buf_puts(&sql, "SELECT op, entity, first_id FROM change WHERE image IS NOT NULL AND NOT json_valid(image)");
	for (status = check_ask(&st, c, &sql); status == CRM_OK; status = db_step(st))
		check_say(c, CHECK_PROBLEM, "operation %lld: the image of %s %lld cannot be read",
			(long long)db_int(st, 0), db_text(st, 1), (long long)db_int(st, 2));
	return status < 0 ? status : CRM_OK;
}

int check_journal(struct check *c)
{
	int status = check_images(c);

	for (size_t i = 0; status >= 0 && i < crm_entity_count(); i++)
		if (!(crm_entity_at(i)->flags & ENTITY_FIXED))
			status = check_journal_of(c, crm_entity_at(i));
	return status;
}

/* An operation is undone by that which took it back and was not taken back itself. */
int check_undone(struct check *c)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf sql = BUF_INIT;
	int status;

	buf_puts(&sql,
		"SELECT o.id FROM operation o WHERE o.undone_by IS NOT (SELECT u.id FROM operation u WHERE u.undoes ="
		" o.id AND u.undone_by IS NULL) ORDER BY o.id");
	for (status = check_ask(&st, c, &sql); status == CRM_OK; status = db_step(st))
		check_say(c, CHECK_PROBLEM,
			"operation %lld: what is said to have taken it back did not: restore a backup",
			(long long)db_int(st, 0));
	return status < 0 ? status : CRM_OK;
}

static int check_link(const struct link *l, void *payload)
{
	struct check *c = payload;

	if (!l->kept)
		check_say(c, CHECK_PROBLEM, "operation %lld has no digest, though one before it has: restore a backup",
			(long long)l->op);
	else if (!link_fits(l))
		check_say(c, CHECK_PROBLEM,
			"operation %lld, or its changes, are not what they were when they were written down: compare "
			"them with a backup",
			(long long)l->op);
	return CRM_OK;
}

int check_digests(struct check *c)
{
	return chain_walk(c->s, check_link, c);
}

/* A number is never given twice: the table of the last ones may not be behind what is there or was in the journal. */
int check_numbers(struct check *c)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf sql = BUF_INIT;
	int status;

	for (size_t i = 0; i < crm_entity_count(); i++) {
		const struct crm_entity *e = crm_entity_at(i);

		buf_printf(&sql,
			"%sSELECT '%s' AS name, '%s' AS tab, (SELECT max(id) FROM %s) AS there, (SELECT max(last_id) "
			"FROM"
			" change WHERE entity = '%s') AS known",
			i ? " UNION ALL " : "SELECT n.name, n.tab FROM (", e->plural, e->table, e->table, e->name);
	}
	buf_puts(&sql, ") AS n LEFT JOIN sqlite_sequence q ON q.name = n.tab"
		       " WHERE coalesce(q.seq, 0) < max(coalesce(n.there, 0), coalesce(n.known, 0))");
	for (status = check_ask(&st, c, &sql); status == CRM_OK; status = db_step(st))
		check_say(c, CHECK_PROBLEM, "%s: a number would be given twice: restore a backup", db_text(st, 0));
	return status < 0 ? status : CRM_OK;
}
