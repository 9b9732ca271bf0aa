#include "exchange/encoding.h"

#include "text/text.h"

enum {
	ENCODING_NAME_MAX = 31
};

size_t encoding_ascii_run(const char *s, size_t len)
{
	size_t i = 0;
	uint64_t w;

	for (; len - i >= sizeof(w); i += sizeof(w)) {
		memcpy(&w, s + i, sizeof(w));
		if (w & UINT64_C(0x8080808080808080))
			break;
	}
	while (i < len && !((unsigned char)s[i] & 0x80))
		i++;
	return i;
}

const char *encoding_of_beginning(const char *s, size_t len)
{
	/* The mark of UTF-32LE begins with that of UTF-16LE, so it comes first. */
	static const struct {
		const char *mark;
		size_t len;
		const char *name;
	} marks[] = {
		{ "\xef\xbb\xbf", 3, "UTF-8" },
		{ "\xff\xfe\0\0", 4, "UTF-32LE" },
		{ "\0\0\xfe\xff", 4, "UTF-32BE" },
		{ "\xff\xfe", 2, "UTF-16LE" },
		{ "\xfe\xff", 2, "UTF-16BE" },
		{ "\x84\x31\x95\x33", 4, "GB18030" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(marks); i++) {
		if (len >= marks[i].len && !memcmp(s, marks[i].mark, marks[i].len))
			return marks[i].name;
	}
	return encoding_utf16_without_mark(s, len);
}

/* Length of the GB18030 character at `s`, 0 when there is none, more than `len` when it is cut off. */
static size_t gb18030_length(const unsigned char *s, size_t len)
{
	if (s[0] < 0x80)
		return 1;
	if (s[0] == 0x80 || s[0] == 0xff)
		return 0;
	if (len < 2)
		return 2;
	if (s[1] >= 0x40 && s[1] != 0x7f && s[1] != 0xff)
		return 2;
	if (s[1] < 0x30 || s[1] > 0x39)
		return 0;
	if (len < 4)
		return 4;
	return s[2] >= 0x81 && s[2] != 0xff && s[3] >= 0x30 && s[3] <= 0x39 ? 4 : 0;
}

struct gb18030_evidence {
	size_t bad;
	size_t tight,
		loose; /* characters whose second byte is beyond ASCII, or a digit before two bytes more; a letter */
};

static struct gb18030_evidence weigh_gb18030(const char *s, size_t len, bool whole)
{
	const unsigned char *p = (const unsigned char *)s;
	struct gb18030_evidence e = { 0 };

	for (size_t i = 0; i < len;) {
		size_t n = gb18030_length(p + i, len - i);
		bool cut = n > len - i;

		e.bad += n == 0 || (whole && cut);
		if (n > 1 && !cut) {
			bool letter = n == 2 && p[i + 1] < 0x80;

			e.loose += letter;
			e.tight += !letter;
		}
		i += n ? n : 1;
	}
	return e;
}

struct utf8_evidence {
	size_t two, longer; /* sequences of two bytes, of more */
	size_t bad;         /* bytes that are part of no sequence */
	bool begins_bad;
};

static struct utf8_evidence weigh_utf8(const char *s, size_t len, bool whole)
{
	struct utf8_evidence e = { 0 };

	for (size_t i = 0; i < len;) {
		uint32_t cp;
		size_t n = utf8_decode(s + i, len - i, &cp);

		if (n == 0 && !whole && len - i < 4)
			break;
		if (n == 0) {
			e.bad++;
			e.begins_bad |= i == 0;
		}
		e.two += n == 2;
		e.longer += n > 2;
		i += n ? n : 1;
	}
	return e;
}

bool encoding_is_bytewise(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)s[i] < ' ' && s[i] != '\0' && !ascii_blank(s[i]))
			return false;
	return weigh_utf8(s, len, false).bad == 0 || weigh_gb18030(s, len, false).bad == 0;
}

/*
 * A quarter of the characters of Chinese text in GB18030 look like UTF-8 sequences of two bytes, next to none like
 * longer ones; half of its bytes are no UTF-8 at all. UTF-8 with a bad byte here and there is the opposite. So few
 * longer sequences decide for UTF-8, and otherwise the majority; text that does not decode as GB18030 stays UTF-8,
 * where its faults are seen.
 *
 * So does text of Western Europe, whose accented letters stand between ASCII ones: the second byte of most characters
 * would be ASCII then, as it is in few of Chinese.
 */
bool encoding_is_gb18030(const char *s, size_t len, bool whole)
{
	struct utf8_evidence e = weigh_utf8(s, len, whole);
	struct gb18030_evidence gb;

	if (e.bad == 0)
		return false;
	gb = weigh_gb18030(s, len, whole);
	if (gb.loose > gb.tight)
		return false;
	if (e.begins_bad && !e.longer && !gb.bad)
		return true;
	return e.bad > e.two + 8 * e.longer && gb.bad * 4 <= e.bad;
}

static bool same_name(const char *a, const char *b)
{
	for (; *a && *b; a++, b++) {
		char x = *a >= 'a' && *a <= 'z' ? (char)(*a - 'a' + 'A') : *a;

		if (x != *b)
			return false;
	}
	return *a == *b;
}

static bool begins_with(const char *s, const char *prefix)
{
	for (; *prefix; s++, prefix++) {
		char x = *s >= 'a' && *s <= 'z' ? (char)(*s - 'a' + 'A') : *s;

		if (x != *prefix)
			return false;
	}
	return true;
}

/* An empty name means the locale's encoding to iconv, and `//` adds instructions to lose bytes: neither is a name. */
static bool is_plain_name(const char *name)
{
	size_t len = strlen(name);

	if (len == 0 || len > ENCODING_NAME_MAX)
		return false;
	return strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:()+") == len;
}

int encoding_iconv_name(const char **out, const char *name, struct err *err)
{
	static const char *const gb[] = { "GB18030", "GBK", "GB2312", "GB-2312", "GB_2312-80", "CP936", "MS936",
		"WINDOWS-936", "EUC-CN", "EUCCN" };

	if (!is_plain_name(name))
		return err_set(err, CRM_INVALID, "unknown encoding: give a name that `iconv -l` lists, or auto");
	*out = same_name(name, "UTF8") || same_name(name, "UTF-8") ? "UTF-8" : name;
	for (size_t i = 0; i < ARRAY_SIZE(gb); i++) {
		if (same_name(name, gb[i]))
			*out = gb[0];
	}
	return 0;
}

size_t encoding_unit(const char *name)
{
	static const struct {
		const char *prefix;
		size_t unit;
	} wide[] = { { "UTF-16", 2 }, { "UTF16", 2 }, { "UCS-2", 2 }, { "UCS2", 2 }, { "UNICODE", 2 }, { "UTF-32", 4 },
		{ "UTF32", 4 }, { "UCS-4", 4 }, { "UCS4", 4 } };

	for (size_t i = 0; i < ARRAY_SIZE(wide); i++) {
		if (begins_with(name, wide[i].prefix))
			return wide[i].unit;
	}
	return 1;
}
