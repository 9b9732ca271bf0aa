/* Amounts of a record: what was set, with the currency beside it, becomes minor units. */
#include "text/money.h"
#include "model/record.h"

static const struct currency *currency_in(const crm_value *v)
{
	return v->kind == CRM_STRING ? currency_find(v->s, v->len) : NULL;
}

static int blame(crm_record *r, const struct crm_field *f, const char **field)
{
	cleanup(freep) char *why = strdup(crm_errmsg(r->s));

	if (field)
		*field = f->name;
	return err_set(&r->s->err, CRM_INVALID, "%s: %s", f->name, why ? why : "");
}

/* 12.50 of one currency is not 12.50 of another: who changes the one says the other anew. */
static int check_currency_alone(crm_record *r, const struct crm_field *f, const char **field)
{
	const struct crm_field *currency = field_of_currency(r->e);
	const struct slot *slot = &r->slots[record_index(r, currency)];
	bool other = slot->changed && slot->given.kind == CRM_STRING;

	if (r->slots[record_index(r, f)].value.kind == CRM_NULL || !(other || slot->value.kind == CRM_NULL))
		return CRM_OK;
	if (field)
		*field = currency->name;
	return err_set(
		&r->s->err, CRM_INVALID, "%s: cannot be changed without the %s: give both", currency->name, f->name);
}

static int settle(crm_record *r, const struct crm_field *f, const char **field)
{
	const struct crm_field *beside = field_of_currency(r->e);
	struct slot *amount = &r->slots[record_index(r, f)], *currency = &r->slots[record_index(r, beside)];
	const char *usual = record_context(r).currency;
	const struct currency_context known = {
		.given = currency_in(&currency->given),
		.stored = currency_in(&currency->value),
		.usual = usual ? currency_find(usual, strlen(usual)) : NULL,
	};
	crm_value value = { .kind = CRM_INT }, code = { .kind = CRM_STRING, .len = 3 }, none = { .kind = CRM_NULL };
	const struct currency *found;
	int status;

	if (amount->given.kind != CRM_STRING)
		return check_currency_alone(r, f, field);
	status = money_parse(&value.i, &found, amount->given.s, amount->given.len, &known, &r->s->err);
	if (status < 0)
		return status == CRM_INVALID ? blame(r, f, field) : status;
	code.s = found->code;
	amount->given = none;
	record_put(r, f, &value, &none);
	record_put(r, beside, &code, &none);
	return CRM_OK;
}

int record_settle_money(crm_record *r, const char **field)
{
	const struct crm_field *currency = field_of_currency(r->e);
	int status = CRM_OK;

	for (size_t i = 0; currency && status == CRM_OK && i < r->e->nfields; i++)
		if (r->e->fields[i].type == CRM_MONEY)
			status = settle(r, &r->e->fields[i], field);
	if (currency && status == CRM_OK)
		r->slots[record_index(r, currency)].given = (crm_value){ .kind = CRM_NULL };
	return status;
}

bool record_money_text(struct buf *out, const crm_record *r, const struct crm_field *f, bool whole)
{
	const crm_value *value = &r->slots[record_index(r, f)].value;
	const struct currency *currency = currency_in(&r->slots[record_index(r, field_of_currency(r->e))].value);

	if (value->kind != CRM_INT)
		return false;
	money_format(out, value->i, currency ? currency : &(struct currency){ .decimals = 2 });
	if (whole && currency)
		buf_printf(out, " %s", currency->code);
	return true;
}
