/*
 * Schema 4: what the journal and the records were when they were written, to be compared later; customers whose data
 * may not be used; what was erased, and what is to be erased in time.
 */
#include "store/migrations.h"

#define ROW_SUM(table) "ALTER TABLE " table " ADD COLUMN row_sum INTEGER;"

const char migration_4[] =
	/* Of this operation and all before it: SHA-256 of the one before and of its own changes; NULL: older. */
	"ALTER TABLE operation ADD COLUMN digest TEXT;"

	/* A hash of the row's own fields, so that a bit that rots is noticed; NULL: not written since schema 4. */
	ROW_SUM("agent") ROW_SUM("calendar") ROW_SUM("classifier") ROW_SUM("customer") ROW_SUM("customer_link")
		ROW_SUM("field") ROW_SUM("followup") ROW_SUM("followup_policy") ROW_SUM("import") ROW_SUM("log")
			ROW_SUM("org") ROW_SUM("rule") ROW_SUM("rule_run") ROW_SUM("sales_order") ROW_SUM("saved_view")
				ROW_SUM("sla") ROW_SUM("survey") ROW_SUM("team") ROW_SUM("ticket")
					ROW_SUM("ticket_category") ROW_SUM("ticket_event") ROW_SUM("ticket_link")
						ROW_SUM("ticket_status")

	/* 1: kept, but shown in no list, report or export (restriction of processing). */
	"ALTER TABLE customer ADD COLUMN restricted INTEGER NOT NULL DEFAULT 0;"
	"CREATE INDEX customer_restricted ON customer (restricted) WHERE restricted = 1;"

	/* What was erased for good: nothing of it but the number. Done again when an older copy is restored. */
	"CREATE TABLE erasure ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" at INTEGER NOT NULL,"
	" agent TEXT NOT NULL,"
	" login TEXT NOT NULL,"
	" entity TEXT NOT NULL,"
	" record INTEGER NOT NULL,"
	" made_op INTEGER," /* the operation that had made it, and when: which record the number meant */
	" made_at INTEGER,"
	" op INTEGER REFERENCES operation (id)," /* that erased it; NULL: it was erased in another copy of this store */
	" traces INTEGER NOT NULL DEFAULT 0"     /* 1: pages of the file may still hold some of it, until a vacuum */
	") STRICT;"
	"CREATE UNIQUE INDEX erasure_record ON erasure (entity, record, made_op, made_at);"
	"CREATE INDEX erasure_op ON erasure (op) WHERE op IS NOT NULL;"
	"CREATE INDEX erasure_traces ON erasure (id) WHERE traces = 1;"

	/* How long what is kept. */
	"CREATE TABLE retention ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" position INTEGER NOT NULL,"
	" name TEXT NOT NULL,"
	" name_fold TEXT NOT NULL,"
	" active INTEGER NOT NULL DEFAULT 1,"
	" entity TEXT NOT NULL,"
	" keep_for TEXT NOT NULL," /* 3y, 90d: counted from the last thing that happened to the record */
	" filter_terms TEXT,"      /* of the entity; NULL: all */
	" created_at INTEGER NOT NULL,"
	" checked_at INTEGER," /* kept: when tick looked; in no image, as no person changes it */
	" op INTEGER NOT NULL,"
	" row_sum INTEGER"
	") STRICT;"
	"CREATE UNIQUE INDEX retention_name ON retention (name_fold);"

	"DROP VIEW v_customer;"
	"CREATE VIEW v_customer AS SELECT c.id, c.external_key, c.source, c.name, c.given_name, c.family_name,"
	" c.company, c.org, o.name AS org_name, c.title, c.email, c.phone, c.phone_norm AS phone_e164, c.gender,"
	" c.birthday, c.address, c.city, c.region, c.postcode, c.country, c.language, c.timezone, c.stage, c.owner,"
	" c.note, c.do_not_call, c.no_email, c.customer_since, c.cadence, c.created_at, c.updated_at,"
	" c.last_contact_at, c.last_contact_channel, c.contacts, c.open_tickets, c.next_followup, c.orders,"
	" c.orders_total AS orders_total_minor, c.orders_currency, c.last_order_at, c.pinyin, c.restricted"
	" FROM customer c LEFT JOIN org o ON o.id = c.org;"
	"DROP VIEW v_operation;"
	"CREATE VIEW v_operation AS SELECT id, at, agent, login, command, undoes, undone_by, digest FROM operation;"
	"CREATE VIEW v_erasure AS SELECT id, at, agent, login, entity, record, op, traces FROM erasure;";

/* What a store begins with, written by no operation, has its sums as well. */
const char migration_4_fill[] =
	"UPDATE ticket_status SET row_sum = row_sum('name,name_fold,category,description,created_at,op',"
	" name, name_fold, category, description, created_at, op) WHERE op = 0;"
	"UPDATE followup_policy SET row_sum = row_sum('position,filter_terms,steps,calendar,quiet,created_at,op',"
	" position, filter_terms, steps, calendar, quiet, created_at, op) WHERE op = 0;"
	"UPDATE calendar SET row_sum = row_sum('name,name_fold,zone,hours,holidays,workdays,is_main,description,"
	"created_at,op',"
	" name, name_fold, zone, hours, holidays, workdays, nullif(is_main, 0), description, created_at, op) WHERE op "
	"= 0;";
