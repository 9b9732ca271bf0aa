/* A file that may have been a store: opened, checked, listed, its history read. Nothing may crash, whatever it says. */
#include "fuzz_store.h"

#include <fcntl.h>
#include <sys/stat.h>

enum {
	PATCH = 5 /* bytes of input for each change: where (four, of the file's size), and what */
};

static char *sound;
static size_t sound_size;

/* The store that is damaged: made once, closed, so that all of it is in one file. */
static void make_sound(void)
{
	char path[64];
	struct stat st;
	int fd;

	fuzz_store_open_empty();
	fuzz_store_fill();
	crm_store_close(fuzz_store);
	fuzz_store = NULL;
	snprintf(path, sizeof(path), "%s/crm.db", fuzz_directory);
	fd = open(path, O_RDONLY);
	require(fd >= 0 && fstat(fd, &st) == 0, "the store");
	sound_size = (size_t)st.st_size;
	sound = malloc(sound_size);
	require(sound && read(fd, sound, sound_size) == st.st_size, "its bytes");
	close(fd);
}

static void read_all(crm_cursor *c)
{
	while (crm_cursor_next(c) == CRM_OK)
		for (size_t i = 0; i < crm_cursor_columns(c); i++) {
			const crm_value *v = crm_cursor_value(c, i);

			require(v->kind != CRM_STRING || v->s, "a text has its bytes");
		}
	crm_cursor_close(c);
}

static void list(crm_store *s, const char *type)
{
	crm_query *q;
	crm_cursor *c;

	if (crm_query_new(&q, s, crm_entity_find(type)) < 0)
		return;
	if (crm_query_open(&c, q) == CRM_OK)
		read_all(c);
	crm_query_free(q);
}

static void look_at(const char *path)
{
	size_t problems;
	crm_cursor *c;
	crm_store *s;

	require(crm_store_new(&s) == CRM_OK, "a handle");
	crm_store_set_clock(s, 1773115200, true);
	if (crm_store_open(s, path, CRM_OPEN_READ) == CRM_OK) {
		if (crm_check(&c, s, 0, &problems) == CRM_OK)
			read_all(c);
		list(s, "customer");
		list(s, "log");
		if (crm_history(&c, s, -1) == CRM_OK)
			read_all(c);
		if (crm_history_record(&c, s, crm_entity_find("customer"), 1) == CRM_OK)
			read_all(c);
	}
	crm_store_close(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input is a list of changes to a sound store, so that what is damaged is deep inside. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[64];
	char *bytes;
	int fd;

	if (!sound)
		make_sound();
	bytes = malloc(sound_size);
	require(bytes != NULL, "memory");
	memcpy(bytes, sound, sound_size);
	for (size_t i = 0; i + PATCH <= size; i += PATCH) {
		size_t at = (size_t)data[i] << 24 | (size_t)data[i + 1] << 16 | (size_t)data[i + 2] << 8 | data[i + 3];

		bytes[at % sound_size] = (char)data[i + 4];
	}
	snprintf(path, sizeof(path), "%s/crm.db", fuzz_directory);
	fd = open(path, O_WRONLY | O_TRUNC | O_CREAT, 0600);
	require(fd >= 0 && write(fd, bytes, sound_size) == (ssize_t)sound_size && close(fd) == 0, "the damaged store");
	free(bytes);
	look_at(path);
	return 0;
}
