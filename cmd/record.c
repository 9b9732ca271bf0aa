/* The verbs that every kind of record has. */
#include "record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct cli_opt record_tag_options[] = {
	OPT(LIST, 0, "add", offsetof(struct record_opts, add), "TAG", "a tag to put on; may be repeated",
		.complete = "tag"),
	OPT(LIST, 0, "remove", offsetof(struct record_opts, remove), "TAG", "a tag to take off; may be repeated",
		.complete = "tag"),
	OPT_END,
};

/* --- pieces --- */

static int assign_one(crm_record *r, const struct assigns *fields, size_t i)
{
	const struct assign *a = &fields->v[i];

	if (!a->field) {
		cleanup(freep) char *name = need(strndup(a->name, a->length));
		return crm_record_set_custom(r, name, a->value);
	}
	for (size_t k = 0; k < i; k++)
		if (fields->v[k].field == a->field)
			return crm_record_add(r, a->name, a->value);
	return crm_record_set(r, a->name, a->value);
}

int record_assign(struct cli *cli, crm_record *r, const struct assigns *fields)
{
	for (size_t i = 0; i < fields->n; i++) {
		int status = assign_one(r, fields, i);
		if (status < 0)
			return cli_store_fail(cli, status);
	}
	return EXIT_DONE;
}

int record_set(struct cli *cli, crm_record *r, const char *field, const char *value)
{
	int status = value ? crm_record_set(r, field, value) : CRM_OK;

	return status < 0 ? cli_store_fail(cli, status) : EXIT_DONE;
}

int record_warn_restricted(struct cli *cli, const crm_entity *e, const int64_t *ids, size_t n)
{
	bool customers = strcmp(crm_entity_name(e), "customer") == 0;
	size_t found = 0;

	for (size_t i = 0; i < n; i++) {
		bool restricted = false;
		int status = crm_record_restricted(&restricted, cli->store, e, ids[i]);
		if (status < 0)
			return cli_store_fail(cli, status);
		found += restricted;
	}
	if (found > 0 && n == 1)
		cli_warn(cli,
			customers ? N_("%s %lld is restricted: kept, to be used for nothing (crm-privacy(1))")
				  : N_("%s %lld is of a customer who is restricted: kept, to be used for nothing "
				       "(crm-privacy(1))"),
			crm_tr(crm_entity_name(e)), (long long)ids[0]);
	else if (found > 0)
		cli_warn(cli,
			customers ? N_("%zu of %zu records are restricted: kept, to be used for nothing "
				       "(crm-privacy(1))")
				  : N_("%zu of %zu records are of a customer who is restricted: kept, to be used for "
				       "nothing (crm-privacy(1))"),
			found, n);
	return EXIT_DONE;
}

int record_set_customer(struct cli *cli, crm_record *r)
{
	char number[24];
	int64_t id;
	int status = crm_resolve(&id, cli->store, crm_entity_find("customer"), cli->argv[0], CRM_NAME_WRITE);

	if (status < 0)
		return cli_store_fail(cli, status);
	snprintf(number, sizeof(number), "%lld", (long long)id);
	int exit_status = record_warn_restricted(cli, crm_entity_find("customer"), &id, 1);
	return exit_status ? exit_status : record_set(cli, r, "customer", number);
}

int record_new_of_customer(struct cli *cli, crm_record **r, const struct assigns *fields)
{
	int status = crm_record_new(r, cli->store, cli->entity);

	if (status < 0)
		return cli_store_fail(cli, status);
	int exit_status = record_set_customer(cli, *r);
	return exit_status ? exit_status : record_assign(cli, *r, fields);
}

int record_begin(struct cli *cli, const int64_t *ids, size_t n)
{
	cleanup(strbuf_freep) struct strbuf b = { 0 };

	/* ids only: the journal outlives the names of people */
	strbuf_printf(&b, "%s %s", cli->command->name, cli->verb->name);
	if (n == 1 && ids)
		strbuf_printf(&b, " %lld", (long long)ids[0]);
	else if (n > 1)
		strbuf_printf(&b, " (%zu records)", n);
	if (cli->if_unchanged >= 0 && n != 1)
		return cli_fail(cli, EXIT_USAGE, "%s %s: --if-unchanged is of one record, %zu are named",
			cli->command->name, cli->verb->name, n);
	int status = crm_begin(cli->store, need(b.s));
	if (status == CRM_OK && cli->if_unchanged >= 0)
		status = crm_record_unchanged(cli->store, cli->entity, ids[0], cli->if_unchanged);
	int exit_status = status < 0 ? cli_store_fail(cli, status) : EXIT_DONE;
	if (!exit_status && ids)
		exit_status = record_warn_restricted(cli, cli->entity, ids, n);
	if (exit_status)
		crm_rollback(cli->store);
	return exit_status;
}

/* `changed customer 7`, `changed 12 records`. */
static void say_did(struct cli *cli, const char *did, const crm_entity *e, const int64_t *ids, size_t n)
{
	cleanup(strbuf_freep) struct strbuf what = { 0 };

	if (n == 1)
		strbuf_printf(&what, crm_tr("%s %lld"), crm_tr(crm_entity_name(e)), (long long)ids[0]);
	else
		strbuf_printf(&what, crm_tr("%zu records"), n);
	cli_note(cli, did, need_str(&what));
}

int record_commit(struct cli *cli, const char *did, const crm_entity *e, const int64_t *ids, size_t n)
{
	int status = crm_commit(cli->store);

	if (status < 0)
		return cli_store_fail(cli, status);
	if (crm_last_operation(cli->store) == 0)
		cli_note(cli, "nothing to change");
	else
		say_did(cli, did, e, ids, n);
	return EXIT_DONE;
}

int record_choose(struct cli *cli, crm_query *q, const char *const *filter, size_t n, const struct list_opts *list)
{
	int status = crm_query_filter(q, n, filter);

	if (status == CRM_OK && cli->global.fields)
		status = crm_query_fields(q, cli->global.fields);
	if (status == CRM_OK && list->sort)
		status = crm_query_sort(q, list->sort);
	crm_query_limit(q, list->limit);
	crm_query_offset(q, list->offset > 0 ? list->offset : 0);
	return status < 0 ? cli_store_fail(cli, status) : EXIT_DONE;
}

int record_open_list(struct cli *cli, crm_cursor **out, const crm_entity *e, const char *const *filter, size_t n,
	const struct list_opts *list)
{
	cleanup(query_freep) crm_query *q = NULL;
	bool exports = cli->verb->flags & VERB_EXPORT;
	int status = crm_query_new(&q, cli->store, e);

	if (status < 0)
		return cli_store_fail(cli, status);
	int exit_status = record_choose(cli, q, filter, n, list);
	if (exit_status)
		return exit_status;
	if (exports && !cli->global.fields)
		status = crm_entity_importable(e) ? crm_query_fields_importable(q) : crm_query_fields_all(q);
	if (status == CRM_OK && exports && !list->sort) /* the order that costs nothing */
		status = crm_query_sort(q, "id");
	if (status == CRM_OK)
		status = crm_query_open(out, q);
	return status < 0 ? cli_store_fail(cli, status) : EXIT_DONE;
}

int record_open_one(struct cli *cli, crm_cursor **out, const crm_entity *e, int64_t id)
{
	cleanup(query_freep) crm_query *q = NULL;
	int status = crm_query_new(&q, cli->store, e);

	if (status == CRM_OK)
		status = cli->global.fields ? crm_query_fields(q, cli->global.fields) : crm_query_fields_all(q);
	if (status == CRM_OK)
		status = crm_query_ids(q, &id, 1);
	if (status == CRM_OK)
		status = crm_query_open(out, q);
	return status < 0 ? cli_store_fail(cli, status) : EXIT_DONE;
}

int record_print(struct cli *cli, const crm_entity *e, int64_t id)
{
	crm_cursor *cursor;
	int exit_status = record_open_one(cli, &cursor, e, id);

	return exit_status ? exit_status : cli_print(cli, cursor, true);
}

int record_find_named(struct cli *cli, int64_t *id, const crm_entity *e, const char *entity, const char *name)
{
	cleanup(query_freep) crm_query *q = NULL;
	crm_cursor *rows = NULL;
	int status = crm_query_new(&q, cli->store, e);
	bool found = false;

	if (status == CRM_OK)
		status = crm_query_fields(q, "id,entity,name");
	if (status == CRM_OK)
		status = crm_query_open(&rows, q);
	while (status == CRM_OK && !found && (status = crm_cursor_next(rows)) == CRM_OK) {
		found = strcmp(crm_cursor_value(rows, 1)->s, entity) == 0 &&
			strcmp(crm_cursor_value(rows, 2)->s, name) == 0;
		if (found)
			*id = crm_cursor_value(rows, 0)->i;
	}
	crm_cursor_close(rows);
	if (status < 0)
		return cli_store_fail(cli, status);
	if (found)
		return EXIT_DONE;
	return cli_fail(cli, EXIT_NOTFOUND, "%s has no %s '%s' (crm %s list)", crm_tr(entity),
		crm_tr(crm_entity_name(e)), name, crm_entity_name(e));
}

/* --- add --- */

int record_print_created(struct cli *cli, crm_record *r)
{
	const crm_entity *e = crm_record_entity(r);
	int64_t id = crm_record_id(r);

	cli_note(cli, "created %s %lld", crm_tr(crm_entity_name(e)), (long long)id);
	if (cli->global.format || cli->global.fields)
		return record_print(cli, e, id);
	out_printf(cli->out, "%lld\n", (long long)id);
	return EXIT_DONE;
}

int record_create(struct cli *cli, crm_record *r)
{
	int exit_status = record_begin(cli, NULL, 0);

	if (exit_status)
		return exit_status;
	int status = crm_record_save(r);
	if (status == CRM_OK)
		status = crm_commit(cli->store);
	if (status < 0) {
		exit_status = cli_store_fail(cli, status);
		crm_rollback(cli->store);
		return exit_status;
	}
	return record_print_created(cli, r);
}

/* Somebody who resembles the new customer may be the same. */
static int warn_of_near(struct cli *cli, crm_record *r)
{
	cleanup(freep) char *reasons = NULL;
	int64_t id = 0;
	int status = crm_duplicates_near(&id, &reasons, r);

	if (status < 0)
		return cli_store_fail(cli, status);
	if (id)
		cli_warn(cli, "resembles customer %lld: %s", (long long)id, reasons);
	return EXIT_DONE;
}

int record_add(struct cli *cli, const void *opts)
{
	const struct record_opts *o = opts;
	cleanup(record_freep) crm_record *r = NULL;

	if (cli_fields_asked(cli))
		return cli_fields_help(cli, cli->entity, NULL, 0);
	int status = crm_record_new(&r, cli->store, cli->entity);
	if (status < 0)
		return cli_store_fail(cli, status);
	int exit_status = record_assign(cli, r, &o->fields);
	if (!exit_status)
		exit_status = warn_of_near(cli, r);
	return exit_status ? exit_status : record_create(cli, r);
}

/* --- show and list --- */

int record_shown(struct cli *cli, int64_t *id)
{
	int status = crm_resolve(id, cli->store, cli->entity, cli->argv[0], CRM_NAME_READ);

	return status < 0 ? cli_store_fail(cli, status) : record_warn_restricted(cli, cli->entity, id, 1);
}

int record_show(struct cli *cli, const void *opts)
{
	int64_t id;

	(void)opts;
	if (cli_fields_asked(cli))
		return cli_fields_help(cli, cli->entity, NULL, 0);
	int exit_status = record_shown(cli, &id);
	return exit_status ? exit_status : record_print(cli, cli->entity, id);
}

int record_print_history(struct cli *cli, int64_t id, crm_cursor *rows)
{
	crm_cursor *card;
	int exit_status = record_open_one(cli, &card, cli->entity, id);

	if (!exit_status)
		return cli_print_parts(cli, card, &(struct print_part){ "history", rows }, 1);
	crm_cursor_close(rows);
	return exit_status;
}

int record_list(struct cli *cli, const void *opts)
{
	const struct record_opts *o = opts;
	crm_cursor *rows;

	if (cli_fields_asked(cli))
		return cli_fields_help(cli, cli->entity, NULL, 0);
	int exit_status = record_open_list(cli, &rows, cli->entity, cli->argv, cli->argc, &o->list);
	return exit_status ? exit_status : cli_print(cli, rows, false);
}

/* --- many records --- */

void ids_add(struct ids *ids, int64_t id)
{
	for (size_t i = 0; i < ids->n; i++)
		if (ids->v[i] == id)
			return;
	ids->v = need_room(ids->v, ids->n, &ids->cap, sizeof(*ids->v));
	ids->v[ids->n++] = id;
}

static int resolve_names(
	struct cli *cli, struct ids *ids, const crm_entity *e, const struct strings *names, crm_name_use use)
{
	for (size_t i = 0; i < names->n; i++) {
		int64_t id;
		int status = crm_resolve(&id, cli->store, e, names->v[i], use);
		if (status < 0)
			return cli_store_fail(cli, status);
		ids_add(ids, id);
	}
	return EXIT_DONE;
}

int record_names(struct cli *cli, struct strings *names, struct strbuf *text, size_t n)
{
	bool from_stdin = false;

	for (size_t i = 0; i < n; i++) {
		if (strcmp(cli->argv[i], "-") != 0) {
			strings_add(names, cli->argv[i]);
			continue;
		}
		if (from_stdin)
			return cli_fail(cli, EXIT_USAGE, "stdin (-) is named twice");
		from_stdin = true;
		int exit_status = cli_read_names(cli, names, text);
		if (exit_status)
			return exit_status;
	}
	return EXIT_DONE;
}

int record_named_ids_of(struct cli *cli, struct ids *ids, const crm_entity *e, size_t n, crm_name_use use)
{
	cleanup(strings_freep) struct strings names = { 0 };
	cleanup(strbuf_freep) struct strbuf text = { 0 };
	int exit_status = record_names(cli, &names, &text, n);

	return exit_status ? exit_status : resolve_names(cli, ids, e, &names, use);
}

int record_named_ids(struct cli *cli, struct ids *ids, size_t n, crm_name_use use)
{
	return record_named_ids_of(cli, ids, cli->entity, n, use);
}

/* The records that the filter chooses: counted, and asked about, first; `question` has a place for the number. */
static int filtered_ids(struct cli *cli, struct ids *ids, bool yes, const char *question)
{
	cleanup(query_freep) crm_query *q = NULL;
	int status = crm_query_new(&q, cli->store, cli->entity);

	if (status == CRM_OK)
		status = crm_query_filter(q, cli->argc, cli->argv);
	if (status == CRM_OK)
		status = crm_query_collect(&ids->v, &ids->n, q);
	if (status < 0)
		return cli_store_fail(cli, status);
	ids->cap = ids->n;
	if (ids->n == 0 || yes || cli_confirm(cli, question, ids->n))
		return EXIT_DONE;
	if (cli->in_terminal && cli->err_terminal)
		return cli_fail(cli, EXIT_FAILED, "nothing was changed");
	return cli_fail(cli, EXIT_USAGE, "%s %s: the filter fits %zu records: --yes says that all are meant",
		cli->command->name, cli->verb->name, ids->n);
}

static int choose_ids(
	struct cli *cli, struct ids *ids, const struct record_opts *o, crm_name_use use, const char *question)
{
	int exit_status = o->many.where ? filtered_ids(cli, ids, o->many.yes, question)
					: record_named_ids(cli, ids, cli->argc, use);

	if (!exit_status && ids->n == 0)
		cli_note(cli, "no record is meant: nothing to do");
	return exit_status;
}

/* Applies a change to each record, all in one operation. */
static int change_all(struct cli *cli, const int64_t *ids, size_t n, const struct record_opts *o,
	int (*change)(struct cli *cli, crm_record *r, const struct record_opts *o))
{
	int exit_status = n ? record_begin(cli, ids, n) : EXIT_DONE;

	if (exit_status || n == 0)
		return exit_status;
	for (size_t i = 0; i < n && !exit_status; i++) {
		cleanup(record_freep) crm_record *r = NULL;
		int status = crm_record_load(&r, cli->store, cli->entity, ids[i]);
		if (status == CRM_OK)
			exit_status = change(cli, r, o);
		if (status == CRM_OK && !exit_status)
			status = crm_record_save(r);
		if (status < 0)
			exit_status = cli_store_fail(cli, status);
	}
	if (!exit_status)
		return record_commit(cli, N_("changed %s"), cli->entity, ids, n);
	crm_rollback(cli->store);
	return exit_status;
}

static int change_fields(struct cli *cli, crm_record *r, const struct record_opts *o)
{
	return record_assign(cli, r, &o->fields);
}

int record_change(struct cli *cli, const int64_t *ids, size_t n, const struct record_opts *o)
{
	return change_all(cli, ids, n, o, change_fields);
}

int record_edit(struct cli *cli, const void *opts)
{
	const struct record_opts *o = opts;
	cleanup(ids_freep) struct ids ids = { 0 };

	if (o->fields.n == 0)
		return cli_fail(cli, EXIT_USAGE, "%s %s: nothing to change: --FIELD VALUE says what",
			cli->command->name, cli->verb->name);
	int exit_status = choose_ids(cli, &ids, o, CRM_NAME_WRITE, N_("change %zu records?"));
	return exit_status ? exit_status : record_change(cli, ids.v, ids.n, o);
}

static int change_tags(struct cli *cli, crm_record *r, const struct record_opts *o)
{
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < o->remove.n; i++)
		status = crm_record_take(r, "tags", o->remove.v[i]);
	for (size_t i = 0; status == CRM_OK && i < o->add.n; i++)
		status = crm_record_add(r, "tags", o->add.v[i]);
	return status < 0 ? cli_store_fail(cli, status) : EXIT_DONE;
}

int record_tag(struct cli *cli, const void *opts)
{
	const struct record_opts *o = opts;
	cleanup(ids_freep) struct ids ids = { 0 };

	if (o->add.n + o->remove.n == 0)
		return cli_fail(
			cli, EXIT_USAGE, "%s tag: nothing to change: --add TAG or --remove TAG", cli->command->name);
	int exit_status = choose_ids(cli, &ids, o, CRM_NAME_WRITE, N_("tag %zu records?"));
	return exit_status ? exit_status : change_all(cli, ids.v, ids.n, o, change_tags);
}

/* --- rm --- */

int record_remove(struct cli *cli, const int64_t *ids, size_t n, bool yes)
{
	cleanup(freep) char *all = NULL;
	int status = crm_record_dependants(&all, cli->store, cli->entity, ids, n);
	size_t count = 0;

	if (status < 0)
		return cli_store_fail(cli, status);
	if (!yes && !cli_confirm(cli, "remove %s?", all)) {
		if (cli->in_terminal && cli->err_terminal)
			return cli_fail(cli, EXIT_FAILED, "nothing was removed");
		return cli_fail(cli, EXIT_USAGE, "%s %s: would remove %s: --yes says so", cli->command->name,
			cli->verb->name, all);
	}
	int exit_status = record_begin(cli, ids, n);
	if (exit_status)
		return exit_status;
	status = crm_record_remove(cli->store, cli->entity, ids, n, &count);
	if (status == CRM_OK)
		status = crm_commit(cli->store);
	if (status < 0) {
		exit_status = cli_store_fail(cli, status);
		crm_rollback(cli->store);
		return exit_status;
	}
	cli_note(cli, "removed %s (`crm undo` brings it back)", all);
	return EXIT_DONE;
}

int record_rm(struct cli *cli, const void *opts)
{
	const struct record_opts *o = opts;
	cleanup(ids_freep) struct ids ids = { 0 };
	int exit_status = EXIT_DONE;

	/* the question of rm tells more than that of --where, and stands for it */
	if (o->many.where)
		exit_status = filtered_ids(cli, &ids, true, NULL);
	else
		exit_status = record_named_ids(cli, &ids, cli->argc, CRM_NAME_DESTROY);
	if (!exit_status && ids.n == 0)
		cli_note(cli, "no record is meant: nothing to do");
	return exit_status || ids.n == 0 ? exit_status : record_remove(cli, ids.v, ids.n, o->many.yes);
}
