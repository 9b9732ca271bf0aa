/*
 * Runs at build time: makes the schema by all migrations and writes, after each, the text that SQLite keeps of each
 * object, so that opening a store can compare it exactly (schema.c).
 */
#include "store/migrations.h"
#include <sqlite3.h>
#include <stdio.h>

static void put_literal(const char *s)
{
	putchar('"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			putchar('\\');
		if (*s == '\n')
			fputs("\\n", stdout);
		else
			putchar(*s);
	}
	putchar('"');
}

/* The objects of the version that the database has reached. */
static int put_objects(sqlite3 *db, int version)
{
	sqlite3_stmt *st;

	if (sqlite3_prepare_v2(db,
		    "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
		    " ORDER BY name",
		    -1, &st, NULL) != SQLITE_OK)
		return 1;
	printf("static const struct schema_object schema_%d[] = {\n", version);
	while (sqlite3_step(st) == SQLITE_ROW) {
		for (int i = 0; i < 3; i++) {
			fputs(i == 0 ? "\t{ " : ", ", stdout);
			put_literal((const char *)sqlite3_column_text(st, i));
		}
		puts(" },");
	}
	puts("};");
	sqlite3_finalize(st);
	return 0;
}

int main(void)
{
	sqlite3 *db;
	size_t i;

	if (sqlite3_open(":memory:", &db) != SQLITE_OK)
		return 1;
	for (i = 0; i < nmigrations; i++)
		if (sqlite3_exec(db, migrations[i].sql, NULL, NULL, NULL) != SQLITE_OK ||
			put_objects(db, migrations[i].version)) {
			fprintf(stderr, "migration %d: %s\n", migrations[i].version, sqlite3_errmsg(db));
			return 1;
		}
	puts("static const struct schema schemas[] = {");
	for (i = 0; i < nmigrations; i++)
		printf("\t{ %d, schema_%d, ARRAY_SIZE(schema_%d) },\n", migrations[i].version, migrations[i].version,
			migrations[i].version);
	puts("};");
	sqlite3_close(db);
	return 0;
}
