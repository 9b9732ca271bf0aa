/* crm calendar: business hours, holidays, adjusted working days. */
#include "record.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

struct calendar_opts {
	const char *since, *until;
	bool replace;
};

#define AT(member) offsetof(struct calendar_opts, member)

static const struct cli_opt holidays_options[] = {
	OPT(FLAG, 0, "replace", AT(replace), NULL, "in place of the days that the calendar has"),
	OPT_END,
};

static const struct cli_opt hours_options[] = {
	OPT(TEXT, 0, "since", AT(since), "TIME", "the period begins here; required"),
	OPT(TEXT, 0, "until", AT(until), "TIME", "the period ends here; a day counts whole; default: now"),
	OPT_END,
};

static int run_holidays(struct cli *cli, const void *opts)
{
	const struct calendar_opts *o = opts;
	const char *file = cli->argv[1];
	bool in = strcmp(file, "-") == 0;
	crm_calendar_days added;
	int64_t id;
	int status = crm_resolve(&id, cli->store, cli->entity, cli->argv[0], CRM_NAME_WRITE);

	if (status < 0)
		return cli_store_fail(cli, status);
	int fd = in ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return cli_fail(cli, EXIT_FAILED, "%s: %s", file, strerror(errno));
	status = crm_calendar_read(&added, cli->store, id, fd, in ? "stdin" : file, o->replace);
	if (!in)
		close(fd);
	if (status < 0)
		return cli_store_fail(cli, status);
	cleanup(strbuf_freep) struct strbuf holidays = { 0 };
	strbuf_printf(&holidays, crm_tr_n("%zu holiday", "%zu holidays", added.holidays), added.holidays);
	cli_note(cli, crm_tr_n("%s, %zu working day added", "%s, %zu working days added", added.workdays),
		need_str(&holidays), added.workdays);
	return EXIT_DONE;
}

static int run_hours(struct cli *cli, const void *opts)
{
	const struct calendar_opts *o = opts;
	crm_cursor *rows;
	int64_t id;

	if (!o->since)
		return cli_fail(cli, EXIT_USAGE, "calendar hours: --since TIME is missing: where the period begins");
	int status = crm_resolve(&id, cli->store, cli->entity, cli->argv[0], CRM_NAME_READ);
	if (status == CRM_OK)
		status = crm_calendar_hours(&rows, cli->store, id, o->since, o->until);
	return status < 0 ? cli_store_fail(cli, status) : cli_print_columns(cli, rows);
}

static const struct cli_verb verbs[] = {
	RECORD_ADD("write down business hours; prints the number"),
	RECORD_SHOW("CALENDAR", "calendar"),
	RECORD_LIST("list calendars"),
	RECORD_EDIT("CALENDAR", "calendar"),
	RECORD_RM("CALENDAR", "calendar", "remove, unless a policy counts by it"),
	{ .name = "holidays",
		.summary = N_("add the holidays and working days of a file (-: stdin), text or iCalendar"),
		.args = "CALENDAR FILE",
		.complete = "calendar file",
		.min_args = 2,
		.max_args = 2,
		.flags = VERB_WRITE,
		.run = run_holidays,
		.options = holidays_options,
		.size = sizeof(struct calendar_opts) },
	{ .name = "hours",
		.summary = N_("count the working seconds of a period"),
		.args = "CALENDAR",
		.complete = "calendar",
		.min_args = 1,
		.max_args = 1,
		.flags = VERB_READ | VERB_COLUMNS,
		.run = run_hours,
		.options = hours_options,
		.size = sizeof(struct calendar_opts) },
};

const struct cli_command command_calendar = {
	.name = "calendar",
	.summary = N_("business hours, holidays and adjusted working days"),
	.entity = "calendar",
	.verbs = verbs,
	.nverbs = COUNT(verbs),
};
