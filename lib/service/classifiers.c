/* Classifiers by name: the newest training of each, loaded once for a handle. */
#include "service/classify.h"
#include "text/text.h"

/* --- names --- */

/* The text before `@` and the number behind it, 0 when there is none. */
static size_t split_name(int64_t *version, const char *name)
{
	const char *at = strrchr(name, '@');

	*version = 0;
	if (at && at > name && parse_int64(at + 1, strlen(at + 1), 1, INT64_MAX, version))
		return (size_t)(at - name);
	return strlen(name);
}

/* What was made later than a chosen time is not there. */
static int64_t latest(const crm_store *s)
{
	return s->now_fixed ? crm_store_now(s) : INT64_MAX;
}

struct names {
	const char **v;
	size_t n, cap;
	struct arena mem;
};

static void names_free(struct names *names)
{
	free(names->v);
	arena_free(&names->mem);
}

static int names_read(struct names *out, crm_store *s)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status =
		db_prepare(&st, s, "SELECT name FROM classifier WHERE created_at <= $1 GROUP BY name ORDER BY name",
			DB_SCAN); /* few rows */

	if (status < 0)
		return status;
	db_bind_int(st, 1, latest(s));
	while ((status = db_step(st)) == CRM_OK) {
		if (!GROW(out->v, out->n, out->cap))
			return err_nomem(&s->err);
		out->v[out->n++] = arena_copy(&out->mem, db_text(st, 0), db_bytes(st, 0));
	}
	if (status < 0)
		return status;
	return out->mem.failed ? err_nomem(&s->err) : CRM_OK;
}

static int unknown(crm_store *s, const char *name)
{
	cleanup(names_free) struct names names = { 0 };
	cleanup(buf_free) struct buf hint = BUF_INIT;
	int status = names_read(&names, s);

	if (status < 0)
		return status;
	if (names.n == 0)
		return err_set(&s->err, CRM_NOTFOUND, "classifier '%s': there is none yet (crm classify train)", name);
	return err_set(&s->err, CRM_NOTFOUND, "there is no classifier '%s'%s", name,
		buf_nearest(&hint, crm_text_nearest(name, names.v, names.n)));
}

/* The only name there is. */
static int only_name(char **out, crm_store *s)
{
	cleanup(names_free) struct names names = { 0 };
	cleanup(buf_free) struct buf all = BUF_INIT;
	int status = names_read(&names, s);

	if (status < 0)
		return status;
	if (names.n == 0)
		return err_set(&s->err, CRM_NOTFOUND, "there is no classifier yet (crm classify train)");
	for (size_t i = 0; i < names.n; i++)
		buf_printf(&all, "%s%s", i > 0 ? ", " : "", names.v[i]);
	if (!buf_str(&all))
		return err_nomem(&s->err);
	if (names.n > 1)
		return err_set(&s->err, CRM_AMBIGUOUS, "which classifier? %s (--model)", all.s);
	*out = strdup(names.v[0]);
	return *out ? CRM_OK : err_nomem(&s->err);
}

int crm_classifier_versions(int64_t **ids, size_t *n, crm_store *s, const char *name)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	cleanup(freep) int64_t *found = NULL;
	size_t count = 0, cap = 0;
	int64_t version;
	const size_t len = split_name(&version, name);
	int status = db_prepare(
		&st, s, "SELECT id FROM classifier WHERE name = $1 AND (version = $2 OR $2 = 0) ORDER BY version", 0);

	if (status < 0)
		return status;
	db_bind_text(st, 1, name, len);
	db_bind_int(st, 2, version);
	while ((status = db_step(st)) == CRM_OK) {
		if (!GROW(found, count, cap))
			return err_nomem(&s->err);
		found[count++] = db_int(st, 0);
	}
	if (status < 0)
		return status;
	if (count == 0)
		return unknown(s, name);
	*ids = TAKE_PTR(found);
	*n = count;
	return CRM_OK;
}

/* --- loading --- */

static void loaded_free(struct loaded *l)
{
	classifier_free(&l->classifier);
	free(l->probabilities);
	buf_free(&l->text);
	arena_free(&l->mem);
	free(l);
}

static void free_all(void *classifiers)
{
	for (struct loaded *l = classifiers, *next; l; l = next) {
		next = l->next;
		loaded_free(l);
	}
}

/* The rest of the row whose id is known: `st` stands on it. */
static int fill(struct loaded *l, crm_store *s, struct stmt *st)
{
	const char **const texts[] = { &l->name, &l->from, &l->fields, &l->label };
	cleanup(err_free) struct err why = { 0 };
	int status;

	l->version = db_int(st, 1);
	l->threshold = db_int(st, 2);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		*texts[i] = arena_copy(&l->mem, db_text(st, 4 + (int)i), db_bytes(st, 4 + (int)i));
	if (l->mem.failed)
		return err_nomem(&s->err);
	if (db_int(st, 3) != CLASSIFIER_FORMAT)
		return err_set(&s->err, CRM_FAILED,
			"classifier '%s' was trained by another version of crm: train it again", l->name);
	status = classifier_unpack(&l->classifier, db_text(st, 8), db_bytes(st, 8), &why);
	if (status == CRM_NOMEM)
		return err_nomem(&s->err);
	if (status < 0)
		return err_set(&s->err, CRM_FAILED, "classifier '%s' is damaged: %s: train it again", l->name,
			buf_str(&why.msg) ? why.msg.s : "");
	l->probabilities = calloc(l->classifier.nlabels, sizeof(*l->probabilities));
	return l->probabilities ? CRM_OK : err_nomem(&s->err);
}

static int load(struct loaded **out, crm_store *s, int64_t id)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct loaded *l;
	int status = db_prepare(&st, s,
		"SELECT id, version, threshold, format, name, learnt_from, text_fields, label_field, weights"
		" FROM classifier WHERE id = $1",
		0);

	if (status < 0)
		return status;
	db_bind_int(st, 1, id);
	status = db_step(st);
	if (status != CRM_OK)
		return status == CRM_END ? err_set(&s->err, CRM_NOTFOUND, "the classifier was just removed") : status;
	l = calloc(1, sizeof(*l));
	if (!l)
		return err_nomem(&s->err);
	l->id = id;
	status = fill(l, s, st);
	if (status < 0) {
		loaded_free(l);
		return status;
	}
	l->next = s->classifiers;
	s->classifiers = l;
	s->classifiers_free = free_all;
	*out = l;
	return CRM_OK;
}

int classifier_load(struct loaded **out, crm_store *s, const char *name)
{
	cleanup(freep) char *only = NULL;
	int64_t version, id;
	size_t len;
	int status = name ? CRM_OK : only_name(&only, s);

	if (status < 0)
		return status;
	name = name ? name : only;
	len = split_name(&version, name);
	cleanup(freep) char *base = strndup(name, len);
	if (!base)
		return err_nomem(&s->err);
	status = db_get_int(&id, s,
		"SELECT id FROM classifier WHERE name = $1 AND (version = $2 OR $2 = 0) AND created_at <= $3"
		" ORDER BY version DESC LIMIT 1",
		"sii", base, version, latest(s));
	if (status != CRM_OK)
		return status == CRM_END ? unknown(s, name) : status;
	for (struct loaded *l = s->classifiers; l; l = l->next)
		if (l->id == id) {
			*out = l;
			return CRM_OK;
		}
	return load(out, s, id);
}

bool loaded_field(struct buf *out, const struct loaded *l, size_t *pos)
{
	return list_next(out, l->fields, strlen(l->fields), pos);
}
