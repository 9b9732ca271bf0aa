/* A message as a row: who, when, which way, about what. */
#include "helpers/mail.h"

#include "cli/writer.h"
#include <gmime/gmime.h>
#include <string.h>

/* --- addresses --- */

static bool has_domain(const char *address)
{
	const char *at = strrchr(address, '@');

	return at && at > address && at[1];
}

static bool is_own(const struct strings *own, const char *address)
{
	const char *domain = strrchr(address, '@');

	for (size_t i = 0; i < own->n; i++) {
		const char *mine = own->v[i];

		if (g_ascii_strcasecmp(mine, *mine == '@' && domain ? domain : address) == 0)
			return true;
	}
	return false;
}

/* The first address with a domain that is not among `except`. */
static char *first_address(InternetAddressList *list, const struct strings *except)
{
	char *found = NULL;

	for (int i = 0; list && i < internet_address_list_length(list) && !found; i++) {
		InternetAddress *a = internet_address_list_get_address(list, i);

		if (INTERNET_ADDRESS_IS_GROUP(a)) {
			found = first_address(internet_address_group_get_members(INTERNET_ADDRESS_GROUP(a)), except);
		} else {
			const char *address = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(a));

			if (address && has_domain(address) && !is_own(except, address))
				found = need_copy(address);
		}
	}
	return found;
}

/* From a header; NULL when it has none. */
static char *address_in(const struct mail *m, const struct part *p, enum header which, const struct strings *except)
{
	cleanup(strbuf_freep) struct strbuf value = { 0 };
	InternetAddressList *list;
	char *found;

	if (header_line(&value, p, which, LIST_MAX))
		place_say(&m->at, "%s is longer than 16 KiB: the rest of it was not read", header_names[which]);
	list = *value.s ? internet_address_list_parse(NULL, value.s) : NULL;
	found = first_address(list, except);
	g_clear_object(&list);
	return found;
}

/* The other party's address, owned by the caller, or NULL. */
static char *other_party(const struct mail *m, const struct part *p, const struct strings *own, bool *out)
{
	static const enum header recipients[] = { HEADER_TO, HEADER_CC, HEADER_BCC };
	const struct strings nobody = { 0 };
	char *from = address_in(m, p, HEADER_FROM, &nobody), *other = NULL;

	if (!from)
		from = address_in(m, p, HEADER_SENDER, &nobody);
	*out = from && is_own(own, from);
	if (!*out) {
		if (!from)
			place_say(&m->at, "no address in From: the customer is not known");
		return from;
	}
	free(from);
	for (size_t i = 0; i < sizeof(recipients) / sizeof(recipients[0]) && !other; i++)
		other = address_in(m, p, recipients[i], own);
	if (!other)
		place_say(&m->at, "sent by us, to nobody else: the customer is not known");
	return other;
}

/* --- times --- */

/* In UTC as RFC 3339 has it. */
static bool add_time(struct strbuf *out, const char *text)
{
	GDateTime *local = g_mime_utils_header_decode_date(text), *utc = local ? g_date_time_to_utc(local) : NULL;

	if (utc)
		strbuf_printf(out, "%04d-%02d-%02dT%02d:%02d:%02dZ", g_date_time_get_year(utc),
			g_date_time_get_month(utc), g_date_time_get_day_of_month(utc), g_date_time_get_hour(utc),
			g_date_time_get_minute(utc), g_date_time_get_second(utc));
	g_clear_pointer(&utc, g_date_time_unref);
	g_clear_pointer(&local, g_date_time_unref);
	return out->len > 0;
}

/* The sender's Date; else when it arrived, which stands behind the last semicolon of the topmost Received. */
static void message_time(struct strbuf *out, const struct mail *m, const struct part *p)
{
	cleanup(strbuf_freep) struct strbuf date = { 0 }, received = { 0 };
	const char *what = p->headers[HEADER_DATE].s ? crm_tr("Date cannot be read") : crm_tr("no Date");
	const char *semicolon;

	header_line(&date, p, HEADER_DATE, 256);
	if (*date.s && add_time(out, date.s))
		return;
	header_line(&received, p, HEADER_RECEIVED, LIST_MAX);
	semicolon = strrchr(received.s, ';');
	if (semicolon && add_time(out, semicolon + 1))
		place_say(&m->at, "%s: the time is that of Received", what);
	else
		place_say(&m->at, "%s, nor a time in Received: the time is not known", what);
}

/* --- identity --- */

/* For what has no Message-ID: a digest of what does not change when a mailbox is moved or a message marked as read. */
static void add_digest(struct strbuf *out, const struct part *p)
{
	GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
	size_t len = p->body.len;

	for (enum header i = HEADER_DATE; i <= HEADER_SUBJECT; i++) {
		cleanup(strbuf_freep) struct strbuf line = { 0 };

		strbuf_printf(&line, "%s:", header_names[i]);
		header_line(&line, p, i, HEAD_MAX);
		strbuf_puts(&line, "\n");
		need(line.failed ? NULL : line.s);
		g_checksum_update(sum, (const guchar *)line.s, (gssize)line.len);
	}
	while (len && (p->body.s[len - 1] == '\n' || p->body.s[len - 1] == '\r'))
		len--;
	for (size_t i = 0; i < len;) {
		const char *end = memchr(p->body.s + i, '\n', len - i);
		size_t n = end ? (size_t)(end - p->body.s) - i : len - i;
		size_t line = n && p->body.s[i + n - 1] == '\r' && end ? n - 1 : n;

		g_checksum_update(sum, (const guchar *)p->body.s + i, (gssize)line);
		g_checksum_update(sum, (const guchar *)"\n", 1);
		i += n + 1;
	}
	strbuf_printf(out, "sha256:%s", g_checksum_get_string(sum));
	g_checksum_free(sum);
}

enum {
	ID_MAX = 998 /* what a line of mail may have (RFC 5322) */
};

static void message_id(struct strbuf *out, const struct part *p)
{
	cleanup(strbuf_freep) struct strbuf value = { 0 };
	bool cut = header_line(&value, p, HEADER_MESSAGE_ID, ID_MAX);
	const char *open = strchr(value.s, '<'), *s = open ? open + 1 : value.s;
	size_t len = strcspn(s, open ? ">" : " \t");

	if (cut || !len || !g_utf8_validate_len(s, len, NULL))
		add_digest(out, p);
	else
		strbuf_add(out, s, len);
}

/* --- the row --- */

static uint64_t message_subject(struct strbuf *out, const struct mail *m, const struct part *p)
{
	cleanup(strbuf_freep) struct strbuf raw = { 0 };
	size_t cut;
	uint64_t bad;

	header_line(&raw, p, HEADER_SUBJECT, HEAD_MAX);
	bad = word_decode(out, raw.s, raw.len);
	/* one line, whatever was encoded in it */
	for (size_t i = 0; i < out->len; i++)
		if ((unsigned char)out->s[i] < ' ')
			out->s[i] = ' ';
	cut = text_cut(out, SUBJECT_MAX);
	if (cut)
		place_say(&m->at, "the subject is longer than 64 KiB: %zu bytes were cut", cut);
	return bad;
}

/*
 * A key as it is written, with its text; null when there is none. Every row has every key: an import takes them from the
 * first rows.
 */
static void put(struct out *out, const char *key, const char *s, size_t len)
{
	out_puts(out, key);
	if (len)
		json_string(out, s, len);
	else
		out_puts(out, "null");
}

static void put_text(struct out *out, const char *key, struct strbuf *text)
{
	need(text->failed ? NULL : text);
	put(out, key, text->s, text->len);
}

void message_row(struct out *out, const struct mail *m, const struct strings *own)
{
	cleanup(strbuf_freep) struct strbuf at = { 0 }, subject = { 0 }, content = { 0 }, id = { 0 }, other = { 0 };
	cleanup(freep) char *address = NULL;
	const struct text raw = { m->text.s, m->text.len };
	struct part p;
	uint64_t bad = 0;
	bool sent;

	if (m->lost)
		place_say(
			&m->at, "longer than 128 MiB: the last %llu bytes were not read", (unsigned long long)m->lost);
	part_read(&p, raw);
	address = other_party(m, &p, own, &sent);
	if (address)
		bad = utf8_add(&other, address, strlen(address));
	message_time(&at, m, &p);
	message_id(&id, &p);
	bad += message_subject(&subject, m, &p);
	bad += parts_text(&content, &m->at, raw);
	if (bad)
		place_say(&m->at, "%llu bytes do not decode: each is U+FFFD now", (unsigned long long)bad);
	put_text(out, "{\"customer\":", &other);
	put_text(out, ",\"at\":", &at);
	put(out, ",\"channel\":", "email", 5);
	put(out, ",\"direction\":", sent ? "out" : "in", sent ? 3 : 2);
	put_text(out, ",\"contact_point\":", &other);
	put_text(out, ",\"subject\":", &subject);
	put_text(out, ",\"content\":", &content);
	put_text(out, ",\"message_id\":", &id);
	out_puts(out, "}\n");
}
