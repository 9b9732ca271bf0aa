/* Which preset a file is for, told by the names of its columns. */
#ifndef PRESET_CHOOSE_H
#define PRESET_CHOOSE_H

#include "exchange/preset/preset.h"

/*
 * The preset of the library for this entity whose fingerprint the columns have; of several the one that knows most
 * columns. NULL when there is none. `headers` are comparable forms.
 */
int preset_detect(
	struct preset **out, const struct crm_entity *e, const char *const *headers, size_t n, struct err *err);

/*
 * The one that is asked for: by its name, or a file, told by a slash or a dot in it. CRM_INVALID: no such preset (the
 * message names the nearest), a faulty file, one for another entity.
 */
int preset_load(struct preset **out, const struct crm_entity *e, const char *name, struct err *err);

#endif
