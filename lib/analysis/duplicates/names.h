/*
 * Names taken apart for comparison: family and given name of a person, the telling words of a firm.
 */
#ifndef DUPLICATES_NAMES_H
#define DUPLICATES_NAMES_H

#include "base/base.h"

struct part {
	const char *s; /* NULL: not known */
	size_t len;
};

struct name {
	struct part family, given;
	bool firm; /* or anything else that is no person's name: then neither is known */
};

/*
 * Reads a folded name (text_fold): *out points into `clean`, whose text is the name without titles, marks and blanks too
 * many. 张伟 is family 张, given 伟; 欧阳修, 王先生, Smith, John and Jan van Dijk are understood. A firm is what says so
 * (公司, Ltd), has digits, or is longer than people's names are. Of an e-mail
 * address or a number in the place of a name `clean` is empty.
 */
void name_read(struct name *out, struct buf *clean, const char *s, size_t len);

/* Appends the name of a firm without what says how it is incorporated (有限公司, Ltd), unless that is all of it. */
void firm_stem(struct buf *out, const char *s, size_t len);

/* True for and, of, the: words of firms that say nothing. */
bool firm_word_is_empty(const struct part *word);

/* The next word of cleaned text from *at on. */
bool next_word(struct part *word, const char *s, size_t len, size_t *at);

/* True when the part has no letter but Han, kana and hangul; *n: how many characters it has. */
bool part_is_cjk(const struct part *p, size_t *n);

#endif
