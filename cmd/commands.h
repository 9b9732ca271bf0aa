/* The commands, one file each. */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "cli/opt.h"

extern const struct cli_command command_agent, command_alias, command_apply, command_check, command_completion,
	command_config, command_customer, command_dump, command_export, command_field, command_followup, command_help,
	command_history, command_import, command_init, command_load, command_log, command_org, command_redo,
	command_report, command_rule, command_sql, command_team, command_tick, command_ticket, command_undo,
	command_version, command_view, command_whoami;

struct cli;

/* Takes an operation back and says which records were kept; an exit status (history.c). */
int history_undo(struct cli *cli, int64_t operation, bool force, int64_t *undone);

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#endif
