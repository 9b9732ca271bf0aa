#include "text/text.h"

static bool escapable(char c)
{
	return c == ',' || c == '\\' || ascii_blank(c);
}

/* The next character before a comma; false at the item's end. `bare`: it does not stand behind a backslash. */
static bool next_char(char *c, bool *bare, const char *s, size_t len, size_t *pos)
{
	if (*pos >= len || s[*pos] == ',')
		return false;
	*bare = !(s[*pos] == '\\' && *pos + 1 < len && escapable(s[*pos + 1]));
	*pos += !*bare;
	*c = s[(*pos)++];
	return true;
}

/*
 * Reads the item at *pos and its comma; unescaped blanks around it are left out. Of its bytes those that fit are written
 * to `dst`. Returns how many it has.
 */
static size_t read_item(char *dst, size_t cap, const char *s, size_t len, size_t *pos)
{
	size_t n = 0, keep = 0; /* up to the last character that is no bare blank */
	bool bare;
	char c;

	while (next_char(&c, &bare, s, len, pos)) {
		if (bare && ascii_blank(c) && !n)
			continue;
		if (n < cap)
			dst[n] = c;
		n++;
		if (!bare || !ascii_blank(c))
			keep = n;
	}
	*pos += *pos < len;
	return keep;
}

size_t list_item(char *dst, size_t cap, const char *s, size_t len, size_t *pos)
{
	size_t n = 0;

	while (!n && *pos < len)
		n = read_item(dst, cap, s, len, pos);
	return n;
}

bool list_next(struct buf *out, const char *s, size_t len, size_t *pos)
{
	buf_clear(out);
	if (!buf_reserve(out, len - *pos)) /* an item is never longer than its list */
		return false;
	out->len = list_item(out->s, len - *pos, s, len, pos);
	out->s[out->len] = '\0';
	return out->len > 0;
}

int list_end(struct buf *item, int status, struct err *err)
{
	if (status >= 0 && item->failed)
		status = err_nomem(err);
	buf_free(item);
	return status;
}

static bool item_is(const char *item, size_t n, const char *s, size_t len, size_t *pos)
{
	size_t start = *pos;

	if (read_item(NULL, 0, s, len, pos) != n)
		return false;
	for (size_t i = 0; i < n;) {
		bool bare = false;
		char c = '\0';

		next_char(&c, &bare, s, len, &start);
		if (bare && ascii_blank(c) && i == 0)
			continue;
		if (c != item[i++])
			return false;
	}
	return true;
}

bool list_has(const char *s, size_t len, const char *item)
{
	size_t pos = 0, n = strlen(item);
	bool found = false;

	while (!found && pos < len)
		found = item_is(item, n, s, len, &pos);
	return found && n > 0;
}

void list_append(struct buf *list, const char *item, size_t len)
{
	if (!len)
		return;
	if (list->len)
		buf_puts(list, ", ");
	for (size_t i = 0; i < len; i++) {
		bool at_end = i == 0 || i == len - 1;

		if (item[i] == ',' || item[i] == '\\' || (at_end && ascii_blank(item[i])))
			buf_putc(list, '\\');
		buf_putc(list, item[i]);
	}
}
