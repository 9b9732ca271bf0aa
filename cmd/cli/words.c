#include "cli/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void say_nomem(void)
{
	static bool said;

	if (!said)
		fputs("crm: out of memory\n", stderr);
	said = true;
}

void *need(void *p)
{
	if (p)
		return p;
	say_nomem();
	exit(1);
}

void *need_zeroed(size_t n, size_t size)
{
	return need(calloc(n ? n : 1, size ? size : 1));
}

char *need_copy(const char *s)
{
	return need(strdup(s));
}

void *need_room(void *v, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return v;
	*cap = *cap ? *cap * 2 : 8;
	return need(reallocarray(v, *cap, size));
}

const char *need_str(const struct strbuf *b)
{
	if (b->failed)
		need(NULL);
	return b->s ? b->s : "";
}

char *need_text(struct strbuf *b)
{
	if (b->failed)
		need(NULL);
	char *s = b->s ? b->s : need_copy("");
	*b = (struct strbuf){ 0 };
	return s;
}

void strings_add(struct strings *l, const char *s)
{
	l->v = need_room(l->v, l->n, &l->cap, sizeof(*l->v));
	l->v[l->n++] = s;
}

void strings_free(struct strings *l)
{
	free(l->v);
	*l = (struct strings){ 0 };
}

/* Copies one word to *to, without its quotes; both move on. False when a quote is not closed. */
static bool take_word(char **to, const char **from)
{
	const char *s = *from;
	char *d = *to, quote = 0;

	for (; *s && (quote || !strchr(" \t\n", *s)); s++) {
		if (quote ? *s == quote : *s == '\'' || *s == '"')
			quote = quote ? 0 : *s;
		else if (*s == '\\' && quote != '\'' && s[1])
			*d++ = *++s;
		else
			*d++ = *s;
	}
	*d++ = '\0';
	*to = d;
	*from = s;
	return !quote;
}

bool words_split(struct strings *out, char **text, const char *line)
{
	char *to = *text = need_zeroed(strlen(line) + 2, 1);

	for (line += strspn(line, " \t\n"); *line; line += strspn(line, " \t\n")) {
		const char *word = to;
		if (!take_word(&to, &line))
			return false;
		strings_add(out, word);
	}
	return true;
}

bool words_have(const char *const *words, const char *s)
{
	for (; words && *words; words++)
		if (strcmp(*words, s) == 0)
			return true;
	return false;
}

bool number_read(const char *s, int64_t *out)
{
	int64_t n = 0;

	if (!*s)
		return false;
	for (; *s; s++) {
		int digit = *s - '0';
		if (digit < 0 || digit > 9 || n > (INT64_MAX - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	*out = n;
	return true;
}

void freep(void *p)
{
	free(*(void **)p);
}

void strbuf_freep(struct strbuf *b)
{
	strbuf_free(b);
}

void strings_freep(struct strings *l)
{
	strings_free(l);
}
