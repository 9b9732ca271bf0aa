/* Rows against their sums: what was written last is what is there. */
#include "service/check.h"

/* *without: rows that have no sum, since nothing wrote them after schema 4. */
static int check_rows_of(struct check *c, const struct crm_entity *e, uint64_t *without)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf sql = BUF_INIT;
	int status;

	buf_puts(&sql, "SELECT id, row_sum IS NULL FROM ");
	buf_printf(&sql, "%s WHERE row_sum IS NULL OR row_sum <> ", e->table);
	if (row_sum_put(&sql, e, NULL, NULL) < 0)
		sql.failed = true;
	buf_puts(&sql, " ORDER BY id");
	for (status = check_ask(&st, c, &sql); status == CRM_OK; status = db_step(st))
		if (db_int(st, 1))
			++*without;
		else
			check_say(c, CHECK_PROBLEM,
				"%s %lld is not what was written last: compare it with a backup; saving it anew "
				"accepts "
				"it as it is",
				check_word(c, e), (long long)db_int(st, 0));
	return status < 0 ? status : CRM_OK;
}

int check_rows(struct check *c)
{
	uint64_t without = 0;
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < crm_entity_count(); i++)
		status = check_rows_of(c, crm_entity_at(i), &without);
	if (status < 0 || without == 0)
		return status;
	if (c->fix)
		check_say(c, CHECK_FIXED, "%llu records have a sum now", (unsigned long long)without);
	else
		check_say(c, CHECK_OK,
			"%llu records were written before schema 4 and have no sum yet: --fix gives them one",
			(unsigned long long)without);
	return c->fix ? row_sum_fill(c->s, false) : CRM_OK;
}
