/*
 * What the journal has of records that are erased: images under their numbers, in all operations. Some of them were
 * removed before, and hang on nothing any more but in their last image.
 */
#include "service/erase.h"

/* An erased image keeps its hash: digests of operations are made of these. */
#define BLANK(image) "'{\"erased\":\"' || image_hash(" image ") || '\"}'"

/* Numbers only: SQLite may write a temporary table to a file. */
static int make_removed(crm_store *s)
{
	return db_exec(s, "DROP TABLE IF EXISTS temp.removed;"
			  " CREATE TEMP TABLE removed (entity TEXT NOT NULL, id INTEGER NOT NULL,"
			  " PRIMARY KEY (entity, id)) WITHOUT ROWID");
}

/* Records of `e` that are not there any more; those that go now are known. */
static int find_removed(struct erasing *x, const struct crm_entity *e)
{
	struct buf sql = BUF_INIT;

	buf_printf(&sql,
		"INSERT INTO temp.removed (entity, id) SELECT d.entity, d.id"
		" FROM (SELECT DISTINCT entity, first_id AS id FROM change WHERE entity = '%s') d"
		" WHERE NOT EXISTS (SELECT 1 FROM %s t WHERE t.id = d.id)"
		" AND NOT EXISTS (SELECT 1 FROM temp.gone g WHERE g.entity = d.entity AND g.id = d.id)",
		e->name, e->table);
	return erase_run(x->s, &sql, NULL);
}

/* Those that belonged to something that is gone, at any time: a merger that was taken back left them where they were. */
static int follow(struct erasing *x, const struct crm_entity *e, const char *column, const char *target, int64_t *found)
{
	struct buf sql = BUF_INIT;

	buf_printf(&sql,
		"INSERT INTO temp.gone (entity, id) SELECT d.entity, d.id FROM temp.removed d JOIN change c"
		" ON c.entity = d.entity AND c.first_id = d.id AND c.image IS NOT NULL WHERE d.entity = '%s'"
		" AND EXISTS (SELECT 1 FROM temp.gone g WHERE g.entity = '%s' AND g.id = c.image ->> '$.%s')"
		" ON CONFLICT DO NOTHING",
		e->name, target, column);
	return erase_run(x->s, &sql, found);
}

/* What would have gone with a record of `target`, had it been there. */
static int follow_all(struct erasing *x, const struct crm_entity *target, int64_t *found)
{
	struct reference ref;
	size_t at = 0;
	int status = CRM_OK;

	while (status == CRM_OK && target->flags & ENTITY_CASCADE && next_reference(&ref, &at, target))
		if (!(ref.f->flags & (FIELD_LETGO | FIELD_HANDLE)) && field_is_stored(ref.f))
			status = follow(x, ref.e, field_column(ref.f), ref.f->target, found);
	return status;
}

/* Customers that had been merged into one that is gone: their links went with it. */
static int follow_merged(struct erasing *x, int64_t *found)
{
	struct buf sql = BUF_INIT;

	buf_puts(&sql,
		"INSERT INTO temp.gone (entity, id) SELECT 'customer', l.image ->> '$.number' FROM temp.gone g"
		" JOIN change l ON l.entity = 'customer_link' AND l.op = (SELECT max(c.op) FROM change c WHERE"
		" c.entity = 'customer' AND c.first_id = g.id AND c.image IS NOT NULL)"
		" WHERE g.entity = 'customer' AND l.image ->> '$.kind' = 'merged' AND l.image ->> '$.customer' = g.id"
		" AND l.image ->> '$.number' IS NOT NULL ON CONFLICT DO NOTHING");
	return erase_run(x->s, &sql, found);
}

int erase_gather_removed(struct erasing *x)
{
	int64_t before = 0, after = 0, found = 1;
	int status = make_removed(x->s);

	for (size_t i = 0; status == CRM_OK && i < crm_entity_count(); i++)
		status = find_removed(x, crm_entity_at(i));
	if (status == CRM_OK)
		status = db_get_int(&before, x->s, "SELECT count(*) FROM temp.gone", "");
	while (status == CRM_OK && found > 0) {
		found = 0;
		status = follow_merged(x, &found);
		for (size_t i = 0; status == CRM_OK && i < crm_entity_count(); i++)
			status = follow_all(x, crm_entity_at(i), &found);
	}
	if (status == CRM_OK) /* links of mergers that were taken back have the key of one that is gone */
		status = follow(x, &entity_customer_link, "number", "customer", &found);
	if (status == CRM_OK)
		status = db_get_int(&after, x->s, "SELECT count(*) FROM temp.gone", "");
	x->out.removed = (size_t)(after - before);
	return status < 0 ? status : db_exec(x->s, "DROP TABLE temp.removed");
}

/*
 * Between a merger and its end the survivor had what the other had: what the journal says of the survivor from then is the
 * other's too.
 */
static int blank_survivors(struct erasing *x, int64_t *n)
{
	struct buf sql = BUF_INIT;

	buf_puts(&sql,
		"UPDATE change SET image = " BLANK(
			"image") " FROM (SELECT l.first_id AS link,"
				 " l.image ->> '$.customer' AS survivor, max(l.op) AS ended FROM temp.gone g JOIN "
				 "change l"
				 " ON l.entity = g.entity AND l.first_id = g.id AND l.image IS NOT NULL"
				 " WHERE g.entity = 'customer_link' AND l.image ->> '$.kind' = 'merged' GROUP BY 1, 2) "
				 "m"
				 " WHERE change.entity = 'customer' AND change.first_id = m.survivor AND change.op <= "
				 "m.ended"
				 " AND change.op > (SELECT min(c.op) FROM change c WHERE c.entity = 'customer_link' "
				 "AND c.image IS NULL"
				 " AND c.first_id <= m.link AND c.last_id >= m.link) AND " IMAGE_WHOLE("change"));
	return erase_run(x->s, &sql, n);
}

static int blank(struct erasing *x, int64_t *n)
{
	struct buf sql = BUF_INIT;

	buf_puts(&sql,
		"UPDATE change SET image = " BLANK("image") " FROM temp.gone g WHERE change.entity = g.entity"
							    " AND change.first_id = g.id AND " IMAGE_WHOLE("change"));
	return erase_run(x->s, &sql, n);
}

/* An undo of anything that was done to them before sees that they were changed since. */
static int note_removed(struct erasing *x)
{
	struct buf sql = BUF_INIT;

	buf_printf(&sql,
		"INSERT INTO change (op, entity, first_id, last_id, image) SELECT %lld, g.entity, g.id, g.id,"
		" '{\"erased\":\"' || lower(hex(randomblob(32))) || '\"}' FROM temp.gone g WHERE true"
		" ON CONFLICT DO NOTHING",
		(long long)x->op);
	return erase_run(x->s, &sql, NULL);
}

int erase_images(struct erasing *x)
{
	int64_t n = 0;
	int status = blank_survivors(x, &n);

	if (status == CRM_OK)
		status = blank(x, &n);
	x->out.images = (size_t)n;
	return status < 0 ? status : note_removed(x);
}
