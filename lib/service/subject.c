/*
 * All that is stored about a customer: the records that an erasure would take, and what the journal has of them. Found by
 * the descriptions, so that a new entity is part of it without further code.
 */
#include "service/erase.h"

#include "base/cursor.h"

struct crm_subject {
	crm_store *s;
	int64_t customer;
	const struct crm_entity **parts; /* entities that lead to a customer, itself first */
	size_t n;
};

/* Parts behind those of entities. */
enum {
	JOURNAL,
	LEDGER,
	MORE_PARTS
};

static bool hangs_on(const struct reference *ref)
{
	return !(ref->f->flags & (FIELD_LETGO | FIELD_HANDLE)) && field_is_stored(ref->f);
}

static bool is_part(const struct crm_subject *x, const struct crm_entity *e)
{
	for (size_t i = 0; i < x->n; i++)
		if (x->parts[i] == e)
			return true;
	return false;
}

/* What hangs on a customer, what on that, and so on; parts grow on the way. */
static int find_parts(struct crm_subject *x)
{
	x->parts = calloc(crm_entity_count(), sizeof(struct crm_entity *));
	if (!x->parts)
		return err_nomem(&x->s->err);
	x->parts[x->n++] = crm_entity_find("customer");
	for (size_t i = 0; i < x->n; i++) {
		struct reference ref;
		size_t at = 0;

		while (x->parts[i]->flags & ENTITY_CASCADE && next_reference(&ref, &at, x->parts[i]))
			if (hangs_on(&ref) && !is_part(x, ref.e))
				x->parts[x->n++] = ref.e;
	}
	return CRM_OK;
}

/* Records that refer to what was found, into temp.gone. */
static int add_referring(struct crm_subject *x, const struct reference *ref)
{
	struct buf sql = BUF_INIT;

	buf_printf(&sql,
		"INSERT INTO temp.gone (entity, id) SELECT '%s', t.id FROM temp.gone g JOIN %s t ON t.%s = g.id"
		" WHERE g.entity = '%s' ON CONFLICT DO NOTHING",
		ref->e->name, ref->e->table, field_column(ref->f), ref->f->target);
	return erase_run(x->s, &sql, NULL);
}

static int add_records(struct crm_subject *x)
{
	int status = db_run(x->s, "INSERT INTO temp.gone (entity, id) VALUES ('customer', $1)", "i", x->customer);

	for (size_t i = 0; status == CRM_OK && i < x->n; i++) {
		struct reference ref;
		size_t at = 0;

		while (status == CRM_OK && x->parts[i]->flags & ENTITY_CASCADE &&
			next_reference(&ref, &at, x->parts[i]))
			if (hangs_on(&ref))
				status = add_referring(x, &ref);
	}
	if (status == CRM_OK) /* the numbers that those had who were merged into it */
		status = db_run(x->s,
			"INSERT INTO temp.gone (entity, id) SELECT 'customer', l.number FROM customer_link l WHERE"
			" l.customer = $1 AND l.kind = 'merged' AND l.number IS NOT NULL ON CONFLICT DO NOTHING",
			"i", x->customer);
	return status;
}

static int gather(struct crm_subject *x)
{
	struct erasing removed = { .s = x->s, .e = x->parts[0] };
	int status = erase_make_table(x->s);

	if (status == CRM_OK)
		status = add_records(x);
	return status == CRM_OK ? erase_gather_removed(&removed) : status;
}

int crm_subject_new(crm_subject **out, crm_store *s, int64_t customer)
{
	crm_subject *x = calloc(1, sizeof(*x));
	int status = x ? db_hold(s) : err_nomem(&s->err);

	if (status < 0) {
		free(x);
		return status;
	}
	*x = (crm_subject){ .s = s, .customer = customer };
	status = find_parts(x);
	if (status == CRM_OK)
		status = gather(x);
	if (status < 0)
		crm_subject_free(x);
	else
		*out = x;
	return status;
}

void crm_subject_free(crm_subject *x)
{
	if (!x)
		return;
	db_exec(x->s, "DROP TABLE IF EXISTS temp.gone");
	db_unhold(x->s);
	free(x->parts);
	free(x);
}

size_t crm_subject_parts(const crm_subject *x)
{
	return x->n + MORE_PARTS;
}

const char *crm_subject_name(const crm_subject *x, size_t part)
{
	static const char *const more[] = { [JOURNAL] = "journal", [LEDGER] = "erasure" };

	return part < x->n ? x->parts[part]->name : more[part - x->n];
}

/* --- records --- */

static int collect_ids(int64_t **ids, size_t *n, crm_store *s, const char *entity)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(&st, s, "SELECT id FROM temp.gone WHERE entity = $1 ORDER BY id", 0);

	if (status < 0)
		return status;
	db_bind_str(st, 1, entity);
	return db_gather_ids(ids, n, s, st);
}

/* All fields of those that are there. */
static int open_records(crm_cursor **out, const crm_subject *x, const struct crm_entity *e)
{
	cleanup(freep) int64_t *ids = NULL;
	crm_query *q = NULL;
	size_t n = 0;
	int status = collect_ids(&ids, &n, x->s, e->name);

	if (status == CRM_OK)
		status = crm_query_new(&q, x->s, e);
	if (status == CRM_OK)
		status = crm_query_fields_all(q);
	if (status == CRM_OK)
		status = crm_query_ids(q, ids ? ids : &x->customer, n);
	if (status == CRM_OK)
		status = crm_query_open(out, q);
	crm_query_free(q);
	return status;
}

/* --- journal and ledger --- */

static const crm_column journal_columns[] = {
	COLUMN("operation", "Operation", "number of the operation", CRM_INTEGER),
	COLUMN("at", "Time", "when", CRM_TIME),
	COLUMN("agent", "Agent", "who acted", CRM_TEXT),
	COLUMN("login", "Login", "whose login it was", CRM_TEXT),
	COLUMN("command", "Command", "what was done", CRM_TEXT),
	COLUMN("entity", "Entity", "what kind of record it was done to", CRM_TEXT),
	COLUMN("record", "Record", "its number", CRM_INTEGER),
	COLUMN("before", "Before", "the record before, as JSON; empty: it was made", CRM_TEXT),
};

/* Ranges of made records say one only of each that is among ours. */
static const char journal_sql[] =
	"SELECT c.op, o.at, o.agent, o.login, o.command, g.entity, g.id, c.image FROM temp.gone g JOIN change c"
	" ON c.entity = g.entity AND c.first_id = g.id JOIN operation o ON o.id = c.op"
	" UNION ALL SELECT c.op, o.at, o.agent, o.login, o.command, g.entity, g.id, NULL FROM temp.gone g JOIN change c"
	" INDEXED BY change_range ON c.entity = g.entity AND c.first_id < g.id AND c.last_id >= g.id"
	" AND c.last_id > c.first_id JOIN operation o ON o.id = c.op ORDER BY 1, 6, 7";

static const crm_column ledger_columns[] = {
	COLUMN("at", "Time", "when it was erased", CRM_TIME),
	COLUMN("agent", "Agent", "who acted", CRM_TEXT),
	COLUMN("login", "Login", "whose login it was", CRM_TEXT),
	COLUMN("entity", "Entity", "what kind of record it was", CRM_TEXT),
	COLUMN("record", "Record", "its number", CRM_INTEGER),
	COLUMN("operation", "Operation", "that erased it", CRM_INTEGER),
};

static const char ledger_sql[] =
	"SELECT e.at, e.agent, e.login, e.entity, e.record, e.op FROM temp.gone g JOIN erasure e ON e.entity = g.entity"
	" AND e.record = g.id ORDER BY e.id";

static int open_rows(crm_cursor **out, crm_store *s, const char *sql, const crm_column *columns, size_t n)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(&st, s, sql, DB_SCAN);

	return status < 0 ? status : db_gather(out, s, st, columns, n);
}

int crm_subject_open(crm_cursor **out, const crm_subject *x, size_t part)
{
	if (part < x->n)
		return open_records(out, x, x->parts[part]);
	if (part - x->n == JOURNAL)
		return open_rows(out, x->s, journal_sql, journal_columns, ARRAY_SIZE(journal_columns));
	return open_rows(out, x->s, ledger_sql, ledger_columns, ARRAY_SIZE(ledger_columns));
}
