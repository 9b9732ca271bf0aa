/* A part of the zip through the XML parser; the text in it. */
#include "helpers/say.h"
#include "helpers/xlsx.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	BLOCK = 64 << 10,
	TOKEN_MAX = 16 << 20, /* bytes of one tag */
	SEPARATOR = '|'
};

/* --- XML --- */

/* expat puts the namespace before the name. */
static const char *local(const char *name)
{
	const char *bar = strrchr(name, SEPARATOR);

	return bar ? bar + 1 : name;
}

const char *xml_attribute(const char **attributes, const char *name)
{
	for (; *attributes; attributes += 2)
		if (strcmp(local(attributes[0]), name) == 0)
			return attributes[1];
	return NULL;
}

void xml_stop(struct xml *x, const char *fmt, ...)
{
	cleanup(freep) char *text = NULL;
	va_list ap;

	if (x->fault.len > 0)
		return;
	va_start(ap, fmt);
	if (vasprintf(&text, crm_tr(fmt), ap) < 0)
		text = NULL;
	va_end(ap);
	strbuf_puts(&x->fault, need(text));
	XML_StopParser(x->parser, XML_FALSE);
}

static void on_start(void *payload, const char *name, const char **attributes)
{
	struct xml *x = payload;

	if (x->fault.len == 0)
		x->start(x, local(name), attributes);
}

static void on_end(void *payload, const char *name)
{
	struct xml *x = payload;

	if (x->fault.len == 0 && x->end)
		x->end(x, local(name));
}

static void on_text(void *payload, const char *s, int len)
{
	struct xml *x = payload;

	if (x->fault.len == 0 && x->text)
		x->text(x, s, (size_t)len);
}

static void on_doctype(void *payload, const char *name, const char *system, const char *public, int internal)
{
	(void)name;
	(void)system;
	(void)public;
	(void)internal;
	xml_stop(payload, "it declares a document type, which no such file does");
}

/* --- parts --- */

/* Parses what comes out of the opened part. */
static void parse(unzFile zip, uint64_t max, struct xml *x)
{
	uint64_t total = 0, parsed = 0;
	int n;

	do {
		void *block = need(XML_GetBuffer(x->parser, BLOCK));
		n = unzReadCurrentFile(zip, block, BLOCK);
		if (n < 0) {
			xml_stop(x, "it cannot be unpacked");
			return;
		}
		total += (uint64_t)n;
		if (total > max) {
			xml_stop(x, "it unpacks to more than %llu MiB", (unsigned long long)(max / MIB));
			return;
		}
		if (XML_ParseBuffer(x->parser, n, n == 0) != XML_STATUS_OK) {
			xml_stop(x, "line %lu: %s", (unsigned long)XML_GetCurrentLineNumber(x->parser),
				XML_ErrorString(XML_GetErrorCode(x->parser)));
			return;
		}
		XML_Index at = XML_GetCurrentByteIndex(x->parser);
		if (at >= 0) /* otherwise it waits for more of the same tag */
			parsed = (uint64_t)at;
		if (n > 0 && total - parsed > TOKEN_MAX)
			xml_stop(x, "a tag is longer than 16 MiB");
	} while (n > 0 && x->fault.len == 0);
}

enum part_status part_read(unzFile zip, const char *name, uint64_t max, struct xml *x)
{
	unz_file_info64 info;
	const int any_case = 2;

	if (unzLocateFile(zip, name, any_case) != UNZ_OK)
		return PART_MISSING;
	if (unzGetCurrentFileInfo64(zip, &info, NULL, 0, NULL, 0, NULL, 0) == UNZ_OK && info.flag & 1)
		return say("%s is encrypted: save the file without a password", name), PART_FAILED;
	if (unzOpenCurrentFile(zip) != UNZ_OK)
		return say("the file is damaged: %s cannot be unpacked", name), PART_FAILED;
	x->fault = (struct strbuf){ 0 };
	x->parser = need(XML_ParserCreateNS(NULL, SEPARATOR));
	XML_SetUserData(x->parser, x);
	XML_SetElementHandler(x->parser, on_start, on_end);
	XML_SetCharacterDataHandler(x->parser, on_text);
	XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
	parse(zip, max, x);
	XML_ParserFree(x->parser);
	if (unzCloseCurrentFile(zip) != UNZ_OK && x->fault.len == 0)
		strbuf_puts(&x->fault, crm_tr("its checksum is wrong"));
	bool failed = x->fault.len > 0;
	if (failed)
		say("the file is damaged: %s: %s", name, x->fault.s);
	strbuf_free(&x->fault);
	return failed ? PART_FAILED : PART_READ;
}

/* --- text --- */

void rich_text_start(struct rich_text *t, const char *name)
{
	t->phonetic += strcmp(name, "rPh") == 0;
	t->open = t->phonetic == 0 && strcmp(name, "t") == 0;
}

void rich_text_end(struct rich_text *t, const char *name)
{
	t->phonetic -= t->phonetic > 0 && strcmp(name, "rPh") == 0;
	t->open = false;
}

void rich_text_add(struct rich_text *t, const char *s, size_t len)
{
	if (t->open)
		strbuf_add(t->out, s, len);
}

/* The four digits of _xHHHH_, or -1. */
static int32_t escaped_unit(const char *s)
{
	uint32_t unit = 0;

	if (s[0] != '_' || s[1] != 'x')
		return -1;
	for (int i = 2; i < 6; i++) {
		char c = s[i], low = (char)(c | 0x20);
		if (c >= '0' && c <= '9')
			unit = unit << 4 | (uint32_t)(c - '0');
		else if (low >= 'a' && low <= 'f')
			unit = unit << 4 | (uint32_t)(low - 'a' + 10);
		else
			return -1;
	}
	return s[6] == '_' ? (int32_t)unit : -1;
}

static size_t put_character(char *to, uint32_t c)
{
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const unsigned char first[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

	for (size_t i = n; i-- > 1; c >>= 6)
		to[i] = (char)(0x80 | (c & 0x3f));
	to[0] = (char)(first[n] | c);
	return n;
}

void text_unescape(struct strbuf *text, size_t at)
{
	char *from = text->len > at ? strstr(text->s + at, "_x") : NULL, *to = from;

	while (from && *from) {
		int32_t unit = escaped_unit(from), low = -1;
		size_t used = 7;
		if (unit >= 0xd800 && unit < 0xdc00)
			low = escaped_unit(from + used);
		if (low >= 0xdc00 && low < 0xe000) {
			unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
			used += 7;
		}
		/* NUL and half a character are no text: what is written stays */
		if (unit <= 0 || (unit >= 0xd800 && unit < 0xe000)) {
			*to++ = *from++;
			continue;
		}
		to += put_character(to, (uint32_t)unit);
		from += used;
	}
	if (to)
		strbuf_truncate(text, (size_t)(to - text->s));
}
