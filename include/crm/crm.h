/* Everything that libcrm offers. */
#ifndef CRM_CRM_H
#define CRM_CRM_H

#include <crm/backup.h>
#include <crm/calendar.h>
#include <crm/classify.h>
#include <crm/customer.h>
#include <crm/duplicates.h>
#include <crm/entity.h>
#include <crm/exchange.h>
#include <crm/followup.h>
#include <crm/journal.h>
#include <crm/language.h>
#include <crm/privacy.h>
#include <crm/query.h>
#include <crm/record.h>
#include <crm/report.h>
#include <crm/retention.h>
#include <crm/rule.h>
#include <crm/search.h>
#include <crm/sla.h>
#include <crm/store.h>
#include <crm/survey.h>
#include <crm/text.h>
#include <crm/ticket.h>
#include <crm/training.h>
#include <crm/types.h>

#endif
