/*
 * New customers that resemble one who is there, or another one of the file. The rows before are in the store by then, and
 * its indexes find them; where an import turned out so large that it does without, nobody is compared any more.
 */
#include "analysis/duplicates/near.h"
#include "exchange/import/import.h"

enum {
	NEAR_FREE = 1000 /* new customers that are compared unasked: a tenth of a second */
};

bool near_is_asked(const struct import *im)
{
	return im->e == &entity_customer && im->opt->near && strcmp(im->opt->near, "off") != 0;
}

int near_check_option(crm_store *s, const crm_entity *e, const crm_import_options *opt)
{
	if (!opt->near)
		return CRM_OK;
	if (e != &entity_customer)
		return err_set(&s->err, CRM_INVALID, "--near: only customers are compared, not %s", crm_tr(e->plural));
	if (strcmp(opt->near, "warn") == 0 || strcmp(opt->near, "reject") == 0 || strcmp(opt->near, "off") == 0)
		return CRM_OK;
	return err_set(&s->err, CRM_INVALID, "--near '%s': is not warn, reject or off", opt->near);
}

/* Said once, when unasked no more are compared. */
static void stop(struct import *im)
{
	if (!im->near_stopped)
		import_note(im, "near",
			"only the first thousand new customers were compared with those who are there: `crm customer "
			"duplicates` compares all (--near warn here)");
	im->near_stopped = true;
}

/* `customer 12`, or the line of this file that made it. */
static void put_who(struct buf *out, const struct import *im, int64_t id)
{
	size_t line = apply_line_of(im, id);

	if (line > 0)
		buf_say(out, "line %zu", line);
	else
		buf_say(out, "customer %lld", (long long)id);
}

static int tell(struct import *im, size_t line, const char *who)
{
	crm_value name = crm_record_get(&im->record, "name");
	cleanup(buf_free) struct buf quoted = BUF_INIT;

	buf_quote(&quoted, name.s ? name.s : "", name.len);
	if (!buf_str(&quoted))
		return err_nomem(&im->s->err);
	if (im->opt->discreet)
		import_note(im, NULL, "line %zu: resembles %s", line, who);
	else
		import_note(im, NULL, "line %zu: %s resembles %s", line, quoted.s, who);
	return CRM_OK;
}

int near_check(struct import *im, size_t line)
{
	struct buf reasons = BUF_INIT, who = BUF_INIT;
	int64_t id = 0;
	int status;

	if (im->e != &entity_customer || (im->opt->near && !near_is_asked(im)))
		return CRM_OK;
	if (!im->opt->near && (im->bulk || im->out->created >= NEAR_FREE)) {
		stop(im);
		return CRM_OK;
	}
	status = im->e->prepare(&im->record, true);
	if (status == CRM_OK)
		status = near_find(&id, &reasons, &im->record);
	if (status == CRM_OK && id > 0) {
		im->out->near++;
		if (im->opt->discreet && buf_str(&reasons))
			discreet_likeness(&reasons);
		put_who(&who, im, id);
		buf_printf(&who, ": %s", buf_str(&reasons) ? reasons.s : "");
		if (!buf_str(&who) || reasons.failed)
			status = err_nomem(&im->s->err);
		else if (im->opt->near && strcmp(im->opt->near, "reject") == 0)
			status = err_set(&im->s->err, CRM_EXISTS, "resembles %s", who.s);
		else
			status = tell(im, line, who.s);
	}
	buf_free(&reasons);
	buf_free(&who);
	return status;
}
