/* crm classify train, crm classify eval: learning, and measuring what was learnt. */
#include "classify.h"
#include "classify_solve.h"
#include "record.h"

#include <string.h>

enum {
	MATRIX_LABELS = 12 /* more of them do not fit on a screen: people get the most frequent mistakes */
};

#define AT(member) offsetof(struct classify_opts, member)

static const char *const methods[] = { "svm", "logistic", "tree", "forest", NULL };

#define FILE_OPTIONS                                                                                                   \
	OPT(CHOICE, 0, "read", AT(input.read), "FORM", "form of the file, where its content does not tell",            \
		.words = input_forms),                                                                                 \
		OPT(TEXT, 0, "encoding", AT(input.encoding), "NAME", "its encoding; auto: by content"),                \
		OPT(TEXT, 0, "delimiter", AT(input.delimiter), "C",                                                    \
			"what parts its columns: a character, tab or auto"),                                           \
		OPT(TEXT, 0, "sheet", AT(input.sheet), "NAME",                                                         \
			"sheet of an xlsx file; else the first that is not hidden"),                                   \
		OPT(TEXT, 0, "table", AT(input.table), "NAME", "table of an SQLite file that has several")

const struct cli_opt classify_train_options[] = {
	OPT(TEXT, 0, "from", AT(from), "WHAT", "records of this kind, as ticket, or the rows of a file (-: stdin)",
		.complete = "entity-or-file"),
	OPT(TEXT, 0, "text", AT(text), "A,B", "the fields or columns with the text"),
	OPT(TEXT, 0, "label", AT(label), "C", "the field or column that says what it is about"),
	OPT(TEXT, 0, "test", AT(test), "SHARE", "hold out this share to measure by, 0 to 0.9 (0.2)"),
	OPT(INTEGER, 0, "seed", AT(seed), "N", "another one holds out others (1)"),
	OPT(TEXT, 0, "name", AT(name), "MODEL", "what it is called; else as the label"),
	OPT(CHOICE, 0, "method", AT(method), "METHOD", "how it learns (svm)", .words = methods),
	OPT(TEXT, 0, "threshold", AT(threshold), "P", "a label less probable than this, 0 to 1, is unknown (0.5)"),
	FILE_OPTIONS,
	OPT_END,
};

const struct cli_opt classify_eval_options[] = {
	OPT(TEXT, 0, "model", AT(model), "MODEL", "which classifier, MODEL@VERSION an older one; else the only one",
		.complete = "classifier"),
	OPT(TEXT, 0, "text", AT(text), "A,B", "the columns with the text; else as it has learnt"),
	OPT(TEXT, 0, "label", AT(label), "C", "the column with the label; else as it has learnt"),
	FILE_OPTIONS,
	OPT_END,
};

/* --- rows --- */

/* A file as rows of some of its columns, "a,b". `in` is to be closed after the rows. */
static int open_file(struct cli *cli, struct input *in, crm_cursor **rows, const char *file, const char *columns,
	const struct classify_opts *o)
{
	int exit_status = input_open(cli, in, NULL, file, &o->input);

	if (exit_status)
		return exit_status;
	crm_import_options how = {
		.file = in->name,
		.read = in->rows,
		.encoding = o->input.encoding,
		.delimiter = o->input.delimiter,
	};
	int status = crm_file_rows(rows, cli->store, in->fd, &how);
	if (status == CRM_OK)
		status = crm_cursor_fields(rows, cli->store, *rows, columns);
	return status < 0 ? cli_store_fail(cli, status) : EXIT_DONE;
}

static int open_records(struct cli *cli, crm_cursor **rows, const crm_entity *e, const char *columns)
{
	cleanup(query_freep) crm_query *q = NULL;
	int status = crm_query_new(&q, cli->store, e);

	if (status == CRM_OK)
		status = crm_query_filter(q, cli->argc, cli->argv);
	if (status == CRM_OK)
		status = crm_query_fields(q, columns);
	if (status == CRM_OK)
		status = crm_query_sort(q, "id");
	if (status == CRM_OK)
		status = crm_query_open(rows, q);
	return status < 0 ? cli_store_fail(cli, status) : EXIT_DONE;
}

static char *text_and_label(const char *text, const char *label)
{
	struct strbuf b = { 0 };

	strbuf_printf(&b, "%s,%s", text, label);
	return need_text(&b);
}

typedef int take_rows_fn(crm_cursor *rows, void *payload);

/* Gives the rows of a file to `take`, which closes them. Returns an exit status. */
static int take_file(struct cli *cli, const char *file, const char *columns, const struct classify_opts *o,
	take_rows_fn *take, void *payload)
{
	struct input in = { 0 };
	crm_cursor *rows;
	int exit_status = open_file(cli, &in, &rows, file, columns, o);

	if (!exit_status) {
		int status = take(rows, payload);
		const char *why = input_ended(&in, status == CRM_OK);
		if (why)
			exit_status = cli_fail(cli, EXIT_FAILED, "%s: %s", in.name, why);
		else if (status < 0)
			exit_status = cli_store_fail(cli, status);
	}
	input_close(&in);
	return exit_status;
}

static int take_for_training(crm_cursor *rows, void *payload)
{
	return crm_training_add(payload, rows);
}

/* Gives the training what --from says. */
static int read_rows(struct cli *cli, crm_training *t, const crm_entity *e, const struct classify_opts *o)
{
	cleanup(freep) char *columns = text_and_label(o->text, o->label);
	crm_cursor *rows;

	if (!e)
		return take_file(cli, o->from, columns, o, take_for_training, t);
	int exit_status = open_records(cli, &rows, e, columns);
	if (exit_status)
		return exit_status;
	int status = crm_training_add(t, rows);
	return status < 0 ? cli_store_fail(cli, status) : EXIT_DONE;
}

/* --- options --- */

/* A share from 0 to 1 in hundredths, *out as it is when it is not given. */
static int read_share(struct cli *cli, const char *option, const char *text, double highest, double *out)
{
	char *end = NULL;

	if (!text)
		return EXIT_DONE;
	double v = strtod(text, &end);
	if (text[strspn(text, "0123456789.")] || end == text || *end || v > highest)
		return cli_fail(cli, EXIT_USAGE, "--%s '%s': is no share from 0 to %g, as 0.2", option, text, highest);
	*out = v;
	return EXIT_DONE;
}

/* Whether a name is one of "a,b". */
static bool names_have(const char *names, const char *name)
{
	size_t n;

	for (const char *s = names; *s; s += n + (s[n] == ',')) {
		n = strcspn(s, ",");
		if (n == strlen(name) && memcmp(s, name, n) == 0)
			return true;
	}
	return false;
}

static int check_train(struct cli *cli, const struct classify_opts *o, const crm_entity *e)
{
	const char *missing = !o->from ? "from WHAT" : !o->text ? "text A,B" : !o->label ? "label C" : NULL;
	bool of_file = o->input.read || o->input.encoding || o->input.delimiter || o->input.sheet || o->input.table;

	if (missing)
		return cli_fail(cli, EXIT_USAGE, "classify train: --%s is missing", missing);
	if (strchr(o->label, ','))
		return cli_fail(cli, EXIT_USAGE, "--label '%s': is one field or column", o->label);
	if (names_have(o->text, o->label))
		return cli_fail(cli, EXIT_USAGE, "--label %s: is in --text as well, and would tell itself", o->label);
	if (e && of_file)
		return cli_fail(cli, EXIT_USAGE,
			"--from %s: means the records; options that say how to read a file need one (./%s)", o->from,
			o->from);
	if (!e && cli->argc > 0)
		return cli_fail(cli, EXIT_USAGE, "'%s': a filter chooses among records, --from %s is a file",
			cli->argv[0], o->from);
	return EXIT_DONE;
}

/* --- what is printed --- */

static int print_evaluation(struct cli *cli, crm_evaluation *e)
{
	bool json = cli_prints_json(cli), few = crm_evaluation_labels(e) <= MATRIX_LABELS;
	struct print_part parts[] = { { "per_label", NULL }, { "confusion", NULL } };
	crm_evaluation_part confusion = json  ? CRM_EVALUATION_CONFUSION
					: few ? CRM_EVALUATION_MATRIX
					      : CRM_EVALUATION_MISTAKES;
	crm_cursor *summary;
	int status = crm_evaluation_rows(&summary, e, CRM_EVALUATION_SUMMARY);

	if (status == CRM_OK)
		status = crm_evaluation_rows(&parts[0].rows, e, CRM_EVALUATION_LABELS);
	if (status == CRM_OK)
		status = crm_evaluation_rows(&parts[1].rows, e, confusion);
	need(status < 0 ? NULL : cli);
	return cli_print_parts(cli, summary, parts, COUNT(parts));
}

/* --- train --- */

static int keep(struct cli *cli, crm_training *t)
{
	int64_t id;
	int exit_status = record_begin(cli, NULL, 0);

	if (exit_status)
		return exit_status;
	int status = crm_training_save(&id, t);
	if (status < 0) {
		exit_status = cli_store_fail(cli, status);
		crm_rollback(cli->store);
		return exit_status;
	}
	return record_commit(cli, N_("trained %s"), crm_entity_find("classifier"), &id, 1);
}

static void training_freep(crm_training **t)
{
	crm_training_free(*t);
}

/* From the rows to a record. */
static int train(struct cli *cli, const crm_training_options *how, const crm_entity *e, const struct classify_opts *o)
{
	cleanup(training_freep) crm_training *t = NULL;
	cleanup(freep) char *program = NULL;
	int exit_status = classify_find_solver(cli, &program);

	if (exit_status)
		return exit_status;
	int status = crm_training_new(&t, cli->store, how);
	if (status < 0)
		return cli_store_fail(cli, status);
	exit_status = read_rows(cli, t, e, o);
	if (exit_status)
		return exit_status;
	status = crm_training_begin(t);
	if (status < 0)
		return cli_store_fail(cli, status);
	exit_status = classify_solve(cli, t, program);
	if (!exit_status)
		exit_status = keep(cli, t);
	return exit_status ? exit_status : print_evaluation(cli, crm_training_evaluation(t));
}

int classify_train(struct cli *cli, const void *opts)
{
	const struct classify_opts *o = opts;
	const crm_entity *e = o->from ? crm_entity_find(o->from) : NULL;
	cleanup(strbuf_freep) struct strbuf filter = { 0 };
	double test = 0.2, threshold = 0.5;
	int exit_status = check_train(cli, o, e);

	if (!exit_status)
		exit_status = read_share(cli, "test", o->test, 0.9, &test);
	if (!exit_status)
		exit_status = read_share(cli, "threshold", o->threshold, 1, &threshold);
	if (exit_status)
		return exit_status;
	for (size_t i = 0; i < cli->argc; i++)
		cli_add_term(&filter, cli->argv[i]);
	need(filter.failed ? NULL : cli);
	crm_training_options how = {
		.name = o->name ? o->name : o->label,
		.method = o->method,
		.learnt_from = o->from,
		.text_fields = o->text,
		.label_field = o->label,
		.filter = filter.s,
		.test = test,
		.seed = o->seed < 0 ? 1 : (uint64_t)o->seed,
		.threshold = (int)(threshold * 100 + 0.5),
	};
	return train(cli, &how, e, o);
}

/* --- eval --- */

struct evaluate {
	crm_evaluation *out;
	crm_store *store;
	const char *model;
};

static int take_for_evaluation(crm_cursor *rows, void *payload)
{
	struct evaluate *e = payload;

	return crm_classifier_evaluate(&e->out, e->store, e->model, rows);
}

int classify_eval(struct cli *cli, const void *opts)
{
	const struct classify_opts *o = opts;
	struct evaluate e = { .store = cli->store, .model = o->model };
	cleanup(freep) char *text = NULL, *label = NULL;
	int status = crm_classifier_columns(&text, &label, cli->store, o->model);

	if (status < 0)
		return cli_store_fail(cli, status);
	cleanup(freep) char *columns = text_and_label(o->text ? o->text : text, o->label ? o->label : label);
	int exit_status = take_file(cli, cli->argv[0], columns, o, take_for_evaluation, &e);
	if (exit_status)
		return exit_status;
	exit_status = print_evaluation(cli, e.out);
	crm_evaluation_free(e.out);
	return exit_status;
}
