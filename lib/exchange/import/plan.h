/*
 * A plan: what an import would do, as JSON lines, for people to read and for crm_import_apply() to do.
 *
 *   {"plan":1,"type":"customer","file":"x.csv","source":"erp","operation":41}
 *   {"line":2,"do":"create","type":"customer","values":{"name":"Ada","tags":"vip, new"}}
 *   {"line":3,"do":"update","type":"customer","id":7,"version":12,"set":{"city":{"old":"Rome","new":"Bari"}}}
 *   {"line":4,"do":"conflict","field":"email","reason":"…"}      or "reject"
 *   {"end":true,"read":3,"created":1,"updated":1,"unchanged":0,"rejected":1,"digest":"…"}
 *
 * "operation" is the store's last one when the plan was made. Values are texts that crm_record_set() takes. A line that
 * is taken away is not done; the end must be there, its counts are for people.
 */
#ifndef IMPORT_PLAN_H
#define IMPORT_PLAN_H

#include "exchange/import/import.h"

enum {
	PLAN_VERSION = 1,
	PLAN_HEADER_MAX = 1 << 20,
	/* An update tells a record before and after; a byte takes at most six (\u0001); then there are the names. */
	PLAN_LINE_MAX = 12 * DB_LENGTH_MAX + (1 << 16)
};

/* The plan's next line, where one is asked for; else nothing. `before` NULL: a new record. */
int plan_begin(struct import *im);
int plan_put(struct import *im, size_t line, crm_record *before, crm_record *after);
int plan_put_reject(struct import *im, size_t line, bool conflict, const char *field, const char *reason);
int plan_end(struct import *im);

/* The last operation of the store. */
int plan_operation(int64_t *out, crm_store *s);

#endif
