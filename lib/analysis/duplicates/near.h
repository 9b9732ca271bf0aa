/*
 * A new customer beside those who are there, found by the indexes alone: by number, address, name and pinyin. So it costs the same
 * whether they are ten or a million, and a name that is mistyped otherwise is not found: that is for the whole search.
 */
#ifndef DUPLICATES_NEAR_H
#define DUPLICATES_NEAR_H

#include "base/base.h"
#include "model/record.h"

/*
 * The customer whom the new record `r` resembles most, with the weights that one would guess (linkage.h) or that are
 * configured; *id 0: nobody from the usual threshold on. The reasons are appended. CRM_NOMEM and the like.
 */
int near_find(int64_t *id, struct buf *reasons, const struct crm_record *r);

#endif
