/* The courses of tickets: three statements in order of the ticket, merged. */
#include "service/course.h"
#include "query/filter.h"

enum {
	SEEK_AFTER = 32 /* rows of other tickets are stepped over; beyond so many, looking the ticket up is faster */
};

/* A statement whose rows begin with the ticket, from the ticket $1 on, and the row at hand. */
struct feed {
	struct stmt *st;
	int64_t ticket;
	bool begun, ended;
};

struct courses {
	crm_store *s;
	int64_t now;
	size_t ncolumns;
	unsigned kinds;
	bool who, held;
	struct stmt *tickets;
	struct feed events, messages;
	struct words words;
	enum stage *stages; /* of the first words */
	size_t nstages, stages_cap;
	int new_status;
	struct moment *moments;
	size_t moments_cap;
	struct span *spans;
	size_t spans_cap;
	struct course course;
	const struct crm_field *fields[COURSE_COLUMNS];
};

struct words *courses_words(struct courses *c)
{
	return &c->words;
}

const struct crm_field *courses_field(const struct courses *c, size_t column)
{
	return c->fields[column];
}

enum stage courses_stage(const struct courses *c, int status)
{
	return status >= 0 && (size_t)status < c->nstages ? c->stages[status] : STAGE_UNKNOWN;
}

bool courses_solves(const struct courses *c, const struct moment *m)
{
	return m->kind == MOMENT_STATUS && courses_stage(c, m->after) == STAGE_SOLVED &&
	       courses_stage(c, m->before) != STAGE_SOLVED;
}

bool courses_reopens(const struct courses *c, const struct moment *m)
{
	enum stage after = courses_stage(c, m->after);

	return m->kind == MOMENT_STATUS && courses_stage(c, m->before) == STAGE_SOLVED && after != STAGE_SOLVED &&
	       after != STAGE_GONE;
}

int course_value_at(const struct course *c, enum moment_kind kind, int64_t at, int current)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->moments[i].kind == kind && c->moments[i].at > at)
			return c->moments[i].before;
	return current;
}

static int read_word(int *out, struct courses *c, struct stmt *st, int column)
{
	*out = WORD_NONE;
	if (!db_is_null(st, column))
		*out = words_number(&c->words, db_text(st, column), db_bytes(st, column));
	return *out == WORD_FAILED ? err_nomem(&c->s->err) : CRM_OK;
}

/* --- statuses --- */

static enum stage stage_of(const char *name, const char *category)
{
	if (strcmp(category, "open") == 0)
		return STAGE_OPEN;
	if (strcmp(category, "paused") == 0)
		return strcmp(name, "pending") == 0 ? STAGE_PENDING : STAGE_HOLD;
	return strcmp(name, "merged") == 0 || strcmp(name, "spam") == 0 ? STAGE_GONE : STAGE_SOLVED;
}

/* The statuses are the first words, so that a word's number leads to its stage. */
static int read_statuses(struct courses *c)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(&st, c->s, "SELECT name, category FROM ticket_status", DB_SCAN), word;

	while (status == CRM_OK && (status = db_step(st)) == CRM_OK) {
		status = read_word(&word, c, st, 0);
		if (status == CRM_OK && !GROW(c->stages, c->nstages, c->stages_cap))
			status = err_nomem(&c->s->err);
		if (status == CRM_OK)
			c->stages[c->nstages++] = stage_of(words_text(&c->words, word), db_text(st, 1));
	}
	if (status == CRM_END)
		c->new_status = words_number(&c->words, "new", 3);
	return status < 0 ? status : CRM_OK;
}

/* --- statements --- */

/* The past of a tracked field is read from the events: here it is as it is. */
static int put_column(struct courses *c, struct sql *q, size_t column, const char *path)
{
	const struct crm_field *tracked = field_find_static(&entity_ticket, path);
	int64_t as_of = q->as_of;
	int status;

	if (tracked && tracked->flags & FIELD_TRACKED)
		q->as_of = 0;
	buf_puts(&q->text, ", ");
	status = sql_word(q, &entity_ticket, path, "t0", &c->fields[column]);
	q->as_of = as_of;
	return status;
}

static int prepare_tickets(struct courses *c, const struct course_options *opt)
{
	cleanup(sql_release) struct sql q = { .s = c->s, .as_of = opt->as_of };
	int status = CRM_OK;

	buf_puts(&q.text, "SELECT t0.id, t0.customer, t0.created_at, t0.status");
	for (size_t i = 0; status == CRM_OK && i < opt->ncolumns; i++)
		status = put_column(c, &q, i, opt->columns[i]);
	if (status < 0)
		return status;
	buf_puts(&q.text, " FROM ticket t0 WHERE t0.created_at >= ");
	sql_param_int(&q, opt->since);
	buf_puts(&q.text, " AND t0.created_at <= ");
	sql_param_int(&q, opt->until < c->now ? opt->until : c->now);
	buf_puts(&q.text, " AND ");
	status = filter_shown(&q, &entity_ticket, "t0", opt->nfilter, opt->filter);
	if (opt->condition)
		buf_printf(&q.text, " AND (%s)", opt->condition);
	buf_puts(&q.text, " ORDER BY t0.id");
	if (status == CRM_OK)
		status = sql_prepare(&c->tickets, &q, DB_SCAN | DB_ONCE);
	return status;
}

static int prepare_feeds(struct courses *c)
{
	const bool said = c->kinds & (WANT(MOMENT_MESSAGE) | WANT(MOMENT_REPLY));
	int status = db_prepare(&c->events.st, c->s,
		c->who ? "SELECT ticket, at, id, kind, old_value, new_value, actor FROM ticket_event WHERE ticket >= $1"
			 " ORDER BY ticket, at"
		       : "SELECT ticket, at, id, kind, old_value, new_value FROM ticket_event WHERE ticket >= $1"
			 " ORDER BY ticket, at",
		0);

	c->messages.ended = !said;
	if (status == CRM_OK && said)
		status = db_prepare(&c->messages.st, c->s,
			c->who ? "SELECT ticket, at, id, direction, internal, agent FROM log WHERE ticket >= $1"
				 " ORDER BY ticket, at, direction"
			       : "SELECT ticket, at, id, direction, internal FROM log WHERE ticket >= $1"
				 " ORDER BY ticket, at, direction",
			0);
	return status;
}

int courses_open(struct courses **out, crm_store *s, const struct course_options *opt)
{
	struct courses *c = calloc(1, sizeof(*c));
	int status;

	if (!c)
		return err_nomem(&s->err);
	c->s = s;
	c->now = crm_store_now(s);
	c->ncolumns = opt->ncolumns;
	c->kinds = opt->kinds | WANT(MOMENT_STATUS);
	c->who = opt->who;
	status = db_hold(s);
	c->held = status == CRM_OK;
	if (status == CRM_OK)
		status = read_statuses(c);
	if (status == CRM_OK)
		status = prepare_tickets(c, opt);
	if (status == CRM_OK)
		status = prepare_feeds(c);
	if (status < 0)
		courses_close(c);
	else
		*out = c;
	return status;
}

void courses_close(struct courses *c)
{
	if (!c)
		return;
	db_release(c->tickets);
	db_release(c->events.st);
	db_release(c->messages.st);
	if (c->held)
		db_unhold(c->s);
	words_free(&c->words);
	free(c->stages);
	free(c->moments);
	free(c->spans);
	free(c);
}

/* --- rows --- */

static int feed_step(struct feed *f)
{
	int status = db_step(f->st);

	f->ended = status == CRM_END;
	if (status == CRM_OK)
		f->ticket = db_int(f->st, 0);
	return status < 0 ? status : CRM_OK;
}

static int feed_seek(struct feed *f, int64_t ticket)
{
	if (f->begun)
		db_rewind(f->st);
	f->begun = true;
	db_bind_int(f->st, 1, ticket);
	return feed_step(f);
}

/* The first row of the ticket, or of the one after it. */
static int feed_to(struct feed *f, int64_t ticket)
{
	int status = f->begun || f->ended ? CRM_OK : feed_seek(f, ticket);

	for (int passed = 0; status == CRM_OK && !f->ended && f->ticket < ticket; passed++)
		status = passed < SEEK_AFTER ? feed_step(f) : feed_seek(f, ticket);
	return status;
}

static struct moment *new_moment(struct courses *c)
{
	return GROW(c->moments, c->course.n, c->moments_cap) ? &c->moments[c->course.n] : NULL;
}

/* False for what is no change: the creation. */
static bool event_kind(enum moment_kind *out, const char *name)
{
	static const struct {
		const char *name;
		enum moment_kind kind;
	} kinds[] = {
		{ "status", MOMENT_STATUS },
		{ "assignee", MOMENT_ASSIGNEE },
		{ "team", MOMENT_TEAM },
		{ "priority", MOMENT_PRIORITY },
		{ "type", MOMENT_TYPE },
		{ "reply", MOMENT_REPLY },
	};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (strcmp(kinds[i].name, name) == 0) {
			*out = kinds[i].kind;
			return true;
		}
	return false;
}

static int take_event(struct courses *c)
{
	struct stmt *st = c->events.st;
	struct moment *m = new_moment(c);
	enum moment_kind kind;
	int status;

	if (!m)
		return err_nomem(&c->s->err);
	if (!event_kind(&kind, db_text(st, 3)) || !(c->kinds & WANT(kind)))
		return CRM_OK;
	*m = (struct moment){ .at = db_int(st, 1), .id = db_int(st, 2), .kind = kind, .who = WORD_NONE };
	status = read_word(&m->before, c, st, 4);
	if (status == CRM_OK)
		status = read_word(&m->after, c, st, 5);
	if (status == CRM_OK && c->who)
		status = read_word(&m->who, c, st, 6);
	if (status < 0)
		return status;
	c->course.n++;
	/* The index has events of one second in no order that means anything: theirs is that of writing. */
	for (; m > c->moments && m[-1].at == m->at && m[-1].id > m->id; m--) {
		struct moment later = m[-1];

		m[-1] = *m;
		*m = later;
	}
	return CRM_OK;
}

static int take_message(struct courses *c, size_t *position)
{
	struct stmt *st = c->messages.st;
	const char *direction = db_text(st, 3);
	struct moment m = { .at = db_int(st, 1), .id = db_int(st, 2), .before = WORD_NONE, .after = WORD_NONE };
	int status = CRM_OK;

	if (!direction || db_int(st, 4) != 0)
		return CRM_OK;
	m.kind = strcmp(direction, "in") == 0 ? MOMENT_MESSAGE : MOMENT_REPLY;
	if (!(c->kinds & WANT(m.kind)) || (m.kind == MOMENT_REPLY && m.at <= c->course.created_at))
		return CRM_OK;
	m.who = WORD_NONE;
	if (c->who)
		status = read_word(&m.who, c, st, 5);
	if (status < 0)
		return status;
	if (!new_moment(c))
		return err_nomem(&c->s->err);
	/* Before the events of its second: what was said is answered by the reply that an import knows of then. */
	while (*position < c->course.n && c->moments[*position].at < m.at)
		++*position;
	memmove(&c->moments[*position + 1], &c->moments[*position], (c->course.n - *position) * sizeof(m));
	c->moments[(*position)++] = m;
	c->course.n++;
	return CRM_OK;
}

static int read_moments(struct courses *c)
{
	const int64_t ticket = c->course.ticket;
	size_t position = 0;
	int status = feed_to(&c->events, ticket);

	while (status == CRM_OK && !c->events.ended && c->events.ticket == ticket) {
		status = take_event(c);
		if (status == CRM_OK)
			status = feed_step(&c->events);
	}
	if (status == CRM_OK)
		status = feed_to(&c->messages, ticket);
	while (status == CRM_OK && !c->messages.ended && c->messages.ticket == ticket) {
		status = take_message(c, &position);
		if (status == CRM_OK)
			status = feed_step(&c->messages);
	}
	return status;
}

/* --- spans --- */

static bool add_span(struct courses *c, int64_t to, int status)
{
	struct course *t = &c->course;
	int64_t from = t->nspans ? c->spans[t->nspans - 1].to : t->created_at;

	if (!GROW(c->spans, t->nspans, c->spans_cap))
		return false;
	to = to > from ? to : from;
	c->spans[t->nspans++] = (struct span){ from, to, status, courses_stage(c, status) };
	return true;
}

/* What an event found says what was before it; an import may not know, then it is what the event before it left. */
static int make_spans(struct courses *c)
{
	struct course *t = &c->course;
	int left = c->new_status;

	for (size_t i = 0; i < t->n; i++) {
		const struct moment *m = &c->moments[i];
		int found = m->before != WORD_NONE ? m->before : left;

		if (m->kind != MOMENT_STATUS)
			continue;
		t->early |= m->at < t->created_at;
		if (!add_span(c, m->at < c->now ? m->at : c->now, found))
			return err_nomem(&c->s->err);
		if (m->at > c->now)
			return CRM_OK;
		left = m->after;
	}
	return add_span(c, c->now, t->status) ? CRM_OK : err_nomem(&c->s->err);
}

int courses_next(const struct course **out, struct courses *c)
{
	int status = db_step(c->tickets);

	if (status != CRM_OK)
		return status;
	c->course = (struct course){
		.ticket = db_int(c->tickets, 0), .customer = db_int(c->tickets, 1), .created_at = db_int(c->tickets, 2)
	};
	status = read_word(&c->course.status, c, c->tickets, 3);
	for (size_t i = 0; status == CRM_OK && i < c->ncolumns; i++)
		status = read_word(&c->course.words[i], c, c->tickets, 4 + (int)i);
	if (status == CRM_OK)
		status = read_moments(c);
	if (status == CRM_OK)
		status = make_spans(c);
	if (status < 0)
		return status;
	c->course.moments = c->moments;
	c->course.spans = c->spans;
	*out = &c->course;
	return CRM_OK;
}
