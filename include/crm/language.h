/*
 * The language of what the library says: messages, and the labels, help lines and words of its descriptions.
 *
 * It is that of the process, as gettext has it: LC_MESSAGES of setlocale(), then $LANGUAGE; without setlocale()
 * it is English. Values, names of fields and everything that programs read are the same in all languages.
 */
#ifndef CRM_LANGUAGE_H
#define CRM_LANGUAGE_H

#include <crm/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define CRM_FORMAT_ARG(n) __attribute__((format_arg(n)))
#else
#define CRM_FORMAT_ARG(n)
#endif

/*
 * Where the translations are: DIRECTORY/zh_CN/LC_MESSAGES/crm.mo. They come as UTF-8, whatever LC_CTYPE says. Reads what
 * there is at once: a process that may open no file later can still be understood.
 */
CRM_API void crm_language_open(const char *directory);

/*
 * The text in the language of the process, the English itself where there is none. What descriptions say (crm_field_help(),
 * crm_report_title(), labels of columns) is English: whoever shows it to people passes it through here. Messages are
 * translated already. Borrowed, as long as the process lives.
 */
CRM_API const char *crm_tr(const char *english) CRM_FORMAT_ARG(1);

/* The same for a text that counts: `one` and `many` are its English forms. */
CRM_API const char *crm_tr_n(const char *one, const char *many, uint64_t n) CRM_FORMAT_ARG(1) CRM_FORMAT_ARG(2);

#ifdef __cplusplus
}
#endif

#endif
