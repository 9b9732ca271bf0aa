#include "exchange/vcard/value.h"

#include "exchange/encoding.h"
#include "exchange/fault.h"
#include "exchange/vcard/split.h"
#include "text/text.h"

#include <errno.h>

void vcard_decoder_init(struct vcard_decoder *d)
{
	*d = (struct vcard_decoder){ .file_encoding = "UTF-8", .cd = (iconv_t)-1 };
}

void vcard_decoder_free(struct vcard_decoder *d)
{
	if (d->cd != (iconv_t)-1)
		iconv_close(d->cd);
	buf_free(&d->bytes);
	buf_free(&d->text);
}

static bool is_base64(const struct vcard_property *p)
{
	return vcard_param_is(p, "ENCODING", "B") || vcard_param_is(p, "ENCODING", "BASE64");
}

bool vcard_is_binary(const struct vcard_property *p)
{
	return is_base64(p) || (p->len >= 5 && vcard_word_is(p->value, 5, "data:"));
}

/* --- encoded bytes --- */

static int hex_digit(char c)
{
	if (ascii_digit(c))
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* What is no =XX stays as it is, as RFC 2045 advises, but for a soft line break at the end. A line ends with =0D=0A. */
static void decode_quoted(struct buf *out, const char *s, size_t len)
{
	size_t i = 0;

	len -= len > 0 && s[len - 1] == '=';
	while (i < len) {
		int high = s[i] == '=' && i + 2 < len ? hex_digit(s[i + 1]) : -1;
		int low = high >= 0 ? hex_digit(s[i + 2]) : -1;
		char c = low >= 0 ? (char)(high << 4 | low) : s[i];

		i += low >= 0 ? 3 : 1;
		if (c == '\n' && out->len > 0 && out->s[out->len - 1] == '\r')
			buf_truncate(out, out->len - 1);
		buf_putc(out, c);
		if (out->failed)
			return;
	}
}

/* --- character sets --- */

static int fault_of(const struct vcard_property *p, struct buf *fault, const char *what)
{
	buf_say(fault, "line %zu: %s: %s", p->line, p->name, crm_tr(what));
	return fault->failed ? CRM_NOMEM : VCARD_FAULT;
}

static int fault_charset(const struct vcard_property *p, struct buf *fault, const char *charset)
{
	struct buf name cleanup(buf_free) = BUF_INIT, what cleanup(buf_free) = BUF_INIT;

	buf_quote(&name, charset, strlen(charset));
	if (buf_str(&name))
		buf_say(&what, "unknown encoding %s", name.s);
	return name.failed || what.failed ? CRM_NOMEM : fault_of(p, fault, what.s);
}

static int open_charset(struct vcard_decoder *d, const struct vcard_property *p, const char *charset, struct buf *fault)
{
	const char *name;

	if (encoding_iconv_name(&name, charset, NULL) < 0)
		return fault_charset(p, fault, charset);
	if (strcmp(d->name, name) == 0)
		return 0;
	if (d->cd != (iconv_t)-1)
		iconv_close(d->cd);
	d->name[0] = '\0';
	d->cd = iconv_open("UTF-8", name);
	if (d->cd == (iconv_t)-1)
		return errno == ENOMEM ? CRM_NOMEM : fault_charset(p, fault, charset);
	memcpy(d->name, name, strlen(name) + 1); /* names are shorter than that */
	return 0;
}

/* d->bytes through iconv into d->text; false when they do not decode. */
static bool convert(struct vcard_decoder *d)
{
	char *in = d->bytes.s, *out;
	size_t in_left = d->bytes.len, out_left;

	buf_clear(&d->text);
	iconv(d->cd, NULL, NULL, NULL, NULL);
	for (bool flushed = false; !flushed;) {
		size_t rc;

		if (!buf_reserve(&d->text, d->bytes.len * 2 + 64))
			return true;
		flushed = in_left == 0;
		out = d->text.s + d->text.len;
		out_left = d->bytes.len * 2 + 64;
		rc = iconv(d->cd, flushed ? NULL : &in, flushed ? NULL : &in_left, &out, &out_left);
		d->text.len = (size_t)(out - d->text.s);
		d->text.s[d->text.len] = '\0';
		if (rc == (size_t)-1 && errno != E2BIG)
			return false;
	}
	return true;
}

/* d->bytes as UTF-8 in d->text. */
static int decode_charset(struct vcard_decoder *d, const struct vcard_property *p, struct buf *fault)
{
	const char *charset = vcard_param(p, "CHARSET");
	const char *s = d->bytes.len ? d->bytes.s : "";
	size_t bad;
	bool utf8 = utf8_valid(s, d->bytes.len, &bad);
	int rc;

	if (!charset && !utf8)
		charset = d->file_encoding;
	buf_clear(&d->text);
	if (!charset || d->bytes.len == 0 || vcard_word_is(charset, strlen(charset), "UTF-8")) {
		buf_add(&d->text, s, d->bytes.len);
		return d->text.failed ? CRM_NOMEM : 0;
	}
	rc = open_charset(d, p, charset, fault);
	if (rc)
		return rc;
	if (!convert(d)) {
		struct buf what cleanup(buf_free) = BUF_INIT;

		fault_bytes(&what, "?", d->name);
		return what.failed ? CRM_NOMEM : fault_of(p, fault, what.s);
	}
	return d->text.failed ? CRM_NOMEM : 0;
}

/*
 * What the file was in was decoded before, so bare bytes are UTF-8. Only when they are not, in a file of several
 * encodings, CHARSET speaks of them.
 */
static bool is_decoded(const struct vcard_property *p, bool encoded)
{
	size_t bad;

	return !encoded && (!vcard_param(p, "CHARSET") || utf8_valid(p->value, p->len, &bad));
}

int vcard_decode(struct vcard_decoder *d, struct vcard_property *p, struct arena *mem, struct buf *fault)
{
	bool quoted = vcard_param_is(p, "ENCODING", "QUOTED-PRINTABLE"), base64 = is_base64(p);
	size_t bad;

	if (!is_decoded(p, quoted || base64)) {
		int rc;

		buf_clear(&d->bytes);
		if (quoted)
			decode_quoted(&d->bytes, p->value, p->len);
		else if (!base64)
			buf_add(&d->bytes, p->value, p->len);
		else if (!base64_decode(&d->bytes, p->value, p->len))
			return fault_of(p, fault, N_("not base64"));
		rc = d->bytes.failed ? CRM_NOMEM : decode_charset(d, p, fault);
		if (rc)
			return rc;
		p->len = d->text.len;
		p->value = arena_copy(mem, d->text.len ? d->text.s : "", d->text.len);
	}
	if (!p->value)
		return CRM_NOMEM;
	if (!utf8_valid(p->value, p->len, &bad)) {
		struct buf what cleanup(buf_free) = BUF_INIT;

		fault_bytes(&what, p->value + bad, quoted || base64 ? "UTF-8" : d->file_encoding);
		return what.failed ? CRM_NOMEM : fault_of(p, fault, what.s);
	}
	return 0;
}

/* --- parts --- */

struct vcard_walk vcard_walk(const struct vcard_property *p)
{
	struct vcard_walk w = { .s = p->value, .end = p->value + p->len, .returns = p->params };

	return w;
}

/* Puts the carriage returns that belong here. One said to lie inside a character is none. */
static void put_returns(struct vcard_walk *w, struct buf *out)
{
	bool inside = w->s < w->end && ((unsigned char)*w->s & 0xc0) == 0x80;
	int64_t at;

	for (; w->returns; w->returns = w->returns->next) {
		if (strcmp(w->returns->name, "X-CRM-CR") != 0)
			continue;
		if (!parse_int64(w->returns->value, strlen(w->returns->value), 0, INT64_MAX, &at) || (size_t)at > w->at)
			break;
		if ((size_t)at == w->at && !inside)
			buf_putc(out, '\r');
	}
}

/* The character at w->s, an escape as what it stands for. */
static char take(struct vcard_walk *w)
{
	char c = *w->s++;

	if (c != '\\' || w->s == w->end)
		return c;
	if (strchr("nN", *w->s)) {
		w->s++;
		return '\n';
	}
	return strchr("\\,;:", *w->s) ? *w->s++ : c;
}

bool vcard_walk_next(struct vcard_walk *w, struct buf *out, const char *separators, char *ended)
{
	if (w->over)
		return false;
	*ended = '\0';
	while (w->s < w->end && !*ended) {
		put_returns(w, out);
		if (strchr(separators, *w->s))
			*ended = *w->s++;
		else
			buf_putc(out, take(w));
		w->at++;
	}
	if (!*ended) {
		put_returns(w, out);
		w->over = true;
	}
	return true;
}
