/* Steps as text. */
#include "service/steps.h"
#include "model/customer.h"
#include "model/followup.h"
#include "model/record.h"
#include "text/text.h"

struct reader {
	struct arena *mem;
	struct err *err;
	const char *item; /* the step at hand, for messages */
	int item_len;
	bool lenient; /* of two steps after the same time the first holds */
};

static int fail(const struct reader *r, const char *why)
{
	return err_set(r->err, CRM_INVALID, "'%.*s' %s", r->item_len, r->item, crm_tr(why));
}

static int read_after(struct step *s, struct reader *r, const char *text, size_t len)
{
	static const char *const form = N_("does not begin with a time like 7d, 2w, 3wd, 72h or never");
	size_t digits = strspn(text, "0123456789");
	const struct {
		const char *unit;
		enum step_unit means;
		int64_t days;
	} units[] = { { "d", STEP_DAYS, 1 }, { "w", STEP_DAYS, 7 }, { "wd", STEP_WORKING, 1 } };
	int64_t n;

	s->after = arena_copy(r->mem, text, len);
	if (len == 5 && memcmp(text, "never", 5) == 0) {
		s->unit = STEP_NEVER;
		return CRM_OK;
	}
	if (digits == 0 || digits >= len || !parse_int64(text, digits, 0, 36500, &n))
		return fail(r, form);
	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		if (strlen(units[i].unit) == len - digits && memcmp(units[i].unit, text + digits, len - digits) == 0) {
			s->unit = units[i].means;
			s->amount = n * units[i].days;
			return CRM_OK;
		}
	s->unit = STEP_ELAPSED;
	return duration_parse(&s->amount, text, len, r->err) < 0 ? fail(r, form) : CRM_OK;
}

static int read_action(const char **out, struct reader *r, const char *text, size_t len)
{
	const struct word *w = word_meant(followup_actions, FOLLOWUP_ACTIONS, text, len, r->err);
	cleanup(buf_free) struct buf known = BUF_INIT, why = BUF_INIT;

	if (w) {
		*out = w->name;
		return CRM_OK;
	}
	for (size_t i = 0; i < FOLLOWUP_ACTIONS; i++)
		buf_puts(buf_comma(&known), followup_actions[i].name);
	if (buf_str(&known))
		buf_say(&why, "has no action that there is: %s", known.s);
	return !known.failed && buf_str(&why) ? fail(r, why.s) : err_nomem(r->err);
}

/* The next word of an item; its length, 0 at the end. */
static size_t next_word(const char **word, const char **s, const char *end)
{
	while (*s < end && (**s == ' ' || **s == '\t' || **s == '\n' || **s == '\r'))
		++*s;
	*word = *s;
	while (*s < end && **s != ' ' && **s != '\t' && **s != '\n' && **s != '\r')
		++*s;
	return (size_t)(*s - *word);
}

static int read_step(struct step *out, struct reader *r, const char *s, const char *end, const char *usual)
{
	const char *word;
	size_t len = next_word(&word, &s, end);
	int status = read_after(out, r, word, len);

	if (status < 0)
		return status;
	len = next_word(&word, &s, end);
	out->action = usual;
	if (len > 0)
		status = read_action(&out->action, r, word, len);
	else if (!usual)
		status = fail(r, N_("says no action, as in 7d visit"));
	len = status == CRM_OK ? next_word(&word, &s, end) : 0;
	if (len == 2 && memcmp(word, "or", 2) == 0) {
		len = next_word(&word, &s, end);
		status = read_action(&out->alternative, r, word, len);
		len = status == CRM_OK ? next_word(&word, &s, end) : 0;
	}
	return len > 0 ? fail(r, N_("is not AFTER ACTION [or ALTERNATIVE]")) : status;
}

static bool is_there(const struct steps *s, const struct step *step)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i].unit == step->unit && s->v[i].amount == step->amount)
			return true;
	return false;
}

static int add_step(struct steps *out, const struct reader *r, const struct step *step)
{
	if (is_there(out, step))
		return r->lenient ? CRM_OK : fail(r, N_("is there twice"));
	if (r->mem->failed || !GROW(out->v, out->n, out->cap))
		return err_nomem(r->err);
	out->v[out->n++] = *step;
	return CRM_OK;
}

static int parse(struct steps *out, struct reader *r, const char *s, size_t len, const char *usual)
{
	const char *end = s + len;
	int status = CRM_OK;

	*out = (struct steps){ 0 };
	while (status == CRM_OK) {
		const char *comma = memchr(s, ',', (size_t)(end - s));
		struct step step = { 0 };

		while (s < end && *s == ' ')
			s++;
		r->item = s;
		r->item_len = (int)crm_text_fit(s, (size_t)((comma ? comma : end) - s), 60);
		status = read_step(&step, r, s, comma ? comma : end, usual);
		if (status == CRM_OK)
			status = add_step(out, r, &step);
		if (!comma)
			break;
		s = comma + 1;
	}
	if (status < 0)
		steps_free(out);
	return status;
}

int steps_parse(struct steps *out, struct arena *mem, const char *text, size_t len, struct err *err)
{
	struct reader r = { .mem = mem, .err = err };

	return parse(out, &r, text, len, NULL);
}

int steps_read(struct steps *out, struct arena *mem, const char *text, size_t len, struct err *err)
{
	struct reader r = { .mem = mem, .err = err, .lenient = true };

	return parse(out, &r, text, len, NULL);
}

int cadence_parse(struct steps *out, struct arena *mem, const char *text, size_t len, struct err *err)
{
	struct reader r = { .mem = mem, .err = err };

	*out = (struct steps){ 0 };
	if (len == 3 && memcmp(text, "off", 3) == 0)
		return CRM_OK;
	return parse(out, &r, text, len, "call");
}

void steps_free(struct steps *s)
{
	free(s->v);
	*s = (struct steps){ 0 };
}

void steps_write(struct buf *out, const struct steps *s)
{
	for (size_t i = 0; i < s->n; i++)
		buf_printf(out, "%s%s %s%s%s", i ? ", " : "", s->v[i].after, s->v[i].action,
			s->v[i].alternative ? " or " : "", s->v[i].alternative ? s->v[i].alternative : "");
}

int64_t step_length(const struct step *s)
{
	switch (s->unit) {
	case STEP_NEVER:
		return INT64_MAX;
	case STEP_ELAPSED:
		return s->amount;
	case STEP_DAYS:
		return s->amount * 86400;
	default: /* five of seven days */
		return s->amount * 86400 * 7 / 5;
	}
}

int64_t step_bound(const struct step *s, const struct zone *zone, int64_t now)
{
	switch (s->unit) {
	case STEP_NEVER:
		return INT64_MIN;
	case STEP_ELAPSED:
		return now - s->amount - 1;
	default: /* working days are never more than days */
		return zone_day_start(zone, zone_day(zone, now) - s->amount) - 1;
	}
}

int cadence_check(crm_record *customer)
{
	crm_value v = crm_record_get(customer, "cadence");
	struct steps steps = { 0 };
	struct buf text = BUF_INIT;
	int status;

	if (v.kind == CRM_NULL)
		return CRM_OK;
	status = cadence_parse(&steps, &customer->mem, v.s, v.len, &customer->s->err);
	if (status < 0) {
		buf_say(&text, "cadence: %s; it is off, or like 14d call, 30d visit", crm_errmsg(customer->s));
		status = buf_str(&text) ? err_set(&customer->s->err, status, "%s", text.s)
					: err_nomem(&customer->s->err);
	} else if (steps.n > 0) {
		steps_write(&text, &steps);
		status = buf_str(&text) ? crm_record_set(customer, "cadence", text.s) : err_nomem(&customer->s->err);
	}
	steps_free(&steps);
	buf_free(&text);
	return status;
}
