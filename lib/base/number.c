#include "base/base.h"

bool parse_int64(const char *s, size_t len, int64_t min, int64_t max, int64_t *out)
{
	bool negative = len && s[0] == '-';
	size_t i = len && (s[0] == '-' || s[0] == '+');
	int64_t value = 0;

	if (i == len)
		return false;
	/* Negative all the way: INT64_MIN has no positive counterpart. */
	for (; i < len; i++) {
		if (!ascii_digit(s[i]) || __builtin_mul_overflow(value, 10, &value) ||
			__builtin_sub_overflow(value, s[i] - '0', &value))
			return false;
	}
	if (!negative && __builtin_sub_overflow((int64_t)0, value, &value))
		return false;
	if (value < min || value > max)
		return false;
	*out = value;
	return true;
}
