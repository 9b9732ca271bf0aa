/*
 * Migrations: append only, forward only; a released step is never edited. A new store runs all of them, so there is
 * one schema. Each file tells every version's columns to anyone with the sqlite3 shell, so they are commented.
 *
 * Conventions: STRICT tables; id INTEGER, never used twice; times are UTC seconds, dates text; no empty text: NULL;
 * `_norm` is the normal form of an address or number, `_fold` the form in which text is compared; `op` is the
 * operation that last wrote the row. No triggers. No column bears a keyword's name. From 4 on what the journal says stays
 * as it was, since digests are made of it: no step touches `change`, nor adds an operation without a digest.
 */
#include "store/migrations.h"

const struct migration migrations[] = {
	{ 1, migration_1, NULL },
	{ 2, migration_2, NULL },
	{ 3, migration_3, migration_3_fill },
	{ 4, migration_4, migration_4_fill },
};

const size_t nmigrations = sizeof(migrations) / sizeof(migrations[0]);
