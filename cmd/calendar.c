/* crm calendar: business hours, holidays, adjusted working days. */
#include "record.h"

static const struct cli_verb verbs[] = {
	RECORD_ADD("write down business hours; prints the number"),
	RECORD_SHOW("CALENDAR", "calendar"),
	RECORD_LIST("list calendars"),
	RECORD_EDIT("CALENDAR", "calendar"),
	RECORD_RM("CALENDAR", "calendar", "remove, unless something counts by it"),
};

const struct cli_command command_calendar = {
	.name = "calendar",
	.summary = "business hours, holidays and adjusted working days",
	.entity = "calendar",
	.verbs = verbs,
	.nverbs = COUNT(verbs),
};
