/*
 * SQL functions of the journal: the image of a record, and the hash by which the digest of an operation knows it.
 *
 * An image ends with a member "~", random text that means nothing: from the hash of an image that was erased nobody
 * can find out, by trying, what it said.
 */
#include "base/sha256.h"
#include "store/internal.h"
#include <unistd.h>

enum {
	SALT_LEN = 16 /* characters of six random bits */
};

/* A member of the object, unless its value is NULL or an empty array. Values of names that begin with + are JSON. */
static void put_member(struct buf *out, sqlite3_value *name, sqlite3_value *value)
{
	const char *key = (const char *)sqlite3_value_text(name), *s;
	int type = sqlite3_value_type(value);
	size_t len;

	if (!key || type == SQLITE_NULL)
		return;
	s = (const char *)sqlite3_value_text(value);
	len = (size_t)sqlite3_value_bytes(value);
	if (!s || (key[0] == '+' && len == 2))
		return;
	buf_puts(out, "\"");
	buf_puts(out, key);
	buf_puts(out, "\":");
	if (type == SQLITE_TEXT && key[0] != '+')
		buf_json(out, s, len);
	else
		buf_add(out, s, len);
	buf_putc(out, ',');
}

static bool put_salt(struct buf *out, struct salts *salts)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	char text[SALT_LEN];

	if (salts->left < SALT_LEN) {
		if (getentropy(salts->bytes, sizeof(salts->bytes)) < 0)
			return false;
		salts->left = sizeof(salts->bytes);
	}
	for (size_t i = 0; i < SALT_LEN; i++)
		text[i] = digits[salts->bytes[--salts->left] & 63];
	buf_puts(out, "\"~\":\"");
	buf_add(out, text, SALT_LEN);
	buf_putc(out, '"');
	return true;
}

/* image(name, value, …): the values as a JSON object, as the journal keeps a record. */
static void sql_image(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	crm_store *s = sqlite3_user_data(ctx);
	struct buf b = BUF_INIT;

	buf_putc(&b, '{');
	for (int i = 0; i + 1 < argc; i += 2)
		put_member(&b, argv[i], argv[i + 1]);
	if (!put_salt(&b, &s->salts)) {
		sqlite3_result_error(ctx, crm_tr("the system gives no random bytes"), -1);
		buf_free(&b);
		return;
	}
	buf_putc(&b, '}');
	result_text(ctx, &b);
}

#define ERASED_BEGIN "{\"erased\":\""
#define ERASED_END   "\"}"

void image_hash(char hex[SHA256_HEX + 1], const char *image, size_t len)
{
	const size_t begin = sizeof(ERASED_BEGIN) - 1, end = sizeof(ERASED_END) - 1;

	if (len == begin + SHA256_HEX + end && memcmp(image, ERASED_BEGIN, begin) == 0 &&
		memcmp(image + begin + SHA256_HEX, ERASED_END, end) == 0) {
		memcpy(hex, image + begin, SHA256_HEX);
		hex[SHA256_HEX] = '\0';
		return;
	}
	sha256_hex(hex, image, len);
}

/* image_hash(image): of an erased one that which it had. */
static void sql_image_hash(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	const char *image = (const char *)sqlite3_value_text(argv[0]);
	char hex[SHA256_HEX + 1];

	(void)argc;
	if (!image)
		return;
	image_hash(hex, image, (size_t)sqlite3_value_bytes(argv[0]));
	sqlite3_result_text(ctx, hex, SHA256_HEX, SQLITE_TRANSIENT);
}

int journal_functions_register(crm_store *s)
{
	const int flags = SQLITE_UTF8 | SQLITE_INNOCUOUS;

	if (sqlite3_create_function(s->db, "image", -1, flags, s, sql_image, NULL, NULL) != SQLITE_OK ||
		sqlite3_create_function(s->db, "image_hash", 1, flags | SQLITE_DETERMINISTIC, NULL, sql_image_hash,
			NULL, NULL) != SQLITE_OK)
		return db_error(s, "store");
	return CRM_OK;
}
