/*
 * Mail to rows: what the files of crm-import-mail share.
 *
 * A message is held in memory as a whole, one at a time; headers and parts are spans of it. Parts are found here, not by
 * the parser of gmime, which keeps an object for each part and header: a megabyte of empty parts makes 265 of them. gmime
 * reads what is intricate: addresses, dates, parameters, transfer encodings.
 */
#ifndef HELPERS_MAIL_H
#define HELPERS_MAIL_H

#include "cli/out.h"
#include "cli/words.h"

#define HELPER_NAME PROGRAM_NAME "-import-mail"

enum {
	FIELD_MAX = 1 << 20,    /* what an import takes as one field */
	SUBJECT_MAX = 64 << 10, /* so that a row of control characters, six bytes each in JSON, stays below its limit */
	HEAD_MAX = 1 << 20,     /* headers of a message or part */
	LIST_MAX = 16 << 10,    /* a header with addresses: gmime's work on them can grow with the square */
	MESSAGE_MAX = 128 << 20, /* bytes of a message */
	DEPTH_MAX = 100,         /* parts in parts */
	PARTS_MAX = 10000
};

struct text {
	const char *s;
	size_t len;
};

/* --- what is said --- */

/* Where a message is: a file, and its number there (0: the file as a whole). */
struct place {
	const char *file;
	uint64_t number;
};

/* A line on stderr, escaped: `crm-import-mail: FILE: message N: …`. */
void place_say(const struct place *at, const char *fmt, ...) CRM_PRINTF(2, 3);

/* --- where messages come from --- */

enum mail_form {
	MAIL_AUTO,
	MAIL_MBOX,
	MAIL_MAILDIR,
	MAIL_EML
};

struct mail {
	struct place at;
	struct strbuf text; /* without the separator of an mbox, `>From ` unescaped */
	uint64_t lost;      /* bytes beyond MESSAGE_MAX */
};

struct mail_source;

/* `path` may be "-". NULL after a message. */
struct mail_source *mail_open(const char *path, enum mail_form form);
void mail_close(struct mail_source *s);

/* 1: the next message is in *m, which the caller keeps and frees after all; 0: there is none; -1: failed, and said. */
int mail_next(struct mail_source *s, struct mail *m);

/* Appends what fits into MESSAGE_MAX. */
void mail_append(struct mail *m, const char *s, size_t len);

/* Reads a descriptor to its end into an empty message. 0 or errno. */
int mail_read(struct mail *m, int fd);

/* True when a header begins there: a name, blanks, a colon. */
bool mail_is_header(const char *s, size_t len);

/* The messages of a Maildir, in the order of their unique names. NULL after a message. */
struct maildir;
struct maildir *maildir_open(const char *path);
void maildir_close(struct maildir *d);
int maildir_next(struct maildir *d, struct mail *m); /* as mail_next() */

/* --- headers --- */

enum header {
	HEADER_DATE,
	HEADER_RECEIVED,
	HEADER_FROM,
	HEADER_SENDER,
	HEADER_TO,
	HEADER_CC,
	HEADER_SUBJECT,
	HEADER_BCC,
	HEADER_MESSAGE_ID,
	HEADER_TYPE,
	HEADER_DISPOSITION,
	HEADER_ENCODING,
	HEADERS
};

extern const char *const header_names[HEADERS];

/* A message or part: the first header of each kind, as it stands there (`s` NULL: absent), and what follows. */
struct part {
	struct text headers[HEADERS];
	struct text body;
	bool cut; /* headers beyond HEAD_MAX were not read */
};

void part_read(struct part *p, struct text raw);

/* The value of a header in one line, its ends trimmed, cut at `max` bytes; "" when absent. True when it was cut. */
bool header_line(struct strbuf *out, const struct part *p, enum header which, size_t max);

/* --- characters --- */

/* Appends UTF-8 with U+FFFD for each byte that is none, and for NUL; returns how many these were. */
uint64_t utf8_add(struct strbuf *out, const char *s, size_t len);

/*
 * Appends text in the named character set as UTF-8 and returns the number of bytes that did not decode, each of which is
 * U+FFFD then. Without a name (NULL or ""), US-ASCII or one that is not known (then *known, if not NULL, is false) it is
 * UTF-8 or GB18030, whichever it can be.
 */
uint64_t charset_decode(struct strbuf *out, const char *charset, const char *s, size_t len, bool *known);
void charset_close(void);

/* Appends the text of a header, encoded words (RFC 2047) decoded. Returns as charset_decode(). */
uint64_t word_decode(struct strbuf *out, const char *s, size_t len);

/* Cuts text to `max` bytes with the marker `[cut: N bytes]` at its end. Returns N, 0 when it fits. */
size_t text_cut(struct strbuf *text, size_t max);

/* --- rows --- */

/*
 * Appends the text of a message and a line for each attachment, FIELD_MAX at most; says what could not be read. Returns the
 * number of bytes that did not decode.
 */
uint64_t parts_text(struct strbuf *out, const struct place *at, struct text raw);

/* Writes a message as one row. `own` are our addresses and domains (`@example.com`). */
void message_row(struct out *out, const struct mail *m, const struct strings *own);

#endif
