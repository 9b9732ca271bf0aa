/* Words that say nothing about what a text is about: the function words of English and Chinese. */
#ifndef ANALYSIS_STOP_H
#define ANALYSIS_STOP_H

#include "base/base.h"

/* A folded word, with ' for the apostrophe and without a final 's. */
bool stop_word(const char *s, size_t len);

/* Characters with which no word of Chinese that means something begins, or ends: what is left is a cut sentence. */
bool stop_first(uint32_t cp);
bool stop_last(uint32_t cp);

#endif
