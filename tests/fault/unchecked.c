/* A control: what a program stores that does not look whether memory was short for a value. */
#include <sqlite3.h>
#include <stdio.h>

int main(void)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *st = NULL;

	if (sqlite3_open("crm.db", &db) != SQLITE_OK ||
		sqlite3_prepare_v2(db, "INSERT INTO ours (v) VALUES (?)", -1, &st, NULL) != SQLITE_OK)
		return 1;
	for (int i = 0; i < 20; i++) {
		sqlite3_reset(st);
		sqlite3_bind_text(st, 1, "a text that is not looked after", -1, SQLITE_TRANSIENT);
		if (sqlite3_step(st) != SQLITE_DONE) {
			fputs("crm: out of memory\n", stderr);
			return 1;
		}
	}
	sqlite3_finalize(st);
	sqlite3_close(db);
	return 0;
}
