/*
 * The ledger: numbers and times of what was erased, in the store (table erasure) and beside it (FILE-erased), and doing it
 * again where an older copy of the store comes back.
 *
 * A line of the file is: when, entity, number, the operation that had made the record, when that was, agent, login, with
 * tabs between; times are UTC seconds, `-` stands for what is not known; tabs, line ends and backslashes in names are
 * written \t \n \r \\. Lines that begin with # say nothing.
 */
#include "service/erase.h"

#include "model/customer.h"

#include <errno.h>
#include <stdio.h>

/* The operation that made record g; a range if it was one of many. */
#define MADE_OP                                                                                                        \
	"(SELECT min(op) FROM (SELECT min(c.op) AS op FROM change c WHERE c.entity = g.entity AND c.first_id = g.id"   \
	" AND c.image IS NULL UNION ALL SELECT min(c.op) FROM change c INDEXED BY change_range WHERE"                  \
	" c.entity = g.entity AND c.first_id <= g.id AND c.last_id >= g.id AND c.last_id > c.first_id))"

struct entry {
	int64_t at, record;
	const char *entity, *agent, *login;
	crm_value made_op, made_at;
};

struct crm_ledger {
	struct arena mem;
	struct entry *v;
	size_t n, cap;
};

int crm_ledger_new(crm_ledger **out)
{
	*out = calloc(1, sizeof(**out));
	return *out ? CRM_OK : CRM_NOMEM;
}

void crm_ledger_free(crm_ledger *l)
{
	if (!l)
		return;
	arena_free(&l->mem);
	free(l->v);
	free(l);
}

static void ledger_freep(crm_ledger **l)
{
	crm_ledger_free(*l);
}

static int add_entry(crm_ledger *l, crm_store *s, const struct entry *e)
{
	if (!e->entity || !e->agent || !e->login || !GROW(l->v, l->n, l->cap))
		return err_nomem(&s->err);
	l->v[l->n++] = *e;
	return CRM_OK;
}

/* --- of a store --- */

static const char *copy_text(crm_ledger *l, struct stmt *st, int col)
{
	return arena_copy(&l->mem, db_text(st, col), db_bytes(st, col));
}

/* Entries that the operation made, or all. */
static int read_store(crm_ledger *l, crm_store *s, int64_t op)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(&st, s,
		op ? "SELECT at, entity, record, made_op, made_at, agent, login FROM erasure WHERE op = $1 ORDER BY id"
		   : "SELECT at, entity, record, made_op, made_at, agent, login FROM erasure ORDER BY id",
		DB_SCAN);

	if (status < 0)
		return status;
	if (op)
		db_bind_int(st, 1, op);
	while (status == CRM_OK && (status = db_step(st)) == CRM_OK)
		status = add_entry(l, s,
			&(struct entry){ .at = db_int(st, 0),
				.entity = copy_text(l, st, 1),
				.record = db_int(st, 2),
				.made_op = db_value(st, 3),
				.made_at = db_value(st, 4),
				.agent = copy_text(l, st, 5),
				.login = copy_text(l, st, 6) });
	return status < 0 ? status : CRM_OK;
}

int crm_ledger_add_store(crm_ledger *l, crm_store *s)
{
	return read_store(l, s, 0);
}

/* --- of a file --- */

static const char escapes[] = "\tt\nn\rr\\\\"; /* each with the letter that stands for it */

static void put_name(struct buf *line, const char *s)
{
	buf_putc(line, '\t');
	for (; *s; s++) {
		const char *e = escapes;

		while (*e && *e != *s)
			e += 2;
		if (*e)
			buf_putc(line, '\\');
		buf_putc(line, *e ? e[1] : *s);
	}
}

/* The name that a column means, in place. */
static char *read_name(char *text)
{
	char *to = text;

	for (const char *s = text; *s; s++) {
		const char *e = escapes;

		if (*s == '\\' && s[1])
			for (s++; *e && e[1] != *s;)
				e += 2;
		else
			e = "";
		*to++ = *e ? *e : *s;
	}
	*to = '\0';
	return text;
}

static void put_number(struct buf *line, const crm_value *v)
{
	if (v->kind == CRM_INT)
		buf_printf(line, "\t%lld", (long long)v->i);
	else
		buf_puts(line, "\t-");
}

static int write_file(const crm_ledger *l, crm_store *s)
{
	struct buf lines = BUF_INIT;
	int status;

	for (size_t i = 0; i < l->n; i++) {
		const struct entry *e = &l->v[i];

		buf_printf(&lines, "%lld\t%s\t%lld", (long long)e->at, e->entity, (long long)e->record);
		put_number(&lines, &e->made_op);
		put_number(&lines, &e->made_at);
		put_name(&lines, e->agent);
		put_name(&lines, e->login);
		buf_putc(&lines, '\n');
	}
	status = buf_str(&lines) ? erasure_file_add(s, buf_str(&lines), lines.len) : err_nomem(&s->err);
	buf_free(&lines);
	return status;
}

static bool read_number(crm_value *out, const char *text)
{
	*out = (crm_value){ .kind = strcmp(text, "-") == 0 ? CRM_NULL : CRM_INT };
	return out->kind == CRM_NULL || parse_int64(text, strlen(text), INT64_MIN, INT64_MAX, &out->i);
}

enum {
	COLUMNS = 7
};

/* A line, which is cut up; false when it is none of ours. */
static bool read_line(struct entry *e, crm_ledger *l, char *line)
{
	char *columns[COLUMNS] = { line };
	crm_value at, record;
	size_t n = 1;

	for (char *tab = strchr(line, '\t'); tab && n < COLUMNS; tab = strchr(tab, '\t')) {
		*tab++ = '\0';
		columns[n++] = tab;
	}
	if (n < COLUMNS || !read_number(&at, columns[0]) || !read_number(&record, columns[2]) ||
		!read_number(&e->made_op, columns[3]) || !read_number(&e->made_at, columns[4]) || at.kind == CRM_NULL ||
		record.kind == CRM_NULL)
		return false;
	for (size_t i = 5; i < COLUMNS; i++)
		read_name(columns[i]);
	e->at = at.i;
	e->record = record.i;
	e->entity = arena_copy(&l->mem, columns[1], strlen(columns[1]));
	e->agent = arena_copy(&l->mem, columns[5], strlen(columns[5]));
	e->login = arena_copy(&l->mem, columns[6], strlen(columns[6]));
	return true;
}

static void closep(FILE **f)
{
	if (*f)
		fclose(*f);
}

int crm_ledger_add_file(crm_ledger *l, crm_store *s, const char *path)
{
	cleanup(closep) FILE *f = fopen(path, "re");
	cleanup(freep) char *line = NULL;
	size_t size = 0, number = 0;
	ssize_t len;
	int status = CRM_OK;

	if (!f)
		return err_set(&s->err, errno == ENOENT ? CRM_NOSTORE : CRM_FAILED, "%s: %s", path, strerror(errno));
	while (status == CRM_OK && (len = getline(&line, &size, f)) > 0) {
		struct entry e;

		number++;
		if (line[len - 1] != '\n') /* of a write that was cut off: its erasure was not committed */
			break;
		line[len - 1] = '\0';
		if (line[0] == '#')
			continue;
		status = read_line(&e, l, line) ? add_entry(l, s, &e)
						: err_set(&s->err, CRM_INVALID,
							  "%s:%zu: is no line of a ledger of erasures", path, number);
	}
	if (status == CRM_OK && ferror(f))
		status = err_set(&s->err, CRM_FAILED, "%s: %s", path, strerror(errno));
	return status;
}

/* --- writing down --- */

int ledger_note(struct erasing *x)
{
	cleanup(ledger_freep) crm_ledger *l = NULL;
	cleanup(db_releasep) struct stmt *st = NULL;
	crm_store *s = x->s;
	int status = db_prepare(&st, s,
		"INSERT INTO erasure (at, agent, login, entity, record, made_op, made_at, op, traces)"
		" SELECT $1, $2, $3, m.entity, m.id, m.op, (SELECT o.at FROM operation o WHERE o.id = m.op), $4, 1"
		" FROM (SELECT g.entity, g.id, " MADE_OP " AS op FROM temp.gone g WHERE g.entity = $5) m WHERE true"
		" ON CONFLICT (entity, record, made_op, made_at) DO UPDATE SET op = excluded.op, traces = 1",
		DB_SCAN | DB_ONCE);

	if (status < 0)
		return status;
	db_bind_int(st, 1, crm_store_now(s));
	db_bind_str(st, 2, crm_store_agent(s));
	db_bind_str(st, 3, s->login ? s->login : crm_store_agent(s));
	db_bind_int(st, 4, x->op);
	db_bind_str(st, 5, x->e->name);
	status = db_step(st);
	if (status < 0 || x->replays)
		return status < 0 ? status : CRM_OK;
	if (crm_ledger_new(&l) < 0)
		return err_nomem(&s->err);
	status = read_store(l, s, x->op);
	return status < 0 ? status : write_file(l, s);
}

/* --- doing it again --- */

/* Those that the store's own ledger does not have: done elsewhere, so far. */
static int take_over(crm_store *s, const crm_ledger *l)
{
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < l->n; i++) {
		const struct entry *e = &l->v[i];

		status = db_run(s,
			"INSERT INTO erasure (at, agent, login, entity, record, made_op, made_at)"
			" SELECT $1, $2, $3, $4, $5, $6, $7 WHERE NOT EXISTS (SELECT 1 FROM erasure WHERE entity = $4"
			" AND record = $5 AND made_op IS $6 AND made_at IS $7)",
			"isssivv", e->at, e->agent, e->login, e->entity, e->record, &e->made_op, &e->made_at);
	}
	return status;
}

/* Records of `e` that the ledger names and the store has, or its journal. */
static int find_present(int64_t **ids, size_t *n, crm_store *s, const struct crm_entity *e)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf sql = BUF_INIT;
	int status;

	buf_printf(&sql,
		"SELECT DISTINCT g.id FROM (SELECT entity, record AS id, made_op, made_at FROM erasure WHERE entity = "
		"'%s') g"
		" WHERE g.made_op IS " MADE_OP " AND g.made_at IS (SELECT o.at FROM operation o WHERE o.id = g.made_op)"
		" AND (EXISTS (SELECT 1 FROM %s t WHERE t.id = g.id) OR EXISTS (SELECT 1 FROM change c WHERE"
		" c.entity = g.entity AND c.first_id = g.id AND " IMAGE_WHOLE("c") ")) ORDER BY g.id",
		e->name, e->table);
	status = buf_str(&sql) ? db_prepare(&st, s, sql.s, DB_SCAN | DB_ONCE) : err_nomem(&s->err);
	buf_free(&sql);
	return status < 0 ? status : db_gather_ids(ids, n, s, st);
}

static int replay(size_t *erased, crm_store *s, const crm_ledger *l)
{
	int status = take_over(s, l);

	for (size_t i = 0; status == CRM_OK && i < crm_entity_count(); i++) {
		cleanup(freep) int64_t *ids = NULL;
		struct erasing x = { .s = s, .e = crm_entity_at(i), .replays = true };
		size_t n = 0;

		status = find_present(&ids, &n, s, x.e);
		if (status == CRM_OK && n > 0)
			status = erase_all(&x, ids, n);
		crm_erased_free(&x.out);
		*erased += n;
	}
	return status;
}

int crm_privacy_replay(size_t *erased, crm_store *s, const crm_ledger *l)
{
	size_t n = 0;
	int status = op_require(s, "privacy erase (what the ledger says)");

	if (status < 0)
		return status;
	status = op_finish(s, replay(&n, s, l));
	if (status == CRM_OK)
		*erased = n;
	return status;
}

int crm_ledger_keep(const crm_ledger *l, crm_store *s)
{
	return l->n > 0 ? write_file(l, s) : CRM_OK;
}
