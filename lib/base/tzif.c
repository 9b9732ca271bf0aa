#include "base/tzif.h"

struct header {
	char version;
	uint32_t isut, isstd, leap, times, types, chars;
};

struct input {
	const unsigned char *p;
	size_t left;
};

static const unsigned char *take(struct input *in, size_t n)
{
	const unsigned char *p = in->p;

	if (n > in->left)
		return NULL;
	in->p += n;
	in->left -= n;
	return p;
}

static uint32_t be32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t instant(const unsigned char *p, size_t width)
{
	if (width == 4)
		return (int32_t)be32(p);
	return (int64_t)((uint64_t)be32(p) << 32 | be32(p + 4));
}

static bool read_header(struct input *in, struct header *h)
{
	const unsigned char *p = take(in, 44);

	if (!p || memcmp(p, "TZif", 4) != 0)
		return false;
	*h = (struct header){ (char)p[4], be32(p + 20), be32(p + 24), be32(p + 28), be32(p + 32), be32(p + 36),
		be32(p + 40) };
	/* No sum below can overflow then, and no file of tzdata is anywhere near. */
	return h->isut < 65536 && h->isstd < 65536 && h->leap < 65536 && h->times < 65536 && h->types < 65536 &&
	       h->chars < 65536;
}

static size_t body_size(const struct header *h, size_t width)
{
	return h->times * (width + 1) + h->types * 6 + h->chars + h->leap * (width + 4) + h->isstd + h->isut;
}

/* RFC 8536 bounds offsets so; zone_instant() relies on it. */
static bool offset_ok(int offset)
{
	return offset > -25 * 3600 && offset < 26 * 3600;
}

static bool read_body(struct tzif *z, struct arena *mem, struct input *in, const struct header *h, size_t width)
{
	const unsigned char *times = take(in, h->times * width);
	const unsigned char *kinds = take(in, h->times);
	const unsigned char *types = take(in, h->types * 6);

	if (!times || !kinds || !types || !h->types || h->leap)
		return false;
	if (!take(in, (size_t)h->chars + h->isstd + h->isut))
		return false;
	z->n = h->times;
	z->at = arena_alloc(mem, z->n * sizeof(*z->at));
	z->offset = arena_alloc(mem, z->n * sizeof(*z->offset));
	if (mem->failed)
		return false;
	z->first_offset = (int32_t)be32(types);
	for (size_t i = 0; i < z->n; i++) {
		if (kinds[i] >= h->types)
			return false;
		z->at[i] = instant(times + i * width, width);
		z->offset[i] = (int32_t)be32(types + (size_t)kinds[i] * 6);
		if ((i && z->at[i] <= z->at[i - 1]) || !offset_ok(z->offset[i]))
			return false;
	}
	return offset_ok(z->first_offset);
}

bool tzif_parse(struct tzif *out, struct arena *mem, const char *data, size_t len)
{
	struct input in = { (const unsigned char *)data, len };
	struct tzif z = { 0 };
	struct header h;

	if (!read_header(&in, &h))
		return false;
	if (!h.version) {
		if (!read_body(&z, mem, &in, &h, 4))
			return false;
	} else {
		const char *footer;
		size_t footer_len;

		if (!take(&in, body_size(&h, 4)) || !read_header(&in, &h) || !read_body(&z, mem, &in, &h, 8))
			return false;
		footer = (const char *)in.p;
		footer_len = in.left;
		if (footer_len < 2 || footer[0] != '\n' || footer[footer_len - 1] != '\n')
			return false;
		z.has_rule = footer_len > 2;
		if (z.has_rule && !posix_tz_parse(&z.rule, footer + 1, footer_len - 2))
			return false;
	}
	*out = z;
	return true;
}
