/* Putting a backup back, and erasing again what had been erased since it was made. */
#include "store/restore.h"
#include <crm/privacy.h>
#include <sys/stat.h>

enum {
	LEDGER_SCHEMA = 4 /* older stores have none */
};

struct ledgers {
	crm_ledger *all, *given;
	const crm_ledger *missing; /* what FILE-erased does not have, one of the two */
};

static void ledgers_free(struct ledgers *l)
{
	crm_ledger_free(l->all);
	crm_ledger_free(l->given);
}

/* FILE-erased; owned by the caller. */
static char *beside(const crm_restore *r)
{
	struct buf path = BUF_INIT;

	buf_printf(&path, "%s-erased", restore_path(r));
	return buf_take(&path);
}

static bool same_file(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* A store of which the ledger cannot be read any more has it in FILE-erased too. */
static int add_previous(crm_ledger *l, const crm_restore *r)
{
	crm_store *old = restore_previous(r);
	int status = old && crm_store_schema(old) >= LEDGER_SCHEMA ? crm_ledger_add_store(l, old) : CRM_OK;

	if (status == CRM_NOMEM || status == CRM_INTERRUPTED)
		return err_set(&restore_store(r)->err, status, "%s", crm_errmsg(old));
	return CRM_OK;
}

static int add_given(struct ledgers *l, crm_store *s, const char *path)
{
	int status = crm_ledger_add_file(l->given, s, path);

	if (status == CRM_OK)
		status = crm_ledger_add_file(l->all, s, path);
	return status == CRM_NOSTORE ? err_set(&s->err, CRM_FAILED, "%s: there is no such file", path) : status;
}

static int read_ledgers(struct ledgers *l, const crm_restore *r, const char *ledger)
{
	cleanup(freep) char *file = beside(r);
	crm_store *s = restore_store(r);
	int status;

	if (!file || crm_ledger_new(&l->all) < 0 || crm_ledger_new(&l->given) < 0)
		return err_nomem(&s->err);
	status = crm_ledger_add_file(l->all, s, file);
	l->missing = status == CRM_NOSTORE ? l->all : l->given;
	if (status == CRM_OK || status == CRM_NOSTORE)
		status = add_previous(l->all, r);
	if (status == CRM_OK && ledger && !same_file(file, ledger))
		status = add_given(l, s, ledger);
	return status;
}

static int erase_again(crm_restored *out, crm_store *s, const crm_ledger *l)
{
	int status = crm_privacy_replay(&out->erased, s, l);

	/* without room for that it is erased all the same, and check() says what is owed */
	if (status == CRM_OK && out->erased > 0 && crm_privacy_scrub(&out->owed, s) < 0)
		out->owed = true;
	return status;
}

int crm_restore_swap(crm_restored *out, crm_restore *r, const char *ledger)
{
	struct ledgers l = { 0 };
	crm_restored done = { 0 };
	crm_store *s = restore_store(r);
	int status = restore_lock(r);

	if (status == CRM_OK)
		status = read_ledgers(&l, r, ledger);
	if (status == CRM_OK)
		status = erase_again(&done, s, l.all);
	if (status == CRM_OK)
		status = restore_put(r);
	if (status == CRM_OK && crm_ledger_keep(l.missing, s) < 0) /* the store itself has it */
		store_event(s, CRM_EVENT_WARNING, 0, 0, crm_errmsg(s));
	ledgers_free(&l);
	if (status == CRM_OK)
		*out = done;
	return status;
}
