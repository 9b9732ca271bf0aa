/*
 * How Chinese names sound. A table of characters gives each its most usual reading; surnames that are read otherwise,
 * and common words (银行, 重庆), are known besides. Whatever else is read in two ways, as 行 or 乐 within a name, may come
 * out as the other one: only a dictionary of all words could tell.
 */
#ifndef TEXT_PINYIN_H
#define TEXT_PINYIN_H

#include "base/base.h"

/*
 * Appends the syllables of a name, without tones, in lower case, a blank between them, ü as v: `lv bu`. Letters and
 * digits among them stay, folded: 王Amy is `wang amy`. Nothing is appended when the name has no Han character.
 * CRM_INVALID, with nothing appended, when it is no valid UTF-8.
 */
int text_pinyin(struct buf *out, const char *name, size_t len);

/*
 * Appends what somebody typed as it is compared with pinyin: folded, without blanks, hyphens and apostrophes, ü as v.
 * Nothing is appended when it is no pinyin: has a Han character, or begins with no letter from a to z.
 */
int pinyin_typed(struct buf *out, const char *s, size_t len);

/* How pinyin answers what was typed; what is more says it better. */
enum pinyin_answer {
	PINYIN_NO,
	PINYIN_BEGINS_INITIALS, /* the first letters of its first syllables */
	PINYIN_BEGINS,
	PINYIN_INITIALS, /* the first letter of each syllable */
	PINYIN_WHOLE
};

/* The pinyin as text_pinyin() has it, what was typed as pinyin_typed() has it; u stands for ü too. */
enum pinyin_answer pinyin_answers(const char *pinyin, size_t len, const char *typed);

/* --- the table (pinyin_table.c, made by pinyin-gen.py) --- */

enum {
	PINYIN_IN_A_LINE = 64
};

/* A character outside the blocks, and the number of its syllable. */
struct pinyin_beyond {
	uint32_t character;
	uint16_t syllable;
};

/* One character or two, of three bytes each, and their syllables. */
struct pinyin_reading {
	char han[8], sounds[16];
};

extern const char pinyin_syllables[][8]; /* by number, in alphabetical order; 0: no reading known */

/*
 * The characters of a block, two digits of base 34 each: twice the number of the syllable, and one more where a surname
 * or word may begin.
 */
extern const char pinyin_a[][2 * PINYIN_IN_A_LINE + 1];       /* U+3400 to U+4DBF */
extern const char pinyin_unified[][2 * PINYIN_IN_A_LINE + 1]; /* U+4E00 to U+9FFF */

/* In order of their characters, as the others. */
extern const struct pinyin_beyond pinyin_beyond[];
extern const size_t npinyin_beyond;

/* Surnames, and words, of which some character is read otherwise elsewhere. */
extern const struct pinyin_reading pinyin_surnames[], pinyin_words[];
extern const size_t npinyin_surnames, npinyin_words;

#endif
