/* vcard: a card a customer; the library makes it. */
#include "cli/writer.h"

#include <stdlib.h>

/* The rows are those of crm_vcard_fields(): whoever chooses the format sees to that. */
static int vcard_begin(struct rows *r)
{
	r->state = calloc(r->ncolumns + 1, sizeof(crm_value));
	return r->state ? CRM_OK : CRM_NOMEM;
}

/* A terminal would show CR as an escape. */
static void put_lines(struct out *o, const char *s)
{
	for (size_t n; *s; s += n + (s[n] == '\r')) {
		n = strcspn(s, "\r");
		out_put(o, s, n);
	}
}

static int vcard_row(struct rows *r)
{
	crm_value *values = r->state;
	char *card;
	size_t len;
	int status;

	for (size_t i = 0; i < r->ncolumns; i++)
		values[i] = *crm_cursor_value(r->cursor, i);
	status = crm_vcard(&card, &len, values);
	if (status < 0)
		return status;
	if (r->set->terminal)
		put_lines(r->out, card);
	else
		out_put(r->out, card, len);
	free(card);
	return CRM_OK;
}

static void vcard_release(struct rows *r)
{
	free(r->state);
}

const struct writer rows_vcard = {
	.begin = vcard_begin,
	.row = vcard_row,
	.release = vcard_release,
	.machine = true,
};
