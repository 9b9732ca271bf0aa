/* Which column of the file is which field: by --map, by the field's name, by its synonyms in English and Chinese. */
#include "exchange/import/import.h"
#include "exchange/import/plan.h"
#include "text/text.h"

/* Columns that --rejects adds: the file imports again once corrected, so they are no news. */
static const char *const reject_columns[] = { "reject_line", "reject_field", "reject_reason" };

static bool importable(const struct crm_field *f)
{
	return f->flags & CRM_FIELD_IMPORTED;
}

static const struct crm_field *find_custom(struct import *im, const char *folded, size_t len)
{
	for (size_t i = im->e->nfields; i < crm_field_count(im->s, im->e); i++) {
		const struct crm_field *f = crm_field_at(im->s, im->e, i);
		struct buf name = BUF_INIT;
		bool same = text_fold(&name, f->name, strlen(f->name)) == CRM_OK && name.len == len &&
			    memcmp(name.s, folded, len) == 0;

		buf_clear(&name);
		same = same || (text_fold(&name, f->label, strlen(f->label)) == CRM_OK && name.len == len &&
				       memcmp(name.s, folded, len) == 0);
		if (name.failed)
			err_nomem(&im->s->err);
		buf_free(&name);
		if (same)
			return f;
	}
	return NULL;
}

static bool mapped_already(const struct mapping *m, const struct crm_field *f)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->columns[i].field == f)
			return true;
	return false;
}

static bool made_by_preset(const struct mapping *m, const struct crm_field *f)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->columns[i].made && m->columns[i].field == f)
			return true;
	return false;
}

/* Several columns may say which record is meant: a name, a number. */
static bool takes_several(const struct crm_field *f)
{
	return f->type == CRM_REF && !(f->flags & FIELD_HANDLE);
}

/*
 * Our own name first, then synonyms; among several fields with that synonym the first that has no column yet. A property
 * of a vCard (KEY, SOURCE, LABEL) is not what a field of that name is.
 */
static const struct crm_field *find_field(
	struct import *im, const struct mapping *m, const char *header, bool property, bool *by_name)
{
	struct buf folded = BUF_INIT;
	const struct crm_field *found = NULL;

	*by_name = false;
	if (text_fold(&folded, header, strlen(header)) < 0 || !buf_str(&folded)) {
		if (folded.failed)
			err_nomem(&im->s->err);
		return NULL;
	}
	for (size_t i = 0; i < im->e->nfields && !found && !property; i++)
		if (importable(&im->e->fields[i]) && strcmp(im->e->fields[i].name, folded.s) == 0) {
			found = &im->e->fields[i];
			*by_name = true;
		}
	for (size_t i = 0; i < im->e->nfields && !found && !property; i++) {
		const struct crm_field *f = &im->e->fields[i];

		if (importable(f) && synonym_match(f->synonyms, folded.s, folded.len) &&
			(takes_several(f) || !mapped_already(m, f)))
			found = f;
	}
	if (!found)
		found = find_custom(im, folded.s, folded.len);
	buf_free(&folded);
	return found;
}

/* --map COLUMN=FIELD for this column: 1 and c->field (NULL: ignore it), 0 when none speaks of it, negative. */
static int asked_field(struct import *im, const char *header, struct column *c)
{
	for (size_t i = 0; i < im->opt->nmap; i++) {
		const char *map = im->opt->map[i], *equals = strrchr(map, '=');

		if (!equals)
			return err_set(&im->s->err, CRM_INVALID, "--map '%s': is not COLUMN=FIELD", map);
		if (strlen(header) != (size_t)(equals - map) || strncmp(header, map, (size_t)(equals - map)) != 0)
			continue;
		c->field = NULL;
		if (equals[1] == '\0')
			return 1;
		c->field = field_typed(im->s, im->e, equals + 1);
		if (!c->field)
			c->field = preset_reference(&c->by, im->e, equals + 1, &im->s->err);
		if (!c->field || !importable(c->field))
			return err_set(&im->s->err, CRM_INVALID,
				"--map '%s': %s has no field '%s' to import (crm %s list --fields help)", map,
				entity_word(im->e), equals + 1, im->e->name);
		return 1;
	}
	return 0;
}

/* A custom field for an unknown column: its name as far as a field may be called so. */
static int make_custom(struct import *im, const char *header, const struct crm_field **field)
{
	struct buf name = BUF_INIT;
	crm_record *r = NULL;
	int status;

	for (const char *p = header; *p; p++) {
		bool good = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') ||
			    (unsigned char)*p >= 0x80;

		if (p == header && *p >= '0' && *p <= '9')
			buf_putc(&name, '_');
		buf_putc(&name, good ? *p : '_');
	}
	status = buf_str(&name) ? crm_record_new(&r, im->s, &entity_field) : err_nomem(&im->s->err);
	if (status == CRM_OK)
		status = crm_record_set(r, "entity", im->e->name);
	if (status == CRM_OK)
		status = crm_record_set(r, "name", name.s);
	if (status == CRM_OK)
		status = crm_record_set(r, "label", header);
	if (status == CRM_OK)
		status = crm_record_save(r);
	if (status == CRM_OK)
		status = plan_put(im, 0, NULL, r);
	if (status == CRM_OK)
		*field = crm_field_find(im->s, im->e, name.s);
	crm_record_free(r);
	buf_free(&name);
	return status;
}

static enum how how_to_read(const struct crm_field *f)
{
	if (!f)
		return COLUMN_IGNORED;
	return f->type == CRM_REF || f->custom || f->set || field_is_list(f) ? COLUMN_TEXT : COLUMN_VALUE;
}

static bool is_reject_column(const char *header)
{
	for (size_t i = 0; i < ARRAY_SIZE(reject_columns); i++)
		if (strcmp(header, reject_columns[i]) == 0)
			return true;
	return false;
}

/* A column that is no field: a custom field, if that is wanted, else it is named. */
static int take_unknown(struct import *im, const char *header, const struct crm_field **field, struct buf *unknown)
{
	if (im->opt->keep_unknown && im->e->flags & ENTITY_CUSTOM)
		return make_custom(im, header, field);
	buf_printf(unknown, "%s%s", unknown->len ? ", " : "", header);
	return CRM_OK;
}

static int map_column(struct mapping *m, struct import *im, size_t i, struct column *c, struct buf *unknown)
{
	const char *header = reader_column(im->reader, i);
	int status = asked_field(im, header, c);

	if (status < 0)
		return status;
	c->by_name = status == 1;
	if (status == 0)
		c->field = find_field(im, m, header, reader_column_is_property(im->reader, i), &c->by_name);
	if (c->field && status == 0 && m->preset &&
		(takes_several(c->field) ? made_by_preset : mapped_already)(m, c->field))
		c->field = NULL; /* the preset knows better */
	if (c->field && !takes_several(c->field) && mapped_already(m, c->field) && im->lint)
		c->taken = TAKE_PTR(c->field);
	if (c->field && !takes_several(c->field) && mapped_already(m, c->field))
		return err_set(&im->s->err, CRM_INVALID,
			"column '%s': another column is the %s already: say which by --map '%s='", header,
			c->field->name, header);
	c->unknown = !c->field && !c->taken && status == 0 && !is_reject_column(header) && !mapping_is_label(m, i);
	if (c->unknown && !im->lint)
		status = take_unknown(im, header, &c->field, unknown);
	c->at = i;
	c->how = how_to_read(c->field);
	return status < 0 ? status : CRM_OK;
}

static int check_maps_used(struct import *im)
{
	for (size_t k = 0; k < im->opt->nmap; k++) {
		const char *map = im->opt->map[k], *equals = strrchr(map, '=');
		size_t len = equals ? (size_t)(equals - map) : strlen(map), i;

		for (i = 0; i < reader_columns(im->reader); i++)
			if (strlen(reader_column(im->reader, i)) == len &&
				strncmp(reader_column(im->reader, i), map, len) == 0)
				break;
		if (i == reader_columns(im->reader))
			return err_set(&im->s->err, CRM_INVALID, "--map '%s': the file has no column '%.*s'", map,
				(int)len, map);
	}
	return CRM_OK;
}

bool mapping_asked_for(const struct import *im, size_t i)
{
	const char *header = reader_column(im->reader, i);

	for (size_t k = 0; k < im->opt->nmap; k++)
		if (strncmp(im->opt->map[k], header, strlen(header)) == 0 && im->opt->map[k][strlen(header)] == '=')
			return true;
	return false;
}

static int add_column(struct mapping *m, struct import *im, const struct column *c)
{
	if (!GROW(m->columns, m->n, m->cap))
		return err_nomem(&im->s->err);
	m->columns[m->n++] = *c;
	return CRM_OK;
}

/* First the columns that a preset takes, of which its fields are made, unless --map speaks of them. */
static int map_by_preset(struct mapping *m, struct import *im, bool *taken)
{
	int status = mapping_choose_preset(m, im);

	for (size_t i = 0; status == CRM_OK && m->preset && i < reader_columns(im->reader); i++)
		if (!mapping_asked_for(im, i))
			status = mapping_take_by_preset(m, im, i, &taken[i]);
	for (size_t i = 0; status == CRM_OK && i < m->recipes.n; i++) {
		struct column c = { .field = m->recipes.v[i].field, .by = m->recipes.v[i].by, .at = i, .made = true };

		c.how = how_to_read(c.field);
		status = add_column(m, im, &c);
	}
	return status;
}

static int map_the_rest(struct mapping *m, struct import *im, const bool *taken, struct buf *unknown)
{
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < reader_columns(im->reader); i++) {
		struct column c = { 0 };

		if (taken[i])
			continue;
		status = map_column(m, im, i, &c, unknown);
		if (status == CRM_OK)
			status = add_column(m, im, &c);
	}
	return status;
}

static void say_mapping(const struct mapping *m, struct import *im, const struct buf *unknown)
{
	struct buf text = BUF_INIT;

	if (m->preset)
		import_note(im, crm_tr("preset"), "%s: %zu of %zu columns (--preset none: without)", m->preset->name,
			mapping_taken_by_preset(m), reader_columns(im->reader));
	if (mapping_left_out(&text, m, im) == CRM_OK && text.len > 0)
		im->note(0, crm_tr("left out by the preset"), buf_str(&text), im->payload);
	if (unknown->len > 0 && !unknown->failed)
		import_note(im, crm_tr("unknown columns"), "not imported: %s (--map, --keep-unknown)", unknown->s);
	buf_free(&text);
}

int mapping_make(struct mapping *m, struct import *im)
{
	bool *taken = calloc(reader_columns(im->reader) + 1, sizeof(*taken));
	struct buf unknown = BUF_INIT;
	size_t mapped = 0;
	int status = check_maps_used(im);

	if (!taken)
		status = err_nomem(&im->s->err);
	if (status == CRM_OK)
		status = map_by_preset(m, im, taken);
	im->source = im->opt->source || !m->preset ? im->opt->source : m->preset->source;
	if (status == CRM_OK)
		status = plan_begin(im);
	if (status == CRM_OK)
		status = map_the_rest(m, im, taken, &unknown);
	for (size_t i = 0; i < m->n; i++)
		mapped += m->columns[i].field != NULL;
	if (status == CRM_OK)
		say_mapping(m, im, &unknown);
	/* JSON without a single good object has no columns: its rows say why. */
	if (status == CRM_OK && m->n > 0 && mapped == 0 && !im->lint)
		status = err_set(&im->s->err, CRM_INVALID,
			"%s: no column is a field of %s: name them by --map COLUMN=FIELD (crm %s list --fields help)",
			im->opt->file ? im->opt->file : crm_tr("the file"), entity_word(im->e), im->e->name);
	buf_free(&unknown);
	free(taken);
	return status;
}

void mapping_free(struct mapping *m)
{
	mapping_free_preset(m);
	free(m->columns);
	*m = (struct mapping){ 0 };
}

const char *mapping_name(const struct import *im, const struct column *c)
{
	return c->made ? c->field->name : reader_column(im->reader, c->at);
}

static void put_pair(struct buf *out, const char *header, const struct crm_field *field)
{
	struct buf item = BUF_INIT;

	buf_printf(&item, "%s=%s", header, field ? field->name : "");
	list_append(out, item.s, item.len);
	out->failed |= item.failed;
	buf_free(&item);
}

int mapping_text(struct buf *out, const struct mapping *m, const struct reader *r)
{
	for (size_t i = 0; i < m->n; i++) {
		const struct column *c = &m->columns[i];

		if (!c->made)
			put_pair(out, reader_column(r, c->at), c->field);
		else if (!m->recipes.v[c->at].further)
			for (size_t k = 0; k < m->recipes.v[c->at].n; k++)
				put_pair(out, m->recipes.v[c->at].v[k].name, c->field);
	}
	return buf_str(out) ? CRM_OK : CRM_NOMEM;
}
