/*
 * Reads any bytes as vCards. What must hold: no crash; cells are UTF-8 without NUL unless their row is faulted; and the
 * fields of a card that was read, written as a card and read again, are the same.
 */
#include "exchange/reader.h"
#include "fuzz_file.h"
#include "text/text.h"
#include <crm/exchange.h>

enum {
	FIELDS = 24,     /* of crm_vcard_fields() */
	LINE_OCTETS = 75 /* RFC 6350, 3.2 */
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "does not hold: %s\n", what);
	abort();
}

static struct reader *open_cards(const char *s, size_t len, const char *encoding, int *fd)
{
	const struct reader_options opt = { .form = READER_VCARD, .encoding = encoding };
	struct reader *r = NULL;
	struct err err = { 0 };
	int rc;

	*fd = fuzz_file(s, len);
	rc = reader_open(&r, *fd, &opt, &err);
	require((rc == 0) == (r != NULL), "a reader exactly on success");
	require(rc == 0 || (err.msg.s && utf8_valid(err.msg.s, err.msg.len, NULL)), "an error says why, in UTF-8");
	err_free(&err);
	return r;
}

static const struct cell *cell_named(const struct reader *r, const struct row *row, const char *name, size_t len)
{
	for (size_t i = 0; i < row->n && !reader_column_is_property(r, i); i++)
		if (strlen(reader_column(r, i)) == len && !memcmp(reader_column(r, i), name, len))
			return &row->cells[i];
	return NULL;
}

/* The row as the values that a query for crm_vcard_fields() gives. */
static void values_of(const struct reader *r, const struct row *row, crm_value *values)
{
	const char *names = crm_vcard_fields();
	size_t n = 0;

	for (size_t len; *names; names += len + (names[len] == ',')) {
		const struct cell *cell;

		len = strcspn(names, ",");
		require(n < FIELDS, "as many fields as expected");
		cell = cell_named(r, row, names, len);
		values[n] = (crm_value){ .kind = CRM_NULL };
		if (cell && cell->len)
			values[n] = (crm_value){ .kind = CRM_STRING, .s = cell->s, .len = cell->len };
		else if (n == 0 && row->id)
			values[n] = (crm_value){ .kind = CRM_INT, .i = row->id };
		n++;
	}
	require(n == FIELDS, "as many fields as expected");
}

static void check_lines(const char *card, size_t len)
{
	require(utf8_valid(card, len, NULL), "a card in UTF-8");
	while (len > 0) {
		const char *end = memchr(card, '\r', len);

		require(end && end[1] == '\n' && end - card <= LINE_OCTETS, "lines of 75 octets, ended by CR LF");
		require(utf8_valid(card, (size_t)(end - card), NULL), "characters are not cut");
		len -= (size_t)(end - card) + 2;
		card = end + 2;
	}
}

static void check_row(const struct row *row)
{
	for (size_t i = 0; i < row->n; i++) {
		require(row->cells[i].s && row->cells[i].s[row->cells[i].len] == '\0', "cells end in NUL");
		require(row->fault || utf8_valid(row->cells[i].s, row->cells[i].len, NULL), "cells are UTF-8");
	}
	require(!row->fault || utf8_valid(row->fault, strlen(row->fault), NULL), "faults are UTF-8");
}

/* All good rows: their fields as text, and as cards. */
static void copy_rows(struct buf *text, struct buf *cards, struct reader *r)
{
	crm_value values[FIELDS];
	struct row row;
	size_t line = 0;

	while (reader_next(r, &row, NULL) == 0) {
		size_t len;
		char *card;

		require(row.line > line, "lines go on");
		line = row.line;
		check_row(&row);
		if (row.fault)
			continue;
		values_of(r, &row, values);
		buf_printf(text, "%lld", (long long)row.id);
		for (size_t i = 0; i < FIELDS; i++) {
			buf_putc(text, '\0');
			if (values[i].kind == CRM_STRING)
				buf_add(text, values[i].s, values[i].len);
		}
		require(crm_vcard(&card, &len, values) == CRM_OK, "a card");
		check_lines(card, len);
		buf_add(cards, card, len);
		free(card);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf text = BUF_INIT, cards = BUF_INIT, text_again = BUF_INIT, cards_again = BUF_INIT;
	int fd, fd_again;
	struct reader *r = open_cards((const char *)data, size, NULL, &fd), *again;

	if (r)
		copy_rows(&text, &cards, r);
	if (cards.len > 0) {
		again = open_cards(cards.s, cards.len, "UTF-8", &fd_again);
		require(again, "what was written can be read");
		copy_rows(&text_again, &cards_again, again);
		require(text_again.len == text.len && !memcmp(text_again.s, text.s, text.len), "the same fields");
		require(cards_again.len == cards.len && !memcmp(cards_again.s, cards.s, cards.len), "the same cards");
		reader_close(again);
		close(fd_again);
	}
	reader_close(r);
	close(fd);
	buf_free(&text);
	buf_free(&cards);
	buf_free(&text_again);
	buf_free(&cards_again);
	return 0;
}
