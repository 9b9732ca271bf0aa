/* Results, as programs outside the library take them apart. */
#include "base/cursor.h"
#include "store/store.h"
#include "text/text.h"
#include <crm/query.h>

ptrdiff_t crm_list_item(char *dst, size_t cap, const char *list, size_t *pos)
{
	size_t room = cap > 0 ? cap - 1 : 0;
	size_t n = list_item(dst, room, list, strlen(list), pos);

	if (n > 0 && cap > 0)
		dst[n < room ? n : room] = '\0';
	return n > 0 ? (ptrdiff_t)n : -1;
}

int crm_cursor_fields(crm_cursor **out, crm_store *s, crm_cursor *inner, const char *fields)
{
	return cursor_project(out, inner, fields, &s->err);
}

int crm_groups_new(crm_groups **out, crm_store *s, crm_cursor *inner, const char *by)
{
	return cursor_groups(out, inner, by, &s->err);
}
