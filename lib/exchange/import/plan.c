/* Writes a plan. */
#include "exchange/import/plan.h"
#include <errno.h>

enum {
	WRITE_SIZE = 1 << 16
};

static bool wanted(const struct import *im)
{
	return im->opt->plan > 0;
}

static int write_out(struct import *im, struct buf *b)
{
	if (!write_all(im->opt->plan, b->s, b->len))
		return err_set(&im->s->err, CRM_FAILED, "the plan could not be written: %s", strerror(errno));
	buf_clear(b);
	return CRM_OK;
}

static int end_line(struct import *im)
{
	struct buf *b = &im->plan_text;

	buf_puts(b, "}\n");
	if (!buf_str(b))
		return err_nomem(&im->s->err);
	return b->len >= WRITE_SIZE ? write_out(im, b) : CRM_OK;
}

static void put_text(struct buf *b, const char *key, const char *s)
{
	buf_printf(b, ",\"%s\":", key);
	buf_json(b, s, strlen(s));
}

int plan_operation(int64_t *out, crm_store *s)
{
	int status;

	*out = 0;
	status = db_get_int(out, s, "SELECT id FROM operation ORDER BY id DESC LIMIT 1", "");
	return status < 0 ? status : CRM_OK;
}

int plan_begin(struct import *im)
{
	struct buf *b = &im->plan_text;
	int64_t operation;
	int status = wanted(im) ? plan_operation(&operation, im->s) : CRM_OK;

	if (status < 0 || !wanted(im))
		return status;
	buf_printf(b, "{\"plan\":%d", PLAN_VERSION);
	put_text(b, "type", im->e->name);
	if (im->opt->file)
		put_text(b, "file", im->opt->file);
	if (im->source)
		put_text(b, "source", im->source);
	buf_printf(b, ",\"operation\":%lld", (long long)operation);
	return end_line(im);
}

/* A value as the text that sets it. */
static void put_value(struct buf *out, const struct crm_field *f, const crm_value *v)
{
	struct buf text = BUF_INIT;

	if (v->kind == CRM_NULL)
		buf_puts(&text, "");
	else if (v->kind == CRM_STRING)
		buf_add(&text, v->s, v->len);
	else if (v->kind == CRM_DOUBLE)
		buf_printf(&text, "%.17g", v->d);
	else if (f->type == CRM_BOOL)
		buf_puts(&text, v->i ? "yes" : "no");
	else
		buf_printf(&text, "%s%lld%s", f->type == CRM_TIME ? "@" : "", (long long)v->i,
			f->type == CRM_DURATION ? "s" : "");
	if (buf_str(&text))
		buf_json(out, buf_str(&text), text.len);
	else
		out->failed = true;
	buf_free(&text);
}

/* Fields that a plan tells: those that are stored and that an import may set. */
static bool is_told(const struct crm_field *f)
{
	return f->custom || (f->flags & CRM_FIELD_IMPORTED && !(f->flags & CRM_FIELD_COMPUTED));
}

static bool same(const crm_value *a, const crm_value *b)
{
	if (a->kind != b->kind)
		return false;
	return a->kind == CRM_NULL ||
	       (a->kind == CRM_STRING ? a->len == b->len && memcmp(a->s, b->s, a->len) == 0 : a->i == b->i);
}

/* Amounts are told with their currency: one changes with the other. */
static crm_value value_of(crm_record *r, const struct crm_field *f, struct buf *text)
{
	if (f->type != CRM_MONEY || !record_money_text(text, r, f, true))
		return crm_record_get(r, f->name);
	return (crm_value){ .kind = CRM_STRING, .s = text->s, .len = text->len };
}

static void put_field(struct buf *b, const struct crm_field *f, crm_record *before, crm_record *after, size_t *n)
{
	cleanup(buf_free) struct buf old_text = BUF_INIT, new_text = BUF_INIT;
	crm_value new = value_of(after, f, &new_text), old = { .kind = CRM_NULL };

	if (before)
		old = value_of(before, f, &old_text);
	if (same(&old, &new))
		return;
	buf_puts(b, (*n)++ ? "," : "");
	buf_json(b, f->name, strlen(f->name));
	if (!before) {
		buf_putc(b, ':');
		put_value(b, f, &new);
		return;
	}
	buf_puts(b, ":{\"old\":");
	put_value(b, f, &old);
	buf_puts(b, ",\"new\":");
	put_value(b, f, &new);
	buf_putc(b, '}');
}

int plan_put(struct import *im, size_t line, crm_record *before, crm_record *after)
{
	struct buf *b = &im->plan_text;
	const struct crm_entity *e = crm_record_entity(after);
	size_t n = 0;

	if (!wanted(im))
		return CRM_OK;
	buf_printf(b, "{\"line\":%zu,\"do\":\"%s\"", line, before ? "update" : "create");
	put_text(b, "type", e->name);
	if (before)
		buf_printf(b, ",\"id\":%lld,\"version\":%lld", (long long)before->id, (long long)before->op);
	buf_printf(b, ",\"%s\":{", before ? "set" : "values");
	for (size_t i = 0; i < crm_field_count(im->s, e); i++) {
		const struct crm_field *f = crm_field_at(im->s, e, i);

		if (is_told(f))
			put_field(b, f, before, after, &n);
	}
	buf_putc(b, '}');
	return end_line(im);
}

int plan_put_reject(struct import *im, size_t line, bool conflict, const char *field, const char *reason)
{
	struct buf *b = &im->plan_text;

	if (!wanted(im))
		return CRM_OK;
	buf_printf(b, "{\"line\":%zu,\"do\":\"%s\"", line, conflict ? "conflict" : "reject");
	if (field)
		put_text(b, "field", field);
	put_text(b, "reason", reason);
	return end_line(im);
}

int plan_end(struct import *im)
{
	const crm_import_result *o = im->out;
	struct buf *b = &im->plan_text;
	char digest[65];
	int status;

	if (!wanted(im))
		return CRM_OK;
	reader_digest(im->reader, digest);
	buf_printf(b,
		"{\"end\":true,\"read\":%llu,\"created\":%llu,\"updated\":%llu,\"unchanged\":%llu,\"rejected\":%llu",
		(unsigned long long)o->read, (unsigned long long)o->created, (unsigned long long)o->updated,
		(unsigned long long)o->unchanged, (unsigned long long)o->rejected);
	put_text(b, "digest", digest);
	status = end_line(im);
	return status < 0 ? status : write_out(im, b);
}
