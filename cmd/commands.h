/* The commands, one file each. */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "cli/opt.h"

extern const struct cli_command command_agent;
extern const struct cli_command command_alias;
extern const struct cli_command command_apply;
extern const struct cli_command command_backup;
extern const struct cli_command command_calendar;
extern const struct cli_command command_check;
extern const struct cli_command command_classify;
extern const struct cli_command command_completion;
extern const struct cli_command command_config;
extern const struct cli_command command_customer;
extern const struct cli_command command_dump;
extern const struct cli_command command_export;
extern const struct cli_command command_field;
extern const struct cli_command command_followup;
extern const struct cli_command command_help;
extern const struct cli_command command_history;
extern const struct cli_command command_import;
extern const struct cli_command command_init;
extern const struct cli_command command_load;
extern const struct cli_command command_log;
extern const struct cli_command command_order;
extern const struct cli_command command_org;
extern const struct cli_command command_privacy;
extern const struct cli_command command_redo;
extern const struct cli_command command_report;
extern const struct cli_command command_restore;
extern const struct cli_command command_rule;
extern const struct cli_command command_search;
extern const struct cli_command command_sla;
extern const struct cli_command command_sql;
extern const struct cli_command command_survey;
extern const struct cli_command command_team;
extern const struct cli_command command_tick;
extern const struct cli_command command_ticket;
extern const struct cli_command command_undo;
extern const struct cli_command command_vacuum;
extern const struct cli_command command_version;
extern const struct cli_command command_view;
extern const struct cli_command command_whoami;

struct cli;

/* Records of which taking back left something: the first of them are warned of one by one (history.c). */
struct kept {
	struct cli *cli;
	const char *how; /* the format of what is said: kind of record, number, reason */
	size_t n;
};

void kept_say(const crm_entity *e, int64_t id, const char *why, void *kept);
void kept_say_rest(const struct kept *kept);

/* Takes an operation back and says which records were kept; an exit status (history.c). */
int history_undo(struct cli *cli, int64_t operation, bool force, int64_t *undone);

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#endif
