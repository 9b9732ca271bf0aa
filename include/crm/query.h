/*
 * Queries: filter, fields, order and limits on one entity; cursors: rows of typed cells.
 */
#ifndef CRM_QUERY_H
#define CRM_QUERY_H

#include <crm/types.h>

#ifdef __cplusplus
extern "C" {
#endif

CRM_API int crm_query_new(crm_query **out, crm_store *s, const crm_entity *e);
CRM_API void crm_query_free(crm_query *q);

/*
 * Looks at tickets as they were at a time, from their events. Called first; then only id, created_at, state and the
 * tracked fields (status, priority, type, assignee, team) may be asked for. CRM_INVALID.
 */
CRM_API int crm_query_as_of(crm_query *q, int64_t t);

/* Adds terms that must hold too, each argument one term (crm-filter(7)). CRM_INVALID points at the term. */
CRM_API int crm_query_filter(crm_query *q, size_t n, const char *const *terms);

/* Adds terms in their stored form: separated by blanks, values with blanks in double quotes. */
CRM_API int crm_query_filter_text(crm_query *q, const char *text);

/* Columns, as "id,name,phone"; without this call the entity's usual ones. `+name` adds to the usual ones. */
CRM_API int crm_query_fields(crm_query *q, const char *list);

/* All fields, or all that import takes: for `show` and `export`. */
CRM_API int crm_query_fields_all(crm_query *q);
CRM_API int crm_query_fields_importable(crm_query *q);

/* Order, as "city,-last_contact_at"; the id is always the last key. */
CRM_API int crm_query_sort(crm_query *q, const char *list);
CRM_API void crm_query_limit(crm_query *q, int64_t limit); /* negative: none */
CRM_API void crm_query_offset(crm_query *q, int64_t offset);

/* Only these records, in this order (the filter applies too). */
CRM_API int crm_query_ids(crm_query *q, const int64_t *ids, size_t n);

CRM_API int crm_query_open(crm_cursor **out, crm_query *q);
CRM_API int crm_query_count(int64_t *out, crm_query *q);

/* Ids of the matching records, owned by the caller (free). */
CRM_API int crm_query_collect(int64_t **ids, size_t *n, crm_query *q);

/* 0 a row, CRM_END, or negative. The values of a row are valid until the next call. */
CRM_API int crm_cursor_next(crm_cursor *c);
CRM_API size_t crm_cursor_columns(const crm_cursor *c);
CRM_API const crm_column *crm_cursor_column(const crm_cursor *c, size_t i);
CRM_API const crm_value *crm_cursor_value(const crm_cursor *c, size_t i);
CRM_API void crm_cursor_close(crm_cursor *c);

/*
 * Rows of the caller's own: `rows` times as many cells as there are columns, row after row, NULL where one is empty. Texts
 * are copied, the columns must outlive the cursor. CRM_NOMEM.
 */
CRM_API int crm_cursor_of(
	crm_cursor **out, const crm_column *columns, size_t ncolumns, const char *const *cells, size_t rows);

/* Only these columns, as "a,b" (NULL: all). Takes over `inner` in any case. CRM_INVALID names the nearest. */
CRM_API int crm_cursor_fields(crm_cursor **out, crm_store *s, crm_cursor *inner, const char *fields);

/*
 * Rows in groups: those that follow each other with the same value in the column `by`. Reads and takes over `inner` in any
 * case. CRM_INVALID when there is no such column, CRM_NOMEM.
 */
CRM_API int crm_groups_new(crm_groups **out, crm_store *s, crm_cursor *inner, const char *by);

/* 0 the next group, or CRM_END. Its rows, without the column `by`, are valid until the next call; *n is how many. */
CRM_API int crm_groups_next(crm_cursor **rows, size_t *n, crm_groups *g);
CRM_API const crm_column *crm_groups_column(const crm_groups *g);
CRM_API const crm_value *crm_groups_value(const crm_groups *g); /* that the group at hand shares */
CRM_API void crm_groups_free(crm_groups *g);

/*
 * Takes the next item of a list cell (CRM_TAGS, CRM_CONTACTS): *pos starts at 0. Writes the unescaped item, like
 * snprintf; returns its length, or -1 at the end.
 */
CRM_API ptrdiff_t crm_list_item(char *dst, size_t cap, const char *list, size_t *pos);

/* One read-only SELECT over the store. CRM_INVALID when it is not one, with SQLite's message. */
CRM_API int crm_sql(crm_cursor **out, crm_store *s, const char *select);

#ifdef __cplusplus
}
#endif

#endif
