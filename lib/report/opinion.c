/* Rows of a report and the classifier that is asked about them. */
#include "report/opinion.h"
#include "query/filter.h"
#include "text/text.h"

static int add_field(
	struct opinion *o, struct buf *columns, crm_store *s, const struct crm_entity *e, const struct crm_field *f)
{
	cleanup(sql_release) struct sql q = { .s = s };

	sql_field(&q, e, f, "t0");
	if (sql_status(&q) < 0)
		return CRM_NOMEM;
	if (q.n > 0)
		return err_set(&s->err, CRM_INVALID, "classifier '%s' reads '%s', which depends on the clock",
			o->classifier->name, f->name);
	buf_printf(columns, ", %s", q.text.s);
	o->n++;
	return CRM_OK;
}

/* Those of the names that are fields of the records. */
static int add_fields(
	struct opinion *o, struct buf *columns, crm_store *s, const struct crm_entity *e, const char *names)
{
	cleanup(buf_free) struct buf name = BUF_INIT;
	size_t pos = 0;
	int status = CRM_OK;

	while (status == CRM_OK && list_next(&name, names, strlen(names), &pos)) {
		const struct crm_field *f = crm_field_find(s, e, name.s);

		if (f)
			status = add_field(o, columns, s, e, f);
	}
	return status < 0 ? status : name.failed || columns->failed ? err_nomem(&s->err) : CRM_OK;
}

int opinion_open(struct opinion *out, struct buf *columns, int first, crm_store *s, const char *model,
	const struct crm_entity *e, const char *texts)
{
	int status;

	*out = (struct opinion){ .first = first };
	status = classifier_load(&out->classifier, s, model);
	if (status == CRM_OK)
		status = add_fields(out, columns, s, e, out->classifier->fields);
	if (status == CRM_OK && out->n == 0)
		status = add_fields(out, columns, s, e, texts);
	return status;
}

int opinion_of(const char **label, const struct opinion *o, crm_store *s, struct stmt *st)
{
	struct loaded *l = o->classifier;
	crm_suggestion said = { 0 };
	int status = CRM_OK;

	if (l)
		buf_clear(&l->text);
	for (int col = o->first; l && status == CRM_OK && col < o->first + o->n; col++)
		if (!db_is_null(st, col))
			status = text_prepare(&l->text, db_text(st, col), db_bytes(st, col));
	if (status < 0)
		return err_nomem(&s->err);
	if (l)
		status = loaded_judge(&said, l, -1, &s->err);
	*label = said.known ? said.label : NULL;
	return status;
}
