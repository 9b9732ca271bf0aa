/* The schema, as the ordered list of steps that make it. */
#ifndef STORE_MIGRATIONS_H
#define STORE_MIGRATIONS_H

#include <stddef.h>

enum {
	STORE_APPLICATION_ID = 0x63726d31
}; /* "crm1" */

struct migration {
	int version; /* PRAGMA user_version after it */
	const char *sql;
	const char *fill; /* what needs functions of ours, for the rows of an older store; or NULL */
};

/* The steps, a file each. */
extern const char migration_1[];
extern const char migration_2[];
extern const char migration_3[];
extern const char migration_3_fill[];
extern const char migration_4[];
extern const char migration_4_fill[];

extern const struct migration migrations[];
extern const size_t nmigrations;

#endif
