#include "base/base.h"
#include <math.h>

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

bool parse_real(const char *s, size_t len, double *out)
{
	const char *dot = memchr(s, '.', len);
	size_t whole = dot ? (size_t)(dot - s) : len, fraction = dot ? len - whole - 1 : 0;
	bool sign = len && (s[0] == '-' || s[0] == '+');
	int64_t a = 0, b = 0;
	double scale = 1;

	if (whole + fraction > 15U + sign || (dot && (fraction == 0 || !ascii_digit(dot[1]))))
		return false;
	if (!(whole == sign && dot) && !parse_int64(s, whole, INT64_MIN, INT64_MAX, &a))
		return false;
	if (dot && !parse_int64(dot + 1, fraction, 0, INT64_MAX, &b))
		return false;
	for (size_t i = 0; i < fraction; i++)
		scale *= 10;
	*out = (double)a + (len && s[0] == '-' ? -1 : 1) * ((double)b / scale);
	return true;
}

double real_settled(double v)
{
	double scale = v < 0 || v > 0 ? pow(10, 14 - floor(log10(fabs(v)))) : 0;

	/* Powers of ten up to 22 are exact, so that one rounded quotient is the double nearest to the decimal. */
	return scale >= 1 && scale <= 1e22 ? round(v * scale) / scale : v;
}
