/*
 * The hits. Few are put in the order of their score, which needs all of them; of many the newest are given, which needs
 * as few as possible. How many there are is not known before, so the sources are first asked for their hits, from the
 * last record on, until it is clear that walking through the records in the order of time and looking at each will give
 * those that are wanted at less cost.
 */
#include "model/restricted.h"
#include "service/search.h"
#include "store/search.h"

/* What the steps cost, in units of about a tenth of a microsecond. */
enum {
	COST_HIT = 3,      /* the next hit of the index */
	COST_WALK = 2,     /* the next record by time, without its text */
	COST_LOOK_UP = 25, /* one record by its number */
	COST_TEST = 50,    /* the next record by time, and looking for the words in its text */
	FEW = 20000        /* records of a period that are looked at without asking the index */
};

/* --- statements --- */

/* Which records count at all. */
static void put_conditions(struct sql *q, const struct search *x, const struct search_source *source)
{
	const struct search_place *p = source->place;

	if (x->s->now_fixed) {
		buf_puts(&q->text, " AND t0.created_at <= ");
		sql_param_int(q, crm_store_now(x->s));
	}
	if (x->from > INT64_MIN) {
		buf_printf(&q->text, " AND %s >= ", p->at);
		sql_param_int(q, x->from);
	}
	if (x->to < INT64_MAX) {
		buf_printf(&q->text, " AND %s <= ", p->at);
		sql_param_int(q, x->to);
	}
	if (x->customer) {
		buf_printf(&q->text, " AND t0.%s = ", p->entity == &entity_customer ? "id" : "customer");
		sql_param_int(q, x->customer);
	}
	if (x->hides)
		restricted_put(&q->text, p->entity, "t0");
}

static bool has_conditions(const struct search *x)
{
	return x->s->now_fixed || x->from > INT64_MIN || x->to < INT64_MAX || x->customer;
}

/* Rows of number and time, newest first or from the last number on, and whether each has all that is looked for. */
static int prepare_test(
	struct stmt **out, const struct search *x, const struct search_source *source, int64_t above, bool by_time)
{
	cleanup(sql_release) struct sql q = { .s = x->s };

	buf_printf(&q.text, "SELECT t0.id, %s, ", source->place->at);
	search_put_test(&q, &x->terms, source);
	buf_printf(&q.text, " FROM %s t0 WHERE 1", source->place->entity->table);
	if (above > 0) {
		buf_puts(&q.text, " AND t0.id > ");
		sql_param_int(&q, above);
	}
	put_conditions(&q, x, source);
	buf_printf(&q.text, " ORDER BY %s DESC", by_time ? source->place->at : "t0.id");
	return sql_prepare(out, &q, DB_SCAN | DB_ONCE);
}

/* The numbers of the records in the index, the last first; their times too, where conditions must be asked of them. */
static int prepare_index(
	struct stmt **out, const struct search *x, const struct search_source *source, const struct search_part *part)
{
	cleanup(sql_release) struct sql q = { .s = x->s };
	struct buf match = BUF_INIT;

	search_put_match(&match, x->terms.v, x->terms.n);
	buf_printf(&q.text,
		"SELECT found.id, %s FROM (SELECT rowid - %lld AS id FROM search_index WHERE search_index MATCH ",
		source->timed ? source->place->at : "NULL", (long long)part->base);
	sql_param_text(&q, buf_str(&match) ? match.s : "", match.len);
	buf_puts(&q.text, " AND rowid BETWEEN ");
	sql_param_int(&q, part->base + 1);
	buf_puts(&q.text, " AND ");
	sql_param_int(&q, part->base + part->upto);
	buf_puts(&q.text, " ORDER BY rowid DESC) found");
	if (source->timed) {
		buf_printf(&q.text, " CROSS JOIN %s t0 ON t0.id = found.id WHERE 1", source->place->entity->table);
		put_conditions(&q, x, source);
	} else if (x->hides) {
		buf_puts(&q.text, " WHERE 1");
		restricted_put(&q.text, source->place->entity, "found");
	}
	q.text.failed |= match.failed;
	buf_free(&match);
	return sql_prepare(out, &q, DB_SCAN | DB_ONCE);
}

/* --- all hits of a source --- */

static int add_hit(struct search_source *source, int64_t id, int64_t at)
{
	if (!GROW(source->v, source->n, source->cap))
		return CRM_NOMEM;
	source->v[source->n++] = (struct search_hit){ .id = id, .at = at, .source = source };
	return CRM_OK;
}

/*
 * Whether no more need be known: there are too many to be ranked, and where they lie this dense, walking to those that are
 * wanted costs no more than what was spent.
 */
static bool enough(const struct search *x, const struct search_source *source)
{
	const double n = (double)source->n;

	if (x->wanted < 0 || !source->place->walked || source->n <= SEARCH_RANKED)
		return false;
	return (double)x->wanted * (double)(source->last - source->v[source->n - 1].id) * COST_TEST <= n * n * COST_HIT;
}

static void tell(struct search *x)
{
	if (++x->looked_at % 8192 == 0)
		store_event(x->s, CRM_EVENT_PROGRESS, x->looked_at, 0, crm_tr("searching"));
}

/* A regular expression that takes too many steps on some text is bad usage. */
static int step(struct search *x, struct stmt *st)
{
	int status = db_step(st);
	const char *message = status == CRM_FAILED && x->terms.regex ? strstr(crm_errmsg(x->s), ": ") : NULL;

	return message ? err_set(&x->s->err, CRM_INVALID, "search: %s", message + 2) : status;
}

/* Hits that the index does not know: records behind its mark, looked at one by one. */
static int find_fresh(struct search *x, struct search_source *source, int64_t above)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = prepare_test(&st, x, source, above, false);

	while (status == CRM_OK && !enough(x, source) && (status = step(x, st)) == CRM_OK) {
		tell(x);
		if (db_int(st, 2) && add_hit(source, db_int(st, 0), db_int(st, 1)) < 0)
			return err_nomem(&x->s->err);
	}
	source->complete = status == CRM_END;
	return status < 0 ? status : CRM_OK;
}

static int find_indexed(struct search *x, struct search_source *source, const struct search_part *part)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = prepare_index(&st, x, source, part);

	while (status == CRM_OK && !enough(x, source) && (status = step(x, st)) == CRM_OK)
		if (add_hit(source, db_int(st, 0), db_int(st, 1)) < 0)
			return err_nomem(&x->s->err);
	source->complete = status == CRM_END;
	return status < 0 ? status : CRM_OK;
}

/* Records that a condition leaves are so few that each is looked at. */
static int is_narrow(bool *out, const struct search *x, const struct search_source *source)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	cleanup(sql_release) struct sql q = { .s = x->s };
	int status;

	*out = x->customer != 0;
	if (*out || !source->place->walked || (x->from == INT64_MIN && x->to == INT64_MAX))
		return CRM_OK;
	buf_printf(&q.text, "SELECT count(*) FROM (SELECT 1 FROM %s t0 WHERE %s BETWEEN ", source->place->entity->table,
		source->place->at);
	sql_param_int(&q, x->from);
	buf_puts(&q.text, " AND ");
	sql_param_int(&q, x->to);
	buf_printf(&q.text, " LIMIT %d)", FEW + 1);
	status = sql_prepare(&st, &q, DB_ONCE);
	if (status == CRM_OK)
		status = db_step(st);
	if (status == CRM_OK)
		*out = db_int(st, 0) <= FEW;
	return status;
}

static int find_in(struct search *x, struct search_source *source)
{
	struct search_part part = { 0 };
	bool narrow = false;
	int status = search_last(&source->last, x->s, source->place->entity->table);

	if (status < 0 || (x->terms.regex && source->place->walked))
		return status; /* looked at on the way */
	if (!x->terms.regex)
		status = is_narrow(&narrow, x, source);
	if (status == CRM_OK && !x->terms.regex && !narrow && !x->s->op.open) /* whose changes it does not know yet */
		status = search_part_read(&part, x->s, source->place->entity->name);
	source->timed = part.upto == 0 || has_conditions(x);
	source->complete = true;
	if (status == CRM_OK && part.upto < source->last)
		status = find_fresh(x, source, part.upto);
	if (status == CRM_OK && part.upto > 0 && source->complete)
		status = find_indexed(x, source, &part);
	return status;
}

int search_index_count(int64_t *out, crm_store *s, const struct search_term *term, int limit)
{
	cleanup(buf_free) struct buf match = BUF_INIT;

	search_put_match(&match, term, 1);
	if (!buf_str(&match))
		return err_nomem(&s->err);
	return db_get_int(out, s,
		"SELECT count(*) FROM (SELECT 1 FROM search_index WHERE search_index MATCH $1 LIMIT $2)", "si", match.s,
		(int64_t)limit);
}

/* --- newest first --- */

bool search_newer(const struct search_hit *a, const struct search_hit *b)
{
	if (a->at != b->at)
		return a->at > b->at;
	return a->source != b->source ? a->source < b->source : a->id > b->id;
}

static int by_time(const void *a, const void *b)
{
	return search_newer(a, b) ? -1 : 1;
}

static int look_up_times(struct search *x, struct search_source *source)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf sql = BUF_INIT;
	size_t n = 0;
	int status;

	buf_printf(&sql, "SELECT %s FROM %s t0 WHERE t0.id = $1", source->place->at, source->place->entity->table);
	status = buf_str(&sql) ? db_prepare(&st, x->s, sql.s, 0) : err_nomem(&x->s->err);
	buf_free(&sql);
	for (size_t i = 0; status == CRM_OK && i < source->n; i++) {
		db_rewind(st);
		db_bind_int(st, 1, source->v[i].id);
		status = db_step(st);
		if (status == CRM_OK) {
			source->v[n] = source->v[i];
			source->v[n++].at = db_int(st, 0);
		}
		status = status == CRM_END ? CRM_OK : status;
	}
	source->n = n;
	source->timed = true;
	return status;
}

/* Whether walking through the records, as far as is wanted, costs less than asking for the time of each hit. */
static bool walk_pays(const struct search *x, const struct search_source *source)
{
	const double n = (double)source->n, all = (double)source->last;
	const double steps = x->wanted >= 0 && (double)x->wanted < n ? all * (double)x->wanted / n : all;

	return source->place->walked && steps * COST_WALK < n * COST_LOOK_UP;
}

static int by_number(const void *a, const void *b)
{
	const struct search_hit *x = a, *y = b;

	return x->id > y->id ? -1 : x->id < y->id;
}

/* How the source gives its hits. */
static int choose_way(struct search *x, struct search_source *source)
{
	cleanup(sql_release) struct sql q = { .s = x->s };

	if (!source->complete) {
		source->way = SEARCH_TEST;
		return prepare_test(&source->walk, x, source, 0, true);
	}
	if (!source->timed && walk_pays(x, source)) {
		source->way = SEARCH_KNOWN;
		buf_printf(&q.text, "SELECT t0.id, %s FROM %s t0 ORDER BY %s DESC", source->place->at,
			source->place->entity->table, source->place->at);
		return sql_prepare(&source->walk, &q, DB_SCAN | DB_ONCE);
	}
	source->way = SEARCH_LIST;
	int status = source->timed ? CRM_OK : look_up_times(x, source);
	if (source->n > 1)
		qsort(source->v, source->n, sizeof(*source->v), by_time);
	return status;
}

/* Whether the record that the walk stands on is a hit. */
static bool fits(const struct search_source *source)
{
	if (source->way == SEARCH_TEST)
		return db_int(source->walk, 2) != 0;
	return bsearch(&source->row, source->v, source->n, sizeof(source->row), by_number) != NULL;
}

/*
 * The next hits of one time. An index has records in the order of time, and those of the same time in any: SQLite would
 * sort each group, which takes longer than all else.
 */
static int read_same(struct search *x, struct search_source *source)
{
	int status = CRM_OK;

	source->nsame = source->next = 0;
	for (;; source->waits = false) {
		if (!source->waits) {
			status = step(x, source->walk);
			if (status != CRM_OK)
				break;
			tell(x);
			source->row = (struct search_hit){
				.id = db_int(source->walk, 0), .at = db_int(source->walk, 1), .source = source
			};
		}
		source->waits = true;
		if (source->nsame > 0 && source->row.at != source->same[0].at)
			break;
		if (!fits(source))
			continue;
		if (!GROW(source->same, source->nsame, source->same_cap))
			return err_nomem(&x->s->err);
		source->same[source->nsame++] = source->row;
	}
	source->ended = status == CRM_END;
	if (source->nsame > 1)
		qsort(source->same, source->nsame, sizeof(*source->same), by_number);
	return status < 0 ? status : CRM_OK;
}

/* The next hit of a source, or NULL when there is none. */
static int peek(const struct search_hit **out, struct search *x, struct search_source *source)
{
	const bool lists = source->way == SEARCH_LIST;
	int status = CRM_OK;

	if (!lists && !source->ended && source->next == source->nsame)
		status = read_same(x, source);
	*out = source->next < (lists ? source->n : source->nsame) ? (lists ? source->v : source->same) + source->next
								  : NULL;
	return status;
}

int search_find(struct search *x)
{
	size_t total = 0;
	bool all = true;
	int status = restricted_any(&x->hides, x->s);

	for (size_t i = 0; status == CRM_OK && i < x->nsources; i++) {
		status = find_in(x, &x->sources[i]);
		total += x->sources[i].n;
		all = all && x->sources[i].complete;
	}
	if (status == CRM_OK && (x->ranks || (all && !x->newest && total <= SEARCH_RANKED)))
		return search_rank(x);
	for (size_t i = 0; status == CRM_OK && i < x->nsources; i++)
		status = choose_way(x, &x->sources[i]);
	return status;
}

int search_next(struct search *x, struct search_hit *out)
{
	const struct search_hit *best = NULL;

	if (x->ranking) {
		if (x->at == x->nranking)
			return CRM_END;
		*out = x->ranking[x->at++];
		return CRM_OK;
	}
	for (size_t i = 0; i < x->nsources; i++) {
		const struct search_hit *hit;
		int status = peek(&hit, x, &x->sources[i]);

		if (status < 0)
			return status;
		if (hit && (!best || search_newer(hit, best)))
			best = hit;
	}
	if (!best)
		return CRM_END;
	best->source->next++;
	*out = *best;
	return CRM_OK;
}
