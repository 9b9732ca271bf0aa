#include "text/text.h"

static bool escapable(char c)
{
	return c == ',' || c == '\\' || ascii_blank(c);
}

/* Appends the item at *pos, which ends before a comma; unescaped blanks around it are left out. */
static void read_item(struct buf *out, const char *s, size_t len, size_t *pos)
{
	size_t keep = 0; /* length up to the last character that is no bare blank */

	for (; *pos < len && s[*pos] != ','; ++*pos) {
		char c = s[*pos];
		bool bare = true;

		if (c == '\\' && *pos + 1 < len && escapable(s[*pos + 1])) {
			c = s[++*pos];
			bare = false;
		}
		if (bare && ascii_blank(c) && !out->len)
			continue;
		buf_putc(out, c);
		if (!bare || !ascii_blank(c))
			keep = out->len;
	}
	buf_truncate(out, keep);
}

bool list_next(struct buf *out, const char *s, size_t len, size_t *pos)
{
	while (*pos < len) {
		buf_clear(out);
		read_item(out, s, len, pos);
		if (*pos < len)
			++*pos; /* the comma */
		if (out->len || out->failed)
			return true;
	}
	buf_clear(out);
	return false;
}

bool list_has(const char *s, size_t len, const char *item)
{
	struct buf one = BUF_INIT;
	size_t pos = 0, n = strlen(item);
	bool found = false;

	while (!found && list_next(&one, s, len, &pos))
		found = one.len == n && memcmp(one.s, item, n) == 0;
	buf_free(&one);
	return found;
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
