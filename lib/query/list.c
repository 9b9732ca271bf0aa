/* Results, as programs outside the library take them apart. */
#include "base/cursor.h"
#include "store/store.h"
#include "text/text.h"
#include <crm/query.h>

ptrdiff_t crm_list_item(char *dst, size_t cap, const char *list, size_t *pos)
{
	struct buf item = BUF_INIT;
	ptrdiff_t len = -1;

	if (list_next(&item, list, strlen(list), pos)) {
		len = (ptrdiff_t)item.len;
		if (cap > 0) {
			size_t n = item.len < cap ? item.len : cap - 1;

			if (n > 0)
				memcpy(dst, item.s, n);
			dst[n] = '\0';
		}
	}
	buf_free(&item);
	return len;
}

int crm_cursor_fields(crm_cursor **out, crm_store *s, crm_cursor *inner, const char *fields)
{
	return cursor_project(out, inner, fields, &s->err);
}

int crm_groups_new(crm_groups **out, crm_store *s, crm_cursor *inner, const char *by)
{
	return cursor_groups(out, inner, by, &s->err);
}
