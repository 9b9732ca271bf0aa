/*
 * Any bytes before a terminal and in a cell of a spreadsheet. What must hold: what is shown is text without a character that
 * acts, turns others or hides; shown again it stays as it is; cut anywhere it is the beginning of the whole; as JSON it comes
 * back. No cell begins as a formula, and every cell comes back as it was.
 */
#include "text/text.h"

#include <assert.h>
#include <jansson.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* By the list of what may not reach a terminal; joiners are looked at by the unit tests. */
static bool acts(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x61c || c == 0x200b || c == 0x200e || c == 0x200f ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x2069) || c == 0xfeff ||
	       (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f);
}

static void check_shown(const char *s, size_t len, bool lines)
{
	for (size_t i = 0; i < len;) {
		uint32_t c;
		size_t n = utf8_decode(s + i, len - i, &c);

		assert(n > 0);
		assert(!acts(c) || (lines && (c == '\n' || c == '\t')));
		i += n;
	}
}

static void check_escape(const char *s, size_t len, crm_escape how, size_t cut)
{
	size_t n = crm_text_escape(NULL, 0, s, len, how);
	char *shown = malloc(n + 1), *part = malloc(cut + 1);

	assert(shown && part);
	assert(crm_text_escape(shown, n + 1, s, len, how) == n && shown[n] == '\0');
	check_shown(shown, n, how == CRM_ESCAPE_KEEP_LINES);
	assert(crm_text_is_plain(shown, n, how));
	assert(crm_text_is_plain(s, len, how) == (n == len && memcmp(s, shown, n) == 0));
	assert(crm_text_escape(part, cut + 1, s, len, how) == n);
	assert(strlen(part) <= cut && memcmp(part, shown, strlen(part)) == 0 && utf8_valid(part, strlen(part), NULL));
	free(shown);
	free(part);
}

static void check_json(const char *s, size_t len)
{
	struct buf b = BUF_INIT;

	buf_json(&b, s, len);
	assert(buf_str(&b));
	check_shown(b.s, b.len, false);
	json_t *back = json_loadb(b.s, b.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	assert(back && json_string_length(back) == len && memcmp(json_string_value(back), s, len) == 0);
	json_decref(back);
	buf_free(&b);
}

/* The first character that a spreadsheet sees as one is none that makes a formula, but of plain numbers. */
static void check_cell(const char *s, size_t len)
{
	bool needed = crm_text_needs_apostrophe(s, len);
	char *cell = malloc(len + 2);

	assert(cell);
	cell[0] = '\'';
	memcpy(cell + 1, s, len);
	const char *written = needed ? cell : cell + 1;
	size_t n = needed ? len + 1 : len, taken = crm_text_apostrophe(written, n);
	assert(n - taken == len && memcmp(written + taken, s, len) == 0);
	if (n > 0 && strchr("=@\t\r\n", written[0]))
		abort();
	for (size_t i = 1; i < n && (written[0] == '+' || written[0] == '-'); i++)
		assert(ascii_digit(written[i]) || (written[0] == '-' && written[i] == '.'));
	free(cell);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *s = (const char *)data;

	check_escape(s, size, CRM_ESCAPE_LINE, size / 2);
	check_escape(s, size, CRM_ESCAPE_KEEP_LINES, size / 3);
	check_cell(s, size);
	if (utf8_valid(s, size, NULL))
		check_json(s, size);
	return 0;
}
