/* What was meant by a command or a verb that is none of ours. */
#include "cli/cli.h"

#include <string.h>

/* What other programs, or another language, call it. */
static const struct {
	const char *ours;
	const char *words[8]; /* NULL-ended */
} others[] = {
	{ "add", { "new", "create", "添加", "新增", "新建" } },
	{ "list", { "ls", "列表", "列出" } },
	{ "show", { "get", "查看", "显示" } },
	{ "edit", { "update", "modify", "change", "修改", "编辑" } },
	{ "rm", { "delete", "remove", "del", "删除" } },
	{ "search", { "find", "grep", "搜索", "查找" } },
	{ "customer", { "client", "clients", "contact", "contacts", "people", "客户", "联系人" } },
	{ "log", { "message", "messages", "conversation", "conversations", "沟通", "沟通记录" } },
	{ "ticket", { "case", "cases", "issue", "issues", "工单", "售后" } },
	{ "followup", { "task", "tasks", "reminder", "reminders", "跟进" } },
	{ "order", { "purchase", "purchases", "sales", "订单" } },
	{ "survey", { "feedback", "满意度", "调查" } },
	{ "org", { "company", "companies", "organization", "organisation", "公司" } },
	{ "agent", { "user", "users", "staff", "客服" } },
	{ "report", { "stats", "statistics", "报表", "统计" } },
	{ "import", { "导入" } },
	{ "export", { "导出" } },
	{ "backup", { "备份" } },
	{ "config", { "settings", "设置", "配置" } },
	{ "help", { "man", "帮助" } },
	{ "help tutorial", { "tutorial", "教程" } },
};

const char *word_of_ours(const char *word)
{
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (words_have(others[i].words, word))
			return others[i].ours;
	return word;
}

static bool has_verb(const struct cli_command *command, const char *verb)
{
	for (size_t i = 0; i < command->nverbs; i++)
		if (command->verbs[i].name && strcmp(command->verbs[i].name, verb) == 0)
			return true;
	return false;
}

/* The noun of a verb that was typed without one or before it: the next word, else the first that has the verb. */
static const struct cli_command *noun_of(const struct cli_program *program, const char *verb, const char *next)
{
	const struct cli_command *noun = next ? command_find(program, word_of_ours(next)) : NULL;

	if (noun && has_verb(noun, verb))
		return noun;
	for (size_t i = 0; i < program->n; i++)
		if (has_verb(program->commands[i], verb))
			return program->commands[i];
	return NULL;
}

/* The nearest command or alias, or NULL. */
static const char *nearest_command(const struct cli *cli, const char *name)
{
	cleanup(strings_freep) struct strings names = { 0 };

	for (size_t i = 0; i < cli->program->n; i++)
		strings_add(&names, cli->program->commands[i]->name);
	for (size_t i = 0; i < cli->config.n; i++)
		if (strncmp(cli->config.v[i].key, "alias.", 6) == 0)
			strings_add(&names, cli->config.v[i].key + 6);
	return crm_text_nearest(name, names.v, names.n);
}

int cli_unknown_command(struct cli *cli, const char *name, const char *next)
{
	const char *meant = word_of_ours(name);
	const struct cli_command *noun = noun_of(cli->program, meant, next);

	if (noun)
		return cli_fail(
			cli, EXIT_USAGE, "there is no command '%s', did you mean '%s %s'?", name, noun->name, meant);
	meant = meant != name ? meant : nearest_command(cli, name);
	if (meant)
		return cli_fail(cli, EXIT_USAGE, "there is no command '%s', did you mean '%s'?", name, meant);
	return cli_fail(cli, EXIT_USAGE, "there is no command '%s' (`crm -h` lists them)", name);
}
