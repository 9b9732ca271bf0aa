/*
 * Makes customers.csv and logs.csv of any size for the benchmarks, the same bytes from the same seed.
 *
 *   bench_gen DIR CUSTOMERS LOGS DUE [SEED]
 *
 * Half of the names are Chinese, half English; keys, e-mails and phones are unique, and the gaps are those of a real
 * file: about a fifth has no e-mail, a seventh no phone, most no birthday. Everybody has at least one communication.
 * DUE customers were last spoken to 5 to 90 days before NOW, all others less than 3 days before, so that the list of
 * follow-ups at NOW in UTC has DUE lines. Earlier communications lie behind each other by exponential gaps, back to two
 * years before NOW, and the file is in order of time, as a log is.
 */
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NOW       1772409600 /* 2026-03-02T00:00:00Z */
#define DAY       86400
#define SPAN      (730 * DAY)
#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))

struct contact {
	int64_t at;
	uint32_t customer;
};

static uint64_t state;

/* splitmix64: one multiplication chain, good enough for names and times, the same on every machine. */
static uint64_t next(void)
{
	uint64_t z = (state += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static uint64_t below(uint64_t n)
{
	return next() % n;
}

static bool chance(unsigned percent)
{
	return below(100) < percent;
}

static double unit(void) /* in (0, 1] */
{
	return ((double)(next() >> 11) + 1.0) / 9007199254740992.0;
}

#define PICK(a) ((a)[below(LENGTH(a))])

static const char *const surnames[] = { "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡",
	"朱", "高", "林", "何", "郭", "马", "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "萧", "程",
	"曹", "袁", "邓", "许", "傅", "沈", "曾", "彭", "吕", "单", "仇", "解", "区", "欧阳", "尉迟", "诸葛", "上官" };
static const char *const characters[] = { "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰",
	"娟", "涛", "明", "超", "秀", "霞", "平", "刚", "桂", "英", "华", "玉", "兰", "红", "建", "国", "志", "文",
	"晓", "春", "梅", "海", "燕", "雪", "飞", "鹏", "宇", "浩", "然", "子", "涵", "欣", "怡", "梓", "轩", "思",
	"远", "嘉", "佳", "琪", "博", "雨" };
static const char *const first_names[] = { "James", "Mary", "Robert", "Patricia", "John", "Jennifer", "Michael",
	"Linda", "David", "Elizabeth", "William", "Barbara", "Richard", "Susan", "Joseph", "Jessica", "Thomas", "Sarah",
	"Charles", "Karen", "Daniel", "Lisa", "Matthew", "Nancy", "Anthony", "Betty", "Mark", "Sandra", "Donald",
	"Margaret", "Paul", "Ashley", "Steven", "Emily", "Zoë", "Chloé", "Jürgen", "Siobhán", "Søren", "Inês" };
static const char *const last_names[] = { "Smith", "Johnson", "Williams", "Brown", "Jones", "Miller", "Davis", "Wilson",
	"Anderson", "Taylor", "Moore", "Jackson", "Martin", "Lee", "Thompson", "White", "Harris", "Clark", "Lewis",
	"Robinson", "Walker", "Young", "Allen", "King", "Wright", "Scott", "Hill", "Green", "Adams", "Baker", "Nelson",
	"Carter", "Mitchell", "O'Brien", "Müller", "García", "Nowak", "Kowalski", "Lindgren", "van Dijk" };
static const char *const cities[] = { "北京", "上海", "广州", "深圳", "成都", "杭州", "武汉", "西安", "南京", "重庆",
	"苏州", "天津" };
static const char *const towns[] = { "London", "Leeds", "Bristol", "Boston", "Chicago", "Seattle", "Toronto", "Sydney",
	"Dublin", "Berlin", "Zürich", "Oslo" };
static const char *const streets[] = { "中山路", "人民路", "解放路", "建设路", "和平街", "长江路", "学府路", "朝阳街" };
static const char *const roads[] = { "High Street", "Station Road", "Mill Lane", "Church Road", "Park Avenue",
	"Victoria Road", "Kingsway", "Harbour View" };
static const char *const firms[] = { "华信科技", "远东贸易", "星光传媒", "恒丰建材", "安康医药", "金桥物流", "绿源食品",
	"蓝天教育" };
static const char *const companies[] = { "Northwind Tools", "Harbour Foods", "Miller, Hill and Co.",
	"Bright \"Spark\" Ltd", "Atlas Freight", "Clearwater Clinic", "Oakfield School", "Summit Media" };
static const char *const positions[] = { "经理", "采购", "总监", "工程师", "会计", "主任" };
static const char *const titles[] = { "Manager", "Buyer", "Director", "Engineer", "Accountant", "Owner" };
static const char *const stages[] = { "lead", "lead", "opportunity", "customer", "customer", "customer", "other" };
static const char *const channels[] = { "phone", "phone", "phone", "email", "email", "wechat", "visit", "chat", "sms" };
static const char *const agents[] = { "anna", "bo", "chen", "dora", "emil", "fang", "gao", "hugo" };
static const char *const topics[] = { "询价", "发货", "发票", "售后", "回访", "合同" };
static const char *const subjects[] = { "Quote", "Delivery", "Invoice", "Repair", "Check-in", "Contract" };
static const char *const remarks[] = { "客户想了解批量采购的价格，下周再联系。", "已确认送货时间，周四上午送到仓库。",
	"发票抬头有误，需要重新开具。", "设备运行正常，对服务比较满意。", "希望延长保修期，已转给售后部门处理。",
	"讨论了明年的合同条款，等待对方法务回复。" };
static const char *const notes[] = { "Asked for a price on fifty pieces, wants to hear next week.",
	"Agreed on Thursday morning, goods go to the back door.",
	"Invoice had the wrong name on it; a new one is on its way.", "All runs well, \"best year so far\".",
	"Would like a longer warranty, passed on to service.",
	"Went through next year's contract, their lawyer will answer." };

/* What a message is put together from: who, what, what about it, and then. */
static const char *const who[] = { "客户", "对方", "采购部", "王经理", "财务", "仓库", "前台", "老客户", "负责人",
	"司机", "技术员", "代理商", "门店", "总部", "物流公司", "秘书" };
static const char *const whos[] = { "The customer", "Their buyer", "The manager", "Accounting", "The warehouse",
	"Reception", "An old client", "The driver", "Their engineer", "The dealer", "The branch", "Headquarters",
	"The carrier", "Her assistant", "Purchasing", "The owner" };
static const char *const what[] = { "手机", "空调", "打印机", "传感器", "合同", "发票", "订单", "包裹", "样品",
	"报价单", "说明书", "账号", "电池", "显示屏", "会员卡", "保修卡", "软件", "配件", "水泵", "路由器" };
static const char *const whats[] = { "phone", "heater", "printer", "sensor", "contract", "invoice", "order", "parcel",
	"sample", "quotation", "manual", "account", "battery", "screen", "card", "warranty", "software", "spare part",
	"pump", "router" };
static const char *const about[] = { "要求退款", "还没有收到", "屏幕碎了", "无法登录", "希望换货", "价格太高",
	"开机没有反应", "需要维修", "数量不对", "颜色发错了", "想再订一批", "已经签收", "漏水严重", "要重新开具",
	"催了两次", "比较满意", "有划痕", "打算取消", "请尽快安排", "温度显示异常" };
static const char *const abouts[] = { "wants a refund for the", "has not received the", "broke the", "cannot use the",
	"would exchange the", "finds too expensive the", "gets no light on the", "needs repair of the",
	"counted wrong the", "got in the wrong colour the", "would order again the", "signed for the",
	"reports a leak in the", "asks for a copy of the", "called twice about the", "is happy with the",
	"found scratches on the", "may cancel the", "waits for the", "reads strange values on the" };
static const char *const then[] = { "下周再联系", "已转给售后", "周四上午送货", "等待法务回复", "答应补偿", "约好上门",
	"发了邮件确认", "请主管处理", "登记了工单", "三天内答复", "没有接电话", "明天再打" };
static const char *const thens[] = { "will hear from us next week", "passed on to service", "delivery on Thursday",
	"waiting for their lawyer", "promised a discount", "visit agreed", "confirmed by e-mail", "manager informed",
	"ticket opened", "answer in three days", "nobody answered", "call again tomorrow" };

static _Noreturn void die(const char *work)
{
	fprintf(stderr, "bench_gen: %s: %s\n", work, errno ? strerror(errno) : "refused");
	exit(1);
}

static FILE *create(const char *dir, const char *name)
{
	char *path;
	FILE *f;

	if (asprintf(&path, "%s/%s", dir, name) < 0 || !(f = fopen(path, "w")))
		die(name);
	setvbuf(f, NULL, _IOFBF, 1 << 20);
	free(path);
	return f;
}

static void finish(FILE *f, const char *name)
{
	if (ferror(f) || fclose(f) != 0)
		die(name);
}

/* A cell and what follows it; quoted where CSV asks for it. */
static void cell(FILE *f, const char *text, char end)
{
	if (!strpbrk(text, ",\"\n")) {
		fputs(text, f);
	} else {
		putc('"', f);
		for (; *text; text++) {
			if (*text == '"')
				putc('"', f);
			putc(*text, f);
		}
		putc('"', f);
	}
	putc(end, f);
}

static void cell_or_blank(FILE *f, unsigned percent, const char *text)
{
	cell(f, chance(percent) ? text : "", ',');
}

/* One of very many messages of about sixty bytes. */
static void put_message(FILE *f, bool chinese)
{
	char text[256];
	int n;

	if (chinese)
		n = snprintf(text, sizeof(text), "%s的%s%s，%s", PICK(who), PICK(what), PICK(about), PICK(then));
	else
		n = snprintf(text, sizeof(text), "%s %s %s, %s", PICK(whos), PICK(abouts), PICK(whats), PICK(thens));
	if (n > 0 && chance(30))
		snprintf(text + n, sizeof(text) - (size_t)n, chinese ? "，单号%06d。" : ", number %06d.",
			(int)below(1000000));
	cell(f, text, '\n');
}

static void put_name(FILE *f, bool chinese)
{
	if (chinese) {
		fputs(PICK(surnames), f);
		fputs(PICK(characters), f);
		fputs(chance(70) ? PICK(characters) : "", f);
	} else {
		fputs(PICK(first_names), f);
		putc(' ', f);
		fputs(PICK(last_names), f);
	}
	putc(',', f);
}

/* The number of a customer makes e-mail and phone unique; the spelling of the phone varies as people's does. */
static void put_addresses(FILE *f, bool chinese, size_t i)
{
	unsigned long n = (unsigned long)i;
	static const char *const hosts[] = { "example.com", "example.org", "mail.example.net", "Example.COM" };

	if (chance(80))
		fprintf(f, "%c%lu@%s", "abcdefghjklmnpqrstuwxyz"[below(23)], n, PICK(hosts));
	putc(',', f);
	if (chance(86)) {
		if (!chinese)
			fprintf(f, "+1 %03lu %03lu %04lu", 200 + n / 10000000 % 700, 200 + n / 10000 % 700, n % 10000);
		else if (chance(50))
			fprintf(f, "13%lu%08lu", n / 100000000 % 10, n % 100000000);
		else
			fprintf(f, "13%lu %04lu %04lu", n / 100000000 % 10, n / 10000 % 10000, n % 10000);
	}
	putc(',', f);
}

static void put_address(FILE *f, bool chinese)
{
	char text[128];

	cell_or_blank(f, 90, chinese ? PICK(cities) : PICK(towns));
	if (chinese)
		snprintf(text, sizeof(text), "%s%d号", PICK(streets), 1 + (int)below(400));
	else
		snprintf(text, sizeof(text), "%d %s, Flat %d", 1 + (int)below(400), PICK(roads), 1 + (int)below(40));
	cell_or_blank(f, 60, text);
	snprintf(text, sizeof(text), "%06d", (int)below(1000000));
	cell_or_blank(f, 60, text);
}

static void write_customers(const char *dir, size_t n)
{
	FILE *f = create(dir, "customers.csv");
	char birthday[16];

	fputs("key,name,email,phone,company,title,city,address,postcode,stage,birthday,note\n", f);
	for (size_t i = 0; i < n; i++) {
		bool chinese = chance(50);

		fprintf(f, "K%08zu,", i);
		put_name(f, chinese);
		put_addresses(f, chinese, i);
		cell_or_blank(f, 55, chinese ? PICK(firms) : PICK(companies));
		cell_or_blank(f, 40, chinese ? PICK(positions) : PICK(titles));
		put_address(f, chinese);
		cell_or_blank(f, 85, PICK(stages));
		snprintf(birthday, sizeof(birthday), "%04d-%02d-%02d", 1940 + (int)below(65), 1 + (int)below(12),
			1 + (int)below(28));
		cell_or_blank(f, 25, birthday);
		cell(f, chance(15) ? chinese ? PICK(remarks) : PICK(notes) : "", '\n');
	}
	finish(f, "customers.csv");
}

/* How many communications each has: one, and the rest spread so that some have many. */
static uint32_t *share(size_t customers, size_t logs)
{
	uint32_t *count = malloc(customers * sizeof(*count));

	if (!count)
		die("memory");
	for (size_t i = 0; i < customers; i++)
		count[i] = 1;
	for (size_t i = customers; i < logs; i++) {
		double u = (double)(next() >> 11) / 9007199254740992.0;

		count[(size_t)((double)customers * u * sqrt(u))]++;
	}
	return count;
}

static int by_time(const void *left, const void *right)
{
	const struct contact *a = left, *b = right;

	return a->at != b->at ? (a->at > b->at) - (a->at < b->at)
			      : (a->customer > b->customer) - (a->customer < b->customer);
}

static struct contact *contacts_of(size_t customers, size_t logs, size_t due)
{
	uint32_t *count = share(customers, logs);
	struct contact *all = malloc(logs * sizeof(*all)), *c = all;

	if (!all)
		die("memory");
	for (size_t i = 0; i < customers; i++) {
		/* Evenly strewn: exactly `due` of all are. */
		bool is_due = (i + 1) * due / customers != i * due / customers;
		int64_t at =
			is_due ? NOW - 5 * DAY - (int64_t)below(85 * DAY) : NOW - 60 - (int64_t)below(3 * DAY - 120);
		double mean = (double)SPAN / (double)(count[i] + 1);

		for (uint32_t k = 0; k < count[i]; k++, c++) {
			c->customer = (uint32_t)i;
			c->at = at;
			at -= 60 + (int64_t)(-log(unit()) * mean);
			if (at < NOW - SPAN)
				at = NOW - SPAN + (int64_t)below(DAY);
		}
	}
	free(count);
	qsort(all, logs, sizeof(*all), by_time);
	return all;
}

static void write_logs(const char *dir, size_t customers, size_t logs, size_t due)
{
	struct contact *all = contacts_of(customers, logs, due);
	FILE *f = create(dir, "logs.csv");
	char at[32];
	struct tm tm;

	fputs("at,customer,channel,direction,agent,subject,content\n", f);
	for (size_t i = 0; i < logs; i++) {
		bool chinese = chance(50);
		time_t t = (time_t)all[i].at;

		strftime(at, sizeof(at), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&t, &tm));
		fprintf(f, "%s,K%08u,%s,%s,%s,", at, all[i].customer, PICK(channels), chance(60) ? "out" : "in",
			PICK(agents));
		cell_or_blank(f, 70, chinese ? PICK(topics) : PICK(subjects));
		put_message(f, chinese);
	}
	free(all);
	finish(f, "logs.csv");
}

static size_t number(const char *text)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(text, &end, 10);
	if (errno || end == text || *end || *text == '-')
		die(text);
	return n;
}

int main(int argc, char **argv)
{
	size_t customers, logs, due;

	if (argc < 5 || argc > 6) {
		fprintf(stderr, "usage: bench_gen DIR CUSTOMERS LOGS DUE [SEED]\n");
		return 2;
	}
	customers = number(argv[2]);
	logs = number(argv[3]);
	due = number(argv[4]);
	state = argc == 6 ? number(argv[5]) : 1;
	if (customers == 0 || customers > 90000000 || logs < customers || due > customers) {
		fprintf(stderr,
			"bench_gen: at least one customer, a communication each, and no more due than there are\n");
		return 2;
	}
	write_customers(argv[1], customers);
	write_logs(argv[1], customers, logs, due);
	return 0;
}
