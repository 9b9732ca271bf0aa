/*
 * A dump from any bytes, into an empty store. What is refused leaves it empty; what is loaded comes back by dump, and the
 * dump of that is equal. The first byte says whether the digest holds.
 */
#include "fuzz_file.h"
#include "fuzz_store.h"

static void dump_of(struct buf *text, bool history)
{
	int fd = fuzz_file(NULL, 0);
	char block[4096];
	ssize_t n;

	require(crm_dump(fuzz_store, fd, history) == CRM_OK, "a dump");
	require(lseek(fd, 0, SEEK_SET) == 0, "seeking to the beginning");
	while ((n = read(fd, block, sizeof(block))) > 0)
		buf_add(text, block, (size_t)n);
	require(n == 0 && buf_str(text), "reading it");
	close(fd);
}

static int load(const char *data, size_t size, bool edited)
{
	uint64_t rows;
	int fd = fuzz_file(data, size), status = crm_load(&rows, fuzz_store, fd, "file", edited);

	close(fd);
	return status;
}

static bool has_any(void)
{
	crm_query *q;
	int64_t n = 1;

	require(crm_query_new(&q, fuzz_store, crm_entity_find("customer")) == CRM_OK, "a query");
	require(crm_query_count(&n, q) == CRM_OK, "counting");
	crm_query_free(q);
	return n > 0;
}

static void check_again(void)
{
	struct buf first = BUF_INIT, second = BUF_INIT;

	dump_of(&first, true);
	fuzz_store_remove();
	fuzz_store_open_empty();
	require(load(first.s, first.len, false) == CRM_OK, "loading our own dump");
	dump_of(&second, true);
	require(first.len == second.len && memcmp(first.s, second.s, first.len) == 0, "an equal dump");
	buf_free(&first);
	buf_free(&second);
	fuzz_store_remove();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int status;

	if (size < 1)
		return 0;
	fuzz_store_open_empty();
	status = load((const char *)data + 1, size - 1, data[0] != '!');
	if (status == CRM_OK) {
		check_again();
		return 0;
	}
	require(status == CRM_FAILED || status == CRM_SCHEMA || status == CRM_CONFLICT || status == CRM_EXISTS ||
			status == CRM_INVALID,
		"refused");
	require_message();
	require(!has_any(), "nothing of a refused dump");
	return 0;
}
