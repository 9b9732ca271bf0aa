/* Lists of words, memory that a command cannot do without. */
#ifndef CLI_WORDS_H
#define CLI_WORDS_H

#include "cli/opt.h"
#include "cli/strbuf.h"

#define cleanup(fn) __attribute__((cleanup(fn)))

/* These end the program with a message when memory runs out: an open operation is then rolled back. */
void *need(void *p);  /* returns p, unless it is NULL */
void say_nomem(void); /* says so, once in a run, and goes on */
void *need_zeroed(size_t n, size_t size);
char *need_copy(const char *s);
void *need_room(void *v, size_t n, size_t *cap, size_t size); /* the array with room for one more */
char *need_text(struct strbuf *b);                            /* takes the text; "" when nothing was added */
const char *need_str(const struct strbuf *b);                 /* the text, which stays its own */

void strings_add(struct strings *l, const char *s);
void strings_free(struct strings *l);

/*
 * Splits as a shell does, without expansion: blanks part words, '…', "…" and \ quote. The words lie in *text, which
 * the caller frees. False when a quote is not closed.
 */
bool words_split(struct strings *out, char **text, const char *line);

/* True when `s` is among the NULL-ended words. */
bool words_have(const char *const *words, const char *s);

/* The command or verb that is meant by a word of other programs or in Chinese; any other word is itself. */
const char *word_of_ours(const char *word);

/* A whole number from 0, nothing else in the text. */
bool number_read(const char *s, int64_t *out);

void freep(void *p);
void strbuf_freep(struct strbuf *b);
void strings_freep(struct strings *l);

#endif
