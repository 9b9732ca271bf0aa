/*
 * Migrations: append only, forward only; a released step is never edited. A new store runs all of them, so there is
 * one schema. Each file tells every version's columns to anyone with the sqlite3 shell, so they are commented.
 *
 * Conventions: STRICT tables; id INTEGER, never used twice; times are UTC seconds, dates text; no empty text: NULL;
 * `_norm` is the normal form of an address or number, `_fold` the form in which text is compared; `op` is the
 * operation that last wrote the row. No triggers. No column bears a keyword's name.
 */
#include "store/migrations.h"

static const char version_1[] =
	/* The journal: one operation for each command that changed something. */
	"CREATE TABLE operation ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" at INTEGER NOT NULL,"
	" agent TEXT NOT NULL," /* who acted, as --as says */
	" login TEXT NOT NULL," /* whose login it was */
	" command TEXT NOT NULL,"
	" undoes INTEGER REFERENCES operation (id),"   /* the operation that this one took back */
	" undone_by INTEGER REFERENCES operation (id)" /* the undo in force, or NULL */
	") STRICT;"
	"CREATE INDEX operation_agent ON operation (agent, id);"
	"CREATE INDEX operation_undoes ON operation (undoes) WHERE undoes IS NOT NULL;"
	"CREATE INDEX operation_undone_by ON operation (undone_by) WHERE undone_by IS NOT NULL;"

	/* What it changed: the record before it as JSON, or NULL for records that it created (a range of ids). */
	"CREATE TABLE change ("
	" op INTEGER NOT NULL REFERENCES operation (id),"
	" entity TEXT NOT NULL,"
	" first_id INTEGER NOT NULL,"
	" last_id INTEGER NOT NULL,"
	" image TEXT,"
	" PRIMARY KEY (op, entity, first_id)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX change_record ON change (entity, first_id);"
	"CREATE INDEX change_range ON change (entity, first_id, last_id) WHERE last_id > first_id;"

	"CREATE TABLE agent ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" name TEXT NOT NULL," /* the handle that --as, --owner and --agent take */
	" name_fold TEXT NOT NULL,"
	" full_name TEXT,"
	" email TEXT,"
	" email_norm TEXT,"
	" active INTEGER NOT NULL DEFAULT 1,"
	" created_at INTEGER NOT NULL,"
	" op INTEGER NOT NULL"
	") STRICT;"
	"CREATE UNIQUE INDEX agent_name ON agent (name_fold);"

	"CREATE TABLE org ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" external_key TEXT,"
	" source TEXT," /* the system that the external key comes from */
	" name TEXT NOT NULL,"
	" name_fold TEXT NOT NULL,"
	" domain TEXT,"
	" phone TEXT,"
	" phone_norm TEXT,"
	" industry TEXT,"
	" address TEXT,"
	" owner TEXT," /* agent.name */
	" created_at INTEGER NOT NULL,"
	" updated_at INTEGER NOT NULL,"
	" op INTEGER NOT NULL"
	") STRICT;"
	"CREATE UNIQUE INDEX org_key ON org (external_key, coalesce(source, '')) WHERE external_key IS NOT NULL;"
	"CREATE INDEX org_name ON org (name_fold);"
	"CREATE INDEX org_phone ON org (phone_norm) WHERE phone_norm IS NOT NULL;"

	"CREATE TABLE customer ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" external_key TEXT,"
	" source TEXT,"
	" name TEXT NOT NULL,"
	" name_fold TEXT NOT NULL,"
	" given_name TEXT,"
	" family_name TEXT,"
	" company TEXT," /* as written; org is the record */
	" org INTEGER REFERENCES org (id),"
	" title TEXT,"
	" email TEXT," /* the primary address; further ones are rows of contact_point */
	" email_norm TEXT,"
	" phone TEXT,"
	" phone_norm TEXT,"
	" gender TEXT,"
	" birthday TEXT," /* perhaps partial: 1990, 1990-05, --05-12 */
	" address TEXT,"
	" city TEXT,"
	" region TEXT,"
	" postcode TEXT,"
	" country TEXT,"
	" language TEXT,"
	" timezone TEXT,"
	" stage TEXT,"
	" owner TEXT," /* agent.name */
	" note TEXT,"
	" do_not_call INTEGER NOT NULL DEFAULT 0,"
	" no_email INTEGER NOT NULL DEFAULT 0,"
	" customer_since TEXT,"
	" created_at INTEGER NOT NULL,"
	" updated_at INTEGER NOT NULL,"
	" op INTEGER NOT NULL,"
	" last_contact_at INTEGER," /* facts kept from log: latest communication that is no internal note */
	" last_contact_channel TEXT,"
	" contacts INTEGER NOT NULL DEFAULT 0,"
	" open_tickets INTEGER NOT NULL DEFAULT 0" /* tickets whose status is not of category resolved */
	") STRICT;"
	"CREATE UNIQUE INDEX customer_key ON customer (external_key, coalesce(source, ''))"
	" WHERE external_key IS NOT NULL;"
	"CREATE INDEX customer_name ON customer (name_fold);"
	"CREATE INDEX customer_email ON customer (email_norm) WHERE email_norm IS NOT NULL;"
	"CREATE INDEX customer_phone ON customer (phone_norm) WHERE phone_norm IS NOT NULL;"
	"CREATE INDEX customer_org ON customer (org) WHERE org IS NOT NULL;"
	/* Covers the question who is due: nothing but the answer's rows is read from the table. */
	"CREATE INDEX customer_last_contact ON customer (last_contact_at, created_at, do_not_call);"

	/* Further e-mail addresses and phone numbers of a record, with labels. */
	"CREATE TABLE contact_point ("
	" entity TEXT NOT NULL,"
	" record INTEGER NOT NULL,"
	" kind TEXT NOT NULL," /* email, phone */
	" position INTEGER NOT NULL,"
	" label TEXT,"
	" value TEXT NOT NULL,"
	" value_norm TEXT NOT NULL,"
	" PRIMARY KEY (entity, record, kind, position)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX contact_point_value ON contact_point (value_norm, entity);"

	"CREATE TABLE record_tag ("
	" entity TEXT NOT NULL,"
	" record INTEGER NOT NULL,"
	" tag_fold TEXT NOT NULL,"
	" tag TEXT NOT NULL,"
	" PRIMARY KEY (entity, record, tag_fold)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX record_tag_tag ON record_tag (entity, tag_fold, record);"

	/* Custom fields of this store, and their values. */
	"CREATE TABLE field ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" entity TEXT NOT NULL,"
	" name TEXT NOT NULL,"
	" type TEXT NOT NULL,"
	" label TEXT,"
	" words TEXT," /* of type enum: the allowed ones, as a list */
	" help TEXT,"
	" created_at INTEGER NOT NULL,"
	" op INTEGER NOT NULL"
	") STRICT;"
	"CREATE UNIQUE INDEX field_name ON field (entity, name);"
	"CREATE TABLE field_value ("
	" entity TEXT NOT NULL,"
	" record INTEGER NOT NULL,"
	" field INTEGER NOT NULL REFERENCES field (id),"
	" value TEXT NOT NULL,"
	" PRIMARY KEY (entity, record, field)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX field_value_value ON field_value (field, value);"

	"CREATE TABLE log ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" customer INTEGER NOT NULL REFERENCES customer (id),"
	" ticket INTEGER REFERENCES ticket (id),"
	" external_key TEXT,"
	" source TEXT,"
	" at INTEGER NOT NULL,"
	" channel TEXT NOT NULL,"
	" direction TEXT,"     /* in, out; NULL: not known */
	" duration INTEGER,"   /* seconds */
	" contact_point TEXT," /* the number or address used */
	" subject TEXT,"
	" content TEXT,"
	" agent TEXT,"                          /* agent.name, or the login of one who is not in the store */
	" internal INTEGER NOT NULL DEFAULT 0," /* a note among ourselves: no contact */
	" message_id TEXT,"
	" created_at INTEGER NOT NULL,"
	" op INTEGER NOT NULL"
	") STRICT;"
	"CREATE UNIQUE INDEX log_key ON log (external_key, coalesce(source, '')) WHERE external_key IS NOT NULL;"
	"CREATE UNIQUE INDEX log_message ON log (message_id) WHERE message_id IS NOT NULL;"
	"CREATE INDEX log_customer ON log (customer, at, internal, channel);"
	"CREATE INDEX log_at ON log (at, internal, channel, agent);"
	"CREATE INDEX log_ticket ON log (ticket, at, direction, internal) WHERE ticket IS NOT NULL;"

	"CREATE TABLE team ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" name TEXT NOT NULL,"
	" name_fold TEXT NOT NULL,"
	" members TEXT," /* agent.name, as a list */
	" description TEXT,"
	" created_at INTEGER NOT NULL,"
	" op INTEGER NOT NULL"
	") STRICT;"
	"CREATE UNIQUE INDEX team_name ON team (name_fold);"

	/* What a ticket may be, and whether work on it is open, paused or done. */
	"CREATE TABLE ticket_status ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" name TEXT NOT NULL,"
	" name_fold TEXT NOT NULL,"
	" category TEXT NOT NULL," /* open, paused, resolved */
	" description TEXT,"
	" created_at INTEGER NOT NULL,"
	" op INTEGER NOT NULL"
	") STRICT;"
	"CREATE UNIQUE INDEX ticket_status_name ON ticket_status (name_fold);"
	"INSERT INTO ticket_status (name, name_fold, category, description, created_at, op) VALUES"
	" ('new', 'new', 'open', 'nobody has looked at it yet', 0, 0),"
	" ('open', 'open', 'open', 'being worked on', 0, 0),"
	" ('pending', 'pending', 'paused', 'the customer has to answer', 0, 0),"
	" ('hold', 'hold', 'paused', 'somebody else has to act first', 0, 0),"
	" ('solved', 'solved', 'resolved', 'done; the customer may still object', 0, 0),"
	" ('closed', 'closed', 'resolved', 'done for good', 0, 0),"
	" ('merged', 'merged', 'resolved', 'goes on as another ticket', 0, 0),"
	" ('spam', 'spam', 'resolved', 'no request at all', 0, 0);"

	"CREATE TABLE ticket ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" external_key TEXT,"
	" source TEXT,"
	" customer INTEGER NOT NULL REFERENCES customer (id),"
	" subject TEXT NOT NULL,"
	" body TEXT,"
	" type TEXT,"
	" kind TEXT," /* of after-sales: return, exchange, repair … */
	" category TEXT,"
	" priority TEXT NOT NULL,"
	" status TEXT NOT NULL," /* ticket_status.name */
	" channel TEXT,"
	" assignee TEXT," /* agent.name */
	" team TEXT,"     /* team.name */
	" product_no TEXT,"
	" model TEXT,"
	" purchase_date TEXT,"
	" sales_order INTEGER REFERENCES sales_order (id),"
	" resolution TEXT,"
	" due_at INTEGER,"
	" pending_until INTEGER,"
	" merged_into INTEGER REFERENCES ticket (id),"
	" created_at INTEGER NOT NULL," /* when the customer asked */
	" updated_at INTEGER NOT NULL,"
	" op INTEGER NOT NULL,"
	" state TEXT," /* facts kept from status, ticket_event and log */
	" first_reply_at INTEGER,"
	" solved_at INTEGER,"
	" last_solved_at INTEGER,"
	" closed_at INTEGER,"
	" waiting_since INTEGER,"
	" last_event_at INTEGER,"
	" reopens INTEGER NOT NULL DEFAULT 0,"
	" replies INTEGER NOT NULL DEFAULT 0,"
	" stations INTEGER NOT NULL DEFAULT 0"
	") STRICT;"
	"CREATE UNIQUE INDEX ticket_key ON ticket (external_key, coalesce(source, '')) WHERE external_key IS NOT NULL;"
	"CREATE INDEX ticket_customer ON ticket (customer, state);"
	"CREATE INDEX ticket_assignee ON ticket (assignee, status) WHERE assignee IS NOT NULL;"
	"CREATE INDEX ticket_status_of ON ticket (status, priority);"
	"CREATE INDEX ticket_state ON ticket (state);"
	"CREATE INDEX ticket_order ON ticket (sales_order) WHERE sales_order IS NOT NULL;"
	"CREATE INDEX ticket_merged ON ticket (merged_into) WHERE merged_into IS NOT NULL;"

	/* What happened to it, and when: never edited. What was said stands in log. */
	"CREATE TABLE ticket_event ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" ticket INTEGER NOT NULL REFERENCES ticket (id),"
	" at INTEGER NOT NULL,"
	" actor TEXT,"         /* agent.name, or what acted; NULL: not known */
	" kind TEXT NOT NULL," /* created, reply, or the field that changed: status, assignee, team, priority, type */
	" old_value TEXT,"
	" new_value TEXT,"
	" imported INTEGER NOT NULL DEFAULT 0," /* implied by the columns of an imported ticket */
	" op INTEGER NOT NULL"
	") STRICT;"
	"CREATE INDEX ticket_event_ticket ON ticket_event (ticket, at, kind, old_value, new_value);"

	"CREATE TABLE ticket_link ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" ticket INTEGER NOT NULL REFERENCES ticket (id),"
	" kind TEXT NOT NULL," /* blocks, relates, parent: what `ticket` is to `other` */
	" other INTEGER NOT NULL REFERENCES ticket (id),"
	" created_at INTEGER NOT NULL,"
	" op INTEGER NOT NULL"
	") STRICT;"
	"CREATE UNIQUE INDEX ticket_link_ticket ON ticket_link (ticket, kind, other);"
	"CREATE INDEX ticket_link_other ON ticket_link (other);"

	/* What is done by itself with tickets that fit, when something happened to them or by the clock (tick). */
	"CREATE TABLE rule ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" position INTEGER NOT NULL," /* rules are applied in this order */
	" name TEXT NOT NULL,"
	" name_fold TEXT NOT NULL,"
	" active INTEGER NOT NULL DEFAULT 1,"
	" event TEXT NOT NULL,"   /* created, updated, replied, heard, tick */
	" filter_terms TEXT,"     /* of ticket; NULL: all */
	" actions TEXT NOT NULL," /* one a line */
	" created_at INTEGER NOT NULL,"
	" op INTEGER NOT NULL"
	") STRICT;"
	"CREATE UNIQUE INDEX rule_name ON rule (name_fold);"
	"CREATE TABLE rule_run ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" rule INTEGER NOT NULL REFERENCES rule (id),"
	" ticket INTEGER NOT NULL REFERENCES ticket (id),"
	" at INTEGER NOT NULL,"
	" seen INTEGER NOT NULL," /* events and communications of the ticket then that no rule wrote */
	" over INTEGER NOT NULL," /* 1: the ticket has not fitted since, or the rule is not asked by the clock */
	" op INTEGER NOT NULL"
	") STRICT;"
	"CREATE INDEX rule_run_rule ON rule_run (rule, over, ticket);"
	"CREATE INDEX rule_run_ticket ON rule_run (ticket);"

	/* What is promised: the first policy that fits a ticket is its own. Nothing judged is stored. */
	"CREATE TABLE sla ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" position INTEGER NOT NULL,"
	" name TEXT NOT NULL,"
	" name_fold TEXT NOT NULL,"
	" filter_terms TEXT," /* of ticket; NULL: all */
	" first_reply TEXT,"  /* targets by priority, as `urgent 30min, high 1h, 4h` */
	" next_reply TEXT,"
	" resolution TEXT,"
	" calendar TEXT," /* calendar.name; NULL: all hours */
	" pauses TEXT,"   /* statuses in which the clock of the resolution stands still; NULL: all of category paused */
	" since INTEGER," /* only tickets created from then on */
	" created_at INTEGER NOT NULL,"
	" op INTEGER NOT NULL"
	") STRICT;"
	"CREATE UNIQUE INDEX sla_name ON sla (name_fold);"

	"CREATE TABLE sales_order ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" number TEXT," /* several lines of one order share it */
	" external_key TEXT,"
	" source TEXT,"
	" customer INTEGER NOT NULL REFERENCES customer (id),"
	" product TEXT,"
	" model TEXT,"
	" quantity INTEGER,"
	" amount INTEGER," /* minor units of the currency: 1250 is 12.50 USD */
	" currency TEXT,"  /* ISO 4217 */
	" at INTEGER NOT NULL,"
	" status TEXT,"
	" note TEXT,"
	" created_at INTEGER NOT NULL,"
	" updated_at INTEGER NOT NULL,"
	" op INTEGER NOT NULL,"
	" CHECK (amount IS NULL OR currency IS NOT NULL)"
	") STRICT;"
	"CREATE UNIQUE INDEX sales_order_key ON sales_order (external_key, coalesce(source, ''))"
	" WHERE external_key IS NOT NULL;"
	/* Not unique: an undo may bring back a line that was written anew since. */
	"CREATE INDEX sales_order_number ON sales_order (number, product) WHERE number IS NOT NULL;"
	"CREATE INDEX sales_order_customer ON sales_order (customer, at);"
	"CREATE INDEX sales_order_at ON sales_order (at, customer);"

	"CREATE TABLE followup_policy ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" position INTEGER NOT NULL," /* the first that fits a customer decides */
	" filter_terms TEXT,"         /* of customer; NULL: everybody */
	" due_after TEXT NOT NULL,"   /* 7d, 72h, 3wd, or never: never contacted */
	" due_action TEXT NOT NULL,"
	" alternative TEXT," /* instead of a call to somebody who must not be called */
	" created_at INTEGER NOT NULL,"
	" op INTEGER NOT NULL"
	") STRICT;"
	"INSERT INTO followup_policy (position, due_after, due_action, alternative, created_at, op) VALUES"
	" (10, 'never', 'call', 'email', 0, 0), (20, '7d', 'visit', NULL, 0, 0), (30, '3d', 'call', 'email', 0, 0);"

	"CREATE TABLE calendar ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" name TEXT NOT NULL,"
	" name_fold TEXT NOT NULL,"
	" zone TEXT,"           /* IANA name; NULL: the zone in force */
	" hours TEXT NOT NULL," /* mon-fri 09:00-12:00 13:00-18:00 */
	" holidays TEXT,"       /* 2026-02-16..2026-02-22 name; --12-25 name */
	" workdays TEXT,"       /* 2026-02-14; 2026-12-24 09:00-12:00 */
	" is_main INTEGER NOT NULL DEFAULT 0,"
	" description TEXT,"
	" created_at INTEGER NOT NULL,"
	" op INTEGER NOT NULL"
	") STRICT;"
	"CREATE UNIQUE INDEX calendar_name ON calendar (name_fold);"
	"CREATE UNIQUE INDEX calendar_main ON calendar (is_main) WHERE is_main = 1;"
	"INSERT INTO calendar (name, name_fold, hours, is_main, created_at, op) VALUES"
	" ('office', 'office', 'mon-fri 09:00-18:00', 1, 0, 0);"

	"CREATE TABLE saved_view ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" entity TEXT NOT NULL,"
	" name TEXT NOT NULL,"
	" filter_terms TEXT,"
	" fields TEXT,"
	" sort_fields TEXT,"
	" created_at INTEGER NOT NULL,"
	" op INTEGER NOT NULL"
	") STRICT;"
	"CREATE UNIQUE INDEX saved_view_name ON saved_view (entity, name);"

	"CREATE TABLE import ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" at INTEGER NOT NULL,"
	" entity TEXT NOT NULL,"
	" file TEXT,"
	" digest TEXT NOT NULL," /* SHA-256 of the file */
	" source TEXT,"
	" mapping TEXT NOT NULL," /* COLUMN=field pairs, as a list */
	" encoding TEXT NOT NULL,"
	" rows_read INTEGER NOT NULL,"
	" created INTEGER NOT NULL,"
	" updated INTEGER NOT NULL,"
	" unchanged INTEGER NOT NULL,"
	" rejected INTEGER NOT NULL,"
	" op INTEGER REFERENCES operation (id)"
	") STRICT;"

	/* What `crm sql` and other programs read: names instead of numbers, nothing internal. */
	"CREATE VIEW v_customer AS SELECT c.id, c.external_key, c.source, c.name, c.given_name, c.family_name,"
	" c.company, c.org, o.name AS org_name, c.title, c.email, c.phone, c.phone_norm AS phone_e164, c.gender,"
	" c.birthday, c.address, c.city, c.region, c.postcode, c.country, c.language, c.timezone, c.stage, c.owner,"
	" c.note, c.do_not_call, c.no_email, c.customer_since, c.created_at, c.updated_at, c.last_contact_at,"
	" c.last_contact_channel, c.contacts, c.open_tickets FROM customer c LEFT JOIN org o ON o.id = c.org;"
	"CREATE VIEW v_org AS SELECT id, external_key, source, name, domain, phone, industry, address, owner,"
	" created_at, updated_at FROM org;"
	"CREATE VIEW v_log AS SELECT l.id, l.customer, c.name AS customer_name, l.ticket, l.external_key, l.source, "
	"l.at,"
	" l.channel, l.direction, l.duration, l.contact_point, l.subject, l.content, l.agent, l.internal,"
	" l.message_id, l.created_at FROM log l JOIN customer c ON c.id = l.customer;"
	"CREATE VIEW v_ticket AS SELECT t.id, t.external_key, t.source, t.customer, c.name AS customer_name, t.subject,"
	" t.body, t.type, t.kind, t.category, t.priority, t.status, t.state, t.channel, t.assignee, t.team,"
	" t.product_no, t.model, t.purchase_date, t.sales_order, t.resolution, t.due_at, t.pending_until, "
	"t.merged_into,"
	" t.created_at, t.updated_at, t.first_reply_at, t.solved_at, t.last_solved_at, t.closed_at,"
	" t.waiting_since, t.last_event_at, t.reopens, t.replies, t.stations FROM ticket t"
	" JOIN customer c ON c.id = t.customer;"
	"CREATE VIEW v_ticket_event AS SELECT id, ticket, at, actor, kind, old_value, new_value, imported"
	" FROM ticket_event;"
	"CREATE VIEW v_ticket_link AS SELECT id, ticket, kind, other FROM ticket_link;"
	"CREATE VIEW v_order AS SELECT o.id, o.number, o.customer, c.name AS customer_name, o.external_key, o.source,"
	" o.product, o.model, o.quantity, o.amount AS amount_minor, o.currency, o.at, o.status, o.note, o.created_at,"
	" o.updated_at FROM sales_order o JOIN customer c ON c.id = o.customer;"
	"CREATE VIEW v_tag AS SELECT entity, record, tag FROM record_tag;"
	"CREATE VIEW v_contact_point AS SELECT entity, record, kind, position, label, value FROM contact_point;"
	"CREATE VIEW v_custom AS SELECT v.entity, v.record, f.name, v.value FROM field_value v"
	" JOIN field f ON f.id = v.field;"
	"CREATE VIEW v_operation AS SELECT id, at, agent, login, command, undoes, undone_by FROM operation;";

/* Follow-ups to do, surveys, categories of one's own; facts of customers from them and from orders. */
static const char version_2[] =
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
	" status TEXT NOT NULL,"     /* open, snoozed, done, skipped */
	" snoozed_until INTEGER,"    /* of one snoozed: when it is due instead */
	" outcome TEXT,"
	" done_at INTEGER,"          /* when it was done or skipped */
	" log INTEGER REFERENCES log (id)," /* the contact that did it */
	" repeat_every TEXT,"        /* 2w, 1mo: occurrences by the calendar */
	" repeat_on TEXT,"           /* the days meant: last, 15, mon */
	" repeat_after TEXT,"        /* 30d: the next that long after this one is done */
	" series INTEGER,"           /* followup.id of its first occurrence */
	" occurrence INTEGER,"       /* 1, 2, 3 … */
	" created_by TEXT,"          /* agent.name, or what made it: rule:NAME */
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
	/* Covers the question what is due: nothing but the answer's rows is read from the table. */
	"CREATE INDEX followup_due ON followup (coalesce(snoozed_until, due_at), customer)"
	" WHERE status IN ('open', 'snoozed');"

	"CREATE TABLE survey ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" external_key TEXT,"
	" source TEXT,"
	" customer INTEGER NOT NULL REFERENCES customer (id),"
	" ticket INTEGER REFERENCES ticket (id),"
	" kind TEXT NOT NULL,"   /* which questions were asked: csat, value, nps, ces, general */
	" sent_at INTEGER,"      /* NULL: nobody asked for it */
	" answered_at INTEGER,"  /* NULL: not answered yet */
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

	"ALTER TABLE customer ADD COLUMN cadence TEXT;" /* steps of their own instead of a policy's, or off */
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
	" whole AS (SELECT p.filter_terms, l.id, l.created_at, l.op, l.position, l.filter_terms IS p.filter_terms AS own,"
	" group_concat(l.step, ', ') OVER steps AS steps, row_number() OVER ownership AS rank"
	" FROM policy p JOIN line l ON l.filter_terms IS p.filter_terms OR (l.filter_terms IS NULL AND l.first"
	" AND NOT EXISTS (SELECT 1 FROM line o WHERE o.first AND o.filter_terms IS p.filter_terms))"
	" WINDOW steps AS (PARTITION BY p.filter_terms ORDER BY l.first DESC, l.position, l.id"
	" ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING),"
	" ownership AS (PARTITION BY p.filter_terms ORDER BY l.filter_terms IS p.filter_terms DESC, l.position, l.id))"
	" INSERT INTO followup_policy (id, position, filter_terms, steps, created_at, op)"
	" SELECT id, CASE WHEN filter_terms IS NULL THEN 1000"
	" ELSE 10 * row_number() OVER (ORDER BY filter_terms IS NULL, position, id) END, filter_terms, steps, created_at,"
	" op FROM whole WHERE rank = 1 ORDER BY id;"
	"UPDATE sqlite_sequence SET seq = (SELECT seq FROM sqlite_sequence WHERE name = 'followup_policy_1')"
	" WHERE name = 'followup_policy';"
	"DROP TABLE followup_policy_1;"
	/* What an undo would bring back is a policy of that one step. */
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
	"CREATE VIEW v_followup AS SELECT f.id, f.external_key, f.source, f.customer, c.name AS customer_name, f.ticket,"
	" f.owner, f.due_at, f.due_day, f.due_action, f.purpose, f.status, f.snoozed_until, f.outcome, f.done_at,"
	" f.log, f.repeat_every, f.repeat_on, f.repeat_after, f.series, f.occurrence, f.created_by, f.created_at,"
	" f.updated_at FROM followup f JOIN customer c ON c.id = f.customer;"
	"CREATE VIEW v_survey AS SELECT s.id, s.external_key, s.source, s.customer, c.name AS customer_name, s.ticket,"
	" s.kind, s.sent_at, s.answered_at, s.service_quality, s.service_efficiency, s.service_speed,"
	" s.service_professionalism, s.service_value, s.product_quality, s.product_function, s.product_price,"
	" s.product_service, s.product_brand, s.score, s.nps, s.ces, s.remark, s.created_at FROM survey s"
	" JOIN customer c ON c.id = s.customer;";

const struct migration migrations[] = {
	{ 1, version_1 },
	{ 2, version_2 },
};

const size_t nmigrations = sizeof(migrations) / sizeof(migrations[0]);
