/*
 * The verbs that every kind of record has: add, show, list, edit, rm, tag. A command names them in its table; what
 * they work on is the verb's entity.
 */
#ifndef RECORD_H
#define RECORD_H

#include "cli/cli.h"
#include "commands.h"
#include <stddef.h>
#include <stdlib.h>

struct record_opts {
	struct assigns fields;
	struct list_opts list;
	struct many_opts many;
	struct strings add, remove; /* tag */
	bool history;               /* show: of customer and ticket */
};

int record_add(struct cli *cli, const void *opts);
int record_show(struct cli *cli, const void *opts);
int record_list(struct cli *cli, const void *opts);
int record_edit(struct cli *cli, const void *opts);
int record_rm(struct cli *cli, const void *opts);
int record_tag(struct cli *cli, const void *opts);

extern const struct cli_opt record_tag_options[];

/*
 * Lines of a command's table: `noun` is the argument, as "CUSTOMER"; the forms …_AS for a noun within the noun, whose
 * verb has two words.
 */
#define RECORD_OPTS                                                                                                    \
	.size = sizeof(struct record_opts), .fields = offsetof(struct record_opts, fields),                            \
	.list = offsetof(struct record_opts, list), .many = offsetof(struct record_opts, many)

#define RECORD_ADD(summary_, ...) RECORD_ADD_AS("add", summary_, __VA_ARGS__)
#define RECORD_ADD_AS(verb, summary_, ...)                                                                             \
	{                                                                                                              \
		.name = verb, .summary = (summary_), .flags = VERB_WRITE | VERB_FIELDS | VERB_COLUMNS,                 \
		.run = record_add, RECORD_OPTS, __VA_ARGS__                                                            \
	}
#define RECORD_SHOW(noun, what, ...)                                                                                   \
	{                                                                                                              \
		.name = "show", .summary = N_("show one, with all its fields"), .args = noun, .complete = what,        \
		.min_args = 1, .max_args = 1, .flags = VERB_READ | VERB_COLUMNS, .run = record_show, RECORD_OPTS,      \
		__VA_ARGS__                                                                                            \
	}
#define RECORD_LIST(summary_, ...) RECORD_LIST_AS("list", summary_, __VA_ARGS__)
#define RECORD_LIST_AS(verb, summary_, ...)                                                                            \
	{                                                                                                              \
		.name = verb, .summary = (summary_), .args = "[FILTER…]", .complete = "filter", .max_args = -1,        \
		.flags = VERB_READ | VERB_LIST | VERB_COLUMNS | VERB_PAGER, .run = record_list, RECORD_OPTS,           \
		__VA_ARGS__                                                                                            \
	}
#define RECORD_EDIT(noun, what, ...) RECORD_EDIT_AS("edit", noun, what, __VA_ARGS__)
#define RECORD_EDIT_AS(verb, noun, what, ...)                                                                          \
	{                                                                                                              \
		.name = verb, .summary = N_("change fields; an empty value clears one"), .args = noun "…",             \
		.complete = what, .min_args = 1, .max_args = -1,                                                       \
		.flags = VERB_WRITE | VERB_FIELDS | VERB_WHERE | VERB_VERSION, .run = record_edit, RECORD_OPTS,        \
		__VA_ARGS__                                                                                            \
	}
#define RECORD_RM(noun, what, summary_, ...) RECORD_RM_AS("rm", noun, what, summary_, __VA_ARGS__)
#define RECORD_RM_AS(verb, noun, what, summary_, ...)                                                                  \
	{                                                                                                              \
		.name = verb, .summary = (summary_), .args = noun "…", .complete = what, .min_args = 1,                \
		.max_args = -1, .flags = VERB_WRITE | VERB_WHERE | VERB_VERSION, .run = record_rm, RECORD_OPTS,        \
		__VA_ARGS__                                                                                            \
	}
#define RECORD_TAG(noun, what, ...)                                                                                    \
	{                                                                                                              \
		.name = "tag", .summary = N_("put tags on and take them off"), .args = noun "…", .complete = what,     \
		.min_args = 1, .max_args = -1, .flags = VERB_WRITE | VERB_WHERE | VERB_VERSION, .run = record_tag,     \
		.options = record_tag_options, RECORD_OPTS, __VA_ARGS__                                                \
	}

/* --- pieces, for verbs that need more --- */

/* Sets the fields given as options. Returns an exit status. */
int record_assign(struct cli *cli, crm_record *r, const struct assigns *fields);

/* Sets one field; NULL leaves it. The customer is the one that the first argument names. Exit status. */
int record_set(struct cli *cli, crm_record *r, const char *field, const char *value);
int record_set_customer(struct cli *cli, crm_record *r);

/* A new record of that customer with the fields given as options; *r is the caller's in any case. Exit status. */
int record_new_of_customer(struct cli *cli, crm_record **r, const struct assigns *fields);

/* Saves a new record as one operation and prints its id, or all of it in the format asked for. */
int record_create(struct cli *cli, crm_record *r);

/* Its id alone, so that `id=$(crm customer add …)` works; the record where a format asks for it. */
int record_print_created(struct cli *cli, crm_record *r);

/* Says so of records of customers who are restricted. Exit status. */
int record_warn_restricted(struct cli *cli, const crm_entity *e, const int64_t *ids, size_t n);

/* Gives a query the filter and what the list options and --fields say. Returns an exit status. */
int record_choose(struct cli *cli, crm_query *q, const char *const *filter, size_t n, const struct list_opts *list);

/* One record with all its fields, or those asked for. */
int record_open_one(struct cli *cli, crm_cursor **out, const crm_entity *e, int64_t id);

/*
 * Begins an operation of the running command, if the record still has the version of --if-unchanged; commits it and says
 * what was done: `changed customer 7`.
 */
int record_begin(struct cli *cli, const int64_t *ids, size_t n);
int record_commit(struct cli *cli, const char *did, const crm_entity *e, const int64_t *ids, size_t n);

/* Records, each once, in the order in which they were named. */
struct ids {
	int64_t *v;
	size_t n, cap;
};

static inline void ids_freep(struct ids *ids)
{
	free(ids->v);
}

void ids_add(struct ids *ids, int64_t id); /* one that is there stays where it is */

/* The first n arguments, `-` being the names on stdin, whose text the caller frees with them. Returns an exit status. */
int record_names(struct cli *cli, struct strings *names, struct strbuf *text, size_t n);

/* The records that the first n arguments name, `-` those on stdin. Returns an exit status. */
int record_named_ids(struct cli *cli, struct ids *ids, size_t n, crm_name_use use);

/* The same of another entity than the command's. */
int record_named_ids_of(struct cli *cli, struct ids *ids, const crm_entity *e, size_t n, crm_name_use use);

/* Rows of the records of `e` that a filter and the list options choose. Returns an exit status. */
int record_open_list(struct cli *cli, crm_cursor **out, const crm_entity *e, const char *const *filter, size_t n,
	const struct list_opts *list);

/* The record that the argument of `show` names; says so if it is of somebody restricted. Returns an exit status. */
int record_shown(struct cli *cli, int64_t *id);

/* A record, then all that happened, newest first. */
int record_print_history(struct cli *cli, int64_t id, crm_cursor *rows);

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
