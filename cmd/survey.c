/* crm survey: what customers were asked and answered. */
#include "record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct survey_opts {
	struct record_opts record; /* first: the generic verbs take it for theirs */
	const char *service, *product, *message, *at;
	bool replace;
};

#define AT(member) offsetof(struct survey_opts, member)
#define SCORE_OPTIONS                                                                                                  \
	OPT(TEXT, 0, "service", AT(service), "SCORES",                                                                 \
		"as quality=5,speed=4: of quality, efficiency, speed, professionalism, value, 1 to 5"),                \
		OPT(TEXT, 0, "product", AT(product), "SCORES",                                                         \
			"as price=3,brand=5: of quality, function, price, service, brand, 1 to 5")

static const struct cli_opt add_options[] = {
	SCORE_OPTIONS,
	OPT(TEXT, 'm', "message", AT(message), "COMMENT", "what the customer wrote"),
	OPT(TEXT, 0, "at", AT(at), "TIME", "when it was answered, where that is not now"),
	OPT(FLAG, 0, "replace", AT(replace), NULL, "in the place of the answer to the same that is there"),
	OPT_END,
};

static const struct cli_opt sent_options[] = {
	OPT(TEXT, 0, "at", AT(at), "TIME", "when it was sent, where that is not now"),
	OPT_END,
};

static const struct cli_opt edit_options[] = { SCORE_OPTIONS, OPT_END };

/* --- scores --- */

static int unknown_dimension(struct cli *cli, const char *group, const char *name)
{
	struct strbuf text = { 0 };
	size_t length = strlen(group);

	for (size_t i = 0; i < crm_field_count(NULL, cli->entity); i++) {
		const char *field = crm_field_name(crm_field_at(NULL, cli->entity, i));
		if (strncmp(field, group, length) == 0 && field[length] == '_')
			strbuf_printf(&text, "%s%s", text.len ? ", " : "", field + length + 1);
	}
	cleanup(freep) char *known = need_text(&text);
	return cli_fail(cli, EXIT_USAGE, "--%s: '%s' is no dimension of it; known: %s", group, name, known);
}

/* One `quality=5`, which is cut up, as an assignment to the field that it means. */
static int add_score(struct cli *cli, struct assigns *to, const char *group, char *item)
{
	cleanup(strbuf_freep) struct strbuf name = { 0 };
	char *equals = strchr(item, '=');

	if (!equals || !equals[1])
		return cli_fail(cli, EXIT_USAGE, "--%s '%s': is not DIMENSION=SCORE", group, item);
	*equals = '\0';
	strbuf_printf(&name, "%s.%s", group, item);
	const crm_field *field = crm_field_find(NULL, cli->entity, need(name.s));
	if (!field)
		return unknown_dimension(cli, group, item);
	to->v = need_room(to->v, to->n, &to->cap, sizeof(*to->v));
	to->v[to->n++] = (struct assign){ .field = field, .name = crm_field_name(field), .value = equals + 1 };
	return EXIT_DONE;
}

/* All that is assigned: fields, and the scores of --service and --product, whose texts are kept in `lists`. */
struct scores {
	struct assigns all;
	char *lists[2];
};

static void scores_free(struct scores *s)
{
	free(s->all.v);
	free(s->lists[0]);
	free(s->lists[1]);
}

static int gather(struct cli *cli, struct scores *out, const struct survey_opts *o)
{
	static const char *const groups[] = { "service", "product" };
	const char *const given[] = { o->service, o->product };
	const struct assigns *fields = &o->record.fields;
	int exit_status = EXIT_DONE;

	for (size_t i = 0; i < fields->n; i++) {
		out->all.v = need_room(out->all.v, out->all.n, &out->all.cap, sizeof(*out->all.v));
		out->all.v[out->all.n++] = fields->v[i];
	}
	for (size_t i = 0; i < COUNT(groups) && !exit_status; i++) {
		char *item = out->lists[i] = given[i] ? need(strdup(given[i])) : NULL;
		while (item && !exit_status) {
			char *next = strchr(item, ',');
			if (next)
				*next++ = '\0';
			exit_status = add_score(cli, &out->all, groups[i], item);
			item = next;
		}
	}
	return exit_status;
}

/* --- verbs --- */

/* Saves it where it belongs, as one operation. */
static int answer(struct cli *cli, crm_record *r, bool replace)
{
	int64_t id;
	int status = crm_survey_answer(&id, r, replace);

	if (status < 0)
		return cli_store_fail(cli, status);
	if (crm_record_id(r))
		return record_print_created(cli, r);
	cli_note(cli, "answered survey %lld", (long long)id);
	if (cli->global.format || cli->global.fields)
		return record_print(cli, cli->entity, id);
	out_printf(cli->out, "%lld\n", (long long)id);
	return EXIT_DONE;
}

static int run_add(struct cli *cli, const void *opts)
{
	const struct survey_opts *o = opts;
	cleanup(record_freep) crm_record *r = NULL;
	cleanup(scores_free) struct scores scores = { 0 };

	if (cli_fields_asked(cli))
		return cli_fields_help(cli, cli->entity, NULL, 0);
	int exit_status = gather(cli, &scores, o);
	if (exit_status)
		return exit_status;
	exit_status = record_new_of_customer(cli, &r, &scores.all);
	if (!exit_status)
		exit_status = record_set(cli, r, "comment", o->message);
	if (!exit_status)
		exit_status = record_set(cli, r, "answered_at", o->at);
	return exit_status ? exit_status : answer(cli, r, o->replace);
}

static int send_one(struct cli *cli, const struct survey_opts *o, int64_t *survey, int64_t customer)
{
	cleanup(record_freep) crm_record *r = NULL;
	char number[24];
	int status = crm_record_new(&r, cli->store, cli->entity);

	if (status < 0)
		return cli_store_fail(cli, status);
	snprintf(number, sizeof(number), "%lld", (long long)customer);
	int exit_status = record_set(cli, r, "customer", number);
	if (!exit_status)
		exit_status = record_set(cli, r, "sent_at", o->at ? o->at : "now");
	if (!exit_status)
		exit_status = record_assign(cli, r, &o->record.fields);
	if (exit_status)
		return exit_status;
	status = crm_record_save(r);
	*survey = crm_record_id(r);
	return status < 0 ? cli_store_fail(cli, status) : EXIT_DONE;
}

static int run_sent(struct cli *cli, const void *opts)
{
	cleanup(ids_freep) struct ids ids = { 0 };
	int exit_status = record_named_ids_of(cli, &ids, crm_entity_find("customer"), cli->argc, CRM_NAME_WRITE);

	if (exit_status || ids.n == 0)
		return exit_status;
	exit_status = record_warn_restricted(cli, crm_entity_find("customer"), ids.v, ids.n);
	if (!exit_status)
		exit_status = record_begin(cli, NULL, ids.n);
	for (size_t i = 0; i < ids.n && !exit_status; i++)
		exit_status = send_one(cli, opts, &ids.v[i], ids.v[i]);
	if (exit_status) {
		crm_rollback(cli->store);
		return exit_status;
	}
	exit_status = record_commit(cli, "created", cli->entity, ids.v, ids.n);
	for (size_t i = 0; i < ids.n && !exit_status; i++)
		out_printf(cli->out, "%lld\n", (long long)ids.v[i]);
	return exit_status;
}

static int run_edit(struct cli *cli, const void *opts)
{
	const struct survey_opts *o = opts;
	struct record_opts changed = o->record;
	cleanup(scores_free) struct scores scores = { 0 };
	int exit_status = gather(cli, &scores, o);

	changed.fields = scores.all;
	return exit_status ? exit_status : record_edit(cli, &changed);
}

/* --- the table --- */

#define DIMENSIONS                                                                                                     \
	"service_quality", "service_efficiency", "service_speed", "service_professionalism", "service_value",          \
		"product_quality", "product_function", "product_price", "product_service", "product_brand"

static const char *const without_add[] = { "customer", "comment", "answered_at", DIMENSIONS, NULL };
static const char *const without_sent[] = { "customer", "comment", "answered_at", "sent_at", "score", "nps", "ces",
	DIMENSIONS, NULL };
static const char *const without_edit[] = { DIMENSIONS, NULL };

#undef RECORD_OPTS
#define RECORD_OPTS                                                                                                    \
	.size = sizeof(struct survey_opts), .fields = AT(record.fields), .list = AT(record.list),                      \
	.many = AT(record.many)

static const struct cli_verb verbs[] = {
	{ .name = "add",
		.summary = N_("write down an answer; prints the number of the survey"),
		.args = "CUSTOMER",
		.complete = "customer",
		.min_args = 1,
		.max_args = 1,
		.flags = VERB_WRITE | VERB_FIELDS | VERB_COLUMNS,
		.run = run_add,
		.options = add_options,
		.without = without_add,
		RECORD_OPTS },
	{ .name = "sent",
		.summary = N_("write down that customers were asked; prints the numbers of the surveys"),
		.args = "CUSTOMER…",
		.complete = "customer",
		.min_args = 1,
		.max_args = -1,
		.flags = VERB_WRITE | VERB_FIELDS,
		.run = run_sent,
		.options = sent_options,
		.without = without_sent,
		RECORD_OPTS },
	RECORD_SHOW("SURVEY", "survey"),
	RECORD_LIST("list surveys, newest first", .none = "there is no survey yet: crm survey add CUSTOMER --service "
							  "quality=5 --nps 9, or crm import survey FILE"),
	{ .name = "edit",
		.summary = N_("change fields or scores; an empty value clears one"),
		.args = "SURVEY…",
		.complete = "survey",
		.min_args = 1,
		.max_args = -1,
		.flags = VERB_WRITE | VERB_FIELDS | VERB_WHERE | VERB_VERSION,
		.run = run_edit,
		.options = edit_options,
		.without = without_edit,
		RECORD_OPTS },
	RECORD_RM("SURVEY", "survey", "remove, after asking"),
	RECORD_TAG("SURVEY", "survey"),
};

const struct cli_command command_survey = {
	.name = "survey",
	.summary = N_("what customers were asked and answered"),
	.entity = "survey",
	.verbs = verbs,
	.nverbs = COUNT(verbs),
};
