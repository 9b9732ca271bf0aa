/*
 * Schema 3: the index of words, customers by pinyin, what customers are to each other, classifiers of texts.
 */
#include "store/migrations.h"

const char migration_3[] =
	/*
	 * One row for each record with words, its number being that of the record and the base of its entity. The text
	 * itself is not kept twice, nor are lengths; the words come segmented and folded, so the simplest tokenizer will
	 * do. Measured: with 16 MB gathered in memory, not 1, a million messages take 2.1 s instead of 2.6, and less room.
	 */
	"CREATE VIRTUAL TABLE search_index USING fts5(words, content='', columnsize=0, tokenize='ascii');"
	"INSERT INTO search_index (search_index, rank) VALUES ('hashsize', 16777216);"
	/*
	 * Records up to this number are in the index as they are now, later ones are looked through. What is in the index
	 * and not between a base and its end is of parts that were given up: entity '' says how many records.
	 */
	"CREATE TABLE search_mark ("
	" entity TEXT PRIMARY KEY,"
	" base INTEGER NOT NULL,"
	" upto INTEGER NOT NULL"
	") STRICT;"

	/* Syllables of a Chinese name, `zhang san`: how it sounds, and where it stands in a list. */
	"ALTER TABLE customer ADD COLUMN pinyin TEXT;"
	"CREATE INDEX customer_pinyin ON customer (pinyin) WHERE pinyin IS NOT NULL;"

	"CREATE TABLE customer_link ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" customer INTEGER NOT NULL REFERENCES customer (id),"
	" kind TEXT NOT NULL,"                     /* distinct: other is somebody else; merged: one became part of it */
	" other INTEGER REFERENCES customer (id)," /* of two distinct ones the larger number */
	" number INTEGER,"                         /* of one merged: customer.id that it had */
	" external_key TEXT,"                      /* and its key */
	" source TEXT,"
	" created_at INTEGER NOT NULL,"
	" op INTEGER NOT NULL"
	") STRICT;"
	"CREATE INDEX customer_link_customer ON customer_link (customer, kind, other);"
	"CREATE INDEX customer_link_other ON customer_link (other) WHERE other IS NOT NULL;"
	"CREATE INDEX customer_link_number ON customer_link (number) WHERE number IS NOT NULL;"
	"CREATE INDEX customer_link_key ON customer_link (external_key, coalesce(source, ''))"
	" WHERE external_key IS NOT NULL;"

	/* What a text is about, learnt from texts of which it is known. A row for each training. */
	"CREATE TABLE classifier ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" name TEXT NOT NULL,"
	" version INTEGER NOT NULL,"  /* of those of this name: 1, 2, 3 … */
	" method TEXT NOT NULL,"      /* svm, logistic, tree, forest */
	" learnt_from TEXT NOT NULL," /* the entity, or the file */
	" text_fields TEXT NOT NULL," /* fields or columns, with commas */
	" label_field TEXT NOT NULL,"
	" filter_terms TEXT,"
	" labels INTEGER NOT NULL,"    /* how many there are to choose from */
	" documents INTEGER NOT NULL," /* that it learnt from */
	" threshold INTEGER NOT NULL," /* percent: a label less probable than this is unknown */
	" accuracy REAL,"              /* share of the held-out part that it told right */
	" evaluation TEXT,"            /* JSON: all that the held-out part said */
	" format INTEGER NOT NULL,"    /* of the weights */
	" weights TEXT NOT NULL,"      /* base64 */
	" created_at INTEGER NOT NULL,"
	" op INTEGER NOT NULL"
	") STRICT;"
	"CREATE UNIQUE INDEX classifier_version ON classifier (name, version);"

	"ALTER TABLE ticket ADD COLUMN suggested TEXT;" /* fields that a classifier filled in: category, priority */

	"DROP VIEW v_customer;"
	"CREATE VIEW v_customer AS SELECT c.id, c.external_key, c.source, c.name, c.given_name, c.family_name,"
	" c.company, c.org, o.name AS org_name, c.title, c.email, c.phone, c.phone_norm AS phone_e164, c.gender,"
	" c.birthday, c.address, c.city, c.region, c.postcode, c.country, c.language, c.timezone, c.stage, c.owner,"
	" c.note, c.do_not_call, c.no_email, c.customer_since, c.cadence, c.created_at, c.updated_at,"
	" c.last_contact_at, c.last_contact_channel, c.contacts, c.open_tickets, c.next_followup, c.orders,"
	" c.orders_total AS orders_total_minor, c.orders_currency, c.last_order_at, c.pinyin"
	" FROM customer c LEFT JOIN org o ON o.id = c.org;"
	"CREATE VIEW v_customer_link AS SELECT id, customer, kind, other, number, external_key, source,"
	" created_at FROM customer_link;"
	"CREATE VIEW v_classifier AS SELECT id, name, version, method, learnt_from, text_fields, label_field,"
	" filter_terms, labels, documents, threshold, accuracy, evaluation, created_at FROM classifier;";

const char migration_3_fill[] = "UPDATE customer SET pinyin = pinyin(name) WHERE pinyin IS NOT pinyin(name)";
