/* The start of the program: safe descriptors, signals and file modes; what the environment says about the store. */
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* --- safety --- */

static mode_t old_mask;
static struct rlimit old_core;
static bool core_changed;

/*
 * A descriptor that was closed at the start would be given to the store, and messages would end in it. Opened the
 * wrong way round, reading or writing it stays an error, as the caller meant it.
 */
static void open_standard(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) < 0)
			_exit(EXIT_FAILED);
}

void cli_safety(void)
{
	open_standard();
	old_mask = umask(077);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_IGN); /* a file too large is then an error like any other */
#ifndef CRM_WATCHED               /* the leak checker of the sanitizers must be able to trace us */
	if (getrlimit(RLIMIT_CORE, &old_core) == 0) {
		struct rlimit none = { .rlim_cur = 0, .rlim_max = old_core.rlim_max };
		core_changed = setrlimit(RLIMIT_CORE, &none) == 0;
	}
	prctl(PR_SET_DUMPABLE, 0);
#endif
}

void cli_before_exec(void)
{
	umask(old_mask);
	signal(SIGXFSZ, SIG_DFL);
	if (core_changed)
		setrlimit(RLIMIT_CORE, &old_core);
}

static crm_store *volatile running;
static volatile sig_atomic_t caught;

static void interrupt(int signal)
{
	caught = signal;
	if (running)
		crm_store_interrupt(running);
}

void cli_catch_signals(crm_store *store)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = interrupt }, old;

	running = store;
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (sigaction(signals[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN) /* nohup, background jobs */
			sigaction(signals[i], &action, NULL);
}

int cli_caught_signal(void)
{
	return caught;
}

/* --- surroundings --- */

static const char *environment(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

/* A path of the configuration may begin with ~/. */
static char *expand_home(const char *path)
{
	const char *home = environment("HOME");
	struct strbuf b = { 0 };

	if (strncmp(path, "~/", 2) == 0 && home)
		strbuf_printf(&b, "%s%s", home, path + 1);
	else
		strbuf_puts(&b, path);
	return need_text(&b);
}

static char *usual_path(void)
{
	const char *data = environment("XDG_DATA_HOME"), *home = environment("HOME");
	struct strbuf b = { 0 };

	if (data && *data == '/')
		strbuf_printf(&b, "%s/crm/crm.db", data);
	else if (home && *home == '/')
		strbuf_printf(&b, "%s/.local/share/crm/crm.db", home);
	return b.len ? need_text(&b) : NULL;
}

static void choose_path(struct cli *cli)
{
	const char *configured = config_get(&cli->config, "store.path");

	if (cli->global.store)
		cli->path = need_copy(cli->global.store);
	else if (environment("CRM_STORE"))
		cli->path = need_copy(environment("CRM_STORE"));
	else if (configured && *configured)
		cli->path = expand_home(configured);
	else
		cli->path = usual_path();
	cli->default_path =
		!cli->global.store && !environment("CRM_STORE") && !(configured && *configured) && cli->path;
}

/* The zone that the system's clock shows: where /etc/localtime points, else UTC. */
static void set_system_zone(struct cli *cli)
{
	char target[PATH_MAX];
	ssize_t n = readlink("/etc/localtime", target, sizeof(target) - 1);

	if (n > 0) {
		target[n] = '\0';
		const char *zone = strstr(target, "zoneinfo/");
		if (zone && crm_store_set_zone(cli->store, zone + strlen("zoneinfo/")) == CRM_OK)
			return;
	}
	crm_store_set_zone(cli->store, "UTC");
}

static int set_zone(struct cli *cli)
{
	const char *configured = config_get(&cli->config, "time.zone"), *tz = getenv("TZ");
	const char *zone = cli->global.tz ? cli->global.tz : configured ? configured : tz;
	const char *origin = cli->global.tz ? "--tz" : configured ? "time.zone" : "TZ";

	if (!zone) {
		set_system_zone(cli);
		return EXIT_DONE;
	}
	if (zone == tz && *zone == ':')
		zone++;
	if (crm_store_set_zone(cli->store, *zone ? zone : "UTC") < 0)
		return cli_fail(cli, EXIT_USAGE, "%s: %s", origin, crm_errmsg(cli->store));
	return EXIT_DONE;
}

/*
 * The login of this user: from /etc/passwd itself, since getpwuid() asks a daemon through a socket first, which costs
 * time and is nobody's business; only users who are not in that file are asked for elsewhere.
 */
static const struct passwd *find_user(void)
{
	FILE *file = fopen("/etc/passwd", "re");
	const struct passwd *user = NULL;

	while (file && (user = fgetpwent(file)) && user->pw_uid != getuid())
		;
	if (file)
		fclose(file);
	return user ? user : getpwuid(getuid());
}

static int set_agent(struct cli *cli)
{
	const struct passwd *user = find_user();
	const char *configured = config_get(&cli->config, "user.agent");
	const char *named = cli->global.as             ? cli->global.as
			    : environment("CRM_AGENT") ? environment("CRM_AGENT")
						       : configured;
	struct strbuf login = { 0 };

	if (user && user->pw_name && *user->pw_name)
		strbuf_puts(&login, user->pw_name);
	else
		strbuf_printf(&login, "uid %lu", (unsigned long)getuid());
	cli->login = need_text(&login);
	cli->agent_named = named && *named;
	if (crm_store_set_agent(cli->store, cli->agent_named ? named : cli->login, cli->login) < 0)
		return cli_store_fail(cli, CRM_NOMEM);
	return EXIT_DONE;
}

/* After the zone: a time without one is meant in it. */
static int set_clock(struct cli *cli)
{
	const char *now = cli->global.now ? cli->global.now : environment("CRM_NOW");
	struct timespec ts;
	int64_t chosen;

	clock_gettime(CLOCK_REALTIME, &ts);
	crm_store_set_clock(cli->store, (int64_t)ts.tv_sec, false);
	if (!now)
		return EXIT_DONE;
	if (crm_time_parse(&chosen, NULL, cli->store, now, CRM_TIME_PAST) < 0)
		return cli_fail(
			cli, EXIT_USAGE, "%s: %s", cli->global.now ? "--now" : "CRM_NOW", crm_errmsg(cli->store));
	crm_store_set_clock(cli->store, chosen, true);
	return EXIT_DONE;
}

#define COEFFICIENT(i)                                                                                                 \
	static int set_b##i(crm_store *s, const char *number)                                                          \
	{                                                                                                              \
		return crm_survey_set_loyalty(s, i, number);                                                           \
	}
COEFFICIENT(0)
COEFFICIENT(1)
COEFFICIENT(2)

/* Each path may begin with ~/. */
static int set_trust(crm_store *s, const char *paths)
{
	struct strbuf b = { 0 };

	for (const char *p = paths; *p; p += *p == ':') {
		size_t n = strcspn(p, ":");
		cleanup(freep) char *path = need(strndup(p, n));
		cleanup(freep) char *whole = expand_home(path);
		strbuf_printf(&b, "%s%s", b.len ? ":" : "", whole);
		p += n;
	}
	cleanup(freep) char *all = need_text(&b);
	return crm_store_trust(s, *all ? all : NULL);
}

/* Who became root by sudo and goes on with a store of theirs. */
static void set_user(struct cli *cli)
{
	const char *uid = geteuid() == 0 ? environment("SUDO_UID") : NULL;
	int64_t number;

	if (uid && number_read(uid, &number))
		crm_store_set_user(cli->store, number);
}

/* What the configuration says to the library, which knows what it means. */
static const struct {
	const char *key;
	int (*set)(crm_store *s, const char *text);
} settings[] = {
	{ "store.trust", set_trust },
	{ "phone.country", crm_store_set_country },
	{ "money.currency", crm_store_set_currency },
	{ "ticket.reopen", crm_store_set_reopen },
	{ "ticket.vip", crm_store_set_vip },
	{ "product.warranty", crm_store_set_warranty },
	{ "satisfaction.weights", crm_survey_set_weights },
	{ "classify.auto", crm_classify_set_auto },
	{ "duplicates.weights", crm_duplicates_set_weights },
	{ "loyalty.b0", set_b0 },
	{ "loyalty.b1", set_b1 },
	{ "loyalty.b2", set_b2 },
};

int cli_setting(struct cli *cli, const char *key, const char *value)
{
	for (size_t i = 0; value && i < sizeof(settings) / sizeof(settings[0]); i++)
		if (strcmp(settings[i].key, key) == 0 && settings[i].set(cli->store, value) < 0)
			return cli_fail(cli, EXIT_USAGE, "%s: %s", key, crm_errmsg(cli->store));
	return EXIT_DONE;
}

int cli_surroundings(struct cli *cli)
{
	int64_t wait = cli->global.wait >= 0 ? cli->global.wait : config_integer(&cli->config, "store.wait");
	int exit_status = set_zone(cli);

	if (!exit_status)
		exit_status = set_agent(cli);
	if (!exit_status)
		exit_status = set_clock(cli);
	if (exit_status)
		return exit_status;
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]) && !exit_status; i++)
		exit_status = cli_setting(cli, settings[i].key, config_get(&cli->config, settings[i].key));
	if (exit_status)
		return exit_status;
	crm_store_set_wait(cli->store, wait < INT_MAX ? (int)wait : INT_MAX);
	choose_path(cli);
	set_user(cli);
	return EXIT_DONE;
}

/* --- opening --- */

int cli_check_agent(struct cli *cli)
{
	if (!cli->agent_named || (cli->command->entity && strcmp(cli->command->entity, "agent") == 0))
		return EXIT_DONE;
	int known = crm_store_agent_known(cli->store);
	if (known < 0)
		return cli_store_fail(cli, known);
	if (!known)
		cli_warn(cli, "there is no agent '%s' in the store (crm agent add --name %s)",
			crm_store_agent(cli->store), crm_store_agent(cli->store));
	return EXIT_DONE;
}

int cli_open(struct cli *cli, unsigned flags)
{
	bool writes = flags & VERB_WRITE;

	if (!cli->path)
		return cli_fail(cli, EXIT_STORE, "no store: neither --store nor $CRM_STORE nor $HOME is given");
	bool made = writes && cli->default_path && access(cli->path, F_OK) < 0 && errno == ENOENT;
	int status = crm_store_open(cli->store, cli->path,
		!writes             ? CRM_OPEN_READ
		: cli->default_path ? CRM_OPEN_CREATE
				    : CRM_OPEN_WRITE);
	if (status < 0)
		return cli_store_fail(cli, status);
	if (made)
		cli_note(cli, "made the store %s", cli->path);
	return writes && !(flags & VERB_AGENTS) ? cli_check_agent(cli) : EXIT_DONE;
}
