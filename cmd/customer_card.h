/* crm customer show. */
#ifndef CUSTOMER_CARD_H
#define CUSTOMER_CARD_H

struct cli;

/* The card on a terminal; the record in a pipe, or where its format or fields are asked for. */
int customer_show(struct cli *cli, const void *opts);

#endif
