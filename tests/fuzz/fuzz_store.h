/* A small store in a directory of its own, for targets that need one. It is gone when the program ends. */
#ifndef TESTS_FUZZ_FUZZ_STORE_H
#define TESTS_FUZZ_FUZZ_STORE_H

#include "base/base.h"
#include "text/text.h"
#include <crm/crm.h>

#include <stdio.h>
#include <unistd.h>

static char fuzz_directory[32];
static crm_store *fuzz_store;

static inline void require(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "does not hold: %s, '%s'\n", what, fuzz_store ? crm_errmsg(fuzz_store) : "");
	abort();
}

static inline void fuzz_store_remove(void)
{
	static const char *const names[] = { "", "-wal", "-shm", "-holder" };
	char path[64];

	crm_store_close(fuzz_store);
	fuzz_store = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(path, sizeof(path), "%s/crm.db%s", fuzz_directory, names[i]);
		unlink(path);
	}
	rmdir(fuzz_directory);
}

/* Adds a record of field, value … NULL. */
__attribute__((sentinel)) static inline void fuzz_add(const char *type, ...)
{
	const char *field;
	crm_record *r;
	va_list ap;

	require(crm_record_new(&r, fuzz_store, crm_entity_find(type)) == CRM_OK, "a record");
	va_start(ap, type);
	while ((field = va_arg(ap, const char *)))
		require(crm_record_set(r, field, va_arg(ap, const char *)) == CRM_OK, field);
	va_end(ap);
	require(crm_record_save(r) == CRM_OK, type);
	crm_record_free(r);
}

static inline void fuzz_store_fill(void)
{
	fuzz_add("agent", "name", "chen", NULL);
	fuzz_add("org", "name", "Acme", "key", "O1", NULL);
	fuzz_add("field", "entity", "customer", "name", "size", "type", "integer", NULL);
	fuzz_add("customer", "name", "Li Ming", "key", "K1", "phone", "13800138000", "email", "li@example.com", "tags",
		"vip, a", "size", "9", "owner", "chen", "birthday", "1990-05-12", NULL);
	fuzz_add("customer", "name", "张三", "city", "北京", "phones", "home:010-65529988", "org", "1", "birthday",
		"--05-12", NULL);
	fuzz_add("customer", "name", "O'Brien \"x\"", "note", "100% _x_", "do_not_call", "yes", NULL);
	fuzz_add("log", "customer", "1", "channel", "phone", "direction", "in", "at", "2026-03-01 10:00", "subject",
		"退货", NULL);
	fuzz_add("log", "customer", "2", "channel", "chat", "at", "2026-03-12 10:00", NULL);
	fuzz_add("view", "entity", "customer", "name", "v", "filter", "tag:vip or city:北京", NULL);
}

/* A new store without anything, made on first use. */
static inline crm_store *fuzz_store_open_empty(void)
{
	static bool registered;
	char path[64];

	if (fuzz_store)
		return fuzz_store;
	snprintf(fuzz_directory, sizeof(fuzz_directory), "%s/crm-fuzz-XXXXXX",
		access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	require(mkdtemp(fuzz_directory) != NULL, "a directory");
	if (!registered)
		atexit(fuzz_store_remove);
	registered = true;
	snprintf(path, sizeof(path), "%s/crm.db", fuzz_directory);
	require(crm_store_new(&fuzz_store) == CRM_OK, "a handle");
	crm_store_set_clock(fuzz_store, 1773115200, false);
	require(crm_store_set_zone(fuzz_store, "Asia/Shanghai") == CRM_OK, "a zone");
	require(crm_store_set_agent(fuzz_store, "chen", "chen") == CRM_OK, "an agent");
	require(crm_store_set_country(fuzz_store, "CN") == CRM_OK, "a country");
	require(crm_store_init(fuzz_store, path, NULL) == CRM_OK, "a store");
	return fuzz_store;
}

/* The same with a few records. */
static inline crm_store *fuzz_store_open(void)
{
	if (!fuzz_store) {
		fuzz_store_open_empty();
		fuzz_store_fill();
	}
	return fuzz_store;
}

/* A message is one line of UTF-8. */
static inline void require_message(void)
{
	const char *message = crm_errmsg(fuzz_store);

	require(*message && !strchr(message, '\n') && utf8_valid(message, strlen(message), &(size_t){ 0 }),
		"a message of one line in UTF-8");
}

#endif
