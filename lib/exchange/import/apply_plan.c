/* Does what a plan says, as one operation. */
#include "base/json.h"
#include "exchange/import/plan.h"
#include "exchange/lines.h"
#include <stdio.h>

struct apply {
	crm_store *s;
	struct lines lines;
	crm_import_result *out;
	crm_import_note_fn note;
	void *payload;
	const struct crm_entity *e; /* that the import was of */
	char *source_file, *digest, *source;
	int64_t planned; /* last operation when the plan was made */
	bool stale;      /* others have written since */
	uint64_t faults, conflicts;
	bool ended;
};

/* --- what is wrong with a line: all of it is told before the plan is refused --- */

static int tell(struct apply *a, const char *field, const char *reason, bool conflict)
{
	a->note(a->lines.n, field, crm_tr(reason), a->payload);
	a->faults += !conflict;
	a->conflicts += conflict;
	return CRM_OK;
}

static int tell_error(struct apply *a, int status)
{
	cleanup(freep) char *reason = NULL;

	if (status != CRM_INVALID && status != CRM_NOTFOUND && status != CRM_AMBIGUOUS && status != CRM_EXISTS &&
		status != CRM_CONFLICT)
		return status;
	reason = strdup(crm_errmsg(a->s));
	return tell(a, NULL, reason ? reason : "", status == CRM_EXISTS || status == CRM_CONFLICT);
}

/* --- records --- */

static int set_values(struct apply *a, crm_record *r, json_t *values, bool update)
{
	const char *field;
	json_t *value;
	int status = CRM_OK;

	json_object_foreach(values, field, value)
	{
		const char *text = json_string_value(update ? json_object_get(value, "new") : value);

		if (!text)
			return err_set(&a->s->err, CRM_INVALID, "%s: has no text as its value", field);
		status = crm_record_set(r, field, text);
		if (status < 0)
			return status;
	}
	return status;
}

/* A record made since the plan, which an import would have found by the address or number. */
static int check_alike(struct apply *a, crm_record *r, crm_type type)
{
	const struct crm_field *f = field_of_type(r->e, type);
	const crm_value *norm = f && f->norm ? &r->slots[record_index(r, f)].norm : NULL;
	char sql[160];
	int64_t id = 0;
	int status;

	if (!norm || norm->kind == CRM_NULL || r->e == &entity_agent)
		return CRM_OK;
	snprintf(sql, sizeof(sql), "SELECT id FROM %s WHERE %s = $1 AND op > $2 AND op <> $3 LIMIT 1", r->e->table,
		f->norm);
	status = db_get_int(&id, a->s, sql, "vii", norm, a->planned, a->s->op.id);
	if (status != CRM_OK)
		return status < 0 ? status : CRM_OK;
	return err_set(
		&a->s->err, CRM_CONFLICT, "%s %lld has this %s by now", entity_word(r->e), (long long)id, f->name);
}

/* Records written since the plan that may be the one to be made: of its name, or of its customer and time. */
static int prepare_candidates(struct stmt **out, struct apply *a, const crm_record *r)
{
	const struct crm_field *name = field_find_static(r->e, "name");
	const struct crm_field *by = r->e == &entity_log ? field_find_static(r->e, "customer") : name;
	char sql[160];
	int status;

	*out = NULL;
	if (!by || (by == name && !name->norm) || r->e == &entity_agent)
		return CRM_END;
	snprintf(sql, sizeof(sql), "SELECT id FROM %s WHERE %s = $1 AND op > $2 AND op <> $3%s ORDER BY id",
		r->e->table, by == name ? name->norm : field_column(by), by == name ? "" : " AND at = $4");
	status = db_prepare(out, a->s, sql, DB_SCAN); /* sorts the few of one name */
	if (status < 0)
		return status;
	db_bind_value(*out, 1, by == name ? &r->slots[record_index(r, by)].norm : &r->slots[record_index(r, by)].value);
	db_bind_int(*out, 2, a->planned);
	db_bind_int(*out, 3, a->s->op.id);
	if (by != name)
		db_bind_value(*out, 4, &r->slots[record_index(r, field_find_static(r->e, "at"))].value);
	return CRM_OK;
}

/* The same row again, as of a plan that was applied before: where nothing has a key only all the values tell. */
static int check_same(struct apply *a, const crm_record *r, json_t *values)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = prepare_candidates(&st, a, r);

	while (status == CRM_OK && (status = db_step(st)) == CRM_OK) {
		int64_t id = db_int(st, 0);
		crm_record *other = NULL;
		bool same = false;

		status = crm_record_load(&other, a->s, r->e, id);
		if (status == CRM_OK)
			status = set_values(a, other, values, false);
		same = status == CRM_OK && !record_differs(other);
		crm_record_free(other);
		if (same)
			return err_set(&a->s->err, CRM_CONFLICT, "%s %lld is this one already", entity_word(r->e),
				(long long)id);
	}
	return status < 0 ? status : CRM_OK;
}

static int create(struct apply *a, const struct crm_entity *e, json_t *values)
{
	crm_record *r = NULL;
	int status = crm_record_new(&r, a->s, e);

	if (status == CRM_OK) {
		r->imported = true;
		status = set_values(a, r, values, false);
	}
	if (status == CRM_OK && a->stale)
		status = check_alike(a, r, CRM_EMAIL);
	if (status == CRM_OK && a->stale)
		status = check_alike(a, r, CRM_PHONE);
	if (status == CRM_OK && a->stale)
		status = check_same(a, r, values);
	if (status == CRM_OK)
		status = crm_record_save(r);
	crm_record_free(r);
	a->out->created += status == CRM_OK && e == a->e;
	return status;
}

static int update(struct apply *a, const struct crm_entity *e, json_t *step)
{
	int64_t id = json_integer_value(json_object_get(step, "id")),
		version = json_integer_value(json_object_get(step, "version"));
	crm_record *r = NULL;
	int status = crm_record_load(&r, a->s, e, id);

	if (status == CRM_NOTFOUND)
		return err_set(&a->s->err, CRM_CONFLICT, "%s %lld is gone", entity_word(e), (long long)id);
	if (status == CRM_OK && crm_record_version(r) != version)
		status = err_set(&a->s->err, CRM_CONFLICT, "%s %lld was changed by operation %lld since",
			entity_word(e), (long long)id, (long long)crm_record_version(r));
	if (status == CRM_OK) {
		r->imported = true;
		status = set_values(a, r, json_object_get(step, "set"), true);
	}
	if (status == CRM_OK)
		status = crm_record_save(r);
	crm_record_free(r);
	a->out->updated += status == CRM_OK;
	return status;
}

/* --- lines --- */

static char *keep(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? strdup(text) : NULL;
}

static int take_header(struct apply *a, const json_t *header)
{
	const char *type = json_string_value(json_object_get(header, "type"));
	int64_t now;
	int status;

	if (json_integer_value(json_object_get(header, "plan")) != PLAN_VERSION)
		return err_set(&a->s->err, CRM_FAILED, "%s: is no plan of this version of crm", a->lines.file);
	a->e = type ? crm_entity_find(type) : NULL;
	if (!a->e || !(a->e->flags & ENTITY_IMPORT))
		return err_set(&a->s->err, CRM_FAILED, "%s:1: has no type that can be imported", a->lines.file);
	a->source_file = keep(header, "file");
	a->source = keep(header, "source");
	a->planned = json_integer_value(json_object_get(header, "operation"));
	status = plan_operation(&now, a->s);
	a->stale = now != a->planned;
	return status;
}

static int take_step(struct apply *a, json_t *step)
{
	const char *what = json_string_value(json_object_get(step, "do")),
		   *type = json_string_value(json_object_get(step, "type"));
	const struct crm_entity *e = type ? crm_entity_find(type) : NULL;
	json_t *values = json_object_get(step, "values");

	if (json_is_true(json_object_get(step, "end"))) {
		a->ended = true;
		a->digest = keep(step, "digest");
		return CRM_OK;
	}
	if (what && (strcmp(what, "reject") == 0 || strcmp(what, "conflict") == 0)) {
		a->out->rejected++;
		return CRM_OK;
	}
	if (!e || e->flags & ENTITY_FIXED)
		return tell(a, NULL, N_("has no type of record"), false);
	if (what && strcmp(what, "create") == 0 && json_is_object(values))
		return tell_error(a, create(a, e, values));
	if (what && strcmp(what, "update") == 0 && json_is_object(json_object_get(step, "set")))
		return tell_error(a, update(a, e, step));
	return tell(a, NULL, N_("is neither create with values nor update with set"), false);
}

static int take_line(struct apply *a, const char *line, size_t len)
{
	json_error_t why;
	json_t *json = json_parse(line, len, JSON_REJECT_DUPLICATES, &why);
	int status;

	if (!json && why.line < 0) /* no fault of the text */
		status = err_nomem(&a->s->err);
	else if (a->lines.n == 1)
		status = json_is_object(json) ? take_header(a, json)
					      : err_set(&a->s->err, CRM_FAILED, "%s: is no plan", a->lines.file);
	else if (!json_is_object(json))
		status = tell(a, NULL, json ? N_("is no object") : why.text, false);
	else if (a->ended)
		status = tell(a, NULL, N_("stands behind the end"), false);
	else
		status = take_step(a, json);
	json_decref(json);
	return status;
}

/* The first line is short, so that what is no plan is refused before it is read to its end. */
static int next_line(struct apply *a, char **line, size_t *len)
{
	int status;

	a->lines.max = a->lines.n == 0 ? PLAN_HEADER_MAX : PLAN_LINE_MAX;
	status = lines_next(&a->lines, line, len, &a->s->err);
	if (status < 0 && a->lines.too_long)
		return err_set(&a->s->err, CRM_FAILED, "%s:%llu: %s", a->lines.file, (unsigned long long)a->lines.n,
			a->lines.n == 1 ? crm_tr("is no plan") : crm_tr("a line longer than any record"));
	return status;
}

static int take_all(struct apply *a)
{
	char *line;
	size_t len;
	int status;

	while ((status = next_line(a, &line, &len)) == CRM_OK) {
		if (len > 0)
			status = take_line(a, line, len);
		if (status < 0)
			return status;
		if (a->lines.n % 1000 == 0)
			store_event(a->s, CRM_EVENT_PROGRESS, a->lines.n, 0, "applying");
		if (a->s->interrupted)
			return err_set(&a->s->err, CRM_INTERRUPTED, "interrupted: nothing was changed");
	}
	if (status < 0 || a->ended)
		return status < 0 ? status : CRM_OK;
	return err_set(&a->s->err, CRM_FAILED, "%s: the plan is cut off: its last line is missing", a->lines.file);
}

static int conclude(struct apply *a, bool dry_run)
{
	struct import_record record = { .e = a->e,
		.file = a->source_file ? a->source_file : a->lines.file,
		.digest = a->digest ? a->digest : "",
		.source = a->source,
		.mapping = "",
		.encoding = "plan" };
	int status = CRM_OK;

	if (a->faults > 0)
		return err_set(&a->s->err, CRM_FAILED, "%s: %llu lines cannot be applied: nothing was changed",
			a->lines.file, (unsigned long long)(a->faults + a->conflicts));
	if (a->conflicts > 0)
		return err_set(&a->s->err, CRM_CONFLICT,
			"%s: %llu records have changed since the plan: nothing was changed", a->lines.file,
			(unsigned long long)a->conflicts);
	if (dry_run || a->out->created + a->out->updated == 0) {
		crm_rollback(a->s);
		return CRM_OK;
	}
	a->out->read = a->out->created + a->out->updated + a->out->rejected;
	status = import_record_put(a->s, &record, a->out);
	return status == CRM_OK ? crm_commit(a->s) : status;
}

int crm_import_apply(crm_import_result *out, crm_store *s, int fd, const char *file, bool dry_run,
	crm_import_note_fn note, void *payload)
{
	struct apply a = { .s = s, .lines = { .fd = fd, .file = file }, .out = out, .note = note, .payload = payload };
	int status;

	*out = (crm_import_result){ 0 };
	status = crm_begin(s, "apply");
	if (status == CRM_OK)
		status = take_all(&a);
	if (status == CRM_OK)
		status = conclude(&a, dry_run);
	out->operation = status == CRM_OK && out->import ? crm_last_operation(s) : 0;
	if (status < 0) {
		crm_rollback(s);
		*out = (crm_import_result){ .rejected = out->rejected };
	}
	lines_free(&a.lines);
	free(a.source_file);
	free(a.source);
	free(a.digest);
	return status;
}
