/*
 * Communications without key or Message-ID: which of them is stored already.
 *
 * One is a repeat of another when customer, time, channel, direction, subject, content and whether it is internal are
 * equal, and nothing else that it says is missing there or different: so the same file imported twice changes nothing,
 * and two calls of one second by two agents stay two. One that was stored before this import, and lacks what the row
 * says, is filled in. Small imports ask the index row by row; large ones look when it is built again.
 */
#include "exchange/import/import.h"

/* Of x, the older, and y: nothing but customer, time and whether it is internal is left to compare. */
#define EQUAL                                                                                                          \
	"y.channel = x.channel AND y.direction IS x.direction AND y.subject IS x.subject AND y.content IS x.content"
#define SAID(column)    "(y." column " IS NULL OR y." column " = x." column ")"
#define OPEN(column)    "(y." column " IS NULL OR x." column " IS NULL OR y." column " = x." column ")"
#define SAYS_NO_MORE    SAID("agent") " AND " SAID("duration") " AND " SAID("contact_point")
#define CONTRADICTS_NOT OPEN("agent") " AND " OPEN("duration") " AND " OPEN("contact_point")

static bool has_no_key(struct import *im)
{
	return crm_record_get(&im->record, "key").kind == CRM_NULL &&
	       crm_record_get(&im->record, "message_id").kind == CRM_NULL;
}

/* Whether the record `id` has the custom values of the row. */
static int same_custom(struct import *im, int64_t id, bool *same)
{
	int status = CRM_OK;

	*same = true;
	for (size_t i = 0; i < im->record.ncustom && *same && status >= 0; i++) {
		const struct custom_value *c = &im->record.custom[i];
		int64_t found = 0;

		if (c->value.kind == CRM_NULL)
			continue;
		status = db_get_int(&found, im->s,
			"SELECT 1 FROM field_value WHERE entity = $1 AND record = $2 AND field = $3 AND value = $4",
			"siis", im->e->name, id, c->field->custom, c->value.s);
		*same = status == CRM_OK;
	}
	return status < 0 ? status : CRM_OK;
}

int repeated_find(struct import *im, int64_t *id)
{
	static const char *const telling[] = { "customer", "at", "channel", "direction", "subject", "content", "agent",
		"duration", "contact_point", "internal" };
	cleanup(db_releasep) struct stmt *st = NULL;
	int status;

	*id = 0;
	if (im->e != &entity_log || im->bulk || !has_no_key(im))
		return CRM_OK;
	status = db_prepare(&st, im->s,
		"SELECT x.id, " SAYS_NO_MORE " FROM log x JOIN (SELECT $1 AS customer, $2 AS at, $3 AS channel,"
		" $4 AS direction, $5 AS subject, $6 AS content, $7 AS agent, $8 AS duration, $9 AS contact_point,"
		" coalesce($10, 0) AS internal) y ON y.customer = x.customer AND y.at = x.at AND y.internal = "
		"x.internal"
		" AND " EQUAL " AND " CONTRADICTS_NOT " ORDER BY 2 DESC, x.id",
		DB_SCAN); /* sorts the few of one second */
	if (status < 0)
		return status;
	for (size_t i = 0; i < ARRAY_SIZE(telling); i++) {
		crm_value v = crm_record_get(&im->record, telling[i]);

		db_bind_value(st, (int)i + 1, &v);
	}
	while (*id == 0 && (status = db_step(st)) == CRM_OK) {
		int64_t candidate = db_int(st, 0);
		bool same = db_int(st, 1) || apply_line_of(im, candidate) == 0;

		if (same)
			status = same_custom(im, candidate, &same);
		if (status < 0)
			return status;
		if (same)
			*id = candidate;
	}
	return status < 0 ? status : CRM_OK;
}

/* --- after a bulk load --- */

enum likeness {
	DIFFERENT,
	FILLS, /* says more, and contradicts nothing */
	REPEATS
};

static int compare(struct import *im, int64_t x, int64_t y, enum likeness *likeness)
{
	int64_t no_more = 0;
	int status = db_get_int(&no_more, im->s,
		"SELECT " SAYS_NO_MORE " FROM log x JOIN log y ON y.id = $2 AND y.internal = x.internal AND " EQUAL
		" AND " CONTRADICTS_NOT " AND y.external_key IS NULL AND y.message_id IS NULL"
		" AND NOT EXISTS (SELECT 1 FROM field_value v WHERE v.entity = 'log' AND v.record = y.id AND NOT EXISTS"
		" (SELECT 1 FROM field_value w WHERE w.entity = 'log' AND w.record = x.id AND w.field = v.field"
		" AND w.value = v.value)) WHERE x.id = $1",
		"ii", x, y);

	*likeness = status != CRM_OK ? DIFFERENT : no_more ? REPEATS : FILLS;
	return status < 0 ? status : CRM_OK;
}

/* What y says and x does not goes to x. */
static int fill(struct import *im, int64_t x, int64_t y)
{
	static const char *const fillable[] = { "agent", "duration", "contact_point" };
	struct crm_record *to = &im->record;
	crm_record *from = NULL;
	int status;

	record_reset(to);
	status = rows_load(to, x);
	if (status == CRM_OK)
		status = crm_record_load(&from, im->s, im->e, y);
	for (size_t i = 0; status == CRM_OK && i < ARRAY_SIZE(fillable); i++) {
		crm_value v = crm_record_get(from, fillable[i]), none = { .kind = CRM_NULL };

		if (v.kind != CRM_NULL)
			record_put(to, field_find_static(im->e, fillable[i]), &v, &none);
	}
	if (status == CRM_OK)
		status = crm_record_save(to);
	crm_record_free(from);
	return status;
}

static int delete_created(struct import *im, int64_t id)
{
	int status = db_run(im->s, "DELETE FROM field_value WHERE entity = 'log' AND record = $1", "i", id);

	im->out->created--;
	return status < 0 ? status : db_run(im->s, "DELETE FROM log WHERE id = $1", "i", id);
}

/* `run`: the communications of the same customer and second that come before `id`, which was created here. */
static int settle(struct import *im, const int64_t *run, size_t n, int64_t id, bool *gone)
{
	int64_t lacking = 0;
	int status = CRM_OK;

	*gone = false;
	for (size_t i = 0; i < n && !*gone && status == CRM_OK; i++) {
		enum likeness likeness;

		status = compare(im, run[i], id, &likeness);
		*gone = status == CRM_OK && likeness == REPEATS;
		if (likeness == FILLS && !lacking && run[i] < im->first_created)
			lacking = run[i];
	}
	if (status < 0 || (!*gone && !lacking))
		return status;
	if (*gone)
		im->out->unchanged++;
	else
		status = fill(im, lacking, id);
	im->out->updated += !*gone;
	*gone = true;
	return status < 0 ? status : delete_created(im, id);
}

/*
 * The index, built again, brings equal ones side by side: flat memory, one walk. Runs of one customer and second are
 * short; what is changed is no part of that index, or stands behind.
 */
int repeated_remove(struct import *im)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	cleanup(freep) int64_t *run = NULL;
	size_t n = 0, cap = 0;
	int64_t customer = -1, at = 0;
	int status;

	if (im->e != &entity_log || !im->bulk || !im->first_created)
		return CRM_OK;
	status = bulk_rebuild_indexes(im->s);
	if (status == CRM_OK)
		status = db_prepare(&st, im->s,
			"SELECT customer, at, id FROM log INDEXED BY log_customer ORDER BY customer, at, internal, "
			"channel",
			DB_SCAN | DB_ONCE);
	while (status == CRM_OK && (status = db_step(st)) == CRM_OK) {
		int64_t id = db_int(st, 2);
		bool gone = false;

		if (db_int(st, 0) != customer || db_int(st, 1) != at)
			n = 0;
		customer = db_int(st, 0);
		at = db_int(st, 1);
		if (id >= im->first_created)
			status = settle(im, run, n, id, &gone);
		if (gone || status < 0)
			continue;
		if (!GROW(run, n, cap))
			return err_nomem(&im->s->err);
		run[n++] = id;
	}
	return status < 0 ? status : CRM_OK;
}
