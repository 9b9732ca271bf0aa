/*
 * Any text as rules. What must hold: rules or faults with lines that are there; what was taken is written as a text that
 * reads as the same rules, and written again is the same text.
 */
#include "fuzz_store.h"

#include <string.h>

static size_t lines, faults;

static void note(uint64_t line, const char *field, const char *reason, void *payload)
{
	(void)field;
	(void)payload;
	faults++;
	require(line >= 1 && line <= lines, "a fault has a line of the text");
	require(*reason && !strchr(reason, '\n'), "a reason of one line");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	crm_store *s = fuzz_store_open();
	cleanup(freep) char *first = NULL, *second = NULL;
	crm_rules_result r, again;

	lines = 1;
	faults = 0;
	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	require(crm_begin(s, "fuzz") == CRM_OK, "an operation");
	int status = crm_rules_import(&r, s, (const char *)data, size, note, NULL);
	if (status == CRM_OK) {
		require(faults == 0, "all is well without faults");
		require(r.created + r.updated + r.unchanged == r.read, "every rule is counted");
		require(crm_rules_export(&first, s, NULL, 0) == CRM_OK, "rules can be written");
		require(crm_rules_import(&again, s, first, strlen(first), note, NULL) == CRM_OK, "and read again");
		require(again.unchanged == again.read && again.read == r.read, "as the same rules");
		require(crm_rules_export(&second, s, NULL, 0) == CRM_OK && strcmp(first, second) == 0,
			"and written as the same text");
	} else {
		require(status == CRM_FAILED && faults > 0, "faults, or rules");
		require_message();
	}
	crm_rollback(s);
	return 0;
}
