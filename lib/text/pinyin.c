/* Pinyin of names: the surname where it is read in a way of its own, words, single characters. */
#include "text/pinyin.h"
#include "text/text.h"
#include <utf8proc.h>

/* What a name ends with that is no person's. */
static const char *const organisations[] = { "公司", "集团", "银行", "学校", "大学", "中学", "小学", "学院", "医院",
	"酒店", "中心", "科技", "贸易", "电子", "实业", "工厂", "商店", "超市", "药房", "协会", "厂", "店", "局", "馆",
	"院", "站", "县", "市", "区", "镇", "社", "报", "部", "网" };

/* How people are addressed behind their name. */
static const char *const titles[] = { "先生", "女士", "小姐", "太太", "夫人", "老师", "师傅", "总经理", "经理", "医生",
	"教授", "主任", "律师", "同学", "老板", "总", "工", "哥", "姐" };

/* Names of persons have no more characters behind the surname. */
enum {
	GIVEN_NAME_MAX = 3
};

static unsigned in_block(const char table[][2 * PINYIN_IN_A_LINE + 1], uint32_t i)
{
	const char *digits = table[i / PINYIN_IN_A_LINE] + 2 * (i % PINYIN_IN_A_LINE);

	return (unsigned)(digits[0] - ']') * 34 + (unsigned)(digits[1] - ']');
}

static int compare_beyond(const void *a, const void *b)
{
	const struct pinyin_beyond *x = a, *y = b;

	return (x->character > y->character) - (x->character < y->character);
}

/* The syllable of a Han character, "" where none is known. *marked: a surname or word of special reading may begin. */
static const char *syllable(uint32_t cp, bool *marked)
{
	const struct pinyin_beyond key = { .character = cp }, *found;
	unsigned entry;

	*marked = false;
	if (cp >= 0x4e00 && cp <= 0x9fff) {
		entry = in_block(pinyin_unified, cp - 0x4e00);
		*marked = entry % 2;
		return pinyin_syllables[entry / 2];
	}
	if (cp >= 0x3400 && cp <= 0x4dbf)
		return pinyin_syllables[in_block(pinyin_a, cp - 0x3400) / 2];
	found = bsearch(&key, pinyin_beyond, npinyin_beyond, sizeof(key), compare_beyond);
	return found ? pinyin_syllables[found->syllable] : "";
}

static bool is_han(uint32_t cp)
{
	return (cp >= 0x4e00 && cp <= 0x9fff) || (cp >= 0x3400 && cp <= 0x4dbf) || cp == 0x3007 ||
	       (cp >= 0x20000 && cp <= 0x3ffff);
}

/* The longest entry of a table with which the text, of three bytes or more, begins: it comes behind the shorter one. */
static const struct pinyin_reading *reading_at(const struct pinyin_reading *table, size_t n, const char *s, size_t len)
{
	const struct pinyin_reading *found = NULL;

	for (size_t i = 0; i < n; i++)
		if (memcmp(table[i].han, s, 3) == 0 &&
			(!table[i].han[3] || (len >= 6 && memcmp(table[i].han + 3, s + 3, 3) == 0)))
			found = &table[i];
	return found;
}

static bool ends_with(const char *s, size_t len, const char *const *endings, size_t n, size_t *bytes)
{
	for (size_t i = 0; i < n; i++) {
		*bytes = strlen(endings[i]);
		if (*bytes < len && memcmp(s + len - *bytes, endings[i], *bytes) == 0)
			return true;
	}
	return false;
}

/*
 * The surname of special reading that a name's first Han characters are; NULL: none, or this is no Chinese person's
 * name by its length, by the dot between a foreigner's names or by how it ends.
 */
static const struct pinyin_reading *surname_at(const char *s, size_t len)
{
	const struct pinyin_reading *found = reading_at(pinyin_surnames, npinyin_surnames, s, len);
	size_t run = 0, count = 0, bytes;
	uint32_t cp = 0;

	if (!found || ends_with(s, len, organisations, ARRAY_SIZE(organisations), &bytes))
		return NULL;
	for (size_t n; (n = utf8_decode(s + run, len - run, &cp)) > 0 && is_han(cp); run += n)
		count++;
	if (run < len && (cp == 0xb7 || cp == 0x2022 || cp == 0x2027 || cp == 0x30fb))
		return NULL;
	if (ends_with(s, run, titles, ARRAY_SIZE(titles), &bytes))
		count -= bytes / 3;
	return count <= strlen(found->han) / 3 + GIVEN_NAME_MAX ? found : NULL;
}

static bool is_letter(uint32_t cp)
{
	utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)cp);

	return c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_NO;
}

/* Appends the syllables of the Han character, surname or word that the text begins with; returns its bytes. */
static size_t spell_han(struct buf *out, const char *s, size_t len, bool first)
{
	const struct pinyin_reading *r = NULL;
	uint32_t cp = 0;
	size_t n = utf8_decode(s, len, &cp);
	bool marked;
	const char *sounds = syllable(cp, &marked);

	if (marked && first)
		r = surname_at(s, len);
	if (marked && !r)
		r = reading_at(pinyin_words, npinyin_words, s, len);
	if (r)
		buf_puts(out, r->sounds);
	else if (*sounds)
		buf_puts(out, sounds);
	else
		buf_add(out, s, n); /* stands for itself */
	return r ? strlen(r->han) : n;
}

static void spell(struct buf *out, const char *s, size_t len)
{
	const size_t start = out->len;
	bool first = true, apart = false;
	uint32_t cp = 0;

	for (size_t i = 0, n; (n = utf8_decode(s + i, len - i, &cp)) > 0; i += n) {
		bool han = is_han(cp);

		if (!han && !is_letter(cp)) {
			apart = true;
			continue;
		}
		if (out->len > start && (han || apart))
			buf_putc(out, ' ');
		if (han)
			n = spell_han(out, s + i, len - i, first);
		else if (cp == 0xfc)
			buf_putc(out, 'v');
		else
			buf_add(out, s + i, n);
		first = first && !han;
		apart = han;
	}
}

static bool has_han(const char *s, size_t len)
{
	uint32_t cp = 0;

	for (size_t i = 0, n; i < len; i += n) {
		n = (unsigned char)s[i] < 0xe3 ? 1 : utf8_decode(s + i, len - i, &cp);
		if (n > 1 && (is_han(cp) || (cp >= 0xf900 && cp <= 0xfaff)))
			return true;
		n += n == 0;
	}
	return false;
}

int text_pinyin(struct buf *out, const char *name, size_t len)
{
	struct buf folded = BUF_INIT;
	int status = has_han(name, len) ? text_fold(&folded, name, len) : CRM_OK;

	if (status == CRM_OK && folded.len > 0)
		spell(out, folded.s, folded.len);
	buf_free(&folded);
	return status < 0 ? status : out->failed ? CRM_NOMEM : CRM_OK;
}

/* --- what was typed --- */

int pinyin_typed(struct buf *out, const char *s, size_t len)
{
	cleanup(buf_free) struct buf folded = BUF_INIT;
	int status = has_han(s, len) ? CRM_OK : text_fold(&folded, s, len);

	if (status < 0 || folded.len == 0 || !ascii_alpha(folded.s[0]))
		return status == CRM_NOMEM ? status : CRM_OK;
	for (size_t i = 0; i < folded.len; i++)
		if (strncmp(folded.s + i, "ü", 2) == 0) {
			buf_putc(out, 'v');
			i++;
		} else if (!strchr(" '-", folded.s[i])) {
			buf_putc(out, folded.s[i]);
		}
	return out->failed ? CRM_NOMEM : CRM_OK;
}

static bool same_letter(char pinyin, char typed)
{
	return pinyin == typed || (pinyin == 'v' && typed == 'u');
}

/* How far what was typed goes through the letters, all or those that begin a syllable: 2 to the end, 1 not so far, 0 astray. */
static int reach(const char *pinyin, size_t len, const char *typed, bool initials)
{
	for (size_t i = 0; i < len; i++) {
		if (pinyin[i] == ' ' || (initials && i > 0 && pinyin[i - 1] != ' '))
			continue;
		if (!*typed)
			return 1;
		if (!same_letter(pinyin[i], *typed++))
			return 0;
	}
	return *typed ? 0 : 2;
}

enum pinyin_answer pinyin_answers(const char *pinyin, size_t len, const char *typed)
{
	int whole = reach(pinyin, len, typed, false), initials = reach(pinyin, len, typed, true);

	return whole == 2      ? PINYIN_WHOLE
	       : initials == 2 ? PINYIN_INITIALS
	       : whole == 1    ? PINYIN_BEGINS
	       : initials == 1 ? PINYIN_BEGINS_INITIALS
			       : PINYIN_NO;
}
