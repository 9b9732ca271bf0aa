#include "base/base.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void buf_grows_and_stays_terminated(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	assert_string_equal(buf_str(&b), "");
	for (int i = 0; i < 1000; i++)
		buf_printf(&b, "%d,", i % 10);
	assert_int_equal(b.len, 2000);
	assert_int_equal(strlen(b.s), 2000);
	assert_memory_equal(b.s + 1994, "7,8,9,", 7);
	buf_truncate(&b, 4);
	assert_string_equal(buf_str(&b), "0,1,");
	buf_truncate(&b, 100);
	assert_int_equal(b.len, 4);
	buf_add(&b, "a\0b", 3);
	assert_int_equal(b.len, 7);
	assert_memory_equal(b.s, "0,1,a\0b", 8);
	buf_clear(&b);
	assert_string_equal(buf_str(&b), "");
	buf_free(&b);
}

static void hex_has_two_digits_a_byte(void **state)
{
	struct buf b = BUF_INIT;
	char digits[7];

	(void)state;
	buf_puts(&b, "x");
	buf_hex(&b, "", 0);
	assert_string_equal(buf_str(&b), "x");
	for (int i = 0; i < 100; i++)
		buf_hex(&b, "\x00\x09\xa0\xff", 4);
	assert_int_equal(b.len, 801);
	assert_memory_equal(b.s, "x0009a0ff0009a0ff", 17);
	assert_string_equal(b.s + 793, "0009a0ff");
	buf_hex(&b, "", SIZE_MAX / 2 + 1);
	assert_true(b.failed);
	buf_free(&b);
	hex_digits(digits, "\x7f\x80\x01", 3);
	assert_string_equal(digits, "7f8001");
}

/* Every length around the points where the text no longer fits into the memory at hand. */
static void buf_printf_writes_all_at_every_length(void **state)
{
	(void)state;
	for (int n = 0; n < 200; n++) {
		struct buf b = BUF_INIT;

		buf_putc(&b, '<');
		buf_printf(&b, "%*s", n, "");
		buf_putc(&b, '>');
		assert_int_equal(b.len, n + 2);
		assert_int_equal(strlen(buf_str(&b)), n + 2);
		assert_int_equal(b.s[n + 1], '>');
		buf_free(&b);
	}
}

static void buf_remembers_failure(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	buf_puts(&b, "text");
	assert_false(buf_reserve(&b, SIZE_MAX));
	assert_true(b.failed);
	buf_puts(&b, " more");
	buf_printf(&b, "%d", 1);
	assert_null(buf_str(&b));
	assert_int_equal(b.len, 4);
	assert_null(buf_take(&b));
	assert_null(b.s);
}

static void buf_take_gives_the_text_away(void **state)
{
	struct buf b = BUF_INIT;
	char *s;

	(void)state;
	buf_puts(&b, "mine");
	s = buf_take(&b);
	assert_string_equal(s, "mine");
	assert_null(b.s);
	free(s);
	s = buf_take(&b);
	assert_string_equal(s, "");
	free(s);
}

static void quote_escapes_and_cuts(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	buf_puts(&b, "no ");
	buf_quote(&b, "a\x1b[2J\n", 6);
	assert_string_equal(buf_str(&b), "no 'a\\x1b[2J\\n'");

	buf_clear(&b);
	for (int i = 0; i < 60; i++)
		buf_putc(&b, 'x');
	char *sixty = buf_take(&b);
	buf_quote(&b, sixty, 60);
	assert_int_equal(b.len, 62);
	free(sixty);

	buf_clear(&b);
	char *many = calloc(1, 3000);
	for (int i = 0; i < 3000; i += 3)
		memcpy(many + i, "张", 3);
	buf_quote(&b, many, 3000);
	/* 29 characters of two columns and the sign of the cut are at most 60 columns. */
	assert_int_equal(b.len, 1 + 29 * 3 + 3 + 1);
	assert_string_equal(b.s + b.len - 7, "张…'");
	free(many);
	buf_free(&b);
}

static void arena_gives_zeroed_aligned_memory(void **state)
{
	struct arena a = { 0 };

	(void)state;
	for (size_t size = 0; size < 10000; size += 37) {
		unsigned char *p = arena_alloc(&a, size);

		assert_non_null(p);
		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(p[i], 0);
		if (size)
			memset(p, 0xff, size);
		if (size % 100 == 0)
			arena_reset(&a);
	}
	assert_string_equal(arena_copy(&a, "words here", 5), "words");
	assert_string_equal(arena_copy(&a, NULL, 0), "");
	assert_null(arena_alloc(&a, SIZE_MAX));
	assert_true(a.failed);
	arena_reset(&a);
	assert_false(a.failed);
	assert_non_null(arena_alloc(&a, 2 << 20));
	arena_free(&a);
	assert_null(a.head);
}

static void arrays_grow(void **state)
{
	size_t cap = 0, n = 0;
	int *numbers = NULL;

	(void)state;
	for (; n < 1000; n++) {
		assert_true(GROW(numbers, n, cap));
		numbers[n] = (int)n;
	}
	assert_true(cap >= 1000);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(numbers[i], i);
	assert_false(grow_array((void **)&numbers, &cap, SIZE_MAX / 2, sizeof(*numbers)));
	free(numbers);
}

static void err_may_quote_its_own_message(void **state)
{
	struct err e = { 0 };

	(void)state;
	assert_int_equal(err_set(NULL, CRM_BUSY, "nobody listens"), CRM_BUSY);
	assert_int_equal(err_set(&e, CRM_INVALID, "bad %s", "name"), CRM_INVALID);
	assert_int_equal(err_set(&e, CRM_FAILED, "line %d: %s", 7, buf_str(&e.msg)), CRM_FAILED);
	assert_string_equal(buf_str(&e.msg), "line 7: bad name");
	assert_int_equal(e.code, CRM_FAILED);
	err_clear(&e);
	assert_int_equal(e.code, CRM_OK);
	assert_string_equal(buf_str(&e.msg), "");
	assert_int_equal(err_nomem(&e), CRM_NOMEM);
	assert_string_equal(buf_str(&e.msg), "out of memory");
	err_free(&e);
}

static void take_ptr_leaves_null(void **state)
{
	char *p = strdup("x"), *q = TAKE_PTR(p);

	(void)state;
	assert_null(p);
	assert_string_equal(q, "x");
	freep(&q);
}

static void numbers_are_read_whole_and_in_range(void **state)
{
	static const struct {
		const char *text;
		bool ok;
		int64_t value;
	} cases[] = {
		{ "0", true, 0 },
		{ "-0", true, 0 },
		{ "+7", true, 7 },
		{ "0012", true, 12 },
		{ "9223372036854775807", true, INT64_MAX },
		{ "-9223372036854775808", true, INT64_MIN },
		{ "9223372036854775808", false, 0 },
		{ "-9223372036854775809", false, 0 },
		{ "99999999999999999999", false, 0 },
		{ "", false, 0 },
		{ "-", false, 0 },
		{ "+", false, 0 },
		{ "--1", false, 0 },
		{ " 1", false, 0 },
		{ "1 ", false, 0 },
		{ "1a", false, 0 },
		{ "0x10", false, 0 },
		{ "1.5", false, 0 },
		{ "１", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int64_t value = -77;

		assert_int_equal(
			parse_int64(cases[i].text, strlen(cases[i].text), INT64_MIN, INT64_MAX, &value), cases[i].ok);
		assert_true(value == (cases[i].ok ? cases[i].value : -77));
	}
	int64_t v;

	assert_true(parse_int64("10", 2, 1, 10, &v));
	assert_false(parse_int64("11", 2, 1, 10, &v));
	assert_false(parse_int64("0", 1, 1, 10, &v));
	assert_true(parse_int64("123", 2, 0, 100, &v));
	assert_int_equal(v, 12);
}

/*
 * SipHash-1-3 is CPython's hash of bytes: the values are hash(b'…') modulo 2^64 of CPython 3.11, with
 * PYTHONHASHSEED=0 (an all-zero key) and PYTHONHASHSEED=1 (whose key its documented generator yields).
 */
static void hash_is_siphash_1_3(void **state)
{
	const struct hash_key zero = { 0, 0 };
	const struct hash_key one = { UINT64_C(0xaed66ce184be2329), UINT64_C(0xebe9bbf1f1499052) };
	unsigned char bytes[63];

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)i;
	assert_true(hash_bytes(&zero, "a", 1) == UINT64_C(0x407448d2b89b1813));
	assert_true(hash_bytes(&zero, "abcdefg", 7) == UINT64_C(0x6db12aae9070f506));
	assert_true(hash_bytes(&zero, "abcdefgh", 8) == UINT64_C(0x3f7b849c0b8e35ea));
	assert_true(hash_bytes(&zero, "hello world", 11) == UINT64_C(0xb1b1f2e707e4ac8a));
	assert_true(hash_bytes(&zero, bytes, sizeof(bytes)) == UINT64_C(0x385d3e39e5f37359));
	assert_true(hash_bytes(&one, "a", 1) == UINT64_C(0xd6300bc9f7cc0e73));
	assert_true(hash_bytes(&one, "abcdefg", 7) == UINT64_C(0x2cc75771f0205010));
	assert_true(hash_bytes(&one, "abcdefgh", 8) == UINT64_C(0xfd3011ff3947e7f4));
	assert_true(hash_bytes(&one, "hello world", 11) == UINT64_C(0x413072ae11390c7a));
	/* The reference vector of the empty text for the key 00 01 … 0f. */
	assert_true(hash_bytes(&(struct hash_key){ UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908) }, "",
			    0) == UINT64_C(0xabac0158050fc4dc));
}

static void random_keys_differ(void **state)
{
	struct hash_key a = { 0 }, b = { 0 };

	(void)state;
	hash_key_random(&a);
	hash_key_random(&b);
	assert_true(a.k0 != b.k0);
	assert_true(a.k1 != b.k1);
	assert_true(a.k0 != a.k1);
}

static void wake(int signal)
{
	(void)signal;
}

/* A signal ends each write(2) early, or before its first byte. */
static void write_interrupted(int fd, const char *text, size_t len)
{
	const struct sigaction action = { .sa_handler = wake };
	const struct itimerval each_ms = { { 0, 1000 }, { 0, 1000 } };
	bool ok = sigaction(SIGALRM, &action, NULL) == 0 && setitimer(ITIMER_REAL, &each_ms, NULL) == 0;

	_exit(ok && write_all(fd, text, len) && write_all(fd, NULL, 0) ? 0 : 1);
}

static void everything_is_written_to_a_slow_reader(void **state)
{
	size_t len = (size_t)1 << 20, got = 0;
	char *text = malloc(len), block[1000];
	int ends[2], status;
	ssize_t n;
	pid_t child;

	(void)state;
	assert_non_null(text);
	memset(text, 'x', len);
	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		write_interrupted(ends[1], text, len);
	close(ends[1]);
	while ((n = read(ends[0], block, sizeof(block))) > 0) {
		got += (size_t)n;
		usleep(100);
	}
	assert_int_equal(got, len);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_false(write_all(ends[0], text, len));
	assert_int_equal(errno, EBADF);
	close(ends[0]);
	free(text);
}

/* Sums of tenths and fifths, as decimal arithmetic has them; what a double holds beyond 15 digits is left out. */
static void computed_figures_settle(void **state)
{
	static const struct {
		double computed, meant;
	} cases[] = {
		{ 0.1 + 0.2, 0.3 },
		{ 3 * 0.2 * 5, 3 },
		{ 5 * 0.2 + 1 * 0.2 + 4 * 0.2 + 2 * 0.2 + 3 * 0.2, 3 },
		{ -(0.1 + 0.7) * 10, -8 },
		{ 100.0 / 3, 33.3333333333333 },
		{ 2.0 / 3, 0.666666666666667 },
		{ 4.5249999999999995, 4.525 },
		{ 0, 0 },
		{ 123456789012345678.0, 123456789012345678.0 },
		{ 1e-300, 1e-300 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_memory_equal(&(double){ real_settled(cases[i].computed) }, &cases[i].meant, sizeof(double));
	assert_true(isnan(real_settled(NAN)));
	assert_true(isinf(real_settled(INFINITY)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(computed_figures_settle),
		cmocka_unit_test(buf_grows_and_stays_terminated),
		cmocka_unit_test(buf_printf_writes_all_at_every_length),
		cmocka_unit_test(buf_remembers_failure),
		cmocka_unit_test(hex_has_two_digits_a_byte),
		cmocka_unit_test(everything_is_written_to_a_slow_reader),
		cmocka_unit_test(buf_take_gives_the_text_away),
		cmocka_unit_test(quote_escapes_and_cuts),
		cmocka_unit_test(arena_gives_zeroed_aligned_memory),
		cmocka_unit_test(arrays_grow),
		cmocka_unit_test(err_may_quote_its_own_message),
		cmocka_unit_test(take_ptr_leaves_null),
		cmocka_unit_test(numbers_are_read_whole_and_in_range),
		cmocka_unit_test(hash_is_siphash_1_3),
		cmocka_unit_test(random_keys_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
