/* What no undo takes back: operations as a whole, and records of which the journal does not say what they were. */
#include "model/undo.h"

int undo_refuse_final(crm_store *s, int64_t target, const char *command)
{
	static const struct {
		const char *begins, *why;
	} finals[] = {
		{ "load", N_("it loaded the whole store") },
		{ "migration ", N_("it brought the store up to date (a copy from before is beside it)") },
		{ "restore ",
			N_("it put a backup in the place of the store (`crm restore` of the store that was kept)") },
	};
	const char *why = NULL;
	int64_t erased;
	int status = db_get_int(&erased, s, "SELECT 1 FROM erasure WHERE op = $1 LIMIT 1", "i", target);

	if (status == CRM_OK)
		why = N_("what it erased is gone for good");
	for (size_t i = 0; i < ARRAY_SIZE(finals); i++)
		if (strncmp(command, finals[i].begins, strlen(finals[i].begins)) == 0)
			why = finals[i].why;
	if (!why)
		return status < 0 ? status : CRM_OK;
	return err_set(&s->err, CRM_CONFLICT, "operation %lld cannot be undone: %s", (long long)target, crm_tr(why));
}

int undo_check_erased(const struct undo *u, const struct crm_entity *e)
{
	int64_t id;
	int status = db_get_int(&id, u->s,
		"SELECT c.first_id FROM change c WHERE c.op = $1 AND c.entity = $2 AND EXISTS (SELECT 1 FROM erasure)"
		" AND substr(c.image, 1, 11) = '{\"erased\":\"' LIMIT 1",
		"is", u->target, e->name);

	if (status == CRM_OK)
		return err_set(&u->s->err, CRM_CONFLICT,
			"operation %lld cannot be undone: what %s %lld was then is erased (--force takes back the "
			"rest)",
			(long long)u->target, entity_word(e), (long long)id);
	return status < 0 ? status : CRM_OK;
}
