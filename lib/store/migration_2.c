/*
 * Schema 2: follow-ups to do, surveys, categories of one's own; policies as a whole; facts of customers from follow-ups
 * and orders.
 */
#include "store/migrations.h"

const char migration_2[] =
	"CREATE TABLE followup ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" external_key TEXT,"
	" source TEXT,"
	" customer INTEGER NOT NULL REFERENCES customer (id),"
	" ticket INTEGER REFERENCES ticket (id),"
	" owner TEXT,"              /* agent.name: who owes it */
	" due_at INTEGER NOT NULL," /* of a whole day: its first second where it was written down */
	" due_day TEXT,"            /* the day, where it is due on a day as a whole */
	" due_action TEXT NOT NULL,"
	" purpose TEXT,"
	" status TEXT NOT NULL,"  /* open, snoozed, done, skipped */
	" snoozed_until INTEGER," /* of one snoozed: when it is due instead */
	" outcome TEXT,"
	" done_at INTEGER,"                 /* when it was done or skipped */
	" log INTEGER REFERENCES log (id)," /* the contact that did it */
	" repeat_every TEXT,"               /* 2w, 1mo: occurrences by the calendar */
	" repeat_on TEXT,"                  /* the days meant: last, 15, mon */
	" repeat_after TEXT,"               /* 30d: the next that long after this one is done */
	" series INTEGER,"                  /* followup.id of its first occurrence */
	" occurrence INTEGER,"              /* 1, 2, 3 … */
	" created_by TEXT,"                 /* agent.name, or what made it: rule:NAME */
	" created_at INTEGER NOT NULL,"
	" updated_at INTEGER NOT NULL,"
	" op INTEGER NOT NULL"
	") STRICT;"
	"CREATE UNIQUE INDEX followup_key ON followup (external_key, coalesce(source, ''))"
	" WHERE external_key IS NOT NULL;"
	"CREATE UNIQUE INDEX followup_series ON followup (series, occurrence) WHERE series IS NOT NULL;"
	"CREATE INDEX followup_customer ON followup (customer, status);"
	"CREATE INDEX followup_ticket ON followup (ticket) WHERE ticket IS NOT NULL;"
	"CREATE INDEX followup_log ON followup (log) WHERE log IS NOT NULL;"
	/* What was still to be done at a time that is past. */
	"CREATE INDEX followup_done ON followup (done_at) WHERE done_at IS NOT NULL;"
	/* Covers the question what is due: nothing but the answer's rows is read from the table. */
	"CREATE INDEX followup_due ON followup (coalesce(snoozed_until, due_at), customer)"
	" WHERE status IN ('open', 'snoozed');"

	"CREATE TABLE survey ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" external_key TEXT,"
	" source TEXT,"
	" customer INTEGER NOT NULL REFERENCES customer (id),"
	" ticket INTEGER REFERENCES ticket (id),"
	" sales_order INTEGER REFERENCES sales_order (id),"
	" kind TEXT NOT NULL,"      /* which questions were asked: csat, value, nps, ces, general */
	" sent_at INTEGER,"         /* NULL: nobody asked for it */
	" answered_at INTEGER,"     /* NULL: not answered yet */
	" service_quality INTEGER," /* scores 1 to 5 */
	" service_efficiency INTEGER,"
	" service_speed INTEGER,"
	" service_professionalism INTEGER,"
	" service_value INTEGER,"
	" product_quality INTEGER,"
	" product_function INTEGER,"
	" product_price INTEGER,"
	" product_service INTEGER,"
	" product_brand INTEGER,"
	" score INTEGER," /* one score for all, 1 to 5 */
	" nps INTEGER,"   /* 0 to 10 */
	" ces INTEGER,"   /* 1 to 7, 7: easy */
	" remark TEXT,"   /* what the customer wrote */
	" created_at INTEGER NOT NULL,"
	" op INTEGER NOT NULL,"
	" CHECK (sent_at IS NOT NULL OR answered_at IS NOT NULL)"
	") STRICT;"
	"CREATE UNIQUE INDEX survey_key ON survey (external_key, coalesce(source, '')) WHERE external_key IS NOT NULL;"
	"CREATE INDEX survey_customer ON survey (customer, answered_at);"
	/* Not unique: an undo may bring back an answer that was written anew since. */
	"CREATE INDEX survey_ticket ON survey (ticket, kind) WHERE ticket IS NOT NULL;"
	"CREATE INDEX survey_order ON survey (sales_order) WHERE sales_order IS NOT NULL;"
	"CREATE INDEX survey_answered ON survey (answered_at) WHERE answered_at IS NOT NULL;"
	"CREATE INDEX survey_sent ON survey (sent_at) WHERE sent_at IS NOT NULL;"

	/* Once there are any, tickets have no others. */
	"CREATE TABLE ticket_category ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" name TEXT NOT NULL,"
	" name_fold TEXT NOT NULL,"
	" description TEXT,"
	" created_at INTEGER NOT NULL,"
	" op INTEGER NOT NULL"
	") STRICT;"
	"CREATE UNIQUE INDEX ticket_category_name ON ticket_category (name_fold);"

	"ALTER TABLE customer ADD COLUMN cadence TEXT;"          /* steps of their own instead of a policy's, or off */
	"ALTER TABLE customer ADD COLUMN next_followup INTEGER;" /* facts kept from followup and sales_order */
	"ALTER TABLE customer ADD COLUMN orders INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE customer ADD COLUMN orders_total INTEGER;" /* minor units; NULL where currencies differ */
	"ALTER TABLE customer ADD COLUMN orders_currency TEXT;"
	"ALTER TABLE customer ADD COLUMN last_order_at INTEGER;"
	"CREATE INDEX customer_cadence ON customer (cadence) WHERE cadence IS NOT NULL;"
	"CREATE INDEX customer_next_followup ON customer (next_followup) WHERE next_followup IS NOT NULL;"
	"UPDATE customer SET orders = n.orders, orders_total = n.total, orders_currency = n.currency,"
	" last_order_at = n.latest FROM (SELECT o.customer,"
	" count(DISTINCT coalesce(coalesce(o.source, '') || ' ' || o.number, '#' || o.id)) AS orders,"
	" CASE WHEN count(DISTINCT o.currency) FILTER (WHERE o.amount IS NOT NULL) = 1 AND"
	" abs(sum(o.amount / 1000000000)) < 9000000000 THEN"
	" sum(o.amount / 1000000000) * 1000000000 + sum(o.amount % 1000000000) END AS total,"
	" CASE WHEN count(DISTINCT o.currency) FILTER (WHERE o.amount IS NOT NULL) = 1 THEN"
	" max(o.currency) FILTER (WHERE o.amount IS NOT NULL) END AS currency, max(o.at) AS latest"
	" FROM sales_order o WHERE o.status IS NULL OR o.status NOT IN ('cancelled', 'returned', 'refunded')"
	" GROUP BY o.customer) n WHERE n.customer = customer.id;"

	/*
	 * A policy was a line for each step, the first that fitted decided. Now it is whole: the first whose filter fits
	 * decides. So those for some come before those for all, and have the step for the never contacted too.
	 */
	"ALTER TABLE followup_policy RENAME TO followup_policy_1;"
	"CREATE TABLE followup_policy ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" position INTEGER NOT NULL," /* the first whose filter fits a customer decides */
	" filter_terms TEXT,"         /* of customer; NULL: everybody */
	" steps TEXT NOT NULL,"       /* never call or email, 3d call or email, 7d visit */
	" calendar TEXT,"             /* calendar.name: whose working days count; NULL: Monday to Friday */
	" quiet TEXT,"                /* hours of the customer's day at which nobody is disturbed: 21:00-09:00 */
	" created_at INTEGER NOT NULL,"
	" op INTEGER NOT NULL"
	") STRICT;"
	"WITH line AS (SELECT id, position, filter_terms, created_at, op,"
	" due_after || ' ' || due_action || coalesce(' or ' || alternative, '') AS step, due_after = 'never' AS first"
	" FROM followup_policy_1), policy AS (SELECT DISTINCT filter_terms FROM line),"
	" whole AS (SELECT p.filter_terms, l.id, l.created_at, l.op, l.position, l.filter_terms IS p.filter_terms AS "
	"own,"
	" group_concat(l.step, ', ') OVER steps AS steps, row_number() OVER ownership AS rank"
	" FROM policy p JOIN line l ON l.filter_terms IS p.filter_terms OR (l.filter_terms IS NULL AND l.first"
	" AND NOT EXISTS (SELECT 1 FROM line o WHERE o.first AND o.filter_terms IS p.filter_terms))"
	" WINDOW steps AS (PARTITION BY p.filter_terms ORDER BY l.first DESC, l.position, l.id"
	" ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING),"
	" ownership AS (PARTITION BY p.filter_terms ORDER BY l.filter_terms IS p.filter_terms DESC, l.position, l.id))"
	" INSERT INTO followup_policy (id, position, filter_terms, steps, created_at, op)"
	" SELECT id, CASE WHEN filter_terms IS NULL THEN 1000"
	" ELSE 10 * row_number() OVER (ORDER BY filter_terms IS NULL, position, id) END, filter_terms, steps, "
	"created_at,"
	" op FROM whole WHERE rank = 1 ORDER BY id;"
	"UPDATE sqlite_sequence SET seq = (SELECT seq FROM sqlite_sequence WHERE name = 'followup_policy_1')"
	" WHERE name = 'followup_policy';"
	/* Taking back what was done to a line would spoil the whole that it is part of: it was "changed since". */
	"INSERT INTO operation (at, agent, login, command) SELECT at, '', '', 'migration to schema 2' FROM operation"
	" WHERE EXISTS (SELECT 1 FROM change WHERE entity = 'followup_policy') ORDER BY id DESC LIMIT 1;"
	"INSERT INTO change (op, entity, first_id, last_id, image) SELECT o.id, 'followup_policy', p.id, p.id,"
	" json_object('id', p.id, 'position', p.position, 'filter_terms', p.filter_terms, 'due_after', p.due_after,"
	" 'due_action', p.due_action, 'alternative', p.alternative, 'created_at', p.created_at, 'op', p.op)"
	" FROM followup_policy_1 p JOIN operation o ON o.command = 'migration to schema 2';"
	"UPDATE followup_policy SET op = o.id FROM operation o WHERE o.command = 'migration to schema 2';"
	"DROP TABLE followup_policy_1;"
	/* The history tells old lines as policies of one step. */
	"UPDATE change SET image = json_set(image, '$.steps', (image ->> '$.due_after') || ' ' || (image ->> "
	"'$.due_action')"
	" || coalesce(' or ' || (image ->> '$.alternative'), ''))"
	" WHERE entity = 'followup_policy' AND image IS NOT NULL;"

	"DROP VIEW v_customer;"
	"CREATE VIEW v_customer AS SELECT c.id, c.external_key, c.source, c.name, c.given_name, c.family_name,"
	" c.company, c.org, o.name AS org_name, c.title, c.email, c.phone, c.phone_norm AS phone_e164, c.gender,"
	" c.birthday, c.address, c.city, c.region, c.postcode, c.country, c.language, c.timezone, c.stage, c.owner,"
	" c.note, c.do_not_call, c.no_email, c.customer_since, c.cadence, c.created_at, c.updated_at,"
	" c.last_contact_at, c.last_contact_channel, c.contacts, c.open_tickets, c.next_followup, c.orders,"
	" c.orders_total AS orders_total_minor, c.orders_currency, c.last_order_at"
	" FROM customer c LEFT JOIN org o ON o.id = c.org;"
	"CREATE VIEW v_followup AS SELECT f.id, f.external_key, f.source, f.customer, c.name AS customer_name, "
	"f.ticket,"
	" f.owner, f.due_at, f.due_day, f.due_action, f.purpose, f.status, f.snoozed_until, f.outcome, f.done_at,"
	" f.log, f.repeat_every, f.repeat_on, f.repeat_after, f.series, f.occurrence, f.created_by, f.created_at,"
	" f.updated_at FROM followup f JOIN customer c ON c.id = f.customer;"
	"CREATE VIEW v_survey AS SELECT s.id, s.external_key, s.source, s.customer, c.name AS customer_name, s.ticket,"
	" s.sales_order, s.kind, s.sent_at, s.answered_at, s.service_quality, s.service_efficiency, s.service_speed,"
	" s.service_professionalism, s.service_value, s.product_quality, s.product_function, s.product_price,"
	" s.product_service, s.product_brand, s.score, s.nps, s.ces, s.remark, s.created_at FROM survey s"
	" JOIN customer c ON c.id = s.customer;";
