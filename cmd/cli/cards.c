/* vcard and ics: a card a customer, an event a follow-up; the library makes the texts. */
#include "cli/writer.h"

#include <stdlib.h>

/* The rows are those of crm_vcard_fields() or crm_ics_fields(): whoever chooses the format sees to that. */
static int cards_begin(struct rows *r)
{
	r->state = calloc(r->ncolumns + 1, sizeof(crm_value));
	return r->state ? CRM_OK : CRM_NOMEM;
}

/* A terminal would show CR as an escape. */
static void put_lines(struct rows *r, const char *s, size_t len)
{
	if (!r->set->terminal) {
		out_put(r->out, s, len);
		return;
	}
	for (size_t n; *s; s += n + (s[n] == '\r')) {
		n = strcspn(s, "\r");
		out_put(r->out, s, n);
	}
}

static crm_value *row_values(struct rows *r)
{
	crm_value *values = r->state;

	for (size_t i = 0; i < r->ncolumns; i++)
		values[i] = *crm_cursor_value(r->cursor, i);
	return values;
}

static int vcard_row(struct rows *r)
{
	char *card;
	size_t len;
	int status = crm_vcard(&card, &len, row_values(r));

	if (status < 0)
		return status;
	put_lines(r, card, len);
	free(card);
	return CRM_OK;
}

static int ics_begin(struct rows *r)
{
	put_lines(r, crm_ics_head(), strlen(crm_ics_head()));
	return cards_begin(r);
}

static int ics_row(struct rows *r)
{
	char *event;
	size_t len;
	int status = crm_ics_event(&event, &len, r->store, row_values(r));

	if (status < 0)
		return status;
	put_lines(r, event, len);
	free(event);
	return CRM_OK;
}

static int ics_end(struct rows *r)
{
	put_lines(r, crm_ics_tail(), strlen(crm_ics_tail()));
	return CRM_OK;
}

static void cards_release(struct rows *r)
{
	free(r->state);
}

const struct writer rows_vcard = {
	.begin = cards_begin,
	.row = vcard_row,
	.release = cards_release,
	.machine = true,
};

const struct writer rows_ics = {
	.begin = ics_begin,
	.row = ics_row,
	.end = ics_end,
	.release = cards_release,
	.machine = true,
};
