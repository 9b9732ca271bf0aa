/*
 * The option table: one constant description of each command, its verbs and options.
 *
 * Parsing, usage (--help), completion, the option sections of the man pages and the checks on the table all read
 * it. Options store into a struct of the verb at the given offset, so the tables can be const and read without
 * running anything.
 *
 * How to add a command: write cmd/NAME.c with its verbs, declare its `struct cli_command` in cmd/commands.h and
 * list it in cmd/crm.c and cmd/meson.build; write man/crm-NAME.1.scd.
 */
#ifndef CLI_OPT_H
#define CLI_OPT_H

#include "cli/language.h"

#include <crm/crm.h>

struct cli;
struct config_key;

/* A growing list of words, in the order given. They are borrowed. */
struct strings {
	const char **v;
	size_t n, cap;
};

/* --FIELD VALUE, --set NAME=VALUE: assignments to fields, in the order given. */
struct assign {
	const crm_field *field; /* NULL: custom field `name` */
	const char *name;       /* not NUL-terminated when custom: `length` bytes */
	size_t length;
	const char *value;
};
struct assigns {
	struct assign *v;
	size_t n, cap;
};

enum opt_kind {
	OPT_FLAG,    /* bool */
	OPT_TEXT,    /* const char * */
	OPT_CHOICE,  /* const char *, one of `words` */
	OPT_INTEGER, /* int64_t, not negative; -1 when not given */
	OPT_LIST,    /* struct strings, may be repeated */
	OPT_SET      /* struct assigns: NAME=VALUE of a custom field, may be repeated */
};

struct cli_opt {
	enum opt_kind kind;
	char letter;      /* 0: none */
	const char *name; /* without dashes */
	size_t offset;
	const char *arg; /* what the value is called in usage: "FILE" */
	const char *help;
	const char *const *words; /* OPT_CHOICE: NULL-ended */
	const char *complete;     /* what completes the value, as in struct cli_verb, or NULL */
};

/* One line of a table: what every option says, then what only some say, by name. */
#define OPT(kind_, letter_, name_, offset_, arg_, help_, ...)                                                          \
	{                                                                                                              \
		.kind = OPT_##kind_, .letter = (letter_), .name = (name_), .offset = (offset_), .arg = (arg_),         \
		.help = (help_), __VA_ARGS__                                                                           \
	}
#define OPT_END                                                                                                        \
	{                                                                                                              \
		.name = NULL                                                                                           \
	}

enum verb_flags {
	VERB_READ = 1 << 0,   /* opens the store to read */
	VERB_WRITE = 1 << 1,  /* opens the store to write; creates the default store */
	VERB_FIELDS = 1 << 2, /* takes --FIELD and --set of its entity, as `struct assigns` */
	VERB_LIST = 1 << 3,   /* takes --sort, --limit, --offset as `struct list_opts` */
	VERB_WHERE = 1 << 4, /* acts on many: --where FILTER…, --yes, `-` for names on stdin, as `struct many_opts` */
	VERB_COLUMNS = 1 << 5, /* --fields chooses columns */
	VERB_PAGER = 1 << 6,   /* output may go to the pager */
	VERB_PLAIN = 1 << 7,   /* prints plain lines: --format and the like mean nothing and are refused */
	VERB_PLACE = 1 << 8,   /* knows clock, zone, agent and place of the store, and opens it itself */
	VERB_EXPORT = 1 << 9,  /* without --fields, what import takes */
	VERB_FILE = 1 << 10,   /* has -o FILE: forms that are no text can be written */
	VERB_AGENTS = 1 << 11, /* brings the agents itself: who acts is looked for when it is done */
	VERB_DRAW = 1 << 12,   /* writes pictures and pages */
	VERB_LETTER = 1 << 13, /* writes a letter, as text or HTML */
	VERB_VERSION = 1 << 14 /* changes records: --if-unchanged VERSION, in `struct many_opts` */
};

struct list_opts {
	const char *sort;
	int64_t limit, offset; /* -1: not given */
};

struct many_opts {
	bool where, yes;
	int64_t if_unchanged; /* -1: not given */
};

struct cli_verb {
	const char *name;    /* NULL: the command itself; two words ("policy add") for a noun within the noun */
	const char *summary; /* what it does, in half a line */
	const char *args;    /* positional arguments for the usage: "CUSTOMER…", or NULL */
	/*
	 * What completes positional arguments: a word for each, the last one for all further ones: an entity's name,
	 * "filter", "file", "report", "entity", "entity-or-file", "importable", "record", "config", "alias", "topic", "shell" …
	 * (offer_kind() in complete_kind.c).
	 */
	const char *complete;
	const char *none;           /* what people are told when there is nothing to show yet, or NULL */
	const char *entity;         /* the entity it is about, where that is not the command's */
	const char *const *without; /* fields that are no options here (given otherwise), NULL-ended, or NULL */
	int min_args, max_args;     /* max -1: any number */
	unsigned flags;
	int (*run)(struct cli *cli, const void *opts);
	const struct cli_opt *options; /* OPT_END-ended, or NULL */
	size_t size;                   /* of the verb's option struct */
	size_t fields, list, many;     /* offsets of struct assigns, list_opts, many_opts where the flags say so */
};

struct cli_command {
	const char *name;
	const char *summary;
	const char *entity; /* the entity it is about, or NULL */
	const struct cli_verb *verbs;
	size_t nverbs;
	const struct config_key *keys; /* that its verbs take, for the usage; NULL-named at the end, or NULL */
};

/* All commands, in the order of the usage. */
struct cli_program {
	const struct cli_command *const *commands;
	size_t n;
};

/* --- options of every command, filled from the command line only --- */

struct global_opts {
	const char *store, *as, *now, *format, *fields, *tz, *color;
	int64_t wait; /* -1: not given */
	bool header, no_header, no_pager, quiet, help, version;
};

extern const struct cli_opt global_options[];

/* --- reading the tables --- */

/* The options that hold for a verb, in groups; `offset` is that of the group's struct in the verb's. */
struct opt_group {
	const struct cli_opt *options;
	const char *title;
	size_t offset;
	bool global; /* the struct is the global one */
};

enum {
	OPT_GROUPS = 6
};

/* Fills `groups`, the verb's own options first, the global ones last. `verb` may be NULL. Returns how many. */
size_t opt_groups(struct opt_group groups[OPT_GROUPS], const struct cli_verb *verb, const crm_entity *entity);

/* The option of that name or letter among the groups, and its group; NULL when there is none. */
const struct cli_opt *opt_find(
	const struct opt_group **group, const struct opt_group *groups, size_t n, const char *name, size_t len);
const struct cli_opt *opt_find_letter(
	const struct opt_group **group, const struct opt_group *groups, size_t n, char letter);

bool opt_takes_value(const struct cli_opt *opt);

/* The report that a verb's first argument (NULL: none) names, where it is about one: which options hold depends on it. */
const crm_report *opt_report(const struct cli_verb *verb, const char *first);

/* True for an option that some reports take and others do not. */
bool opt_report_differs(const struct cli_opt *o);

/* The entity of a verb, or NULL. */
const crm_entity *opt_entity(const struct cli_command *command, const struct cli_verb *verb);

/* Fields that the verb takes as options: the next from *at on (which starts at 0), NULL at the end. */
const crm_field *opt_field_next(const struct cli_verb *verb, const crm_entity *entity, size_t *at);
const crm_field *opt_field_find(const struct cli_verb *verb, const crm_entity *entity, const char *name, size_t len);

/* What the value of a field's option is called in usage: "TEXT", "YES|NO", "AGENT"; lives until the next call. */
const char *opt_field_arg(const crm_field *field);

const struct cli_command *command_find(const struct cli_program *program, const char *name);

/* The verb that the words name, and how many of them; NULL when none does. A noun alone is its `list`. */
const struct cli_verb *verb_find(const struct cli_command *command, const char *const *words, size_t n, size_t *used);

/* --- parsing a command line --- */

struct parse {
	const struct cli_program *program;
	struct global_opts global;
	const struct cli_command *command; /* NULL: none was named */
	const struct cli_verb *verb;
	const crm_entity *entity;
	void *opts;          /* the verb's struct */
	struct strings args; /* positional arguments */
	size_t at;           /* words read so far */
	char *error;         /* what is wrong, without "crm: " */
	const void **seen;   /* options and fields given so far */
	size_t nseen, seen_cap;
};

enum parse_result {
	PARSE_DONE,
	PARSE_HELP,    /* -h or --help; command and verb as far as they were named */
	PARSE_VERSION, /* --version */
	PARSE_UNKNOWN, /* words[at] is no command of the program */
	PARSE_WRONG    /* `error` says what */
};

/* `words` are those after the program's name; they must outlive the parse. */
void parse_init(struct parse *p, const struct cli_program *program);
void parse_release(struct parse *p);

/* Reads global options and the command. PARSE_DONE with `command` NULL: there was no further word. */
enum parse_result parse_command(struct parse *p, const char *const *words, size_t n);

/* Reads the rest. */
enum parse_result parse_verb(struct parse *p, const char *const *words, size_t n);

#endif
