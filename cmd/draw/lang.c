#include "draw/lang.h"
#include <string.h>

const char *const lang_names[] = { "en", "zh", NULL };

/* Of charts and pages themselves. */
static const struct translation frame[] = {
	{ "Period", "时间范围" },
	{ "Grouped by", "分组" },
	{ "all", "全部" },
	{ "Filter", "筛选" },
	{ "As of", "数据截至" },
	{ "from {1}", "{1} 起" },
	{ "until {1}", "截至 {1}" },
	{ "{1} to {2}", "{1} 至 {2}" },
	{ "before: {1}", "此前：{1}" },
	{ "by {1}", "按{1}" },
	{ " before", "（此前）" },
	{ " change", "（增减）" },
	{ " change %", "（变化）" },
	{ "nothing to show", "没有数据" },
	{ "the {1} largest of {2}", "共 {2} 项，图中为最大的 {1} 项" },
	{ "the first {1} of {2} rows", "共 {2} 行，此处为前 {1} 行" },
	{ "the last {1} of {2} rows", "共 {2} 行，此处为后 {1} 行" },
	{ "each column is the mean of {1}", "每一柱为 {1} 项的平均值" },
	{ NULL, NULL },
};

/* Values of enumerated fields, metrics and the like. */
static const struct translation words[] = {
	/* channels, ways */
	{ "phone", "电话" },
	{ "email", "邮件" },
	{ "chat", "在线聊天" },
	{ "sms", "短信" },
	{ "wechat", "微信" },
	{ "whatsapp", "WhatsApp" },
	{ "telegram", "Telegram" },
	{ "visit", "拜访" },
	{ "social", "社交媒体" },
	{ "web", "网页" },
	{ "api", "接口" },
	{ "fax", "传真" },
	{ "letter", "信函" },
	{ "other", "其他" },
	{ "call", "致电" },
	{ "in", "呼入" },
	{ "out", "呼出" },
	/* tickets */
	{ "new", "新" },
	{ "open", "处理中" },
	{ "pending", "等待客户" },
	{ "hold", "暂缓" },
	{ "solved", "已解决" },
	{ "closed", "已关闭" },
	{ "merged", "已合并" },
	{ "spam", "垃圾" },
	{ "low", "低" },
	{ "normal", "普通" },
	{ "high", "高" },
	{ "urgent", "紧急" },
	{ "inquiry", "咨询" },
	{ "complaint", "投诉" },
	{ "after_sales", "售后" },
	{ "feedback", "反馈" },
	{ "question", "问题" },
	{ "incident", "事件" },
	{ "problem", "故障" },
	{ "task", "任务" },
	{ "return", "退货" },
	{ "exchange", "换货" },
	{ "repair", "维修" },
	{ "replacement", "补发" },
	{ "refund", "退款" },
	/* times and promises */
	{ "all", "全部" },
	{ "first_reply", "首次回复" },
	{ "next_reply", "后续回复" },
	{ "resolution", "解决" },
	{ "first_resolution", "首次解决" },
	{ "full_resolution", "最终解决" },
	{ "requester_wait", "客户等待" },
	{ "agent_wait", "等待客户回应" },
	{ "on_hold", "暂缓时间" },
	/* scores, customers */
	{ "quality", "质量" },
	{ "efficiency", "效率" },
	{ "speed", "速度" },
	{ "professionalism", "专业" },
	{ "value", "价值" },
	{ "function", "功能" },
	{ "price", "价格" },
	{ "service", "服务" },
	{ "brand", "品牌" },
	{ "overall", "总体" },
	{ "champions", "核心客户" },
	{ "loyal", "忠诚客户" },
	{ "potential_loyalist", "潜在忠诚" },
	{ "promising", "有潜力" },
	{ "need_attention", "需关注" },
	{ "about_to_sleep", "即将沉睡" },
	{ "at_risk", "有流失风险" },
	{ "cannot_lose", "不可流失" },
	{ "hibernating", "沉睡" },
	{ "lost", "已流失" },
	/* weekdays */
	{ "Mon", "周一" },
	{ "Tue", "周二" },
	{ "Wed", "周三" },
	{ "Thu", "周四" },
	{ "Fri", "周五" },
	{ "Sat", "周六" },
	{ "Sun", "周日" },
	{ NULL, NULL },
};

static const char *find(const struct translation *table, const char *en, size_t len)
{
	for (; table->en; table++)
		if (strncmp(table->en, en, len) == 0 && !table->en[len])
			return table->zh;
	return NULL;
}

static const char *find_text(const char *en)
{
	const char *zh = find(frame, en, strlen(en));

	return zh ? zh : find(lang_reports, en, strlen(en));
}

enum lang lang_find(const char *name)
{
	return strcmp(name, "zh") == 0 ? LANG_ZH : LANG_EN;
}

bool lang_knows(const char *en)
{
	return find_text(en) != NULL;
}

const char *lang_text(enum lang lang, const char *en)
{
	const char *zh = lang == LANG_ZH ? find_text(en) : NULL;

	return zh ? zh : en;
}

void lang_put(struct strbuf *b, enum lang lang, const char *en, const char *first, const char *second)
{
	const char *s = lang_text(lang, en), *at;

	for (; (at = strchr(s, '{')); s = at + strlen("{1}")) {
		strbuf_add(b, s, (size_t)(at - s));
		strbuf_puts(b, at[1] == '1' ? first : second);
	}
	strbuf_puts(b, s);
}

void lang_word(struct strbuf *b, enum lang lang, const char *s, size_t len)
{
	const char *zh = find(words, s, len);

	if (zh && lang == LANG_ZH) {
		strbuf_puts(b, zh);
		return;
	}
	size_t from = b->len;
	strbuf_escape(b, s, len, CRM_ESCAPE_LINE);
	for (size_t i = from; zh && !b->failed && i < b->len; i++)
		if (b->s[i] == '_')
			b->s[i] = ' ';
}
