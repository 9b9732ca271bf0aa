/*
 * Any bytes as a file to import. What must hold: every row read is counted once; a dry run leaves the store as it was
 * and counts what the real one counts; the real one is undone; and the store is sound throughout. A look at the file
 * beforehand reads the same rows. The first byte chooses entity and options.
 */
#include "fuzz_file.h"
#include "fuzz_store.h"

enum {
	PARTIAL = 1 << 2,
	KEEP_UNKNOWN = 1 << 3,
	CLEAR = 1 << 4,
	MODES = 5,     /* two bits */
	RUNS_MAX = 300 /* then a new store: the journal grows */
};

static void ignore_note(uint64_t line, const char *field, const char *reason, void *payload)
{
	(void)line, (void)payload;
	require(reason && *reason && utf8_valid(reason, strlen(reason), &(size_t){ 0 }), "a reason in UTF-8");
	require(!field || *field, "a field has a name");
}

static int import(
	crm_import_result *result, const crm_entity *e, const uint8_t *data, size_t size, const crm_import_options *opt)
{
	int fd = fuzz_file(data, size), status = crm_import(result, fuzz_store, e, fd, opt, ignore_note, NULL);

	close(fd);
	require(status == CRM_OK || status == CRM_FAILED || status == CRM_INVALID || status == CRM_REJECTED,
		"done, rejected or refused");
	if (status == CRM_OK || status == CRM_REJECTED)
		require(result->created + result->updated + result->unchanged + result->rejected == result->read,
			"every row is counted once");
	else
		require(result->created + result->updated == 0, "what is refused is not counted");
	require(result->conflicts <= result->rejected, "conflicts are rejected");
	require((status == CRM_REJECTED) <= (result->rejected > 0), "rejected rows");
	if (status < 0)
		require_message();
	return status;
}

/* What a look at the file finds is counted once, by kind, and it reads every row that the import reads. */
static void look(const crm_entity *e, const uint8_t *data, size_t size, const crm_import_options *opt,
	const crm_import_result *imported)
{
	crm_lint_result result;
	uint64_t errors = 0, warnings = 0, shown = 0, rows = 0;
	crm_cursor *c;
	int fd = fuzz_file(data, size), status = crm_lint(&c, &result, fuzz_store, e, fd, opt, true);

	require(status == CRM_OK || status == CRM_INVALID || status == CRM_FAILED, "looked at or refused");
	if (status < 0) {
		require_message();
		close(fd);
		return;
	}
	while ((status = crm_cursor_next(c)) == CRM_OK) {
		const crm_value *message = crm_cursor_value(c, 5);

		require(message->len > 0 && utf8_valid(message->s, message->len, &(size_t){ 0 }), "a message in UTF-8");
		rows++;
	}
	require(status == CRM_END || status == CRM_FAILED, "the end, or a file that cannot be read");
	crm_cursor_close(c);
	close(fd);
	for (size_t i = 0; i < result.nkinds; i++) {
		errors += result.kinds[i].errors;
		warnings += result.kinds[i].warnings;
		shown += result.kinds[i].shown;
	}
	require(errors == result.errors && warnings == result.warnings, "the counts of the kinds");
	require(status != CRM_END || (shown == rows && shown == errors + warnings), "all that was found is shown");
	require(result.rows >= imported->read, "no row is passed over");
}

static int64_t count(const char *type)
{
	crm_query *q;
	int64_t n = -1;

	require(crm_query_new(&q, fuzz_store, crm_entity_find(type)) == CRM_OK, "a query");
	require(crm_query_count(&n, q) == CRM_OK, "a count");
	crm_query_free(q);
	return n;
}

static void check_sound(int64_t customers, int64_t logs)
{
	crm_cursor *c;
	size_t problems = 1;

	require(crm_check(&c, fuzz_store, false, &problems) == CRM_OK, "a check");
	crm_cursor_close(c);
	require(problems == 0, "a sound store");
	require(customers < 0 || (count("customer") == customers && count("log") == logs),
		"the records that were there");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const types[] = { "customer", "log", "org", "agent" };
	static const char *const modes[] = { NULL, "upsert", "insert", "update" };
	static int runs;
	crm_import_options opt = { .dry_run = true, .rejects = -1 };
	crm_import_result dry, real;
	const crm_entity *e;
	int64_t customers, logs, undone;
	int status;

	if (size < 1)
		return 0;
	if (++runs % RUNS_MAX == 0)
		fuzz_store_remove();
	fuzz_store_open();
	e = crm_entity_find(types[data[0] & 3]);
	opt.partial = data[0] & PARTIAL;
	opt.keep_unknown = data[0] & KEEP_UNKNOWN;
	opt.blank = data[0] & CLEAR ? "clear" : NULL;
	opt.mode = modes[data[0] >> MODES & 3];
	customers = count("customer");
	logs = count("log");
	status = import(&dry, e, data + 1, size - 1, &opt);
	look(e, data + 1, size - 1, &opt, &dry);
	check_sound(customers, logs);
	opt.dry_run = false;
	require(import(&real, e, data + 1, size - 1, &opt) == status, "the same as the dry run");
	require(dry.created == real.created && dry.updated == real.updated && dry.unchanged == real.unchanged &&
			dry.rejected == real.rejected,
		"the counts of the dry run");
	check_sound(-1, -1);
	if (real.operation) {
		require(crm_undo(&undone, fuzz_store, real.operation) == CRM_OK && undone == real.operation, "an undo");
		check_sound(customers, logs);
	}
	return 0;
}
