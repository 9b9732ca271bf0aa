/*
 * SQL functions of the index of words, and of the search in texts that are not in it. Both must find the same: both
 * are made of text_words().
 *
 * A value may hold several texts with the unit separator, U+001F, between them, as lists are given. No phrase reaches
 * from one text into the next: in the index a word that no text has stands between them.
 */
#include "store/internal.h"
#include "text/countries.h"
#include "text/segment.h"

#define BOUNDARY "\xEE\x80\x80" /* U+E000, of private use */

static void scratch_free(void *p)
{
	struct buf *scratch = p;

	buf_free(scratch);
	free(scratch);
}

/* The next text of a value. */
static bool next_text(const char **s, size_t *len, const char **rest, size_t *left)
{
	const char *end;

	if (!*rest)
		return false;
	*s = *rest;
	end = memchr(*s, 0x1f, *left);
	*len = end ? (size_t)(end - *s) : *left;
	*rest = end ? end + 1 : NULL;
	*left -= end ? *len + 1 : 0;
	return true;
}

/* words(value, …): the words of all texts as they stand in the index; NULL when there is none. */
static void sql_words(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct buf *out = sqlite3_user_data(ctx);
	const char *s;
	size_t len;

	buf_clear(out);
	for (int i = 0; i < argc; i++) {
		const char *rest = (const char *)sqlite3_value_text(argv[i]);
		size_t left = (size_t)sqlite3_value_bytes(argv[i]);

		while (next_text(&s, &len, &rest, &left)) {
			size_t mark = out->len, begin;

			buf_puts(out, mark ? " " BOUNDARY " " : "");
			begin = out->len;
			text_words(out, s, len);
			if (out->len == begin)
				buf_truncate(out, mark);
		}
	}
	if (out->failed)
		sqlite3_result_error_nomem(ctx);
	else if (out->len > 0)
		sqlite3_result_text64(ctx, out->s, out->len, SQLITE_TRANSIENT, SQLITE_UTF8);
}

/* Whether the words, with a blank before and behind them, have one of the phrases. */
static bool has_phrase(const struct buf *words, const char *sought, size_t len)
{
	for (const char *end; len > 0; len -= (size_t)(end - sought), sought = end) {
		size_t n;

		end = memchr(sought, '|', len);
		n = end ? (size_t)(end - sought) : len;
		if (memmem(words->s, words->len, sought, n))
			return true;
		end = end ? end + 1 : sought + len;
	}
	return false;
}

/*
 * has_words(sought, value, …): 1 when a text has one of the phrases that are sought: ` re fund ` in words, ` re fun`
 * where the last may go on, with | between two phrases.
 */
static void sql_has_words(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct buf *words = sqlite3_user_data(ctx);
	const char *sought = argc > 0 ? (const char *)sqlite3_value_text(argv[0]) : NULL, *s;
	size_t len, wanted = sought ? (size_t)sqlite3_value_bytes(argv[0]) : 0;
	bool found = false;

	for (int i = 1; i < argc && !found && sought; i++) {
		const char *rest = (const char *)sqlite3_value_text(argv[i]);
		size_t left = (size_t)sqlite3_value_bytes(argv[i]);

		while (!found && next_text(&s, &len, &rest, &left)) {
			buf_clear(words);
			buf_putc(words, ' ');
			text_words(words, s, len);
			buf_putc(words, ' ');
			found = !words->failed && has_phrase(words, sought, wanted);
			if (words->failed)
				break;
		}
	}
	if (words->failed)
		sqlite3_result_error_nomem(ctx);
	else
		sqlite3_result_int(ctx, found);
}

static void put_letters(struct buf *out, const char *syllables, bool initials, char v)
{
	buf_putc(out, ' ');
	for (const char *p = syllables; *p; p++)
		if (*p != ' ' && (!initials || p == syllables || p[-1] == ' '))
			buf_putc(out, *p == 'v' ? v : *p);
}

/* sounds(syllables): `lv bu` with what else people type: `lv bu lvbu lb lubu`. */
static void sql_sounds(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct buf *out = sqlite3_user_data(ctx);
	const char *s = (const char *)sqlite3_value_text(argv[0]);

	(void)argc;
	if (!s)
		return;
	buf_clear(out);
	buf_puts(out, s);
	if (strchr(s, ' ')) {
		put_letters(out, s, false, 'v');
		put_letters(out, s, true, 'v');
	}
	if (strchr(s, 'v'))
		put_letters(out, s, false, 'u');
	if (out->failed)
		sqlite3_result_error_nomem(ctx);
	else
		sqlite3_result_text64(ctx, out->s ? out->s : "", out->len, SQLITE_TRANSIENT, SQLITE_UTF8);
}

enum {
	LAST_DIGITS = 4 /* by which people tell a number: the last four */
};

/* numbers(phone): of `+8613900138000;ext=12` the digits as they may be typed: with and without the country, the last. */
static void sql_numbers(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct buf *out = sqlite3_user_data(ctx);
	const char *s = (const char *)sqlite3_value_text(argv[0]);
	const struct country *country;
	size_t len, code;

	(void)argc;
	if (!s)
		return;
	s += *s == '+';
	len = strspn(s, "0123456789");
	code = country_of_number(s, len, &country);
	buf_clear(out);
	buf_add(out, s, len);
	if (code > 0 && code < len)
		buf_printf(out, " %.*s", (int)(len - code), s + code);
	if (len > LAST_DIGITS)
		buf_printf(out, " %.*s", LAST_DIGITS, s + len - LAST_DIGITS);
	if (s[len] == ';')
		buf_printf(out, " %s", s + len + strcspn(s + len, "0123456789"));
	if (out->failed)
		sqlite3_result_error_nomem(ctx);
	else
		sqlite3_result_text64(ctx, out->s ? out->s : "", out->len, SQLITE_TRANSIENT, SQLITE_UTF8);
}

/* Each has a buffer of its own, so that a row costs no allocation. */
int search_functions_register(crm_store *s)
{
	static const struct {
		const char *name;
		int arguments;
		void (*fn)(sqlite3_context *, int, sqlite3_value **);
	} functions[] = {
		{ "words", -1, sql_words },
		{ "has_words", -1, sql_has_words },
		{ "sounds", 1, sql_sounds },
		{ "numbers", 1, sql_numbers },
	};

	for (size_t i = 0; i < ARRAY_SIZE(functions); i++) {
		struct buf *scratch = calloc(1, sizeof(*scratch));

		if (!scratch)
			return err_nomem(&s->err);
		if (sqlite3_create_function_v2(s->db, functions[i].name, functions[i].arguments,
			    SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, scratch, functions[i].fn, NULL, NULL,
			    scratch_free) != SQLITE_OK)
			return db_error(s, "store");
	}
	return CRM_OK;
}
