#include "model/search.h"
#include "store/search.h"

#include <stdio.h>

static const struct crm_entity *const indexed[] = { &entity_customer, &entity_org, &entity_log, &entity_ticket,
	&entity_followup, &entity_order, &entity_survey };

enum {
	PARTS = ARRAY_SIZE(indexed),
	SMALL = 2000,          /* records of an operation that has time to spare, and that it may take up for others */
	PIECE = 200000,        /* records that one operation of search_catch_up() takes up */
	PIECE_BYTES = 1 << 20, /* of words, in a small operation */
	KEPT_BYTES = 16 << 20  /* of words that wait to be replaced */
};

/* --- the words of a record --- */

/* The values of a child table as one value, each a text of its own. Most stores have none: asking once is cheap. */
static void put_children(
	struct buf *sql, const char *table, const char *value, const char *kind, const char *entity, const char *alias)
{
	buf_printf(sql,
		"CASE WHEN EXISTS (SELECT 1 FROM %s WHERE entity = '%s') THEN (SELECT group_concat(%s, char(31)) FROM "
		"%s x WHERE x.entity = '%s' AND x.record = %s.id",
		table, entity, value, table, entity, alias);
	if (kind)
		buf_printf(sql, " AND x.kind = '%s'", kind);
	buf_puts(sql, ") END");
}

static void put_text(struct buf *sql, const struct crm_entity *e, const struct crm_field *f, const char *alias)
{
	bool phones = f->type == CRM_CONTACTS && strcmp(f->kind, "phone") == 0;

	if (f->type == CRM_TAGS)
		put_children(sql, "record_tag", "x.tag", NULL, e->name, alias);
	else if (f->type == CRM_CONTACTS)
		put_children(sql, "contact_point",
			phones ? "x.value || coalesce(char(31) || numbers(x.value_norm), '')" : "x.value", f->kind,
			e->name, alias);
	else if (f->flags & FIELD_SOUND)
		buf_printf(sql, "sounds(%s.%s)", alias, field_column(f));
	else if (f->type == CRM_PHONE && f->norm)
		buf_printf(sql, "%s.%s, numbers(%s.%s)", alias, field_column(f), alias, f->norm);
	else
		buf_printf(sql, "%s.%s", alias, field_column(f));
}

bool search_texts(struct buf *sql, const struct crm_entity *e, const char *alias)
{
	const char *between = "";

	for (size_t i = 0; i < e->nfields; i++) {
		if (!search_has_field(&e->fields[i]))
			continue;
		buf_puts(sql, between);
		put_text(sql, e, &e->fields[i], alias);
		between = ", ";
	}
	if (e->flags & ENTITY_CUSTOM) {
		buf_puts(sql, between);
		put_children(sql, "field_value", "x.value", NULL, e->name, alias);
		between = ", ";
	}
	return *between;
}

/* --- what an operation has to tell the index --- */

/* A record below the mark as it was: its words, NULL when it had none. */
struct touched {
	size_t part;
	int64_t id;
	const char *words;
	size_t len;
};

struct part {
	struct search_part part;
	int64_t touched;
};

struct work {
	struct part parts[PARTS];
	struct touched *touched;
	size_t n, cap;
	struct arena texts;
	size_t bytes;
};

static void work_free(void *p)
{
	struct work *w = p;

	free(w->touched);
	arena_free(&w->texts);
	free(w);
}

static size_t part_of(const struct crm_entity *e)
{
	size_t i = 0;

	while (i < PARTS && indexed[i] != e)
		i++;
	return i;
}

bool search_indexed(const struct crm_entity *e)
{
	return part_of(e) < PARTS;
}

/* What the open operation has to tell; NULL on error. The marks are read once, nobody else moves them meanwhile. */
static struct work *work_of(crm_store *s)
{
	struct work *w = s->op.search;
	int status = CRM_OK;

	if (w)
		return w;
	w = calloc(1, sizeof(*w));
	if (!w) {
		err_nomem(&s->err);
		return NULL;
	}
	s->op.search = w;
	s->op.search_free = work_free;
	for (size_t i = 0; status == CRM_OK && i < PARTS; i++)
		status = search_part_read(&w->parts[i].part, s, indexed[i]->name);
	return status == CRM_OK ? w : NULL;
}

/* A statement over the words of one record, or of several in order. */
static int prepare_words(struct stmt **st, crm_store *s, const struct crm_entity *e, const char *which)
{
	struct buf sql = BUF_INIT;
	int status;

	buf_puts(&sql, "SELECT t.id, words(");
	search_texts(&sql, e, "t");
	buf_printf(&sql, ") FROM %s t WHERE %s", e->table, which);
	status = buf_str(&sql) ? db_prepare(st, s, sql.s, 0) : err_nomem(&s->err);
	buf_free(&sql);
	return status;
}

/* The words of a record as it is now, until the statement is given back; *words NULL when it has none or is gone. */
static int words_of(
	struct stmt **st, const char **words, size_t *len, crm_store *s, const struct crm_entity *e, int64_t id)
{
	int status = prepare_words(st, s, e, "t.id = $1");

	*words = NULL;
	*len = 0;
	if (status < 0)
		return status;
	db_bind_int(*st, 1, id);
	status = db_step(*st);
	if (status == CRM_OK) {
		*words = db_text(*st, 1);
		*len = db_bytes(*st, 1);
	}
	return status < 0 ? status : CRM_OK;
}

static int feed(crm_store *s, const struct marks *marks);

static int mark(crm_store *s)
{
	return op_mark(s, indexed, feed, 1);
}

/*
 * Replacing the words of so many records costs the operation more than is saved for later searches: its part is given
 * up, and made again when there is time.
 */
static bool is_many(const struct part *p, int64_t n)
{
	return p->touched + n > SMALL && p->touched + n > p->part.upto / 20;
}

static int give_up(struct work *w, crm_store *s, size_t part)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->touched[i].part == part)
			w->touched[i].id = 0;
	return search_part_drop(s, indexed[part]->name, &w->parts[part].part);
}

/* Keeps the words that a record has in the index; where too many are kept already, they are removed at once. */
static int keep(struct work *w, crm_store *s, size_t part, int64_t id)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct touched t = { .part = part, .id = id };
	int status = words_of(&st, &t.words, &t.len, s, indexed[part], id);

	if (status == CRM_OK && t.words && w->bytes > KEPT_BYTES) {
		status = search_remove(s, w->parts[part].part.base + id, t.words, t.len);
		t.words = NULL;
	} else if (status == CRM_OK && t.words) {
		t.words = arena_copy(&w->texts, t.words, t.len);
		w->bytes += t.len;
	}
	if (status < 0)
		return status;
	if (w->texts.failed || !GROW(w->touched, w->n, w->cap))
		return err_nomem(&s->err);
	w->touched[w->n++] = t;
	return CRM_OK;
}

int search_touch(crm_store *s, const struct crm_entity *e, int64_t id)
{
	return search_touch_range(s, e, id, id);
}

int search_touch_range(crm_store *s, const struct crm_entity *e, int64_t first, int64_t last)
{
	size_t part = part_of(e);
	int status = CRM_OK;
	struct work *w;
	struct part *p;

	if (part == PARTS)
		return CRM_OK;
	w = work_of(s);
	if (!w)
		return s->err.code;
	p = &w->parts[part];
	if (last > p->part.upto)
		last = p->part.upto;
	if (first > last)
		return CRM_OK;
	if (is_many(p, last - first + 1))
		return give_up(w, s, part);
	p->touched += last - first + 1;
	for (int64_t id = first; status == CRM_OK && id <= last; id++)
		status = keep(w, s, part, id);
	return status == CRM_OK ? mark(s) : status;
}

int search_created(crm_store *s, const struct crm_entity *e)
{
	return search_indexed(e) ? mark(s) : CRM_OK;
}

/* --- telling it --- */

/* By row of the index; of those of one record the first has its words as they are there. */
static int by_row(const void *a, const void *b)
{
	const struct touched *x = *(const struct touched *const *)a, *y = *(const struct touched *const *)b;

	if (x->part != y->part)
		return x->part < y->part ? -1 : 1;
	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return (x > y) - (x < y);
}

static int replace(struct work *w, crm_store *s, const struct touched *t)
{
	int64_t row = w->parts[t->part].part.base + t->id;
	cleanup(db_releasep) struct stmt *st = NULL;
	const char *words;
	size_t len;
	int status = words_of(&st, &words, &len, s, indexed[t->part], t->id);

	if (status < 0 || (words && t->words && len == t->len && memcmp(words, t->words, len) == 0))
		return status;
	if (t->words)
		status = search_remove(s, row, t->words, t->len);
	if (status == CRM_OK && words)
		status = search_put(s, row, words, len);
	return status;
}

static int replace_touched(struct work *w, crm_store *s)
{
	cleanup(freep) const struct touched **order = calloc(w->n + 1, sizeof(*order));
	const struct touched *last = NULL;
	int status = CRM_OK;

	if (!order)
		return err_nomem(&s->err);
	for (size_t i = 0; i < w->n; i++)
		order[i] = &w->touched[i];
	qsort(order, w->n, sizeof(*order), by_row);
	for (size_t i = 0; status == CRM_OK && i < w->n; i++) {
		const struct touched *t = order[i];

		if (t->id && !(last && last->part == t->part && last->id == t->id))
			status = replace(w, s, t);
		last = t;
	}
	w->n = w->bytes = 0;
	arena_reset(&w->texts);
	return status;
}

/* Takes up at most *room records above the mark, and not much more than `bytes` of words. */
static int take_up(struct search_part *p, crm_store *s, const struct crm_entity *e, int64_t *room, size_t bytes)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int64_t last;
	size_t written = 0;
	int status = search_last(&last, s, e->table);

	if (status < 0 || last <= p->upto || *room <= 0)
		return status;
	if (!p->base)
		status = search_part_write(s, e->name, p);
	if (status == CRM_OK)
		status = prepare_words(&st, s, e, "t.id > $1 ORDER BY t.id LIMIT $2");
	if (status < 0)
		return status;
	db_bind_int(st, 1, p->upto);
	db_bind_int(st, 2, *room);
	while (written < bytes && (status = db_step(st)) == CRM_OK) {
		p->upto = db_int(st, 0);
		--*room;
		if (!db_is_null(st, 1))
			status = search_put(s, p->base + p->upto, db_text(st, 1), db_bytes(st, 1));
		if (status < 0)
			return status;
		written += db_bytes(st, 1);
	}
	if (status == CRM_END && *room > 0)
		p->upto = last;
	return status < 0 ? status : search_part_write(s, e->name, p);
}

/* Before COMMIT: what the operation changed, and where it was small some of what lies above the marks. */
static int feed(crm_store *s, const struct marks *marks)
{
	int64_t room = SMALL;
	struct work *w = work_of(s);
	int status;

	(void)marks;
	if (!w)
		return s->err.code;
	status = replace_touched(w, s);
	for (size_t i = 0; i < PARTS; i++)
		if (w->parts[i].touched > SMALL || s->op.created_records > SMALL)
			room = 0;
	for (size_t i = 0; status == CRM_OK && i < PARTS; i++)
		status = take_up(&w->parts[i].part, s, indexed[i], &room, PIECE_BYTES);
	return status;
}

/* --- all of it --- */

/* Records that lie above the marks. */
static int count_above(int64_t *out, crm_store *s)
{
	int status = CRM_OK;

	*out = 0;
	for (size_t i = 0; status == CRM_OK && i < PARTS; i++) {
		struct search_part p;
		int64_t last = 0;

		status = search_part_read(&p, s, indexed[i]->name);
		if (status == CRM_OK)
			status = search_last(&last, s, indexed[i]->table);
		*out += last - p.upto;
	}
	return status;
}

/* At most a piece of what lies above the marks; *left what may be taken up still. */
static int take_piece(crm_store *s, int64_t *left)
{
	int64_t room = PIECE;
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < PARTS && room > 0; i++) {
		struct search_part p;

		status = search_part_read(&p, s, indexed[i]->name);
		if (status == CRM_OK)
			status = take_up(&p, s, indexed[i], &room, SIZE_MAX);
	}
	return status < 0 ? status : count_above(left, s);
}

/* Where more of the index is of no use than of use, all of it is made again. */
static int clear_dropped(crm_store *s)
{
	int64_t dropped, used;
	int status = search_sizes(&dropped, &used, s);

	return status < 0 || dropped <= used ? status : search_clear(s);
}

int search_rebuild(crm_store *s)
{
	int64_t left = 1, total = 0;
	int status = search_clear(s);

	while (status == CRM_OK && left > 0) {
		status = take_piece(s, &left);
		total = total ? total : left + PIECE;
		store_event(s, CRM_EVENT_PROGRESS, (uint64_t)(total - left), (uint64_t)total, "indexing");
	}
	return status;
}

int search_catch_up(crm_store *s)
{
	const int64_t operation = s->last_operation;
	int64_t total = 0, left;
	int status = count_above(&total, s);

	for (left = total; status == CRM_OK && left > 0;) {
		store_event(s, CRM_EVENT_PROGRESS, (uint64_t)(total - left), (uint64_t)total, "indexing");
		status = crm_begin(s, "tick");
		if (status == CRM_OK && left == total)
			status = clear_dropped(s);
		if (status == CRM_OK)
			status = take_piece(s, &left);
		if (status == CRM_OK)
			status = crm_commit(s);
		else
			crm_rollback(s);
		if (status == CRM_OK && s->interrupted)
			status = err_set(&s->err, CRM_INTERRUPTED, "interrupted: what was indexed so far stays");
	}
	s->last_operation = operation;
	return status;
}

int search_erase(crm_store *s)
{
	struct work *w = work_of(s);
	int64_t dropped, used;
	int status;

	if (!w)
		return s->err.code;
	status = replace_touched(w, s);
	if (status == CRM_OK)
		status = search_sizes(&dropped, &used, s);
	if (status < 0)
		return status;
	if (dropped == 0)
		return search_optimize(s);
	for (size_t i = 0; i < PARTS; i++) /* a part that was given up has words that nobody can name any more */
		w->parts[i] = (struct part){ 0 };
	return search_clear(s);
}
