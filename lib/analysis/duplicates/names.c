#include "analysis/duplicates/names.h"
#include "base/words.h"
#include "text/text.h"

enum {
	WORDS_OF_A_NAME = 3, /* a person's has no more, particles aside */
	CHARACTERS_OF_A_NAME = 4
};

/* Words of such a list, `|` between and around them. */
static bool listed(const char *list, const struct part *word)
{
	for (const char *p = list; (p = memchr(p, '|', strlen(p))) && p[1]; p++)
		if (strncmp(p + 1, word->s, word->len) == 0 && p[1 + word->len] == '|')
			return true;
	return false;
}

static const char titles[] = "|mr|mrs|ms|miss|mx|dr|prof|professor|herr|frau|sir|madam|";
static const char particles[] = "|van|von|de|der|den|del|della|di|da|do|dos|du|la|le|el|al|bin|ibn|ter|ten|zu|zum|af|";
static const char legal_forms[] =
	"|inc|incorporated|ltd|limited|llc|llp|plc|corp|corporation|co|company|gmbh|ag|kg|ohg|ug|bv|nv|sa|sarl|"
	"sas|srl|spa|oy|ab|as|aps|pty|pte|kk|";
static const char firm_words[] = "|group|holding|holdings|";

static const char empty_words[] = "|&|and|of|the|und|et|";

static const char *const honorifics[] = { "先生", "女士", "小姐", "太太", "老师", "经理", "总" };
static const char *const firm_endings[] = { "股份有限公司", "有限责任公司", "有限公司", "分公司", "公司", "集团",
	"企业" };
static const char *const firm_signs[] = { "公司", "集团", "银行", "学校", "大学", "医院", "酒店", "超市", "商店",
	"中心", "工厂", "研究" };
static const char *const double_surnames[] = { "欧阳", "尉迟", "诸葛", "上官", "司马", "夏侯", "皇甫", "慕容", "令狐",
	"宇文", "长孙", "轩辕", "独孤", "南宫", "东方", "西门", "公孙", "司徒", "司空", "端木", "百里", "呼延", "澹台",
	"申屠", "太史", "闻人", "东郭", "赫连", "鲜于", "闾丘", "拓跋", "第五" };

static bool starts_with(const struct part *p, const char *s)
{
	return p->len >= strlen(s) && memcmp(p->s, s, strlen(s)) == 0;
}

static bool ends_with(const struct part *p, const char *s)
{
	return p->len >= strlen(s) && memcmp(p->s + p->len - strlen(s), s, strlen(s)) == 0;
}

/* --- words --- */

bool firm_word_is_empty(const struct part *word)
{
	return listed(empty_words, word);
}

static bool is_mark(char c)
{
	return ascii_text(c) && !ascii_digit(c) && !ascii_alpha(c) && c != '&';
}

/* Marks within a word stay: o'brien, smith-jones. */
static bool parts_words(char c)
{
	return ascii_blank(c) || strchr(",;/()[]\"", c);
}

bool next_word(struct part *word, const char *s, size_t len, size_t *at)
{
	size_t i = *at, end;

	while (i < len && is_mark(s[i]))
		i++;
	for (end = i; end < len && !parts_words(s[end]);)
		end++;
	*at = end;
	*word = (struct part){ s + i, end - i };
	while (word->len > 0 && is_mark(word->s[word->len - 1]))
		word->len--;
	return word->len > 0;
}

bool part_is_cjk(const struct part *p, size_t *n)
{
	*n = 0;
	for (size_t i = 0, used; i < p->len; i += used, ++*n) {
		uint32_t cp;

		used = utf8_decode(p->s + i, p->len - i, &cp);
		if (used != 3 || !text_is_cjk(p->s + i, used))
			return false;
	}
	return *n > 0;
}

/* --- people --- */

static void read_cjk(struct name *out, struct part word)
{
	size_t n, family = 3;

	for (size_t i = 0; i < ARRAY_SIZE(honorifics); i++)
		if (ends_with(&word, honorifics[i]) && word.len > strlen(honorifics[i])) {
			word.len -= strlen(honorifics[i]);
			break;
		}
	out->firm = !part_is_cjk(&word, &n) || n > CHARACTERS_OF_A_NAME;
	for (size_t i = 0; i < ARRAY_SIZE(firm_signs); i++)
		out->firm = out->firm || text_contains(word.s, word.len, firm_signs[i], strlen(firm_signs[i]));
	if (out->firm)
		return;
	for (size_t i = 0; n > 2 && i < ARRAY_SIZE(double_surnames); i++)
		if (starts_with(&word, double_surnames[i]))
			family = strlen(double_surnames[i]);
	out->family = (struct part){ word.s, family };
	if (word.len > family)
		out->given = (struct part){ word.s + family, word.len - family };
}

static bool has_digit(const struct part *p)
{
	for (size_t i = 0; i < p->len; i++)
		if (ascii_digit(p->s[i]))
			return true;
	return false;
}

/* From the beginning of one word to the end of another. */
static struct part span(const struct part *first, const struct part *last)
{
	return (struct part){ first->s, (size_t)(last->s + last->len - first->s) };
}

/* Words of the cleaned name, as many as a person's may have with its particles. */
struct name_words {
	struct part v[2 * WORDS_OF_A_NAME];
	size_t n, counted; /* counted: without particles */
	bool firm;
};

static void read_words(struct name_words *w, const struct buf *clean)
{
	struct part word;

	*w = (struct name_words){ .n = 0 };
	for (size_t at = 0; next_word(&word, clean->s, clean->len, &at);) {
		w->firm = w->firm || listed(legal_forms, &word) || listed(firm_words, &word) ||
			  firm_word_is_empty(&word) || has_digit(&word);
		w->counted += !listed(particles, &word);
		if (w->n == ARRAY_SIZE(w->v))
			w->firm = true;
		else
			w->v[w->n++] = word;
	}
	w->firm = w->firm || w->counted > WORDS_OF_A_NAME || w->n == 0;
}

/* `comma`: how many words stand before one, as in `smith, john`; 0: there is none. */
static void read_latin(struct name *out, const struct name_words *w, size_t comma)
{
	size_t family = w->n - 1;

	if (comma > 0 && comma < w->n) {
		out->family = span(&w->v[0], &w->v[comma - 1]);
		out->given = span(&w->v[comma], &w->v[w->n - 1]);
		return;
	}
	while (family > 1 && listed(particles, &w->v[family - 1]))
		family--;
	out->family = span(&w->v[family], &w->v[w->n - 1]);
	if (family > 0)
		out->given = span(&w->v[0], &w->v[family - 1]);
}

/* Words with one blank between them, titles left out; returns how many stand before a comma. */
static size_t clean_words(struct buf *clean, const char *s, size_t len)
{
	size_t n = 0, comma = 0;
	struct part word;

	for (size_t at = 0; next_word(&word, s, len, &at);) {
		bool before_comma = at < len && s[at] == ',' && comma == 0;

		if (listed(titles, &word))
			continue;
		if (clean->len > 0)
			buf_putc(clean, ' ');
		buf_add(clean, word.s, word.len);
		n++;
		if (before_comma)
			comma = n;
	}
	if (clean->len == 0) /* a title alone */
		buf_add(clean, s, len);
	return comma;
}

/* Where there was no name, an address or number stands for it, or a mark. */
static bool is_stand_in(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!ascii_text(s[i]) || ascii_alpha(s[i]))
			return memchr(s, '@', len) != NULL;
	return true;
}

void name_read(struct name *out, struct buf *clean, const char *s, size_t len)
{
	struct name_words words;
	size_t comma, n;

	*out = (struct name){ .firm = false };
	buf_clear(clean);
	if (is_stand_in(s, len))
		return;
	comma = clean_words(clean, s, len);
	if (!buf_str(clean))
		return;
	read_words(&words, clean);
	if (words.n > 0 && part_is_cjk(&words.v[0], &n)) {
		read_cjk(out, words.v[0]); /* in 张伟 Wei Zhang the rest says it again */
		return;
	}
	out->firm = words.firm;
	if (!out->firm)
		read_latin(out, &words, comma);
}

/* --- firms --- */

void firm_stem(struct buf *out, const char *s, size_t len)
{
	size_t before = out->len;
	struct part word;

	for (size_t at = 0; next_word(&word, s, len, &at);) {
		if (listed(legal_forms, &word))
			continue;
		for (size_t i = 0; i < ARRAY_SIZE(firm_endings); i++)
			if (ends_with(&word, firm_endings[i])) {
				word.len -= strlen(firm_endings[i]);
				break;
			}
		if (word.len > 0 && out->len > before)
			buf_putc(out, ' ');
		buf_add(out, word.s, word.len);
	}
	if (out->len == before)
		buf_add(out, s, len);
}
