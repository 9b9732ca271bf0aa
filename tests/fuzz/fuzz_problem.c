/*
 * Any bytes as a problem for crm-classify-train. What must hold of one that is accepted: all its numbers are within what it
 * says of itself, so that solving it reads nothing else.
 */
#include "cli/words.h"
#include "helpers/train.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *bytes = need(malloc(size + 1)); /* aligned as what is read from a pipe */
	struct problem_in p;

	memcpy(bytes, data, size);
	if (problem_read(&p, bytes, size)) {
		uint64_t at = 0;
		for (size_t i = 0; i < p.head.documents; i++) {
			assert(p.first[i] == at && p.label[i] < p.head.labels);
			for (; at < p.first[i + 1]; at++)
				assert(p.feature[at] < p.head.features && isfinite(p.value[at]));
		}
		assert(at == p.head.entries && p.head.labels <= p.head.documents);
		assert((const char *)(p.value + at) == bytes + size);
	}
	free(bytes);
	return 0;
}
