/* crm-crypt: encrypts a backup or opens one, from stdin to stdout; the passphrase comes by a descriptor of its own. */
#include "helpers/crypt.h"

#include "cli/secret.h"
#include "cli/words.h"
#include "helpers/say.h"

#include <config.h>
#include <errno.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#define HELPER_NAME PROGRAM_NAME "-crypt"
#define USAGE       HELPER_NAME " --encrypt|--decrypt --passphrase-fd N < FILE > FILE"

/* Up to the end of the line. */
static bool read_passphrase(struct secret *secret, int fd)
{
	const char *why = secret_read(secret, fd);

	close(fd);
	if (why)
		say("--passphrase-fd %d: %s", fd, why);
	return !why;
}

static bool encrypt(const struct secret *secret)
{
	unsigned char key[CRYPT_KEY_BYTES];
	struct crypt_header header;
	bool done = crypt_header_make(&header) && crypt_key(key, &header, secret->s, secret->len) &&
		    crypt_encrypt(&header, key, STDIN_FILENO, STDOUT_FILENO);

	sodium_memzero(key, sizeof(key));
	return done;
}

static bool decrypt(const struct secret *secret)
{
	unsigned char key[CRYPT_KEY_BYTES];
	struct crypt_header header;
	ptrdiff_t n = crypt_fill(STDIN_FILENO, header.bytes, CRYPT_HEADER_BYTES);

	if (n < 0) {
		say("cannot read: %s", strerror(errno));
		return false;
	}
	if (n < CRYPT_HEADER_BYTES) {
		say("was cut off: it ends after %td bytes", n);
		return false;
	}
	bool done = crypt_header_read(&header) && crypt_key(key, &header, secret->s, secret->len) &&
		    crypt_decrypt(&header, key, STDIN_FILENO, STDOUT_FILENO);
	sodium_memzero(key, sizeof(key));
	return done;
}

int main(int argc, char **argv)
{
	struct secret secret = { 0 };
	int64_t fd;

	say_safety();
	say_about(HELPER_NAME, NULL);
	if (argc != 4 || strcmp(argv[2], "--passphrase-fd") != 0 || !number_read(argv[3], &fd) || fd > INT32_MAX ||
		(strcmp(argv[1], "--encrypt") != 0 && strcmp(argv[1], "--decrypt") != 0))
		return say_usage("is called so: %s", USAGE);
	if (!read_passphrase(&secret, (int)fd))
		return 1;
	bool done = strcmp(argv[1], "--encrypt") == 0 ? encrypt(&secret) : decrypt(&secret);
	secret_forget(&secret);
	return done ? 0 : 1;
}
