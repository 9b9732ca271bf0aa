#include "exchange/preset/choose.h"
#include "base/cursor.h"
#include "text/text.h"
#include <crm/exchange.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum {
	FILE_MAX = 1 << 20
};

/* Whether one of the names, with | between them, is a header. */
static bool has_one(const char *names, const char *const *headers, size_t n)
{
	for (const char *name = names; *name;) {
		size_t len = strcspn(name, "|");

		for (size_t k = 0; k < n; k++)
			if (strlen(headers[k]) == len && memcmp(headers[k], name, len) == 0)
				return true;
		name += len + (name[len] == '|');
	}
	return false;
}

static bool has_all(const struct preset *p, const char *const *headers, size_t n)
{
	for (size_t i = 0; i < p->nfingerprint; i++)
		if (!has_one(p->fingerprint[i], headers, n))
			return false;
	return p->nfingerprint > 0;
}

static size_t known(const struct preset *p, const char *const *headers, size_t n)
{
	size_t count = 0;
	unsigned number;

	for (size_t k = 0; k < n; k++)
		count += preset_find(p, headers[k], &number) != NULL;
	return count;
}

static int parse_builtin(struct preset **out, size_t i, struct err *err)
{
	return preset_parse(out, preset_builtin(i), strlen(preset_builtin(i)), "preset", err);
}

int preset_detect(
	struct preset **out, const struct crm_entity *e, const char *const *headers, size_t n, struct err *err)
{
	size_t best = 0;

	*out = NULL;
	for (size_t i = 0; preset_builtin(i); i++) {
		struct preset *p;
		size_t score;
		int status = parse_builtin(&p, i, err);

		if (status < 0) {
			*out = preset_free(*out);
			return status;
		}
		score = p->entity == e && has_all(p, headers, n) ? p->nfingerprint * 10 + known(p, headers, n) : 0;
		if (score <= best) {
			preset_free(p);
			continue;
		}
		preset_free(*out);
		*out = p;
		best = score;
	}
	return CRM_OK;
}

static int read_file(struct buf *out, const char *name, struct err *err)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	char block[16384];
	ssize_t n = 0;

	if (fd < 0)
		return err_set(err, CRM_FAILED, "--preset '%s': %s", name, strerror(errno));
	while (out->len <= FILE_MAX && ((n = read(fd, block, sizeof(block))) > 0 || (n < 0 && errno == EINTR)))
		if (n > 0)
			buf_add(out, block, (size_t)n);
	close(fd);
	if (n < 0)
		return err_set(err, CRM_FAILED, "--preset '%s': %s", name, strerror(errno));
	if (out->len > FILE_MAX)
		return err_set(err, CRM_INVALID, "--preset '%s': is larger than 1 MiB", name);
	return out->failed ? err_nomem(err) : CRM_OK;
}

static int load_file(struct preset **out, const char *name, struct err *err)
{
	struct buf text = BUF_INIT;
	int status = read_file(&text, name, err);

	if (status == CRM_OK)
		status = preset_parse(out, text.s ? text.s : "", text.len, name, err);
	buf_free(&text);
	return status;
}

static int load_builtin(struct preset **out, const struct crm_entity *e, const char *name, struct err *err)
{
	struct buf names = BUF_INIT;

	*out = NULL;
	for (size_t i = 0; preset_builtin(i) && !*out; i++) {
		struct preset *p;
		int status = parse_builtin(&p, i, err);

		if (status < 0)
			return status;
		if (strcmp(p->name, name) == 0 && p->entity == e) {
			*out = p;
			break;
		}
		if (p->entity == e)
			buf_printf(&names, "%s%s", names.len ? ", " : "", p->name);
		preset_free(p);
	}
	if (!*out)
		err_set(err, CRM_INVALID, "--preset '%s': is no preset of %s, and a file has a dot in its name: %s",
			name, entity_word(e), buf_str(&names) && names.len ? names.s : crm_tr("there are none"));
	buf_free(&names);
	return *out ? CRM_OK : CRM_INVALID;
}

int preset_load(struct preset **out, const struct crm_entity *e, const char *name, struct err *err)
{
	bool file = strpbrk(name, "/.") != NULL;
	int status = file ? load_file(out, name, err) : load_builtin(out, e, name, err);

	if (status == CRM_OK && (*out)->entity != e) {
		status = err_set(err, CRM_INVALID, "--preset '%s': is one of %s, not of %s", name,
			entity_word((*out)->entity), entity_word(e));
		*out = preset_free(*out);
	}
	return status;
}

int crm_import_presets(crm_cursor **out)
{
	static const crm_column columns[] = {
		COLUMN("preset", "Preset", "name for --preset", CRM_TEXT),
		COLUMN("type", "Type", "what it imports", CRM_TEXT),
		COLUMN("title", "Title", "the system and its export", CRM_TEXT),
		COLUMN("columns", "Columns", "how many columns it knows", CRM_INTEGER),
		COLUMN("origin", "Origin", "where the columns are documented", CRM_TEXT),
	};
	cleanup(rowset_freep) struct rowset *rows = NULL;
	struct err err = { 0 };
	int status = rowset_new(&rows, columns, ARRAY_SIZE(columns));

	for (size_t i = 0; status == CRM_OK && preset_builtin(i); i++) {
		struct preset *p;

		status = parse_builtin(&p, i, &err);
		if (status < 0)
			break;
		rowset_begin(rows);
		rowset_str(rows, 0, p->name);
		rowset_str(rows, 1, p->entity->name);
		rowset_str(rows, 2, p->title);
		rowset_int(rows, 3, (int64_t)p->n);
		rowset_str(rows, 4, p->origin);
		preset_free(p);
	}
	err_free(&err);
	return status < 0 ? status : rowset_cursor(out, TAKE_PTR(rows));
}
