/*
 * The proof of an erasure: what stood in the erased records is looked for in all bytes of the store's files. What is found
 * may be somebody else's too, a common name or a phrase: then it stands in a row that is there, and that row is named
 * where the text tells a person.
 *
 * Looked for are texts of the images before they were blanked: each as it is in rows, and as JSON in the journal; long
 * ones in pieces. Of those shorter than NEEDLE_MIN bytes nothing can be said: they stand everywhere.
 */
#include "service/erase.h"

#include "base/needles.h"
#include "text/text.h"

#include <jansson.h>

enum {
	PIECE_STEP = 512,    /* of a long text every so many bytes a piece is looked for */
	PIECE_LEN = 40,      /* so long */
	PIECES_MAX = 64,     /* and no more than so many */
	TEXTS_MAX = 1000000, /* in all */
	MENTIONS_MAX = 1000  /* rows of others that are told */
};

struct trace {
	const char *field; /* what it was, where it tells a person; or NULL */
	bool found, kept;  /* in the files; in a row that is there */
};

struct crm_traces {
	struct needles needles;
	struct trace *v;
	size_t cap;
	size_t skipped; /* too short */
	bool failed;
};

void traces_free(struct crm_traces *t)
{
	if (!t)
		return;
	needles_free(&t->needles);
	free(t->v);
	free(t);
}

/* --- what is looked for --- */

static void add_needle(struct crm_traces *t, const char *s, size_t len, const char *field)
{
	size_t n, before = t->needles.n;

	if (len < NEEDLE_MIN || len > NEEDLE_MAX)
		return;
	if (!GROW(t->v, before, t->cap) || needles_add(&n, &t->needles, s, len) < 0) {
		t->failed = true;
		return;
	}
	if (n == before)
		t->v[n] = (struct trace){ 0 };
	if (field)
		t->v[n].field = field;
}

/* Whole characters: a piece of a text, at most PIECE_LEN bytes of it from `at` on. */
static size_t piece_of(const char *s, size_t len, size_t *at)
{
	size_t n;

	while (*at < len && (s[*at] & 0xc0) == 0x80)
		++*at;
	n = len - *at < PIECE_LEN ? len - *at : PIECE_LEN;
	while (n > 0 && *at + n < len && (s[*at + n] & 0xc0) == 0x80)
		n--;
	return n;
}

static void add_text(struct crm_traces *t, const char *s, size_t len, const char *field)
{
	struct buf json = BUF_INIT;

	if (len < NEEDLE_MIN) {
		t->skipped++;
		return;
	}
	if (t->needles.n >= TEXTS_MAX)
		return;
	for (size_t at = 0, pieces = 0; at < len && pieces < PIECES_MAX; at += PIECE_STEP, pieces++) {
		size_t n = piece_of(s, len, &at);

		add_needle(t, s + at, n, field);
		buf_clear(&json);
		buf_json(&json, s + at, n);
		if (json.len > n + 2) /* more than the quotes was added */
			add_needle(t, json.s + 1, json.len - 2, field);
		t->failed |= json.failed;
	}
	buf_free(&json);
}

static void add_json(struct crm_traces *t, const json_t *text, const char *field)
{
	if (json_is_string(text))
		add_text(t, json_string_value(text), json_string_length(text), field);
}

/* What it is called where it tells a person. */
static const char *identity(const struct crm_entity *e, const struct crm_field *f)
{
	bool tells = f->type == CRM_EMAIL || f->type == CRM_PHONE || f->type == CRM_CONTACTS;

	if (e == &entity_customer && (strcmp(f->name, "name") == 0 || strcmp(f->name, "key") == 0))
		tells = true;
	return tells ? f->label : NULL;
}

/* Texts that people wrote; not words of a vocabulary, names of agents and the like, which all share. */
static bool is_own_text(const struct crm_field *f)
{
	return field_is_stored(f) && (f->type == CRM_TEXT || f->type == CRM_EMAIL || f->type == CRM_PHONE) &&
	       !f->words && !(f->flags & (FIELD_HANDLE | FIELD_PACKED | FIELD_SOUND | FIELD_CURRENCY));
}

static void add_children(struct crm_traces *t, const struct crm_entity *e, const json_t *image)
{
	const struct crm_field *phones = field_find_static(e, "phones");
	const json_t *points = json_object_get(image, "+contact_point"),
		     *values = json_object_get(image, "+field_value");
	json_t *row;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)points, i, row)
	{
		add_json(t, json_array_get(row, 3), phones ? phones->label : NULL);
		add_json(t, json_array_get(row, 4), phones ? phones->label : NULL);
	}
	json_array_foreach((json_t *)(uintptr_t)values, i, row) add_json(t, json_array_get(row, 1), NULL);
}

static void add_image(struct crm_traces *t, const struct crm_entity *e, const json_t *image)
{
	for (size_t i = 0; i < e->nfields; i++) {
		const struct crm_field *f = &e->fields[i];

		if (!is_own_text(f))
			continue;
		add_json(t, json_object_get(image, field_column(f)), identity(e, f));
		if (f->norm)
			add_json(t, json_object_get(image, f->norm), identity(e, f));
	}
	add_children(t, e, image);
}

int traces_collect(struct erasing *x)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(&st, x->s,
		"SELECT c.entity, c.image FROM temp.gone g JOIN change c ON c.entity = g.entity AND c.first_id = g.id"
		" WHERE " IMAGE_WHOLE("c"),
		DB_SCAN | DB_ONCE);
	struct crm_traces *t = x->out.traces = calloc(1, sizeof(*t));

	if (status == CRM_OK && !t)
		status = err_nomem(&x->s->err);
	while (status == CRM_OK && (status = db_step(st)) == CRM_OK) {
		const struct crm_entity *e = crm_entity_find(db_text(st, 0));
		json_t *image = e ? json_loadb(db_text(st, 1), db_bytes(st, 1), 0, NULL) : NULL;

		if (image)
			add_image(t, e, image);
		json_decref(image);
	}
	if (status == CRM_END && t->failed)
		status = err_nomem(&x->s->err);
	return status < 0 ? status : CRM_OK;
}

/* --- looking --- */

static void note_found(size_t n, void *payload)
{
	struct crm_traces *t = payload;

	t->v[n].found = true;
}

static void look_at_piece(const char *bytes, size_t n, void *payload)
{
	struct crm_traces *t = payload;

	needles_scan(&t->needles, bytes, n, note_found, t);
}

/* Found, and in no row so far. */
static size_t unexplained(const struct crm_traces *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->needles.n; i++)
		n += t->v[i].found && !t->v[i].kept;
	return n;
}

static size_t count_found(const struct crm_traces *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->needles.n; i++)
		n += t->v[i].found;
	return n;
}

/* --- rows that have it too --- */

struct looking {
	crm_store *s;
	struct crm_traces *t;
	const char *field; /* that the row at hand has */
	crm_mention_fn fn;
	void *payload;
	size_t mentions;
	bool folds;
};

static void note_kept(size_t n, void *payload)
{
	struct looking *l = payload;
	struct trace *trace = &l->t->v[n];

	trace->kept = true;
	if (trace->field)
		l->field = trace->field;
}

static int look_at_cell(struct looking *l, struct stmt *st, int col)
{
	struct buf folded = BUF_INIT;
	const char *s = db_text(st, col);
	size_t len = db_bytes(st, col);

	if (!s)
		return CRM_OK;
	if (l->folds && text_fold(&folded, s, len) < 0)
		return err_nomem(&l->s->err);
	if (l->folds)
		needles_scan(&l->t->needles, buf_str(&folded) ? folded.s : "", folded.len, note_kept, l);
	else
		needles_scan(&l->t->needles, s, len, note_kept, l);
	buf_free(&folded);
	return CRM_OK;
}

static const struct crm_entity *entity_of_table(const char *table)
{
	for (size_t i = 0; i < crm_entity_count(); i++)
		if (strcmp(crm_entity_at(i)->table, table) == 0)
			return crm_entity_at(i);
	return NULL;
}

/* Rows of a table tell their record by their number, or where they have them by entity and record. */
static int prepare_rows(struct stmt **st, crm_store *s, const struct table *t)
{
	const char *entity = "NULL", *record = "NULL";
	struct buf sql = BUF_INIT;
	int status;

	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->columns[i], "record") == 0 || strcmp(t->columns[i], "first_id") == 0) {
			entity = "entity";
			record = t->columns[i];
		} else if (strcmp(t->columns[i], "id") == 0 && strcmp(record, "NULL") == 0) {
			record = "id";
		}
	buf_printf(&sql, "SELECT %s, %s", entity, record);
	for (size_t i = 0; i < t->n; i++)
		buf_printf(&sql, ", %s", t->columns[i]);
	buf_printf(&sql, " FROM %s", t->name);
	status = buf_str(&sql) ? db_prepare(st, s, sql.s, DB_SCAN | DB_ONCE) : err_nomem(&s->err);
	buf_free(&sql);
	return status;
}

static int look_at_table(struct looking *l, const struct table *t)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = prepare_rows(&st, l->s, t);

	while (status == CRM_OK && (status = db_step(st)) == CRM_OK) {
		const struct crm_entity *e =
			db_text(st, 0) ? crm_entity_find(db_text(st, 0)) : entity_of_table(t->name);

		l->field = NULL;
		for (int i = 0; status == CRM_OK && i < (int)t->n; i++)
			status = look_at_cell(l, st, i + 2);
		if (l->field && e && !l->folds && l->mentions++ < MENTIONS_MAX && l->fn)
			l->fn(e, db_int(st, 1), l->field, strcmp(t->name, "change") == 0, l->payload);
	}
	return status < 0 ? status : CRM_OK;
}

static int look_at_rows(struct looking *l)
{
	struct tables tables = { 0 };
	int status = tables_read(&tables, l->s);

	for (size_t i = 0; status == CRM_OK && i < tables.n; i++)
		status = look_at_table(l, &tables.v[i]);
	tables_free(&tables);
	return status;
}

/* Words of the index are folded: their texts stand in rows as they were written. */
static int explain(struct looking *l)
{
	int status = look_at_rows(l);

	if (status < 0 || unexplained(l->t) == 0)
		return status;
	l->folds = true;
	return look_at_rows(l);
}

int crm_privacy_prove(crm_proof *out, crm_store *s, const crm_erased *e, crm_mention_fn fn, void *payload)
{
	struct crm_traces *t = e->traces;
	struct looking l = { .s = s, .t = t, .fn = fn, .payload = payload };
	crm_proof proof = { .pieces = t->needles.n, .skipped = t->skipped };
	int status = file_read(&proof.bytes, s, NEEDLE_MAX, look_at_piece, t);

	if (status == CRM_OK && count_found(t) > 0)
		status = explain(&l);
	if (status < 0)
		return status;
	proof.left = unexplained(t);
	proof.shared = count_found(t) - proof.left;
	proof.mentions = l.mentions;
	if (proof.left > 0) /* owed again */
		status = db_run(s, "UPDATE erasure SET traces = 1 WHERE op = $1", "i", e->operation);
	*out = proof;
	return status < 0 ? status : CRM_OK;
}
