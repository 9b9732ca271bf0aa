/* A preset's part in the mapping: which preset, which columns it takes. */
#include "exchange/import/import.h"
#include "exchange/preset/choose.h"
#include "text/text.h"

static int read_headers(struct mapping *m, struct import *im)
{
	size_t n = reader_columns(im->reader);

	m->headers = calloc(n + 1, sizeof(*m->headers));
	if (!m->headers)
		return err_nomem(&im->s->err);
	for (m->nheaders = 0; m->nheaders < n; m->nheaders++) {
		const char *name = reader_column(im->reader, m->nheaders);

		if (preset_header(&m->headers[m->nheaders], name, strlen(name)) < 0)
			return err_nomem(&im->s->err);
	}
	return CRM_OK;
}

static int detect(struct mapping *m, struct import *im)
{
	const char **headers = malloc((m->nheaders + 1) * sizeof(*headers));
	int status;

	if (!headers)
		return err_nomem(&im->s->err);
	for (size_t i = 0; i < m->nheaders; i++)
		headers[i] = m->headers[i].s;
	status = preset_detect(&m->preset, im->e, headers, m->nheaders, &im->s->err);
	free(headers);
	return status;
}

int mapping_choose_preset(struct mapping *m, struct import *im)
{
	const char *asked = im->opt->preset;
	int status;

	if (strcmp(reader_form_name(im->reader), "vcard") == 0 || (asked && strcmp(asked, "none") == 0))
		return CRM_OK;
	status = read_headers(m, im);
	if (status < 0)
		return status;
	if (!asked || strcmp(asked, "auto") == 0)
		return detect(m, im);
	return preset_load(&m->preset, im->e, asked, &im->s->err);
}

static size_t column_called(const struct mapping *m, const char *header)
{
	for (size_t i = 0; i < m->nheaders; i++)
		if (strcmp(m->headers[i].s, header) == 0)
			return i;
	return NO_COLUMN;
}

/* The column with the labels of one whose name has `number` for #. */
static int find_label(const struct mapping *m, const struct preset_column *spec, unsigned number, size_t *at)
{
	struct buf name = BUF_INIT;

	*at = NO_COLUMN;
	if (!spec->label_from)
		return CRM_OK;
	for (const char *p = spec->label_from; *p; p++)
		if (*p == '#')
			buf_printf(&name, "%u", number);
		else
			buf_putc(&name, *p);
	if (!buf_str(&name))
		return CRM_NOMEM;
	*at = column_called(m, name.s);
	buf_free(&name);
	return CRM_OK;
}

int mapping_take_by_preset(struct mapping *m, struct import *im, size_t at, bool *taken)
{
	const struct preset_column *spec;
	struct ingredient column;
	unsigned number;

	*taken = false;
	spec = m->preset ? preset_find(m->preset, m->headers[at].s, &number) : NULL;
	if (!spec)
		return CRM_OK;
	*taken = true;
	if (!spec->field)
		return CRM_OK;
	column = (struct ingredient){ .spec = spec, .name = reader_column(im->reader, at), .at = at };
	if (find_label(m, spec, number, &column.label_at) < 0 || recipes_add(&m->recipes, im->e, &column) < 0)
		return err_nomem(&im->s->err);
	return CRM_OK;
}

bool mapping_is_label(const struct mapping *m, size_t at)
{
	for (size_t i = 0; i < m->recipes.n; i++)
		for (size_t k = 0; k < m->recipes.v[i].n; k++)
			if (m->recipes.v[i].v[k].label_at == at)
				return true;
	return false;
}

size_t mapping_taken_by_preset(const struct mapping *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->nheaders; i++) {
		unsigned number;
		const struct preset_column *spec = preset_find(m->preset, m->headers[i].s, &number);

		n += spec ? spec->field != NULL : mapping_is_label(m, i);
	}
	return n;
}

int mapping_left_out(struct buf *out, const struct mapping *m, const struct import *im)
{
	for (size_t i = 0; m->preset && i < m->nheaders; i++) {
		unsigned number;
		const struct preset_column *spec = preset_find(m->preset, m->headers[i].s, &number);

		if (spec && !spec->field && !mapping_asked_for(im, i))
			buf_printf(out, "%s%s", out->len ? ", " : "", reader_column(im->reader, i));
	}
	return out->failed ? CRM_NOMEM : CRM_OK;
}

void mapping_free_preset(struct mapping *m)
{
	recipes_free(&m->recipes);
	m->preset = preset_free(m->preset);
	for (size_t i = 0; m->headers && i <= m->nheaders; i++)
		buf_free(&m->headers[i]);
	free(m->headers);
}
