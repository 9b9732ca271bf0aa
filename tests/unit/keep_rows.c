/* For keep_oracle.py: `ZONE NOW RULES TIME…` a line in, the times that are kept out. */
#include "base/base.h"
#include <crm/crm.h>

#include <stdio.h>

enum {
	TIMES = 2000
};

static int answer(crm_store *s, char *line)
{
	char *save, *zone = strsep(&line, " "), *now = strsep(&line, " "), *rules = strsep(&line, " ");
	int64_t times[TIMES], at;
	bool keep[TIMES];
	crm_keep parsed;
	size_t n = 0;

	if (!rules || !parse_int64(now, strlen(now), 0, INT64_MAX, &at) || crm_store_set_zone(s, zone) < 0 ||
		crm_keep_parse(&parsed, s, rules) < 0)
		return 1;
	while ((save = strsep(&line, " ")) && n < TIMES)
		if (!parse_int64(save, strlen(save), 0, INT64_MAX, &times[n++]))
			return 1;
	if (crm_keep_choose(keep, s, &parsed, times, n, at) < 0)
		return 1;
	for (size_t i = 0; i < n; i++)
		if (keep[i])
			printf("%lld ", (long long)times[i]);
	printf("\n");
	return 0;
}

int main(void)
{
	char *line = NULL;
	size_t cap = 0;
	crm_store *s;
	int status = crm_store_new(&s) < 0;

	while (!status && getline(&line, &cap, stdin) > 0) {
		line[strcspn(line, "\n")] = '\0';
		status = answer(s, line);
	}
	free(line);
	crm_store_close(s);
	return status;
}
