/* Character references of HTML: numbers, and the names of HTML 4, which is what mail programs write. */
#include "helpers/html_text.h"

#include <stdlib.h>
#include <string.h>

/* From U+00A0 on, in order. Browsers take these, and the five of markup, without a semicolon too. */
static const char *const latin[] = { "nbsp", "iexcl", "cent", "pound", "curren", "yen", "brvbar", "sect", "uml", "copy",
	"ordf", "laquo", "not", "shy", "reg", "macr", "deg", "plusmn", "sup2", "sup3", "acute", "micro", "para",
	"middot", "cedil", "sup1", "ordm", "raquo", "frac14", "frac12", "frac34", "iquest", "Agrave", "Aacute", "Acirc",
	"Atilde", "Auml", "Aring", "AElig", "Ccedil", "Egrave", "Eacute", "Ecirc", "Euml", "Igrave", "Iacute", "Icirc",
	"Iuml", "ETH", "Ntilde", "Ograve", "Oacute", "Ocirc", "Otilde", "Ouml", "times", "Oslash", "Ugrave", "Uacute",
	"Ucirc", "Uuml", "Yacute", "THORN", "szlig", "agrave", "aacute", "acirc", "atilde", "auml", "aring", "aelig",
	"ccedil", "egrave", "eacute", "ecirc", "euml", "igrave", "iacute", "icirc", "iuml", "eth", "ntilde", "ograve",
	"oacute", "ocirc", "otilde", "ouml", "divide", "oslash", "ugrave", "uacute", "ucirc", "uuml", "yacute", "thorn",
	"yuml" };

struct name {
	const char *name;
	uint32_t cp;
};

static const struct name markup[] = { { "amp", '&' }, { "lt", '<' }, { "gt", '>' }, { "quot", '"' }, { "apos", '\'' } };

static const struct name others[] = { { "OElig", 0x152 }, { "oelig", 0x153 }, { "Scaron", 0x160 }, { "scaron", 0x161 },
	{ "Yuml", 0x178 }, { "fnof", 0x192 }, { "circ", 0x2c6 }, { "tilde", 0x2dc }, { "Alpha", 0x391 },
	{ "Beta", 0x392 }, { "Gamma", 0x393 }, { "Delta", 0x394 }, { "Epsilon", 0x395 }, { "Zeta", 0x396 },
	{ "Eta", 0x397 }, { "Theta", 0x398 }, { "Iota", 0x399 }, { "Kappa", 0x39a }, { "Lambda", 0x39b },
	{ "Mu", 0x39c }, { "Nu", 0x39d }, { "Xi", 0x39e }, { "Omicron", 0x39f }, { "Pi", 0x3a0 }, { "Rho", 0x3a1 },
	{ "Sigma", 0x3a3 }, { "Tau", 0x3a4 }, { "Upsilon", 0x3a5 }, { "Phi", 0x3a6 }, { "Chi", 0x3a7 },
	{ "Psi", 0x3a8 }, { "Omega", 0x3a9 }, { "alpha", 0x3b1 }, { "beta", 0x3b2 }, { "gamma", 0x3b3 },
	{ "delta", 0x3b4 }, { "epsilon", 0x3b5 }, { "zeta", 0x3b6 }, { "eta", 0x3b7 }, { "theta", 0x3b8 },
	{ "iota", 0x3b9 }, { "kappa", 0x3ba }, { "lambda", 0x3bb }, { "mu", 0x3bc }, { "nu", 0x3bd }, { "xi", 0x3be },
	{ "omicron", 0x3bf }, { "pi", 0x3c0 }, { "rho", 0x3c1 }, { "sigmaf", 0x3c2 }, { "sigma", 0x3c3 },
	{ "tau", 0x3c4 }, { "upsilon", 0x3c5 }, { "phi", 0x3c6 }, { "chi", 0x3c7 }, { "psi", 0x3c8 },
	{ "omega", 0x3c9 }, { "thetasym", 0x3d1 }, { "upsih", 0x3d2 }, { "piv", 0x3d6 }, { "ensp", 0x2002 },
	{ "emsp", 0x2003 }, { "thinsp", 0x2009 }, { "zwnj", 0x200c }, { "zwj", 0x200d }, { "lrm", 0x200e },
	{ "rlm", 0x200f }, { "ndash", 0x2013 }, { "mdash", 0x2014 }, { "lsquo", 0x2018 }, { "rsquo", 0x2019 },
	{ "sbquo", 0x201a }, { "ldquo", 0x201c }, { "rdquo", 0x201d }, { "bdquo", 0x201e }, { "dagger", 0x2020 },
	{ "Dagger", 0x2021 }, { "bull", 0x2022 }, { "hellip", 0x2026 }, { "permil", 0x2030 }, { "prime", 0x2032 },
	{ "Prime", 0x2033 }, { "lsaquo", 0x2039 }, { "rsaquo", 0x203a }, { "oline", 0x203e }, { "frasl", 0x2044 },
	{ "euro", 0x20ac }, { "image", 0x2111 }, { "weierp", 0x2118 }, { "real", 0x211c }, { "trade", 0x2122 },
	{ "alefsym", 0x2135 }, { "larr", 0x2190 }, { "uarr", 0x2191 }, { "rarr", 0x2192 }, { "darr", 0x2193 },
	{ "harr", 0x2194 }, { "crarr", 0x21b5 }, { "lArr", 0x21d0 }, { "uArr", 0x21d1 }, { "rArr", 0x21d2 },
	{ "dArr", 0x21d3 }, { "hArr", 0x21d4 }, { "forall", 0x2200 }, { "part", 0x2202 }, { "exist", 0x2203 },
	{ "empty", 0x2205 }, { "nabla", 0x2207 }, { "isin", 0x2208 }, { "notin", 0x2209 }, { "ni", 0x220b },
	{ "prod", 0x220f }, { "sum", 0x2211 }, { "minus", 0x2212 }, { "lowast", 0x2217 }, { "radic", 0x221a },
	{ "prop", 0x221d }, { "infin", 0x221e }, { "ang", 0x2220 }, { "and", 0x2227 }, { "or", 0x2228 },
	{ "cap", 0x2229 }, { "cup", 0x222a }, { "int", 0x222b }, { "there4", 0x2234 }, { "sim", 0x223c },
	{ "cong", 0x2245 }, { "asymp", 0x2248 }, { "ne", 0x2260 }, { "equiv", 0x2261 }, { "le", 0x2264 },
	{ "ge", 0x2265 }, { "sub", 0x2282 }, { "sup", 0x2283 }, { "nsub", 0x2284 }, { "sube", 0x2286 },
	{ "supe", 0x2287 }, { "oplus", 0x2295 }, { "otimes", 0x2297 }, { "perp", 0x22a5 }, { "sdot", 0x22c5 },
	{ "lceil", 0x2308 }, { "rceil", 0x2309 }, { "lfloor", 0x230a }, { "rfloor", 0x230b }, { "lang", 0x27e8 },
	{ "rang", 0x27e9 }, { "loz", 0x25ca }, { "spades", 0x2660 }, { "clubs", 0x2663 }, { "hearts", 0x2665 },
	{ "diams", 0x2666 } };

enum {
	NAME_MAX_LENGTH = 8 /* of all these */
};

/* What numbers from 128 to 159 mean: those of Windows, whatever the document's own character set (WHATWG HTML). */
static const uint16_t windows[] = { 0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160,
	0x2039, 0x152, 0x8d, 0x17d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122,
	0x161, 0x203a, 0x153, 0x9d, 0x17e, 0x178 };

void html_character(struct strbuf *out, uint32_t cp)
{
	char s[4];
	size_t n = 0;

	if (!cp || cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
		cp = 0xfffd;
	if (cp < 0x80) {
		s[n++] = (char)cp;
	} else {
		if (cp < 0x800) {
			s[n++] = (char)(0xc0 | cp >> 6);
		} else {
			if (cp < 0x10000) {
				s[n++] = (char)(0xe0 | cp >> 12);
			} else {
				s[n++] = (char)(0xf0 | cp >> 18);
				s[n++] = (char)(0x80 | (cp >> 12 & 0x3f));
			}
			s[n++] = (char)(0x80 | (cp >> 6 & 0x3f));
		}
		s[n++] = (char)(0x80 | (cp & 0x3f));
	}
	strbuf_add(out, s, n);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_alnum(char c)
{
	return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* `&#…`, `&#x…` */
static size_t number(struct strbuf *out, const char *s, size_t len)
{
	bool hex = len > 2 && (s[2] | 0x20) == 'x';
	size_t start = hex ? 3 : 2, i = start;
	uint32_t cp = 0;

	for (; i < len; i++) {
		char c = (char)(s[i] | 0x20);
		uint32_t digit;

		if (is_digit(s[i]))
			digit = (uint32_t)(s[i] - '0');
		else if (hex && c >= 'a' && c <= 'f')
			digit = (uint32_t)(c - 'a') + 10;
		else
			break;
		if (cp <= 0x10ffff)
			cp = cp * (hex ? 16 : 10) + digit;
	}
	if (i == start)
		return 0;
	if (cp >= 128 && cp < 160)
		cp = windows[cp - 128];
	html_character(out, cp);
	return i < len && s[i] == ';' ? i + 1 : i;
}

static bool is_name(const char *name, const char *s, size_t len)
{
	return *name == *s && strncmp(name, s, len) == 0 && !name[len];
}

static uint32_t find(const char *s, size_t len, bool closed)
{
	for (size_t i = 0; i < sizeof(markup) / sizeof(markup[0]); i++)
		if (is_name(markup[i].name, s, len))
			return markup[i].cp;
	for (size_t i = 0; i < sizeof(latin) / sizeof(latin[0]); i++)
		if (is_name(latin[i], s, len))
			return 0xa0 + (uint32_t)i;
	for (size_t i = 0; closed && i < sizeof(others) / sizeof(others[0]); i++)
		if (is_name(others[i].name, s, len))
			return others[i].cp;
	return 0;
}

size_t html_entity(struct strbuf *out, const char *s, size_t len)
{
	size_t n = 1;

	if (len > 1 && s[1] == '#')
		return number(out, s, len);
	while (n < len && n <= NAME_MAX_LENGTH && is_alnum(s[n]))
		n++;
	if (n == 1 || (n < len && is_alnum(s[n])))
		return 0;

	bool closed = n < len && s[n] == ';';
	uint32_t cp = find(s + 1, n - 1, closed);
	if (!cp)
		return 0;
	html_character(out, cp);
	return n + closed;
}
