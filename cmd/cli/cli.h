/* What every command has at hand. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "cli/config.h"
#include "cli/opt.h"
#include "cli/out.h"
#include "cli/progress.h"
#include "cli/words.h"

/* Exit status of crm(1). */
enum exit_status {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_NOTFOUND = 3,
	EXIT_CONFLICT = 4,
	EXIT_REJECTED = 5,
	EXIT_STORE = 6
};

struct cli {
	crm_store *store; /* always there; open when the verb says so */
	const struct cli_program *program;
	struct global_opts global;
	struct config config;
	bool config_loaded;
	const struct cli_command *command;
	const struct cli_verb *verb;
	const crm_entity *entity; /* of the verb, or NULL */
	const char *const *argv;  /* positional arguments */
	size_t argc;
	int64_t if_unchanged; /* version that the record to be changed must still have, or -1 */
	char *login;
	char *path;        /* of the store, by the rules of crm(1) */
	bool default_path; /* nobody named it: a first write creates it */
	bool agent_named;  /* the acting agent was chosen, it is not just the login */
	struct out *out;   /* stdout */
	struct progress progress;
	bool out_terminal, err_terminal, in_terminal;
	bool quiet_errors; /* completion: nothing may appear on the command line */
};

/* --- messages --- */

/* Prints `crm: …` on stderr and returns the exit status given. */
int cli_fail(struct cli *cli, int exit_status, const char *fmt, ...) CRM_PRINTF(3, 4);

/* Prints the store's message for a failed library call and returns the exit status that fits `status`. */
int cli_store_fail(struct cli *cli, int status);
int cli_exit_status(int status);

/* A line on stderr: a warning always, a note (`created customer 7`) unless --quiet. */
void cli_warn(struct cli *cli, const char *fmt, ...) CRM_PRINTF(2, 3);
void cli_note(struct cli *cli, const char *fmt, ...) CRM_PRINTF(2, 3);

/* Asks a yes/no question on the terminal; without one returns false. */
bool cli_confirm(struct cli *cli, const char *fmt, ...) CRM_PRINTF(2, 3);

/* For a word that is no command: what may be meant; `next` is the word behind it, or NULL. Returns EXIT_USAGE. */
int cli_unknown_command(struct cli *cli, const char *name, const char *next);

/* ", did you mean 'x'?" or "", for messages; owned by the caller. */
char *cli_nearest(const char *word, const char *const *words, size_t n, const char *otherwise);

/* --- the store --- */

/* Tells the store its surroundings: clock, zone, agent, country, wait. Returns an exit status. */
int cli_surroundings(struct cli *cli);

/* Gives it a value of the configuration that means something to it. Returns an exit status. */
int cli_setting(struct cli *cli, const char *key, const char *value);

/* Opens it as `flags` (VERB_READ, VERB_WRITE) say. Returns an exit status. */
int cli_open(struct cli *cli, unsigned flags);

/* Warns of an agent that the store does not know: the name may be mistyped. cli_open() does so before all that writes. */
int cli_check_agent(struct cli *cli);

/* *any: it holds a record of that kind. Returns a status of the library. */
int cli_any(bool *any, struct cli *cli, const crm_entity *e);

/* --- arguments --- */

/* The entity called `name`; `importable`: one that import takes. NULL after a message. */
const crm_entity *cli_entity(struct cli *cli, const char *name, bool importable);

/* The number of an operation or the like, from 1. False after a message. */
bool cli_number(struct cli *cli, const char *what, const char *text, int64_t *out);

/*
 * Adds a term of a filter as stored text has it: what blanks, brackets or quotes would cut apart stands in double quotes,
 * after the colon where there is one. A bracketed group is stored text already.
 */
void cli_add_term(struct strbuf *b, const char *term);

/* --- printing --- */

/* After an answer without a row, on a terminal: that it is empty, and how to fill it. */
void cli_say_none(struct cli *cli);

/*
 * Prints a result in the chosen format, through the pager where the verb says so, and closes the cursor.
 * `single`: one record (record format, JSON object). Returns an exit status.
 */
int cli_print(struct cli *cli, crm_cursor *cursor, bool single);

/* The same for results whose source knows no --fields: chooses its columns, or lists them for `--fields help`. */
int cli_print_columns(struct cli *cli, crm_cursor *cursor);

/*
 * The same for rows in the order of the column `by`: people see a heading with the number of rows for each of its values.
 * For programs it stays a column.
 */
int cli_print_groups(struct cli *cli, crm_cursor *cursor, const char *by);

/* Rows that belong to a record, and the name that they have there. */
struct print_part {
	const char *name;
	crm_cursor *rows;
};

/* A record and its parts as one answer: one table after the other for people, one object for programs. Closes all. */
int cli_print_parts(struct cli *cli, crm_cursor *record, struct print_part *parts, size_t n);

/* `"name":[{…},…]`, a part of an object that the caller puts together. Closes the rows. */
int cli_print_json_part(struct cli *cli, struct print_part *part);

/* True when it would be an object. */
bool cli_prints_json(const struct cli *cli);

/* What cli_print() would do, for output that needs something else: to a file, with a default format. */
struct out_settings cli_settings(struct cli *cli);

/* How cli_print() writes a list: with the format that it comes to. */
struct out_settings cli_list_settings(struct cli *cli);

/* True when what is printed is for people: labels, words and reasons are in their language. */
bool cli_for_people(struct cli *cli);

/* The same where that is a table in colour, and the last column says what stands out in the column `marked` (out.h). */
int cli_print_marked(struct cli *cli, crm_cursor *cursor, const char *marked);

/*
 * Rows into a file, which appears whole or not at all (0600); `-` or NULL: stdout. `fallback` is the format when
 * none was given and the name's ending says none.
 */
int cli_print_file(struct cli *cli, crm_cursor *cursor, const char *path, enum out_format fallback, bool excel);

/* The format that it would take. */
enum out_format cli_file_format(struct cli *cli, const char *path, enum out_format fallback);

/* True for `--fields help`. */
bool cli_fields_asked(const struct cli *cli);

/* Its answer: `columns` (may be none), then the fields of `entity` (may be NULL). Returns an exit status. */
int cli_fields_help(struct cli *cli, const crm_entity *entity, const crm_column *columns, size_t n);

/* --- files --- */

/* A file that is written beside its place and renamed: whole or absent. */
struct new_file {
	char *path;
	char *temp; /* NULL: no plain file, written in place */
	int fd;
};

/* Makes the directories above a path, 0700. 0 or errno. */
int make_parents(const char *path);

/* 0 or errno. */
int new_file_open(struct new_file *f, const char *path);
int new_file_keep(struct new_file *f); /* syncs and renames */
void new_file_drop(struct new_file *f);
int new_file_write(const char *path, const char *s, size_t len); /* the three at once */

/* --- text from elsewhere --- */

/*
 * Text from -m, or from a file (`-`: stdin), or from the editor on a terminal, which starts with `initial`.
 * *out is owned by the caller. Returns an exit status.
 */
int cli_read_text(struct cli *cli, char **out, const char *message, const char *file, const char *initial);

/* All of a file (`-`: stdin), which must be text without NUL. Returns an exit status. */
int cli_read_file(struct cli *cli, struct strbuf *text, const char *name);

/* Lets the user edit a file, or a draft that starts with `initial`: $VISUAL, $EDITOR or vi. Returns an exit status. */
int cli_edit_file(struct cli *cli, const char *path);
int cli_edit_text(struct cli *cli, struct strbuf *text, const char *initial);

/* All of a descriptor into `text`. 0 or errno. */
int read_all(struct strbuf *text, int fd);

/* The lines of stdin up to their first tab, as names; their text is in *text, which the caller frees. */
int cli_read_names(struct cli *cli, struct strings *out, struct strbuf *text);

/* --- completion, man pages, running --- */

/* Prints a text of ours (usage, a script) and frees it. Returns an exit status. */
int cli_print_text(struct cli *cli, struct strbuf *text);
int cli_page_text(struct cli *cli, struct strbuf *text); /* through the pager where the verb says so */

/* `crm __complete WORD…`, `crm __man en|zh FILE`, `crm __check-tables`; `crm __tables`: every verb, how it opens the store, its arguments. */
int cli_complete(struct cli *cli, const char *const *words, size_t n);
int cli_man(struct cli *cli, const char *file);
int cli_check_tables(struct cli *cli);
int cli_list_tables(struct cli *cli);

/* What crm is and what to type next. Returns an exit status. */
int cli_welcome(struct cli *cli);

/* Reads the command line and runs what it says, aliases and external commands included. */
int cli_run(struct cli *cli, const char *const *words, size_t n);

/* Undoes what the start changed, for a program that takes our place: file mode mask and signals. */
void cli_before_exec(void);

/* At the start of main(): descriptors, signals, file modes. */
void cli_safety(void);

/* SIGINT and SIGTERM end the running call of this store; the signal that came, or 0. */
void cli_catch_signals(crm_store *store);
int cli_caught_signal(void);

#endif
