/* Schema 1: the first. See migrations.c for the conventions. */
#include "store/migrations.h"

const char migration_1[] =
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
