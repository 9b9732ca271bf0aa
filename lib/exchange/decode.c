#include "exchange/decode.h"

#include "exchange/encoding.h"

#include "base/sha256.h"
#include <errno.h>
#include <iconv.h>
#include <unistd.h>

/* Judging an encoding by a handful of bytes goes wrong; with fewer than EVIDENCE at hand the next block is awaited. */
enum {
	BLOCK = 64 << 10,
	EVIDENCE = 4 << 10
};

enum mode {
	MODE_BEGIN, /* nothing read: a byte order mark may come */
	MODE_ASCII, /* auto, and no byte beyond ASCII so far */
	MODE_UTF8,
	MODE_ICONV
};

struct decoder {
	int fd;
	enum mode mode;
	bool at_eof;
	bool flushed;    /* iconv gave what it had kept back */
	bool past_start; /* text was handed out: a later U+FEFF is text */
	iconv_t cd;
	size_t unit;
	const char *text; /* handed out, not taken: lies in `raw` or `out` */
	size_t text_len;
	size_t pos, end; /* the part of `raw` that is not decoded yet */
	uint64_t bytes;
	struct sha256 sha;
	char name[32];
	char raw[BLOCK];
	char out[2 * BLOCK];
};

static void set_name(struct decoder *d, const char *name)
{
	size_t len = strnlen(name, sizeof(d->name) - 1);

	memcpy(d->name, name, len);
	d->name[len] = '\0';
}

static int choose(struct decoder *d, const char *name, struct err *err)
{
	set_name(d, name);
	if (!strcmp(d->name, "UTF-8")) {
		d->mode = MODE_UTF8;
		return 0;
	}
	d->cd = iconv_open("UTF-8", d->name);
	if (d->cd == (iconv_t)-1) {
		if (errno == ENOMEM)
			return err_nomem(err);
		return err_set(err, CRM_INVALID, "unknown encoding '%s': `iconv -l` lists the names", d->name);
	}
	d->unit = encoding_unit(d->name);
	d->mode = MODE_ICONV;
	return 0;
}

int decoder_open(struct decoder **out, int fd, const char *encoding, struct err *err)
{
	struct decoder *d = calloc(1, sizeof(*d));
	const char *name;
	int rc;

	if (!d)
		return err_nomem(err);
	d->fd = fd;
	d->cd = (iconv_t)-1;
	sha256_begin(&d->sha);
	set_name(d, "UTF-8");
	if (encoding && strcmp(encoding, "auto") != 0) {
		rc = encoding_iconv_name(&name, encoding, err);
		if (!rc)
			rc = choose(d, name, err);
		if (rc < 0) {
			decoder_close(d);
			return rc;
		}
	}
	*out = d;
	return 0;
}

struct decoder *decoder_close(struct decoder *d)
{
	if (d && d->cd != (iconv_t)-1)
		iconv_close(d->cd);
	free(d);
	return NULL;
}

/* Moves what is left to the front and reads until the block is full or the file ends. */
static int fill(struct decoder *d, struct err *err)
{
	if (d->pos > 0) {
		memmove(d->raw, d->raw + d->pos, d->end - d->pos);
		d->end -= d->pos;
		d->pos = 0;
	}
	while (!d->at_eof && d->end < BLOCK) {
		ssize_t n = read(d->fd, d->raw + d->end, BLOCK - d->end);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(err, CRM_FAILED, "cannot read: %s", strerrordesc_np(errno));
		if (n == 0) {
			d->at_eof = true;
			break;
		}
		sha256_add(&d->sha, d->raw + d->end, (size_t)n);
		d->bytes += (size_t)n;
		d->end += (size_t)n;
	}
	return 0;
}

static void hand_out_raw(struct decoder *d, size_t len)
{
	d->text = d->raw + d->pos;
	d->text_len = len;
	d->pos += len;
}

static int begin(struct decoder *d, struct err *err)
{
	const char *name = encoding_of_beginning(d->raw, d->end);

	d->mode = MODE_ASCII;
	return name ? choose(d, name, err) : 0;
}

/* Hands out ASCII as it is; at the first other byte decides what the file is in. */
static int decode_ascii(struct decoder *d, struct err *err)
{
	size_t len = d->end - d->pos;
	size_t ascii = encoding_ascii_run(d->raw + d->pos, len);

	if (ascii == len || (ascii > 0 && len - ascii < EVIDENCE && !d->at_eof)) {
		hand_out_raw(d, ascii);
		return 0;
	}
	return choose(
		d, encoding_is_gb18030(d->raw + d->pos + ascii, len - ascii, d->at_eof) ? "GB18030" : "UTF-8", err);
}

static int decode_iconv(struct decoder *d, struct err *err)
{
	char *in = d->raw + d->pos, *out = d->out;
	size_t in_left = d->end - d->pos, out_left = sizeof(d->out);

	while (in_left > 0 && out_left > 0) {
		size_t skip;

		if (iconv(d->cd, &in, &in_left, &out, &out_left) != (size_t)-1 || errno == E2BIG)
			break;
		if (errno == EINVAL && !d->at_eof)
			break;
		if (errno != EINVAL && errno != EILSEQ)
			return err_set(err, CRM_FAILED, "cannot decode %s: %s", d->name, strerrordesc_np(errno));
		if (out_left == 0)
			break;
		skip = d->unit < in_left ? d->unit : in_left;
		*out++ = DECODE_BAD;
		out_left--;
		in += skip;
		in_left -= skip;
	}
	d->pos = d->end - in_left;
	if (in_left == 0 && d->at_eof && out_left >= 16) {
		iconv(d->cd, NULL, NULL, &out, &out_left);
		d->flushed = true;
	}
	d->text = d->out;
	d->text_len = sizeof(d->out) - out_left;
	return 0;
}

static int decode(struct decoder *d, struct err *err)
{
	switch (d->mode) {
	case MODE_BEGIN:
		return begin(d, err);
	case MODE_ASCII:
		return decode_ascii(d, err);
	case MODE_ICONV:
		return decode_iconv(d, err);
	case MODE_UTF8:
		break;
	}
	hand_out_raw(d, d->end - d->pos);
	return 0;
}

static void drop_mark(struct decoder *d)
{
	if (d->past_start || d->text_len == 0)
		return;
	d->past_start = true;
	if (d->text_len >= 3 && !memcmp(d->text, "\xef\xbb\xbf", 3))
		decoder_take(d, 3);
}

int decoder_peek(struct decoder *d, const char **s, size_t *len, struct err *err)
{
	while (d->text_len == 0) {
		int rc = fill(d, err);

		if (rc < 0)
			return rc;
		if (d->at_eof && d->pos == d->end && (d->mode != MODE_ICONV || d->flushed))
			return CRM_END;
		rc = decode(d, err);
		if (rc < 0)
			return rc;
		drop_mark(d);
	}
	*s = d->text;
	*len = d->text_len;
	return 0;
}

void decoder_take(struct decoder *d, size_t len)
{
	d->text += len;
	d->text_len -= len;
}

const char *decoder_encoding(const struct decoder *d)
{
	return d->name;
}

uint64_t decoder_bytes(const struct decoder *d)
{
	return d->bytes;
}

void decoder_digest(const struct decoder *d, char hex[65])
{
	sha256_end(&d->sha, hex);
}
