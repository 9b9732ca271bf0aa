#include "analysis/stop.h"

static const char *const english[] = { "a", "about", "above", "after", "again", "against", "all", "already", "also",
	"am", "an", "and", "any", "anyone", "anything", "are", "aren't", "as", "at", "be", "because", "been", "before",
	"being", "below", "between", "both", "but", "by", "can", "can't", "cannot", "could", "couldn't", "did",
	"didn't", "do", "does", "doesn't", "doing", "don't", "down", "during", "each", "either", "else", "even", "ever",
	"every", "everything", "few", "for", "from", "further", "had", "hadn't", "has", "hasn't", "have", "haven't",
	"having", "he", "he'd", "he'll", "her", "here", "hers", "herself", "him", "himself", "his", "how", "however",
	"i", "i'd", "i'll", "i'm", "i've", "if", "in", "into", "is", "isn't", "it", "it'd", "it'll", "its", "itself",
	"just", "let", "may", "me", "might", "more", "most", "much", "must", "my", "myself", "neither", "no", "nor",
	"not", "now", "of", "off", "on", "once", "only", "or", "other", "our", "ours", "ourselves", "out", "over",
	"own", "rather", "same", "shall", "she", "she'd", "she'll", "should", "shouldn't", "since", "so", "some",
	"someone", "something", "still", "such", "than", "that", "that'll", "the", "their", "theirs", "them",
	"themselves", "then", "there", "these", "they", "they'd", "they'll", "they're", "they've", "this", "those",
	"though", "through", "to", "too", "under", "until", "up", "upon", "us", "very", "was", "wasn't", "we", "we'd",
	"we'll", "we're", "we've", "were", "weren't", "what", "when", "where", "whether", "which", "while", "who",
	"whom", "whose", "why", "will", "with", "within", "without", "won't", "would", "wouldn't", "yet", "you",
	"you'd", "you'll", "you're", "you've", "your", "yours", "yourself", "yourselves" };

/* Of two characters and more: a single one is never a term. */
static const char *const chinese[] = {
	/* pronouns and what points */
	"我们", "你们", "他们", "她们", "它们", "咱们", "大家", "自己", "这个", "那个", "这些", "那些", "这样", "那样",
	"这么", "那么", "这种", "那种", "这里", "那里", "这边", "那边", "这儿", "那儿", "这次", "这是", "那是", "每个",
	"各种", "其他", "其它", "别人", "有人", "有的", "有些", "所有", "一切",
	/* questions */
	"什么", "怎么", "怎样", "怎么样", "为什么", "如何", "多少", "几个", "哪个", "哪些", "哪里", "哪儿", "是否",
	"是不是", "有没有", "能不能", "会不会", "可不可以",
	/* numbers and measures */
	"一个", "一些", "一样", "一下", "一点", "一种", "一次", "一直", "一定", "一般", "一起", "两个", "有点",
	"有一点", "第一", "第二",
	/* to be, to have, can, must, and not */
	"就是", "还是", "不是", "都是", "也是", "只是", "而是", "真是", "算是", "没有", "还有", "只有", "都有", "也有",
	"可以", "可能", "能够", "应该", "需要", "必须", "不能", "不会", "不要", "不用", "不可", "不得", "不到", "不了",
	"不过", "不但", "不仅", "不如", "只能", "只要", "就会", "就要", "都会", "也会", "会有",
	/* conjunctions and prepositions */
	"因为", "所以", "因此", "因而", "由于", "但是", "可是", "然而", "而且", "并且", "或者", "以及", "如果", "要是",
	"假如", "虽然", "尽管", "即使", "无论", "不管", "除了", "除非", "否则", "为了", "对于", "关于", "至于", "根据",
	"按照", "通过", "然后", "后来", "于是", "其实", "比如", "例如", "加上", "包括",
	/* adverbs, times and degrees */
	"非常", "特别", "十分", "比较", "相当", "很多", "许多", "太多", "更加", "最好", "已经", "曾经", "正在", "刚刚",
	"马上", "现在", "目前", "以前", "以后", "之前", "之后", "时候", "的时候", "总是", "经常", "有时", "仍然",
	"居然", "竟然", "果然", "几乎", "大概", "大约", "好像", "似乎", "确实", "的确", "真的", "本来", "原来", "根本",
	"究竟", "到底", "反正", "而已", "起来", "出来", "下来", "过来", "上来", "进去", "回来", "里面", "上面", "下面",
	"的话", "来说", "来讲", "不知道"
};

static bool is_among(const char *const *words, size_t n, const char *s, size_t len)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(words[i]) == len && memcmp(words[i], s, len) == 0)
			return true;
	return false;
}

bool stop_word(const char *s, size_t len)
{
	return is_among(english, ARRAY_SIZE(english), s, len) || is_among(chinese, ARRAY_SIZE(chinese), s, len);
}

/* 的 吗 呢 吧 啊 呀 嘛 哦 */
static bool is_particle(uint32_t cp)
{
	return cp == 0x7684 || cp == 0x5417 || cp == 0x5462 || cp == 0x5427 || cp == 0x554a || cp == 0x5440 ||
	       cp == 0x561b || cp == 0x54e6;
}

bool stop_first(uint32_t cp)
{
	return is_particle(cp) || cp == 0x4eec; /* 们 */
}

bool stop_last(uint32_t cp)
{
	return is_particle(cp) || cp == 0x4e86; /* 了 */
}
