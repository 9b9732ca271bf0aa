/*
 * Any bytes as a name. What must hold: the pinyin of what is text is text, folded already, with single blanks inside;
 * and who types it whole is answered so.
 */
#include "text/pinyin.h"
#include "text/text.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_typed(const char *pinyin, size_t len)
{
	struct buf typed = BUF_INIT;

	assert(pinyin_typed(&typed, pinyin, len) == CRM_OK);
	if (typed.len > 0)
		assert(pinyin_answers(pinyin, len, typed.s) == PINYIN_WHOLE);
	buf_free(&typed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *s = (const char *)data;
	struct buf pinyin = BUF_INIT, typed = BUF_INIT, folded = BUF_INIT;
	int status = text_pinyin(&pinyin, s, size);

	if (utf8_valid(s, size, NULL)) {
		assert(status == CRM_OK && utf8_valid(buf_str(&pinyin), pinyin.len, NULL));
		assert(text_fold(&folded, buf_str(&pinyin), pinyin.len) == CRM_OK);
		assert(folded.len == pinyin.len && strcmp(buf_str(&folded), buf_str(&pinyin)) == 0);
		check_typed(buf_str(&pinyin), pinyin.len);
	}
	assert(pinyin_typed(&typed, s, size) == CRM_OK);
	assert(pinyin_answers(s, size, buf_str(&typed)) <= PINYIN_WHOLE);
	buf_free(&pinyin);
	buf_free(&typed);
	buf_free(&folded);
	return 0;
}
