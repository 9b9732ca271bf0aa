/* Satisfaction and loyalty: what the configuration says, and the formulas. */
#include "analysis/satisfaction.h"
#include "text/text.h"
#include <math.h>

static size_t add_digits(long double *value, const char *s)
{
	size_t n = 0;

	for (; ascii_digit(s[n]); n++)
		*value = *value * 10 + (s[n] - '0');
	return n;
}

/* A decimal number as reports print it, perhaps with an exponent, in any locale. */
static bool read_number(const char *s, double *out)
{
	bool negative = *s == '-';
	long double value = 0;
	int64_t exponent = 0;
	size_t whole, fraction = 0;

	s += negative || *s == '+';
	whole = add_digits(&value, s);
	s += whole;
	if (*s == '.') {
		fraction = add_digits(&value, s + 1);
		s += 1 + fraction;
	}
	if (whole + fraction == 0 || (*s && ascii_lower(*s) != 'e') ||
		(*s && !parse_int64(s + 1, strlen(s + 1), -300, 300, &exponent)))
		return false;
	value *= powl(10, (long double)exponent - (long double)fraction);
	*out = (double)(negative ? -value : value);
	return isfinite(*out);
}

/* --- weights --- */

static int unknown_dimension(crm_store *s, const char *name)
{
	const char *names[2 * SURVEY_DIMENSIONS], *nearest;
	struct buf known = BUF_INIT, hint = BUF_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *group = i < SURVEY_DIMENSIONS ? "" : "product.";

		names[i] = survey_scores[i].name;
		buf_printf(&known, "%s%s%s", i ? ", " : "", group, survey_scores[i].name);
	}
	nearest = crm_text_nearest(name, names, SURVEY_DIMENSIONS);
	err_set(&s->err, CRM_INVALID, "'%s' is no dimension%s; known: %s", name, buf_nearest(&hint, nearest),
		buf_str(&known));
	buf_free(&hint);
	buf_free(&known);
	return CRM_INVALID;
}

/* `quality`, `service.quality` or `product.quality`. */
static size_t find_dimension(const char *name)
{
	bool product = strncmp(name, "product.", 8) == 0, service = strncmp(name, "service.", 8) == 0;
	size_t from = product ? SURVEY_DIMENSIONS : 0;

	for (size_t i = from; i < from + SURVEY_DIMENSIONS; i++)
		if (strcmp(survey_scores[i].name, name + (product || service ? 8 : 0)) == 0)
			return i;
	return SIZE_MAX;
}

/* One `quality=0.3`, which is cut up. */
static int read_weight(struct weights *w, crm_store *s, char *item)
{
	char *equals = strchr(item, '=');
	double weight;
	size_t i;

	if (!equals)
		return err_set(&s->err, CRM_INVALID, "'%s' is not DIMENSION=WEIGHT", item);
	*equals = '\0';
	i = find_dimension(item);
	if (i == SIZE_MAX)
		return unknown_dimension(s, item);
	if (!read_number(equals + 1, &weight) || weight < 0)
		return err_set(
			&s->err, CRM_INVALID, "'%s' is no weight of %s: use a number from 0 to 1", equals + 1, item);
	if (w->of[i] > 0)
		return err_set(&s->err, CRM_INVALID, "%s has two weights", item);
	w->of[i] = weight;
	return CRM_OK;
}

static int read_weights(struct weights *w, crm_store *s, const char *text)
{
	struct buf item = BUF_INIT;
	size_t pos = 0;
	int status = CRM_OK;

	*w = (struct weights){ { 0 } };
	while (status == CRM_OK && list_next(&item, text, strlen(text), &pos))
		status = read_weight(w, s, item.s);
	return list_end(&item, status, &s->err);
}

int crm_survey_set_weights(crm_store *s, const char *weights)
{
	struct weights w;
	char *copy = NULL;
	int status = weights ? read_weights(&w, s, weights) : CRM_OK;

	if (status == CRM_OK && weights && !(copy = strdup(weights)))
		status = err_nomem(&s->err);
	if (status < 0)
		return status;
	free(s->weights);
	s->weights = copy;
	return CRM_OK;
}

int weights_read(struct weights *out, crm_store *s, bool normalise)
{
	double sum = 0;
	int status = CRM_OK;

	for (size_t i = 0; i < ARRAY_SIZE(out->of); i++)
		out->of[i] = i < SURVEY_DIMENSIONS ? 1.0 / SURVEY_DIMENSIONS : 0;
	if (s->weights)
		status = read_weights(out, s, s->weights);
	for (size_t i = 0; i < ARRAY_SIZE(out->of); i++)
		sum += out->of[i];
	if (status == CRM_OK && normalise && sum == 0)
		return err_set(&s->err, CRM_INVALID, "satisfaction.weights: all are 0");
	if (status == CRM_OK && !normalise && fabs(sum - 1) > 1e-9)
		return err_set(&s->err, CRM_INVALID,
			"satisfaction.weights: their sum is %.10g, not 1 (--normalise "
			"divides them by it)",
			sum);
	for (size_t i = 0; normalise && i < ARRAY_SIZE(out->of); i++)
		out->of[i] /= sum;
	return status;
}

bool satisfaction_of(double *out, const struct weights *w, const crm_value scores[2 * SURVEY_DIMENSIONS])
{
	double sum = 0;

	for (size_t i = 0; i < ARRAY_SIZE(w->of); i++) {
		if (w->of[i] <= 0)
			continue;
		if (scores[i].kind == CRM_NULL)
			return false;
		sum += w->of[i] * (double)scores[i].i;
	}
	*out = sum;
	return true;
}

/* --- loyalty --- */

int crm_survey_set_loyalty(crm_store *s, size_t i, const char *number)
{
	char *copy = NULL;
	double d;

	if (i >= ARRAY_SIZE(s->loyalty))
		return err_set(&s->err, CRM_INVALID, "there is no coefficient b%zu", i);
	if (number && !read_number(number, &d))
		return err_set(&s->err, CRM_INVALID, "'%s' is not a number", number);
	if (number && !(copy = strdup(number)))
		return err_nomem(&s->err);
	free(s->loyalty[i]);
	s->loyalty[i] = copy;
	return CRM_OK;
}

int loyalty_read(double b[3], crm_store *s)
{
	for (size_t i = 0; i < ARRAY_SIZE(s->loyalty); i++)
		if (!s->loyalty[i] || !read_number(s->loyalty[i], &b[i]))
			return err_set(&s->err, CRM_INVALID,
				"loyalty.b%zu is not configured: crm config set loyalty.b%zu NUMBER (crm report "
				"loyalty "
				"--fit nps estimates b0, b1 and b2)",
				i, i);
	return CRM_OK;
}
