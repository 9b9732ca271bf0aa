/* Encryption of backups, by a program of its own which has libsodium at hand. */
#ifndef BACKUP_CRYPT_H
#define BACKUP_CRYPT_H

#include "cli/secret.h"

struct crypt {
	struct cli *cli;
	const char *file; /* what it is about, for messages; borrowed */
	bool decrypt;
	char *program;
	struct secret secret;
	bool said; /* what went wrong */
};

/* True for the beginning of an encrypted file. */
bool crypt_begins(const char *bytes, size_t n);

/* Finds the program and the passphrase, so that nobody waits for a copy before asked. Returns an exit status. */
int crypt_begin(struct crypt *c, struct cli *cli, const char *file, bool decrypt, const struct secret_opts *o);

/*
 * Encrypts or decrypts `first`, and then all of `from`, to `to`. CRM_OK, or CRM_FAILED or CRM_INTERRUPTED with the
 * message printed (`said`).
 */
int crypt_run(struct crypt *c, const char *first, size_t n, int from, int to);

void crypt_end(struct crypt *c);

/* Copies these bytes and then all of `from`, with progress. 0, errno, or -1 when a signal came. */
int copy_all(struct cli *cli, const char *what, const char *first, size_t n, int from, int to);

/* Adds 12.3 MB. */
void put_size(struct strbuf *b, uint64_t bytes);

#endif
