/* Names in pinyin. The readings are those of dictionaries of Chinese surnames and of Xinhua Zidian. */
#include "text/pinyin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

struct name {
	const char *name, *pinyin;
};

static void expect(const struct name *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct buf b = BUF_INIT;

		buf_puts(&b, "+");
		assert_int_equal(text_pinyin(&b, names[i].name, strlen(names[i].name)), CRM_OK);
		if (strcmp(b.s + 1, names[i].pinyin) != 0)
			fail_msg("%s is read %s, not %s", names[i].name, b.s + 1, names[i].pinyin);
		buf_free(&b);
	}
}

static void names_are_spelt(void **state)
{
	static const struct name names[] = {
		{ "张三", "zhang san" }, { "李四", "li si" }, { "王五", "wang wu" }, { "吕布", "lv bu" },
		{ "聂女", "nie nv" }, { "陳慧嫻", "chen hui xian" }, { "周杰伦", "zhou jie lun" },
		{ "刘德华", "liu de hua" }, { "钱都都", "qian du du" }, { "王晟", "wang sheng" }, { "李茜", "li qian" },
		{ "赵长青", "zhao chang qing" }, { "〇一", "ling yi" }, { "㐅", "wu" }, /* in extension A */
		{ "李𬭬", "li hui" }, /* one of the standard characters beyond the blocks */
		{ "豈更", "qi geng" },   /* compatibility characters, U+F900 and U+F901 */
	};

	(void)state;
	expect(names, ARRAY_SIZE(names));
}

static void surnames_have_readings_of_their_own(void **state)
{
	static const struct name names[] = {
		{ "单雄信", "shan xiong xin" },
		{ "曾国藩", "zeng guo fan" },
		{ "仇英", "qiu ying" },
		{ "解缙", "xie jin" },
		{ "区志航", "ou zhi hang" },
		{ "查良镛", "zha liang yong" },
		{ "任正非", "ren zheng fei" },
		{ "华罗庚", "hua luo geng" },
		{ "盖叫天", "ge jiao tian" },
		{ "朴正熙", "piao zheng xi" },
		{ "缪昌期", "miao chang qi" },
		{ "覃琴", "qin qin" },
		{ "翟志刚", "zhai zhi gang" },
		{ "乐毅", "yue yi" },
		{ "种师道", "chong shi dao" },
		{ "繁钦", "po qin" },
		{ "薄一波", "bo yi bo" },
		{ "祭遵", "zhai zun" },
		{ "召公", "shao gong" },
		{ "卜算", "bu suan" },
		{ "乜子", "nie zi" },
		{ "单", "shan" },
		{ "Amy 曾", "amy zeng" },
		{ "曾 志伟", "zeng zhi wei" },
		{ "曾先生", "zeng xian sheng" },
		{ "解晓东先生", "xie xiao dong xian sheng" },
		{ "曾志伟(VIP)", "zeng zhi wei vip" },
		{ "黄曾", "huang ceng" }, /* not where it is no surname */
		{ "李解", "li jie" },
	};

	(void)state;
	expect(names, ARRAY_SIZE(names));
}

static void compound_surnames_are_known(void **state)
{
	static const struct name names[] = {
		{ "尉迟恭", "yu chi gong" },
		{ "万俟卨", "mo qi xie" },
		{ "长孙无忌", "zhang sun wu ji" },
		{ "長孫皇后", "zhang sun huang hou" },
		{ "令狐冲", "ling hu chong" },
		{ "澹台灭明", "tan tai mie ming" },
		{ "单于夫罗", "chan yu fu luo" },
		{ "乐正子春", "yue zheng zi chun" },
		{ "欧阳修", "ou yang xiu" },
		{ "司马相如", "si ma xiang ru" },
		{ "诸葛亮", "zhu ge liang" },
		{ "上官婉儿", "shang guan wan er" },
		{ "夏侯惇", "xia hou dun" },
		{ "皇甫嵩", "huang fu song" },
		{ "尉官", "wei guan" },
	};

	(void)state;
	expect(names, ARRAY_SIZE(names));
}

static void companies_have_no_surname(void **state)
{
	static const struct name names[] = {
		{ "北京云科技有限公司", "bei jing yun ke ji you xian gong si" },
		{ "单位用品公司", "dan wei yong pin gong si" },
		{ "解放医院", "jie fang yi yuan" },
		{ "查询电子", "cha xun dian zi" },
		{ "盖世英雄联盟", "gai shi ying xiong lian meng" },
		{ "中国银行", "zhong guo yin hang" },
		{ "重庆音乐学院", "chong qing yin yue xue yuan" },
		{ "厦门航空", "xia men hang kong" },
		{ "单县分行", "shan xian fen hang" },
		{ "阿凡提·买买提", "a fan ti mai mai ti" },
		{ "查理·布朗", "cha li bu lang" },
	};

	(void)state;
	expect(names, ARRAY_SIZE(names));
}

static void what_is_not_han_stays(void **state)
{
	static const struct name names[] = {
		{ "", "" }, { "Anna Smith", "" }, { "José Ñandú", "" }, { "さくら", "" }, { "김철수", "" },
		{ "王Amy", "wang amy" }, { "ＡＢＣ科技", "abc ke ji" }, { "3M中国", "3m zhong guo" },
		{ "José 王", "josé wang" }, { "Müller 王", "mvller wang" }, { "  张　三  ", "zhang san" },
		{ "张三（北京）", "zhang san bei jing" }, { "A-B 李", "a b li" },
		{ "张\xf0\xa0\xae\xb7", "zhang \xf0\xa0\xae\xb7" }, /* no reading is known: it stands for itself */
	};

	(void)state;
	expect(names, ARRAY_SIZE(names));
}

static void what_is_no_text_is_refused(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	assert_int_equal(text_pinyin(&b, "张\xe4\xb8", 5), CRM_INVALID);
	assert_int_equal(b.len, 0);
	assert_int_equal(text_pinyin(&b, "\xff\xfe", 2), CRM_OK);
	assert_int_equal(b.len, 0);
	buf_free(&b);
}

static void what_is_typed_has_one_form(void **state)
{
	static const struct name typed[] = {
		{ "zhangsan", "zhangsan" },
		{ "Zhang San", "zhangsan" },
		{ "  ZHANG  san ", "zhangsan" },
		{ "Xi'an", "xian" },
		{ "Zhang-san", "zhangsan" },
		{ "LÜ Bu", "lvbu" },
		{ "ｚｓ", "zs" },
		{ "张san", "" },
		{ "12", "" },
		{ "üb", "" },
		{ "", "" },
		{ "z\xff", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(typed); i++) {
		struct buf b = BUF_INIT;

		assert_int_equal(pinyin_typed(&b, typed[i].name, strlen(typed[i].name)), CRM_OK);
		assert_string_equal(buf_str(&b), typed[i].pinyin);
		buf_free(&b);
	}
}

static void pinyin_answers_what_is_typed(void **state)
{
	static const struct {
		const char *pinyin, *typed;
		enum pinyin_answer answer;
	} cases[] = {
		{ "zhang san", "zhangsan", PINYIN_WHOLE },
		{ "zhang san", "zs", PINYIN_INITIALS },
		{ "zhang san", "zhang", PINYIN_BEGINS },
		{ "zhang san", "z", PINYIN_BEGINS },
		{ "zhang san feng", "zs", PINYIN_BEGINS_INITIALS },
		{ "zhang san", "zhangsanf", PINYIN_NO },
		{ "zhang san", "zsf", PINYIN_NO },
		{ "zhang san", "zsan", PINYIN_NO },
		{ "zhang san", "hangsan", PINYIN_NO },
		{ "an", "a", PINYIN_INITIALS },
		{ "lv bu", "lubu", PINYIN_WHOLE },
		{ "lv bu", "lvbu", PINYIN_WHOLE },
		{ "lu bu", "lvbu", PINYIN_NO },
		{ "wang amy", "wa", PINYIN_INITIALS },
		{ "wang amy", "wangamy", PINYIN_WHOLE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		if (pinyin_answers(cases[i].pinyin, strlen(cases[i].pinyin), cases[i].typed) != cases[i].answer)
			fail_msg("%s for %s is %d", cases[i].pinyin, cases[i].typed,
				(int)pinyin_answers(cases[i].pinyin, strlen(cases[i].pinyin), cases[i].typed));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_spelt),
		cmocka_unit_test(surnames_have_readings_of_their_own),
		cmocka_unit_test(compound_surnames_are_known),
		cmocka_unit_test(companies_have_no_surname),
		cmocka_unit_test(what_is_not_han_stays),
		cmocka_unit_test(what_is_no_text_is_refused),
		cmocka_unit_test(what_is_typed_has_one_form),
		cmocka_unit_test(pinyin_answers_what_is_typed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
