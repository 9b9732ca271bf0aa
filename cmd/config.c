/* crm config: personal settings, one key at a time. */
#include "cli/cli.h"
#include "commands.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct config_opts {
	bool all;
};

static const struct cli_opt list_options[] = {
	OPT(FLAG, 0, "all", offsetof(struct config_opts, all), NULL, "all keys, with default and meaning"),
	OPT_END,
};

/* The key of that name, or NULL after a message. */
static const struct config_key *find_key(struct cli *cli, const char *name)
{
	const struct config_key *key = config_key_find(name);
	cleanup(strings_freep) struct strings names = { 0 };

	if (key)
		return key;
	for (const struct config_key *k = config_keys; k->name; k++)
		strings_add(&names, k->name);
	cleanup(freep) char *hint =
		cli_nearest(name, names.v, names.n, crm_tr(" (`crm config list --all` lists them)"));
	cli_fail(cli, EXIT_USAGE, "there is no key '%s'%s", name, hint);
	return NULL;
}

static int write_key(struct cli *cli, const char *key, const char *value)
{
	int error = config_write(&cli->config, key, value);

	if (error == EINVAL)
		return cli_fail(cli, EXIT_USAGE, "%s: a line of a configuration file cannot hold this value", key);
	if (error)
		return cli_fail(cli, EXIT_FAILED, "%s: %s",
			cli->config.path ? cli->config.path : crm_tr("configuration"), strerror(error));
	return EXIT_DONE;
}

static void put_pair(struct cli *cli, const char *key, const char *value)
{
	out_text(cli->out, key, strlen(key));
	out_puts(cli->out, "=");
	out_text(cli->out, value, strlen(value));
	out_puts(cli->out, "\n");
}

static int run_get(struct cli *cli, const void *opts)
{
	(void)opts;
	const struct config_key *key = find_key(cli, cli->argv[0]);
	if (!key)
		return EXIT_USAGE;
	const char *value = config_get(&cli->config, cli->argv[0]);
	if (!value)
		return cli_fail(cli, EXIT_NOTFOUND, "%s is not set (%s)", cli->argv[0], crm_tr(key->help));
	out_text(cli->out, value, strlen(value));
	out_puts(cli->out, "\n");
	return EXIT_DONE;
}

/* Many are known to the library. */
static int check_value(struct cli *cli, const struct config_key *key, const char *value)
{
	cleanup(freep) char *refusal = config_refusal(key, value);

	if (refusal)
		return cli_fail(cli, EXIT_USAGE, "%s '%s': must be %s", key->name, value, refusal);
	if (strcmp(key->name, "time.zone") == 0 && crm_store_set_zone(cli->store, value) < 0)
		return cli_fail(cli, EXIT_USAGE, "time.zone: %s", crm_errmsg(cli->store));
	return cli_setting(cli, key->name, value);
}

static int run_set(struct cli *cli, const void *opts)
{
	const struct config_key *key = find_key(cli, cli->argv[0]);

	(void)opts;
	if (!key)
		return EXIT_USAGE;
	int exit_status = check_value(cli, key, cli->argv[1]);
	return exit_status ? exit_status : write_key(cli, cli->argv[0], cli->argv[1]);
}

static int run_unset(struct cli *cli, const void *opts)
{
	(void)opts;
	if (!find_key(cli, cli->argv[0]))
		return EXIT_USAGE;
	if (!config_set_value(&cli->config, cli->argv[0]))
		return cli_fail(cli, EXIT_NOTFOUND, "%s is not set", cli->argv[0]);
	return write_key(cli, cli->argv[0], NULL);
}

/* --- list --- */

static const crm_column columns[] = {
	{ "key", N_("Key"), N_("name of the setting"), CRM_TEXT, NULL },
	{ "value", N_("Value"), N_("that holds: of the file, else the default"), CRM_TEXT, NULL },
	{ "default", N_("Default"), N_("that holds where nothing is set"), CRM_TEXT, NULL },
	{ "origin", N_("Origin"), N_("where the value is from: default, or file and line"), CRM_TEXT, NULL },
	{ "meaning", N_("Meaning"), N_("what it is for, and the words that it takes"), CRM_TEXT, NULL },
};

/* The cells of the rows, and the texts among them that were made for them. */
struct listing {
	bool people; /* read them, in their language */
	struct strings cells;
	char **texts;
	size_t ntexts, cap;
};

static const char *keep(struct listing *l, struct strbuf *text)
{
	l->texts = need_room(l->texts, l->ntexts, &l->cap, sizeof(*l->texts));
	return l->texts[l->ntexts++] = need_text(text);
}

static void add_row(struct listing *l, const struct config_key *k, const char *name, const struct config_entry *e)
{
	struct strbuf origin = { 0 }, meaning = { 0 };

	if (e)
		strbuf_printf(&origin, "file:%zu", e->line);
	strbuf_puts(&meaning, l->people ? crm_tr(k->help) : k->help);
	for (size_t i = 0; k->words && k->words[i]; i++)
		strbuf_printf(&meaning, "%s%s", i ? ", " : ": ", k->words[i]);
	strings_add(&l->cells, name);
	strings_add(&l->cells, e ? e->value : k->fallback);
	strings_add(&l->cells, k->fallback);
	strings_add(&l->cells, e ? keep(l, &origin) : k->fallback ? "default" : NULL);
	strings_add(&l->cells, keep(l, &meaning));
}

/* Each key, then what else is set: aliases. `all`: also what is not set. */
static void add_rows(struct listing *l, const struct config *c, bool all)
{
	for (const struct config_key *k = config_keys; k->name; k++)
		if (all || config_entry(c, k->name))
			add_row(l, k, k->name, config_entry(c, k->name));
	for (size_t i = 0; i < c->n; i++) {
		const struct config_entry *e = &c->v[i];
		const struct config_key *k = config_key_find(e->key);
		if (strcmp(k->name, e->key) != 0 && config_entry(c, e->key) == e)
			add_row(l, k, e->key, e);
	}
}

static int list_rows(struct cli *cli, bool all)
{
	struct listing l = { .people = cli_for_people(cli) };
	crm_cursor *rows;

	add_rows(&l, &cli->config, all);
	int status = crm_cursor_of(&rows, columns, COUNT(columns), l.cells.v, l.cells.n / COUNT(columns));
	for (size_t i = 0; i < l.ntexts; i++)
		free(l.texts[i]);
	free(l.texts);
	strings_free(&l.cells);
	return status < 0 ? cli_store_fail(cli, status) : cli_print_columns(cli, rows);
}

/* As git does: KEY=VALUE of what is set, unless a form, columns or all keys are asked for. */
static int run_list(struct cli *cli, const void *opts)
{
	const struct config_opts *o = opts;
	const struct global_opts *g = &cli->global;
	const struct config *c = &cli->config;

	if (o->all || g->format || g->fields || g->header || g->no_header)
		return list_rows(cli, o->all);
	for (size_t i = 0; i < c->n; i++)
		if (config_entry(c, c->v[i].key) == &c->v[i])
			put_pair(cli, c->v[i].key, c->v[i].value);
	if (c->n == 0)
		cli_say_none(cli);
	return EXIT_DONE;
}

/* The file must be there before an editor can open it. */
static int make_file(struct cli *cli)
{
	int error = make_parents(cli->config.path);
	int fd = error ? -1 : open(cli->config.path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return cli_fail(cli, EXIT_FAILED, "%s: %s", cli->config.path, strerror(error ? error : errno));
	close(fd);
	return EXIT_DONE;
}

static int run_edit(struct cli *cli, const void *opts)
{
	(void)opts;
	if (!cli->config.path)
		return cli_fail(cli, EXIT_FAILED, "no place for the configuration: $HOME is not set");
	if (!cli->in_terminal || !cli->err_terminal)
		return cli_fail(
			cli, EXIT_USAGE, "config edit: there is no terminal; `crm config set KEY VALUE` needs none");
	int exit_status = make_file(cli);
	if (!exit_status)
		exit_status = cli_edit_file(cli, cli->config.path);
	if (exit_status)
		return exit_status;
	config_free(&cli->config);
	int error = config_load(&cli->config);
	for (size_t i = 0; i < cli->config.nwarnings; i++)
		cli_warn(cli, "%s", cli->config.warnings[i]);
	return error ? cli_fail(cli, EXIT_FAILED, "%s: %s", cli->config.path, strerror(error)) : EXIT_DONE;
}

static const struct cli_verb verbs[] = {
	{ .name = "get",
		.summary = N_("print the value of a key"),
		.args = "KEY",
		.complete = "config",
		.min_args = 1,
		.max_args = 1,
		.flags = VERB_PLAIN,
		.run = run_get },
	{ .name = "set",
		.summary = N_("give a key a value"),
		.args = "KEY VALUE",
		.complete = "config config-value",
		.min_args = 2,
		.max_args = 2,
		.flags = VERB_PLAIN,
		.run = run_set },
	{ .name = "list",
		.summary = N_("list what is set"),
		.none = N_("nothing is set: crm config list --all says what can be"),
		.flags = VERB_COLUMNS | VERB_PAGER,
		.run = run_list,
		.options = list_options,
		.size = sizeof(struct config_opts) },
	{ .name = "edit", .summary = N_("edit the file"), .flags = VERB_PLAIN, .run = run_edit },
	{ .name = "unset",
		.summary = N_("forget the value of a key"),
		.args = "KEY",
		.complete = "config",
		.min_args = 1,
		.max_args = 1,
		.flags = VERB_PLAIN,
		.run = run_unset },
};

const struct cli_command command_config = { .name = "config",
	.summary = N_("personal settings"),
	.verbs = verbs,
	.nverbs = COUNT(verbs),
	.keys = config_keys };
