/*
 * The next occurrence of each series on stdin, for repeat_oracle.py: tab-separated lines of zone, every, on, first day,
 * clock, last day, now (days since 1970-01-01; the clock in seconds, negative for a whole day; now in UTC seconds). Answers
 * with the next day, its first second, and how many were missed; or with `none`.
 */
#include "service/repeat.h"

#include <inttypes.h>
#include <stdio.h>

static int answer(char *line)
{
	char *part[7];
	struct zone *zone = NULL;
	struct err err = { 0 };
	struct occurrence first, last, next;
	struct repeat rule;
	int64_t n[4], missed;
	int status;

	for (size_t i = 0; i < ARRAY_SIZE(part); i++)
		part[i] = strsep(&line, "\t");
	for (size_t i = 0; i < ARRAY_SIZE(n); i++)
		if (!part[3 + i] || !parse_int64(part[3 + i], strlen(part[3 + i]), INT64_MIN, INT64_MAX, &n[i]))
			return -1;
	first = (struct occurrence){ .day = n[0], .clock = (int)n[1] };
	last = (struct occurrence){ .day = n[2], .clock = (int)n[1] };
	status = zone_load(&zone, part[0], &err);
	if (status == CRM_OK)
		status = repeat_parse(&rule, part[1], *part[2] ? part[2] : NULL, &err);
	if (status < 0)
		fprintf(stderr, "%s\n", buf_str(&err.msg));
	else if (repeat_next(&next, &missed, &rule, zone, &first, &last, n[3]))
		printf("%" PRId64 "\t%" PRId64 "\t%" PRId64 "\n", next.day, occurrence_time(&next, zone), missed);
	else
		puts("none");
	zone_free(zone);
	err_free(&err);
	return status;
}

int main(void)
{
	char line[256];

	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		if (answer(line) < 0)
			return 1;
	}
	return 0;
}
