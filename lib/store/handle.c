/* The handle: surroundings of a store, messages and events, times in its zone. */
#include "store/internal.h"
#include "text/money.h"
#include "text/text.h"
#include <config.h>
#include <unistd.h>

const char *crm_version(void)
{
	return CRM_VERSION;
}

int crm_store_new(crm_store **out)
{
	crm_store *s = calloc(1, sizeof(*s));

	if (!s)
		return CRM_NOMEM;
	s->wait = 30;
	s->user = -1;
	s->file.mode = 0600;
	s->file.uid = geteuid();
	s->file.gid = getegid();
	s->reopen = 7 * 86400;
	if (zone_load(&s->zone, "UTC", &s->err) < 0) {
		free(s);
		return CRM_NOMEM;
	}
	*out = s;
	return CRM_OK;
}

void crm_store_close(crm_store *s)
{
	if (!s)
		return;
	crm_rollback(s);
	if (s->custom_free)
		s->custom_free(s->custom);
	if (s->service_free)
		s->service_free(s->service);
	if (s->classifiers_free)
		s->classifiers_free(s->classifiers);
	db_forget(s);
	guard_end(s);
	sqlite3_close(s->db);
	zone_free(s->zone);
	err_free(&s->err);
	free(s->dropped_indexes);
	free(s->path);
	free(s->trust);
	free(s->agent);
	free(s->login);
	free(s->country);
	free(s->warranty);
	free(s->vip);
	free(s->weights);
	free(s->classify);
	free(s->duplicate_weights);
	for (size_t i = 0; i < ARRAY_SIZE(s->loyalty); i++)
		free(s->loyalty[i]);
	free(s->currency);
	free(s);
}

const char *crm_errmsg(const crm_store *s)
{
	if (s->err.code == CRM_NOMEM || s->err.msg.failed)
		return "out of memory";
	return s->err.msg.s ? s->err.msg.s : "";
}

bool crm_store_out_of_memory(const crm_store *s)
{
	return s->err.nomem;
}

const char *crm_store_path(const crm_store *s)
{
	return s->db ? s->path : NULL;
}

int crm_store_schema(const crm_store *s)
{
	return s->schema;
}

void crm_store_set_clock(crm_store *s, int64_t now, bool fixed)
{
	s->now = now;
	s->now_fixed = fixed;
}

int64_t crm_store_now(const crm_store *s)
{
	return s->now;
}

int crm_store_set_zone(crm_store *s, const char *zone)
{
	struct zone *z;
	int r = zone_load(&z, zone, &s->err);

	if (r < 0)
		return r;
	zone_free(s->zone);
	s->zone = z;
	return CRM_OK;
}

void crm_store_set_read_by_people(crm_store *s, bool people)
{
	s->people = people;
}

bool crm_store_read_by_people(const crm_store *s)
{
	return s->people;
}

const char *store_tr(const crm_store *s, const char *english)
{
	return s->people ? crm_tr(english) : english;
}

const char *store_tr_n(const crm_store *s, const char *one, const char *many, uint64_t n)
{
	return s->people ? crm_tr_n(one, many, n) : n == 1 ? one : many;
}

const char *crm_store_zone(const crm_store *s)
{
	return zone_name(s->zone);
}

static int replace_text(crm_store *s, char **slot, const char *value)
{
	char *copy = value ? strdup(value) : NULL;

	if (value && !copy)
		return err_nomem(&s->err);
	free(*slot);
	*slot = copy;
	return CRM_OK;
}

int crm_store_set_agent(crm_store *s, const char *agent, const char *login)
{
	int r = replace_text(s, &s->agent, agent);

	return r < 0 ? r : replace_text(s, &s->login, login);
}

const char *crm_store_agent(const crm_store *s)
{
	return s->agent ? s->agent : "";
}

int crm_store_set_country(crm_store *s, const char *iso)
{
	if (iso && !phone_country_known(iso))
		return err_set(
			&s->err, CRM_INVALID, "'%s' is not a country: use a two-letter code such as CN or US", iso);
	return replace_text(s, &s->country, iso);
}

int crm_store_set_reopen(crm_store *s, const char *duration)
{
	int64_t seconds;
	int r = duration_parse(&seconds, duration, strlen(duration), &s->err);

	if (r == CRM_OK)
		s->reopen = seconds;
	return r;
}

int crm_store_set_vip(crm_store *s, const char *tag)
{
	return replace_text(s, &s->vip, tag);
}

int crm_store_set_warranty(crm_store *s, const char *duration)
{
	int64_t seconds;
	int r = duration_parse(&seconds, duration, strlen(duration), &s->err);

	return r < 0 ? r : replace_text(s, &s->warranty, duration);
}

int crm_store_set_currency(crm_store *s, const char *currency)
{
	const struct currency *found = NULL;
	int status = currency ? currency_parse(&found, currency, strlen(currency), &s->err) : CRM_OK;

	return status < 0 ? status : replace_text(s, &s->currency, found ? found->code : NULL);
}

void crm_store_set_wait(crm_store *s, int seconds)
{
	s->wait = seconds;
}

void crm_store_on_event(crm_store *s, crm_event_fn fn, void *payload)
{
	s->event = fn;
	s->event_payload = payload;
}

void crm_store_on_hook(crm_store *s, crm_hook_fn fn, void *payload)
{
	s->hook = fn;
	s->hook_payload = payload;
}

void store_event(crm_store *s, crm_event_kind kind, uint64_t done, uint64_t total, const char *text)
{
	crm_event e = { .kind = kind, .done = done, .total = total, .text = text };

	if (s->event)
		s->event(&e, s->event_payload);
}

void store_tell(crm_store *s, crm_event_kind kind, uint64_t done, struct buf *text)
{
	if (buf_str(text))
		store_event(s, kind, done, 0, text->s);
	else
		err_nomem(&s->err);
	buf_free(text);
}

void store_say(crm_store *s, crm_event_kind kind, uint64_t done, const char *fmt, ...)
{
	struct buf text = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&text, crm_tr(fmt), ap);
	va_end(ap);
	store_tell(s, kind, done, &text);
}

void crm_store_interrupt(crm_store *s)
{
	s->interrupted = 1;
	if (s->db)
		sqlite3_interrupt(s->db);
}

struct time_context store_time_context(const crm_store *s, crm_time_hint hint)
{
	return (struct time_context){ .now = s->now, .zone = s->zone, .future = hint == CRM_TIME_FUTURE };
}

int crm_time_parse(int64_t *from, int64_t *to, crm_store *s, const char *text, crm_time_hint hint)
{
	struct time_context ctx = store_time_context(s, hint);
	int64_t a, b;
	int r = time_parse(&a, &b, &ctx, text, strlen(text), &s->err);

	if (r < 0)
		return r;
	if (from)
		*from = a;
	if (to)
		*to = b;
	return CRM_OK;
}

int store_period(int64_t *from, int64_t *to, crm_store *s, const char *since, const char *until)
{
	int64_t first = INT64_MIN, last = INT64_MAX;
	int status = since ? crm_time_parse(&first, NULL, s, since, CRM_TIME_PAST) : CRM_OK;

	if (status == CRM_OK && until)
		status = crm_time_parse(NULL, &last, s, until, CRM_TIME_PAST);
	if (status < 0)
		return status;
	if (first > last)
		return err_set(
			&s->err, CRM_INVALID, "the period is empty: --since %s is after --until %s", since, until);
	*from = first;
	*to = last;
	return CRM_OK;
}

void crm_time_format(char dst[32], const crm_store *s, int64_t t, crm_time_form form)
{
	char text[64]; /* has room for any time: nothing is allocated, and so it cannot fail */
	struct buf b = { .s = text, .cap = sizeof(text) };

	if (form == CRM_TIME_RFC3339)
		time_format_rfc3339(&b, s->zone, t);
	else
		time_format_short(&b, s->zone, t);
	dst[0] = '\0';
	if (b.len < 32)
		memcpy(dst, text, b.len + 1);
}
