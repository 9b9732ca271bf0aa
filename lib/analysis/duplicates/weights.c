#include "analysis/duplicates/weights.h"
#include "analysis/duplicates/compare.h"
#include "text/text.h"
#include <crm/duplicates.h>

#include <math.h>

const char *const level_names[LEVELS] = { "", "exact", "very_close", "close", "different" };

static int unknown_field(crm_store *s, const char *name)
{
	const char *names[COMPARED_FIELDS + 1] = { [COMPARED_FIELDS] = "prior" }, *nearest;
	struct buf known = BUF_INIT, hint = BUF_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (i < COMPARED_FIELDS)
			names[i] = compared_fields[i].name;
		buf_printf(&known, "%s%s", i ? ", " : "", names[i]);
	}
	nearest = crm_text_nearest(name, names, ARRAY_SIZE(names));
	err_set(&s->err, CRM_INVALID, "'%s' is no field that is compared%s; known: %s", name,
		buf_nearest(&hint, nearest), buf_str(&known));
	buf_free(&hint);
	buf_free(&known);
	return CRM_INVALID;
}

static size_t find_field(const char *name)
{
	size_t i = 0;

	while (i < COMPARED_FIELDS && strcmp(compared_fields[i].name, name) != 0)
		i++;
	return i;
}

/* `phone.exact`, which is cut up, gets its weight. */
static int fix_level(struct linkage *l, crm_store *s, char *name, double bits)
{
	char *dot = strchr(name, '.');
	size_t field, level = LEVEL_EXACT;

	if (dot)
		*dot = '\0';
	field = find_field(name);
	if (field == COMPARED_FIELDS)
		return unknown_field(s, name);
	while (dot && level < LEVELS && strcmp(level_names[level], dot + 1) != 0)
		level++;
	if (!dot || level == LEVELS || compared_fields[field].m[level] <= 0)
		return err_set(&s->err, CRM_INVALID,
			"'%s%s%s' has no such level: use exact, very_close, close or different", name, dot ? "." : "",
			dot ? dot + 1 : "");
	linkage_fix(l, field, (enum level)level, bits);
	return CRM_OK;
}

/* One `phone.exact=14`, which is cut up. */
static int read_weight(struct linkage *l, crm_store *s, char *item)
{
	char *equals = strchr(item, '=');
	double bits;

	if (!equals)
		return err_set(&s->err, CRM_INVALID, "'%s' is not FIELD.LEVEL=WEIGHT", item);
	*equals = '\0';
	if (!parse_real(equals + 1, strlen(equals + 1), &bits) || fabs(bits) > 60)
		return err_set(&s->err, CRM_INVALID, "'%s' is no weight of %s: use a number of bits from -60 to 60",
			equals + 1, item);
	if (strcmp(item, "prior") != 0)
		return fix_level(l, s, item, bits);
	if (bits > -1)
		return err_set(
			&s->err, CRM_INVALID, "prior: %s is more than -1: most pairs are not the same", equals + 1);
	l->same = exp2(bits);
	return CRM_OK;
}

static int read_weights(struct linkage *l, crm_store *s, const char *text)
{
	struct buf item = BUF_INIT;
	size_t pos = 0;
	int status = CRM_OK;

	while (status == CRM_OK && list_next(&item, text, strlen(text), &pos))
		status = read_weight(l, s, item.s);
	return list_end(&item, status, &s->err);
}

int weights_apply(struct linkage *l, crm_store *s)
{
	return s->duplicate_weights ? read_weights(l, s, s->duplicate_weights) : CRM_OK;
}

int crm_duplicates_set_weights(crm_store *s, const char *weights)
{
	struct linkage l;
	char *copy = NULL;
	int status = CRM_OK;

	linkage_init(&l, compared_fields, COMPARED_FIELDS, 0);
	if (weights)
		status = read_weights(&l, s, weights);
	if (status == CRM_OK && weights && !(copy = strdup(weights)))
		status = err_nomem(&s->err);
	if (status < 0)
		return status;
	free(s->duplicate_weights);
	s->duplicate_weights = copy;
	return CRM_OK;
}
