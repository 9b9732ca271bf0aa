/*
 * For LD_PRELOAD: lets an allocation of the process fail.
 *
 *   OOM_COUNT=FILE   nothing fails; FILE gets a line an allocation: two hashes of the calls that led to it, of all and
 *                    of those in the program and in libcrm alone
 *   OOM_AT=N         the Nth allocation fails; with OOM_PERSIST=1 all after it too
 *   OOM_TRACE=1      says on stderr which calls led to the one that failed
 *
 * Only what follows the call of main() counts: before it there is the loader's work alone.
 */
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

enum {
	DEPTH = 64,
	OBJECTS = 64,
	ROOM = 1 << 16
};

static atomic_ulong count;
static unsigned long fail_at;
static bool started, persistent, trace;
static int list = -1;
static char text[ROOM];
static size_t used;
static struct object {
	uintptr_t from, to;
	bool ours;
} objects[OBJECTS];
static size_t nobjects;
static _Thread_local bool inside;
static atomic_flag listing = ATOMIC_FLAG_INIT;

static int add_object(struct dl_phdr_info *info, size_t size, void *payload)
{
	(void)size, (void)payload;
	if (nobjects == OBJECTS)
		return 1;
	struct object *o = &objects[nobjects++];
	o->ours = !*info->dlpi_name || strstr(info->dlpi_name, "libcrm");
	o->from = info->dlpi_addr;
	for (int i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_LOAD)
			o->to = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr + info->dlpi_phdr[i].p_memsz;
	return 0;
}

static const struct object *object_of(uintptr_t address)
{
	for (size_t i = 0; i < nobjects; i++)
		if (address >= objects[i].from && address < objects[i].to)
			return &objects[i];
	return NULL;
}

static void flush(void)
{
	if (used && write(list, text, used) < 0)
		_exit(97);
	used = 0;
}

static uint64_t hash_more(uint64_t hash, uint64_t value)
{
	return (hash ^ value) * 1099511628211u;
}

/* An address counts from where its object begins: the same in each run, wherever the loader puts it. */
static void note(void)
{
	void *calls[DEPTH];
	int n = backtrace(calls, DEPTH);
	uint64_t all = 14695981039346656037u, ours = all;

	for (int i = 2; i < n; i++) { /* without note() and fails() */
		const struct object *o = object_of((uintptr_t)calls[i]);
		uint64_t place = o ? (uint64_t)(o - objects + 1) << 48 | ((uintptr_t)calls[i] - o->from) : 0;

		all = hash_more(all, place);
		if (o && o->ours)
			ours = hash_more(ours, place);
	}
	while (atomic_flag_test_and_set(&listing))
		;
	if (used > ROOM - 64)
		flush();
	used += (size_t)snprintf(
		text + used, 64, "%016llx %016llx\n", (unsigned long long)all, (unsigned long long)ours);
	atomic_flag_clear(&listing);
}

static bool fails(void)
{
	if (!started || inside)
		return false;
	unsigned long n = atomic_fetch_add(&count, 1) + 1;
	bool failing = fail_at && (n == fail_at || (persistent && n > fail_at));
	inside = true;
	if (list >= 0)
		note();
	if (failing && trace) {
		void *calls[DEPTH];
		int depth = backtrace(calls, DEPTH);
		dprintf(2, "-- allocation %lu fails\n", n);
		backtrace_symbols_fd(calls, depth, 2);
	}
	inside = false;
	if (failing)
		errno = ENOMEM;
	return failing;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return fails() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
	return fails() ? NULL : __libc_realloc(p, size);
}

void *memalign(size_t alignment, size_t size)
{
	return fails() ? NULL : __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
	void *p = memalign(alignment, size);

	if (!p)
		return ENOMEM;
	*out = p;
	return 0;
}

static const char *setting(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

__attribute__((constructor)) static void start(void)
{
	const char *file = setting("OOM_COUNT"), *at = setting("OOM_AT");
	void *calls[DEPTH];

	backtrace(calls, DEPTH); /* the first call loads what it needs */
	dl_iterate_phdr(add_object, NULL);
	if (file)
		list = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (file && list < 0)
		_exit(97);
	fail_at = at ? strtoul(at, NULL, 10) : 0;
	persistent = setting("OOM_PERSIST") != NULL;
	trace = setting("OOM_TRACE") != NULL;
	started = file || at;
}

__attribute__((destructor)) static void finish(void)
{
	if (list >= 0)
		flush();
}
