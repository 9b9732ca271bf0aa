/*
 * Settings that have no name of their own: which stored one a row is about.
 *
 * A custom field and a view are known by their name within what they belong to, a follow-up policy by its filter: a second
 * one with the same filter would never be reached.
 */
#include "exchange/import/import.h"

static const struct setting {
	const struct crm_entity *e;
	const char *by[2]; /* fields; the second may be NULL */
	const char *sql;
} settings[] = {
	{ &entity_field, { "entity", "name" }, "SELECT id FROM field WHERE entity = $1 AND name = $2" },
	{ &entity_view, { "entity", "name" }, "SELECT id FROM saved_view WHERE entity = $1 AND name = $2" },
	{ &entity_policy, { "filter" },
		"SELECT id FROM followup_policy WHERE filter_terms IS $1 ORDER BY position, id" },
};

static const struct setting *setting_of(const struct import *im)
{
	for (size_t i = 0; i < ARRAY_SIZE(settings); i++)
		if (settings[i].e == im->e)
			return &settings[i];
	return NULL;
}

bool setting_possible(const struct import *im)
{
	return setting_of(im) != NULL;
}

int setting_find(struct import *im, int64_t *id)
{
	const struct setting *setting = setting_of(im);
	cleanup(db_releasep) struct stmt *st = NULL;
	int status;

	*id = 0;
	if (!setting)
		return CRM_OK;
	status = db_prepare(&st, im->s, setting->sql, DB_SCAN); /* they are few */
	for (size_t i = 0; status == CRM_OK && i < ARRAY_SIZE(setting->by) && setting->by[i]; i++) {
		crm_value v = crm_record_get(&im->record, setting->by[i]);

		db_bind_value(st, (int)i + 1, &v);
	}
	if (status == CRM_OK)
		status = db_step(st);
	if (status == CRM_OK)
		*id = db_int(st, 0);
	return status < 0 ? status : CRM_OK;
}
