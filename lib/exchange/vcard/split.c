#include "exchange/vcard/split.h"

static const char begin_line[] = "BEGIN:VCARD", end_line[] = "END:VCARD";

void vcard_split_init(struct vcard_split *v, struct decoder *in)
{
	*v = (struct vcard_split){ .in = in };
}

void vcard_split_free(struct vcard_split *v)
{
	buf_free(&v->current);
}

bool vcard_word_is(const char *s, size_t len, const char *word)
{
	size_t i;

	for (i = 0; i < len && word[i]; i++)
		if (ascii_lower(s[i]) != ascii_lower(word[i]))
			return false;
	return i == len && !word[i];
}

bool vcard_begins(const char *s, size_t len)
{
	size_t n = sizeof(begin_line) - 1;

	while (len > 0 && ascii_blank(*s)) {
		s++;
		len--;
	}
	return len >= n && vcard_word_is(s, n, begin_line) && (len == n || ascii_blank(s[n]));
}

static void keep(struct buf *b, const char *s, size_t len, bool *cut)
{
	if (b->len + len > READER_ROW_MAX)
		*cut = true;
	if (!*cut)
		buf_add(b, s, len);
}

/* Reads a line, ended by \n or \r\n; a lone \r is text. */
static int next_line(struct vcard_split *v, struct err *err)
{
	const char *s, *nl = NULL;
	size_t len;
	int rc;

	if (v->held) {
		v->held = false;
		return 0;
	}
	buf_clear(&v->current);
	v->cut = false;
	rc = decoder_peek(v->in, &s, &len, err);
	if (rc)
		return rc;
	v->line++;
	while (rc == 0) {
		nl = memchr(s, '\n', len);
		len = nl ? (size_t)(nl - s) : len;
		keep(&v->current, s, len, &v->cut);
		decoder_take(v->in, len + (nl != NULL));
		if (nl)
			break;
		rc = decoder_peek(v->in, &s, &len, err);
	}
	if (rc < 0)
		return rc;
	if (v->current.len > 0 && v->current.s[v->current.len - 1] == '\r')
		buf_truncate(&v->current, v->current.len - 1);
	return v->current.failed ? err_nomem(err) : 0;
}

static bool is_blank(const struct buf *line)
{
	for (size_t i = 0; i < line->len; i++)
		if (!ascii_blank(line->s[i]))
			return false;
	return true;
}

/* The line is this word; blanks may follow. */
static bool line_is(const struct vcard_split *v, const char *word)
{
	size_t len = v->current.len;

	if (v->cut || len == 0)
		return false;
	while (len > 0 && ascii_blank(v->current.s[len - 1]))
		len--;
	return vcard_word_is(v->current.s, len, word);
}

/* BEGIN:VCARD outside a card: files put together bring blanks and byte order marks along. */
static bool line_begins_card(const struct vcard_split *v)
{
	const char *s = v->current.s;
	size_t len = v->current.len;

	while (len > 0 && (ascii_blank(*s) || (len >= 3 && !memcmp(s, "\xef\xbb\xbf", 3)))) {
		size_t n = ascii_blank(*s) ? 1 : 3;

		s += n;
		len -= n;
	}
	while (len > 0 && ascii_blank(s[len - 1]))
		len--;
	return !v->cut && len > 0 && vcard_word_is(s, len, begin_line);
}

/* An AGENT property of vCard 2.1, whose value is a whole card on the lines that follow. */
static bool announces_card(const struct buf *line)
{
	size_t len = line->len, name;
	const char *s = line->s;

	while (len > 0 && ascii_blank(s[len - 1]))
		len--;
	if (len == 0 || s[len - 1] != ':')
		return false;
	for (name = 0; s[name] != ':' && s[name] != ';' && s[name] != '.'; name++)
		;
	if (s[name] == '.') {
		s += name + 1;
		for (name = 0; s[name] != ':' && s[name] != ';'; name++)
			;
	}
	return vcard_word_is(s, name, "AGENT");
}

/* All up to the next BEGIN:VCARD. */
static int read_stray(struct vcard_split *v, struct vcard_text *card, struct err *err)
{
	int rc;

	card->shape = VCARD_STRAY;
	while ((rc = next_line(v, err)) == 0) {
		if (line_begins_card(v)) {
			v->held = true;
			break;
		}
	}
	return rc < 0 ? rc : 0;
}

static int read_card(struct vcard_split *v, struct vcard_text *card, struct err *err)
{
	size_t depth = 0;
	bool announced = false;
	int rc;

	while ((rc = next_line(v, err)) == 0) {
		card->end = v->line;
		if (line_is(v, end_line)) {
			if (depth == 0)
				return 0;
			depth--;
		}
		if (line_is(v, begin_line)) {
			if (!announced) {
				v->held = true;
				break;
			}
			card->nested = card->nested ? card->nested : v->line;
			depth++;
		}
		card->too_long |= v->cut;
		keep(&card->text, v->current.len ? v->current.s : "", v->current.len, &card->too_long);
		keep(&card->text, "\n", 1, &card->too_long);
		if (!is_blank(&v->current))
			announced = announces_card(&v->current);
	}
	if (rc < 0)
		return rc;
	card->shape = VCARD_UNCLOSED;
	if (rc == CRM_END)
		card->end = 0;
	return 0;
}

int vcard_split_next(struct vcard_split *v, struct vcard_text *card, struct err *err)
{
	int rc;

	do {
		rc = next_line(v, err);
		if (rc)
			return rc;
	} while (is_blank(&v->current) && !v->cut);
	buf_clear(&card->text);
	card->line = v->line;
	card->nested = card->end = 0;
	card->too_long = false;
	card->shape = VCARD_WHOLE;
	rc = line_begins_card(v) ? read_card(v, card, err) : read_stray(v, card, err);
	return rc == 0 && card->text.failed ? err_nomem(err) : rc;
}
