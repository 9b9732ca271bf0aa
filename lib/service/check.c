/*
 * crm_check: what SQLite can say of the file, and what only we can: facts against a recomputation, rows and journal
 * against their sums and digests, things in the file that crm did not make.
 */
#include "service/check.h"

static const crm_column check_columns[] = {
	COLUMN("check", "Check", "what was checked", CRM_TEXT),
	COLUMN("status", "Status", "ok, problem or fixed", CRM_TEXT),
	COLUMN("detail", "Detail", "what was found", CRM_TEXT),
};

static void put(struct check *c, const char *status, const char *detail)
{
	rowset_begin(c->rows);
	rowset_str(c->rows, 0, c->name);
	rowset_str(c->rows, 1, status);
	rowset_str(c->rows, 2, detail);
}

/* Whether a line of that status is put; counts what is found. */
static bool count(struct check *c, enum check_status status)
{
	bool remains = status == CHECK_PROBLEM || (status == CHECK_MENDABLE && !c->fix);

	c->found += status == CHECK_PROBLEM || status == CHECK_MENDABLE;
	c->problems += remains;
	c->told += remains;
	if (status == CHECK_OK)
		return !c->only_problems;
	return remains ? c->told <= CHECK_TOLD_MAX : status == CHECK_FIXED;
}

void check_say(struct check *c, enum check_status status, const char *fmt, ...)
{
	static const char *const words[] = { "ok", "problem", "problem", "fixed" };
	struct buf text = BUF_INIT;
	va_list ap;

	if (!count(c, status))
		return;
	va_start(ap, fmt);
	buf_vprintf(&text, store_tr(c->s, fmt), ap);
	va_end(ap);
	put(c, words[status], buf_str(&text));
	buf_free(&text);
}

int check_ask(struct stmt **st, struct check *c, struct buf *sql)
{
	int status = buf_str(sql) ? db_prepare(st, c->s, sql->s, DB_SCAN | DB_ONCE) : err_nomem(&c->s->err);

	buf_free(sql);
	return status < 0 ? status : db_step(*st);
}

static const struct {
	const char *name;
	int (*run)(struct check *);
} checks[] = {
	{ "integrity", check_integrity },
	{ "foreign keys", check_foreign_keys },
	{ "schema", check_schema },
	{ "facts", check_facts },
	{ "pinyin", check_pinyin },
	{ "search", check_search },
	{ "rows", check_rows },
	{ "journal", check_journal },
	{ "undone", check_undone },
	{ "digests", check_digests },
	{ "numbers", check_numbers },
	{ "erasures", check_erasures },
	{ "modes", check_modes },
};

static void put_rest(struct check *c)
{
	struct buf text = BUF_INIT;

	buf_printf(&text, store_tr(c->s, "and %zu more"), c->told - CHECK_TOLD_MAX);
	put(c, "problem", buf_str(&text));
	buf_free(&text);
}

/* Where the file is damaged a check may come to no end; the others may still have something to say. */
static int run_check(struct check *c, size_t i)
{
	size_t rows = rowset_rows(c->rows);
	int status;

	c->name = checks[i].name;
	c->found = c->told = 0;
	store_event(c->s, CRM_EVENT_PROGRESS, i, c->total, c->name);
	status = c->s->interrupted ? err_set(&c->s->err, CRM_INTERRUPTED, "interrupted: nothing was changed")
				   : checks[i].run(c);
	if (status == CRM_SCHEMA && !c->fix) {
		check_say(c, CHECK_PROBLEM, "could not be finished: %s", crm_errmsg(c->s));
		status = CRM_OK;
	}
	if (c->told > CHECK_TOLD_MAX)
		put_rest(c);
	if (status >= 0 && rowset_rows(c->rows) == rows && !c->only_problems)
		put(c, "ok", NULL);
	return status;
}

static int run_checks(struct check *c)
{
	int status = c->fix ? crm_begin(c->s, "check --fix") : db_hold(c->s); /* of one moment, while others write */

	if (status < 0)
		return status;
	for (size_t i = 0; status >= 0 && i < ARRAY_SIZE(checks); i++)
		status = run_check(c, i);
	if (!c->fix)
		db_unhold(c->s);
	else if (status >= 0)
		status = crm_commit(c->s);
	else
		crm_rollback(c->s);
	return status < 0 ? status : CRM_OK;
}

int crm_check(crm_cursor **out, crm_store *s, unsigned flags, size_t *problems)
{
	struct check c = { .s = s,
		.fix = flags & CRM_CHECK_FIX,
		.only_problems = flags & CRM_CHECK_PROBLEMS,
		.total = ARRAY_SIZE(checks) };
	int status = rowset_new(&c.rows, check_columns, ARRAY_SIZE(check_columns)) < 0 ? err_nomem(&s->err) : CRM_OK;

	if (status == CRM_OK)
		status = run_checks(&c);
	if (status < 0) {
		rowset_free(c.rows);
		return status;
	}
	*problems = c.problems;
	return rowset_cursor(out, c.rows) < 0 ? err_nomem(&s->err) : CRM_OK;
}
