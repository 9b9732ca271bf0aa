/*
 * Chinese text in UTF-8 that was read as GBK: 你好 becomes 浣犲ソ.
 *
 * A Han character is E4..E9 and two bytes from 80 to BF. Taken in pairs, two of them begin with a character of GBK whose
 * bytes are E4..E9 80..BF, and one whose bytes are 80..BF E4..E9. The first are rare, the second after the first hardly
 * ever occurs in real text.
 */
#ifndef LINT_GBK_H
#define LINT_GBK_H

#include "base/base.h"

struct lint_gbk {
	uint64_t first[0x10000 / 64], second[0x10000 / 64]; /* a bit for each code point of the basic plane */
};

/* Without a converter for GB18030 in this system nothing will be found. */
void lint_gbk_init(struct lint_gbk *g);

/* True when the text, which is UTF-8, has such a pair. */
bool lint_gbk_misread(const struct lint_gbk *g, const char *s, size_t len);

#endif
