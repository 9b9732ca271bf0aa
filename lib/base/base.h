/*
 * The smallest tools: growing text, arenas, errors, scope-based cleanup.
 *
 * Allocation never aborts. A struct buf or struct arena that could not grow remembers it
 * (`failed`), so a series of additions is checked once, at the end.
 */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include <crm/language.h>
#include <crm/types.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define cleanup(fn)   __attribute__((cleanup(fn)))

/* Marks a text for translation where it stands; whoever shows it passes it through crm_tr(). */
#define N_(text) (text)

/* Gives up ownership: returns the pointer and leaves NULL behind. */
#define TAKE_PTR(p)                                                                                                    \
	({                                                                                                             \
		__typeof__(p) take_ = (p);                                                                             \
		(p) = NULL;                                                                                            \
		take_;                                                                                                 \
	})

static inline void freep(void *p)
{
	free(*(void **)p);
}

/* --- ASCII only, whatever the locale --- */

static inline bool ascii_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline char ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static inline bool ascii_alpha(char c)
{
	return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z';
}

static inline bool ascii_text(char c) /* not NUL, not part of a longer UTF-8 character */
{
	return (unsigned char)c - 1U < 0x7f;
}

static inline bool ascii_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* --- growing text; always NUL-terminated once anything was added --- */

struct buf {
	char *s;
	size_t len, cap;
	bool failed;
};

#define BUF_INIT                                                                                                       \
	{                                                                                                              \
		0                                                                                                      \
	}

void buf_add(struct buf *b, const char *s, size_t len);
void buf_puts(struct buf *b, const char *s);
void buf_putc(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) CRM_PRINTF(2, 3);
void buf_vprintf(struct buf *b, const char *fmt, va_list ap) CRM_PRINTF(2, 0);
void buf_say(struct buf *b, const char *fmt, ...) CRM_PRINTF(2, 3); /* the same in the language of people */
void buf_truncate(struct buf *b, size_t len);
bool buf_reserve(struct buf *b, size_t more); /* room for `more` bytes and a NUL */
void buf_clear(struct buf *b);                /* empty, keeps the memory */
void buf_free(struct buf *b);
char *buf_take(struct buf *b);      /* the text, owned by the caller; NULL if anything failed */
const char *buf_str(struct buf *b); /* "" when empty, NULL if anything failed */

/* Appends 'text' for a message: escaped so that no terminal acts on it, cut at 60 columns. */
void buf_quote(struct buf *b, const char *s, size_t len);

/* Begins a further item of a list: appends ", " unless it is empty. Returns the buffer. */
struct buf *buf_comma(struct buf *b);

/* Appends `, did you mean 'x'?`, or nothing for NULL. The text so far; "" when there is none. */
const char *buf_nearest(struct buf *b, const char *nearest);

/* Appends the bytes as hexadecimal digits, two a byte, in lower case. */
void buf_hex(struct buf *b, const void *bytes, size_t n);

/* The same into an array: 2 * n digits and a NUL. */
void hex_digits(char *out, const void *bytes, size_t n);

/* Appends the bytes as base64 (RFC 4648), padded. */
void buf_base64(struct buf *b, const void *bytes, size_t n);

/* Appends the bytes that base64 stands for, padded or not; blanks do not count. False when it is none. */
bool base64_decode(struct buf *out, const char *s, size_t len);

/* Appends the text as a JSON string: exact, in one line; what could act on a terminal is escaped too. */
void buf_json(struct buf *b, const char *s, size_t len);

/* --- memory that is freed all at once --- */

struct arena_block;
struct arena {
	struct arena_block *head;
	bool failed;
};

void *arena_alloc(struct arena *a, size_t size); /* zeroed, aligned for any type; NULL when out of memory */
char *arena_copy(struct arena *a, const char *s, size_t len); /* NUL-terminated */
void arena_reset(struct arena *a);                            /* forgets everything, keeps one block */
void arena_free(struct arena *a);

/* --- growing arrays: GROW(ptr, count, capacity) makes room for one more; false when out of memory --- */

bool grow_array(void **p, size_t *cap, size_t need, size_t size);
#define GROW(p, n, cap) grow_array((void **)&(p), &(cap), (n) + 1, sizeof(*(p)))

/* --- errors: a code and one line of text --- */

struct err {
	int code;
	struct buf msg;
	bool nomem; /* memory was short: stays, whatever comes after */
};

/*
 * Records the error and returns `code`, so that `return err_set(…)` reads naturally. NULL err is allowed. The
 * arguments may be parts of the message that is replaced. Once memory was short, for whatever a caller passed over, that
 * is the error: the code is CRM_NOMEM from then on, without a text.
 */
int err_set(struct err *e, int code, const char *fmt, ...) CRM_PRINTF(3, 4);
int err_nomem(struct err *e);
void err_clear(struct err *e);
void err_free(struct err *e);

/* --- numbers from text: an optional sign and digits, the whole text, in range, or false --- */

bool parse_int64(const char *s, size_t len, int64_t min, int64_t max, int64_t *out);

/* Reads a decimal number, -12 or 0.75, in any locale; at most 15 digits, which a double keeps exactly. */
bool parse_real(const char *s, size_t len, double *out);

/* To 15 digits, as many as a double is sure of: a computed 3.0000000000000004 becomes the 3 that it means. */
double real_settled(double v);

/* --- descriptors --- */

/* Writes everything, through interruptions and partial writes; false with errno otherwise. */
bool write_all(int fd, const char *s, size_t len);

/* --- hashing: SipHash-1-3, keyed; safe against chosen input when the key is random --- */

struct hash_key {
	uint64_t k0, k1;
};
uint64_t hash_bytes(const struct hash_key *key, const void *data, size_t len);
void hash_key_random(struct hash_key *key);

#endif
