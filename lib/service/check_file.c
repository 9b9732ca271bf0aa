/* What SQLite can say of the file, what is in it that crm did not make or should not be any more, and who may read it. */
#include "service/check.h"

/* What integrity_check says of an index that does not fit its table, which is whole; the name follows. */
static const char *const index_faults[] = { "wrong # of entries in index ", " missing from index ",
	" values differ from index ", "non-unique entry in index " };

static const char *blamed_index(const char *line)
{
	for (size_t i = 0; i < ARRAY_SIZE(index_faults); i++) {
		const char *found = strstr(line, index_faults[i]);
		const char *name = found ? found + strlen(index_faults[i]) : NULL;

		if (name && schema_is_ours(name))
			return name;
	}
	return NULL;
}

/* Reads it all: *index is the first index that is blamed, *others whether anything else is. */
static int read_integrity(struct check *c, char **index, bool *others, bool tell)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(&st, c->s, "PRAGMA integrity_check", DB_SCAN | DB_ONCE);

	*index = NULL;
	*others = false;
	while (status == CRM_OK && (status = db_step(st)) == CRM_OK) {
		const char *line = db_text(st, 0), *name;

		if (!line || strcmp(line, "ok") == 0)
			continue;
		name = blamed_index(line);
		*others |= !name;
		if (name && !*index && !(*index = strdup(name)))
			return err_nomem(&c->s->err);
		if (tell && name)
			check_say(c, CHECK_PROBLEM, "%s: --fix makes the index again", line);
		else if (tell)
			check_say(c, CHECK_PROBLEM, "%s: restore a backup", line);
	}
	return status < 0 ? status : CRM_OK;
}

/* Indexes are made from their tables: as long as nothing but indexes is blamed, one after the other is made again. */
int check_integrity(struct check *c)
{
	char *index = NULL, *last = NULL;
	bool others, again;
	int status;

	do {
		free(index);
		status = read_integrity(c, &index, &others, false);
		again = status == CRM_OK && c->fix && index && !others && !(last && strcmp(last, index) == 0);
		if (again) {
			struct buf sql = BUF_INIT;

			buf_printf(&sql, "REINDEX %s", index);
			status = buf_str(&sql) ? db_exec(c->s, sql.s) : err_nomem(&c->s->err);
			buf_free(&sql);
			check_say(c, CHECK_FIXED, "index %s made again", index);
			free(last);
			last = TAKE_PTR(index);
		}
	} while (again && status == CRM_OK);
	if (status == CRM_OK && (index || others)) {
		free(index);
		status = read_integrity(c, &index, &others, true);
	}
	free(index);
	free(last);
	return status;
}

int check_foreign_keys(struct check *c)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(&st, c->s, "PRAGMA foreign_key_check", DB_SCAN | DB_ONCE);

	while (status == CRM_OK && (status = db_step(st)) == CRM_OK)
		check_say(c, CHECK_PROBLEM, "row %lld of %s refers to nothing in %s: restore a backup",
			(long long)db_int(st, 1), db_text(st, 0), db_text(st, 2));
	return status;
}

static void foreign_object(const char *type, const char *name, void *payload)
{
	check_say(payload, CHECK_OK, "%s '%s' is not ours: accepted", type, name);
}

int check_schema(struct check *c)
{
	return schema_foreign(c->s, foreign_object, c);
}

static void loose(const char *path, unsigned mode, unsigned wanted, void *payload)
{
	check_say(payload, CHECK_PROBLEM, "%s can be read or written by more than should (mode %03o): chmod %03o", path,
		mode, wanted);
}

/* Others must not read the store; a store made with --shared belongs to a group on purpose. */
int check_modes(struct check *c)
{
	return store_loose(c->s, loose, c);
}

/* What was erased for good may be in pages of the file still. */
int check_erasures(struct check *c)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf sql = BUF_INIT;
	int status;

	buf_puts(&sql, "SELECT count(*) FROM erasure WHERE traces = 1");
	status = check_ask(&st, c, &sql);
	if (status == CRM_OK && db_int(st, 0) > 0)
		check_say(c, CHECK_PROBLEM,
			db_int(st, 0) == 1 ? N_("the file may hold traces of %lld erased record: crm vacuum")
					   : N_("the file may hold traces of %lld erased records: crm vacuum"),
			(long long)db_int(st, 0));
	return status < 0 ? status : CRM_OK;
}
