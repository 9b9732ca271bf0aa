/*
 * A plan from any bytes, applied to a small store: what is refused changes nothing, what is applied can be undone, and a
 * dry run says the same.
 */
#include "fuzz_file.h"
#include "fuzz_store.h"

static void ignore(uint64_t line, const char *field, const char *reason, void *payload)
{
	(void)line, (void)field, (void)payload;
	require(reason && utf8_valid(reason, strlen(reason), &(size_t){ 0 }), "a reason in UTF-8");
}

static int apply(crm_import_result *result, const uint8_t *data, size_t size, bool dry_run)
{
	int fd = fuzz_file(data, size),
	    status = crm_import_apply(result, fuzz_store, fd, "file", dry_run, ignore, NULL);

	close(fd);
	if (status < 0)
		require_message();
	return status;
}

static int64_t count(const char *type)
{
	crm_query *q;
	int64_t n = -1;

	require(crm_query_new(&q, fuzz_store, crm_entity_find(type)) == CRM_OK, "a query");
	require(crm_query_count(&n, q) == CRM_OK, "counting");
	crm_query_free(q);
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned runs;
	crm_import_result dry, real;
	int64_t customers, logs, undone;
	int status;

	if (++runs % 2000 == 0)
		fuzz_store_remove();
	fuzz_store_open();
	customers = count("customer");
	logs = count("log");
	status = apply(&dry, data, size, true);
	require(count("customer") == customers && count("log") == logs, "nothing of a dry run");
	require(apply(&real, data, size, false) == status, "the same as the dry run");
	require(dry.created == real.created && dry.updated == real.updated, "the counts of the dry run");
	if (real.operation)
		require(crm_undo(&undone, fuzz_store, real.operation) == CRM_OK, "an undo");
	require(count("customer") == customers && count("log") == logs, "as before");
	return 0;
}
