/* Groups of tickets, and what the reports on tickets share. */
#include "report/group.h"

static size_t find_place(const struct groups *g, int64_t key)
{
	size_t low = 0, high = g->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (g->v[middle]->key < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct group *groups_find(const struct groups *g, int64_t key)
{
	size_t i = find_place(g, key);

	return i < g->n && g->v[i]->key == key ? g->v[i] : NULL;
}

struct group *groups_get(struct groups *g, int64_t key)
{
	struct group *fresh;
	size_t i;

	if (g->last < g->n && g->v[g->last]->key == key)
		return g->v[g->last];
	i = find_place(g, key);
	g->last = i;
	if (i < g->n && g->v[i]->key == key)
		return g->v[i];
	if (!GROW(g->v, g->n, g->cap))
		return NULL;
	fresh = calloc(1, g->size);
	if (!fresh)
		return NULL;
	fresh->key = key;
	memmove(&g->v[i + 1], &g->v[i], (g->n - i) * sizeof(struct group *));
	g->v[i] = fresh;
	g->n++;
	return fresh;
}

void groups_free(struct groups *g)
{
	for (size_t i = 0; i < g->n; i++)
		free(g->v[i]);
	free(g->v);
	*g = (struct groups){ .size = g->size };
}

struct word_order {
	const struct words *words;
	const struct crm_field *field;
};

static size_t rank_of(const struct crm_field *f, const char *word)
{
	size_t i = 0;

	while (f && i < f->nwords && strcmp(f->words[i].name, word) != 0)
		i++;
	return i;
}

/* Their text is that of whole numbers. */
static bool is_number(const struct crm_field *f)
{
	return f && (f->type == CRM_INTEGER || (f->type == CRM_REF && !(f->flags & FIELD_HANDLE)));
}

static int compare_numbers(const char *x, const char *y)
{
	long long a = strtoll(x, NULL, 10), b = strtoll(y, NULL, 10);

	return (a > b) - (a < b);
}

static int compare_groups(const void *a, const void *b, void *payload)
{
	const struct word_order *order = payload;
	const char *x = words_text(order->words, (int)(*(struct group *const *)a)->key);
	const char *y = words_text(order->words, (int)(*(struct group *const *)b)->key);
	size_t i, k;

	if (!x || !y)
		return (x != NULL) - (y != NULL);
	i = rank_of(order->field, x);
	k = rank_of(order->field, y);
	if (i != k)
		return (i > k) - (i < k);
	return is_number(order->field) ? compare_numbers(x, y) : strcmp(x, y);
}

void groups_sort_words(struct groups *g, const struct words *w, const struct crm_field *field)
{
	struct word_order order = { w, field };

	g->last = g->n;
	if (g->n > 1)
		qsort_r(g->v, g->n, sizeof(*g->v), compare_groups, &order);
}

const char *report_by(const struct crm_report *r, const crm_report_options *opt)
{
	return opt->by ? opt->by : r->by[0];
}

bool period_of(enum period *out, const char *by)
{
	static const char *const names[] = {
		[PERIOD_DAY] = "day",
		[PERIOD_WEEK] = "week",
		[PERIOD_MONTH] = "month",
		[PERIOD_HOUR] = "hour",
		[PERIOD_WEEKDAY] = "weekday",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(names[i], by) == 0) {
			*out = (enum period)i;
			return true;
		}
	return false;
}

bool report_period_of(enum period *out, const struct crm_report *r, const char *by)
{
	for (size_t i = 0; r->by[i]; i++)
		if (strcmp(r->by[i], by) == 0)
			return period_of(out, by);
	return false;
}

int report_top(int64_t *out, crm_store *s, const struct crm_report *r, const crm_report_options *opt, int64_t usual)
{
	*out = usual;
	if (opt->top && !parse_int64(opt->top, strlen(opt->top), 1, INT64_MAX, out))
		return err_set(&s->err, CRM_INVALID, "report %s: --top '%s' is no number from 1", r->name, opt->top);
	return CRM_OK;
}

int report_spans(struct spans *out, crm_store *s, const crm_report_options *opt)
{
	int64_t from, to;
	int status = report_period(&from, &to, s, opt);

	*out = (struct spans){ .since = opt->since != NULL };
	if (status < 0)
		return status;
	to = opt->until ? to : crm_store_now(s);
	if (from > to)
		return err_set(&s->err, CRM_INVALID, "the period is empty: --since %s lies ahead", opt->since);
	stretch_set(&out->now, from, to < crm_store_now(s) ? to : crm_store_now(s));
	if (opt->since)
		period_before(s->zone, &from, &to, false);
	stretch_set(&out->before, from, to);
	return CRM_OK;
}

void group_put_word(struct rowset *rows, size_t column, const struct crm_field *f, const struct words *w, int64_t key)
{
	rowset_of_field(rows, column, f);
	rowset_str(rows, column, words_text(w, (int)key));
}

void group_put_period(struct rowset *rows, size_t column, enum period period, int64_t key)
{
	char name[32];

	period_name(name, period, key);
	rowset_str(rows, column, name);
}

const struct report_source report_measured_tickets = {
	.entity = &entity_ticket, .condition = "1", .at = "created_at", .terms = "not:status:merged,spam"
};

int report_courses(struct courses **out, crm_store *s, const crm_report_options *opt, struct course_options *c)
{
	c->nfilter = opt->nfilter;
	c->filter = opt->filter;
	return courses_open(out, s, c);
}

void impossible_add(struct impossible *i, int64_t ticket)
{
	const int64_t known = i->n < (int64_t)ARRAY_SIZE(i->first) ? i->n : (int64_t)ARRAY_SIZE(i->first);

	if (i->n > 0 && i->last == ticket)
		return;
	if (known < (int64_t)ARRAY_SIZE(i->first))
		i->first[known] = ticket;
	i->last = ticket;
	i->n++;
}

int impossible_warn(const struct impossible *i, crm_store *s)
{
	cleanup(buf_free) struct buf list = BUF_INIT;

	if (i->n == 0)
		return CRM_OK;
	for (int64_t k = 0; k < i->n && k < (int64_t)ARRAY_SIZE(i->first); k++)
		buf_printf(buf_comma(&list), "%lld", (long long)i->first[k]);
	buf_puts(&list, i->n > (int64_t)ARRAY_SIZE(i->first) ? ", …" : "");
	if (!buf_str(&list))
		return err_nomem(&s->err);
	store_say(s, CRM_EVENT_WARNING, (uint64_t)i->n,
		crm_tr_n("%lld ticket was answered, changed or solved before it was created, and left out of what that "
			 "spoils: %s (crm ticket events ticket:%lld)",
			"%lld tickets were answered, changed or solved before they were created, and left out of what "
			"that spoils: %s (crm ticket events ticket:%lld)",
			(uint64_t)i->n),
		(long long)i->n, list.s, (long long)i->first[0]);
	return CRM_OK;
}
