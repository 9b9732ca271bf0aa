/*
 * The verbs that every kind of record has: add, show, list, edit, rm, tag. A command names them in its table; what
 * they work on is the verb's entity.
 */
#ifndef RECORD_H
#define RECORD_H

#include "cli/cli.h"
#include "commands.h"
#include <stddef.h>

struct record_opts {
	struct assigns fields;
	struct list_opts list;
	struct many_opts many;
	struct strings add, remove; /* tag */
	bool history;               /* customer show */
};

int record_add(struct cli *cli, const void *opts);
int record_show(struct cli *cli, const void *opts);
int record_list(struct cli *cli, const void *opts);
int record_edit(struct cli *cli, const void *opts);
int record_rm(struct cli *cli, const void *opts);
int record_tag(struct cli *cli, const void *opts);

extern const struct cli_opt record_tag_options[];

/* Lines of a command's table: `noun` is the argument, as "CUSTOMER". */
#define RECORD_OPTS                                                                                                    \
	.size = sizeof(struct record_opts), .fields = offsetof(struct record_opts, fields),                            \
	.list = offsetof(struct record_opts, list), .many = offsetof(struct record_opts, many)

#define RECORD_ADD(summary_, ...)                                                                                      \
	{                                                                                                              \
		.name = "add", .summary = (summary_), .flags = VERB_WRITE | VERB_FIELDS | VERB_COLUMNS,                \
		.run = record_add, RECORD_OPTS, __VA_ARGS__                                                            \
	}
#define RECORD_SHOW(noun, what, ...)                                                                                   \
	{                                                                                                              \
		.name = "show", .summary = "show one, with all its fields", .args = noun, .complete = what,            \
		.min_args = 1, .max_args = 1, .flags = VERB_READ | VERB_COLUMNS, .run = record_show, RECORD_OPTS,      \
		__VA_ARGS__                                                                                            \
	}
#define RECORD_LIST(summary_, ...)                                                                                     \
	{                                                                                                              \
		.name = "list", .summary = (summary_), .args = "[FILTER…]", .complete = "filter", .max_args = -1,      \
		.flags = VERB_READ | VERB_LIST | VERB_COLUMNS | VERB_PAGER, .run = record_list, RECORD_OPTS,           \
		__VA_ARGS__                                                                                            \
	}
#define RECORD_EDIT(noun, what, ...)                                                                                   \
	{                                                                                                              \
		.name = "edit", .summary = "change fields; an empty value clears one", .args = noun "…",               \
		.complete = what, .min_args = 1, .max_args = -1, .flags = VERB_WRITE | VERB_FIELDS | VERB_WHERE,       \
		.run = record_edit, RECORD_OPTS, __VA_ARGS__                                                           \
	}
#define RECORD_RM(noun, what, summary_, ...)                                                                           \
	{                                                                                                              \
		.name = "rm", .summary = (summary_), .args = noun "…", .complete = what, .min_args = 1,                \
		.max_args = -1, .flags = VERB_WRITE | VERB_WHERE, .run = record_rm, RECORD_OPTS, __VA_ARGS__           \
	}
#define RECORD_TAG(noun, what, ...)                                                                                    \
	{                                                                                                              \
		.name = "tag", .summary = "put tags on and take them off", .args = noun "…", .complete = what,         \
		.min_args = 1, .max_args = -1, .flags = VERB_WRITE | VERB_WHERE, .run = record_tag,                    \
		.options = record_tag_options, RECORD_OPTS, __VA_ARGS__                                                \
	}

/* --- pieces, for verbs that need more --- */

/* Sets the fields given as options. Returns an exit status. */
int record_assign(struct cli *cli, crm_record *r, const struct assigns *fields);

/* Saves a new record as one operation and prints its id, or all of it in the format asked for. */
int record_create(struct cli *cli, crm_record *r);

/* Rows of the records of `e` that a filter and the list options choose. Returns an exit status. */
int record_open_list(struct cli *cli, crm_cursor **out, const crm_entity *e, const char *const *filter, size_t n,
	const struct list_opts *list);

/* Prints one record as `show` does. */
int record_print(struct cli *cli, const crm_entity *e, int64_t id);

/* The record of `entity` and `name` of field or view, whose names are unique within an entity. */
int record_find_named(struct cli *cli, int64_t *id, const crm_entity *e, const char *entity, const char *name);

/* Changes the fields of these records, all in one operation. Returns an exit status. */
int record_change(struct cli *cli, const int64_t *ids, size_t n, const struct record_opts *o);

static inline void record_freep(crm_record **r)
{
	crm_record_free(*r);
}

static inline void query_freep(crm_query **q)
{
	crm_query_free(*q);
}

/* Removes, after asking or --yes. */
int record_remove(struct cli *cli, const int64_t *ids, size_t n, bool yes);

#endif
