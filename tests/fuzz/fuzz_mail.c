/*
 * Mail of any bytes, as mbox, message or whatever it looks like. Each message becomes one line, which is a JSON object
 * with the same keys, whatever is wrong with it. The first byte chooses the form.
 */
#include "fuzz_file.h"
#include "helpers/mail.h"

#include <assert.h>
#include <gmime/gmime.h>
#include <jansson.h>

void place_say(const struct place *at, const char *fmt, ...)
{
	(void)at;
	assert(*fmt);
}

static void check_line(const char *line, size_t len)
{
	static const char *const keys[] = { "customer", "at", "channel", "direction", "contact_point", "subject",
		"content", "message_id" };
	json_t *row = json_loadb(line, len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);

	assert(row && json_object_size(row) == sizeof(keys) / sizeof(keys[0]));
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const json_t *value = json_object_get(row, keys[i]);

		assert(json_is_null(value) || json_is_string(value));
		assert(json_string_length(value) <= FIELD_MAX);
	}
	json_decref(row);
}

static void check_rows(int fd, size_t messages)
{
	FILE *f = fdopen(fd, "r");
	char *line = NULL;
	size_t cap = 0, lines = 0;
	ssize_t n;

	assert(f && fseek(f, 0, SEEK_SET) == 0);
	for (; (n = getline(&line, &cap, f)) > 0; lines++) {
		assert(line[n - 1] == '\n');
		check_line(line, (size_t)n);
	}
	assert(lines == messages);
	free(line);
	fclose(f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum mail_form forms[] = { MAIL_AUTO, MAIL_MBOX, MAIL_EML };
	static bool started;
	const char *own_words[] = { "me@example.com", "@example.org" };
	struct strings own = { .v = own_words, .n = data && size > 0 && data[0] & 4 ? 2 : 0 };
	struct mail m = { 0 };
	char path[32];
	size_t messages = 0;

	if (size < 1)
		return 0;
	if (!started)
		g_mime_init();
	started = true;
	int in = fuzz_file(data + 1, size - 1), to = fuzz_file(NULL, 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", in);
	struct mail_source *source = mail_open(path, forms[(data[0] & 3) % 3]);
	struct out *out = out_open(to);
	assert(out);
	while (source && mail_next(source, &m) > 0) {
		message_row(out, &m, &own);
		messages++;
	}
	assert(out_close(out) == 0);
	check_rows(to, messages);
	strbuf_free(&m.text);
	mail_close(source);
	close(in);
	return 0;
}
