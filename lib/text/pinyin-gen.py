#!/usr/bin/env python3
"""Writes pinyin_table.c: how each Han character is read in Mandarin, without its tone.

    lib/text/pinyin-gen.py [Unihan_Readings.txt[.bz2]] > lib/text/pinyin_table.c

The readings are those of the Unihan database (https://www.unicode.org/reports/tr38/), which Debian has in the package
unicode-data. kMandarin names the most customary reading first; PREFERRED says where the most customary one in running
text is not the one in names; SURNAMES and WORDS are those whose characters are read otherwise elsewhere.
"""

import bz2
import sys
import unicodedata

UNIHAN = "/usr/share/unicode/Unihan_Readings.txt.bz2"

# The blocks that have a row of syllables each: those of nearly all characters in use.
BLOCKS = (("a", 0x3400, 0x4DBF), ("unified", 0x4E00, 0x9FFF))
IN_A_LINE = 64

# Particles and rare or local readings that Unihan has first, and characters of given names and places.
PREFERRED = {
    "得": "de", "的": "di", "地": "di", "著": "zhu", "着": "zhe", "都": "du", "长": "chang", "長": "chang",
    "晟": "sheng", "咳": "ke", "谁": "shui", "誰": "shui", "伽": "jia", "埔": "pu", "拓": "tuo", "帧": "zhen",
    "幀": "zhen", "徵": "zheng", "剋": "ke", "叚": "jia", "袷": "jia", "蹒": "pan", "蹣": "pan", "彷": "pang",
    "黾": "min", "黽": "min", "亹": "wei", "釐": "li", "嗯": "en", "〇": "ling", "什": "shi", "厦": "xia", "廈": "xia",
    "茄": "qie", "翟": "zhai", "卜": "bu", "阚": "kan", "佴": "nai", "乜": "nie", "贠": "yun",
}

# Surnames, simple and compound, whose characters are read otherwise elsewhere.
SURNAMES = """
    万俟 mo qi, 么 yao, 乐 yue, 乐正 yue zheng, 仇 qiu, 六 lu, 区 ou, 區 ou, 单 shan, 单于 chan yu, 句 gou,
    召 shao, 员 yun, 員 yun, 單 shan, 單于 chan yu, 子車 zi ju, 子车 zi ju, 尉迟 yu chi, 尉遲 yu chi, 扎 za,
    折 she, 曾 zeng, 朴 piao, 查 zha, 樂 yue, 樂正 yue zheng, 洗 xian, 澹台 tan tai, 澹臺 tan tai, 炅 gui,
    番 pan, 盖 ge, 祭 zhai, 种 chong, 秘 bi, 粘 nian, 繁 po, 繆 miao, 缪 miao, 萬俟 mo qi, 蓋 ge, 蔚 yu,
    薄 bo, 藏 zang, 覃 qin, 解 xie, 重 chong, 長孫 zhang sun, 长孙 zhang sun
"""

# Words in names of companies, places and posts whose characters are read otherwise elsewhere.
WORDS = """
    东阿 dong e, 乐亭 lao ting, 乐器 yue qi, 乐团 yue tuan, 乐清 yue qing, 乐队 yue dui, 事长 shi zhang,
    人参 ren shen, 会稽 kuai ji, 会计 kuai ji, 会长 hui zhang, 供给 gong ji, 便宜 pian yi, 六合 lu he,
    六安 lu an, 分行 fen hang, 单县 shan xian, 厂长 chang zhang, 可汗 ke han, 商行 shang hang,
    处长 chu zhang, 大埔 da bu, 大夫 dai fu, 央行 yang hang, 宝藏 bao zang, 家长 jia zhang, 尉犁 yu li,
    局长 ju zhang, 市长 shi zhang, 店长 dian zhang, 弹簧 tan huang, 总行 zong hang, 成长 cheng zhang,
    投行 tou hang, 支行 zhi hang, 曝光 bao guang, 會計 kuai ji, 柏林 bo lin, 校长 xiao zhang, 模具 mu ju,
    洋行 yang hang, 洪洞 hong tong, 海参 hai shen, 涡阳 guo yang, 牟平 mu ping, 番禺 pan yu, 科长 ke zhang,
    秘鲁 bi lu, 空调 kong tiao, 粘土 nian tu, 蔚县 yu xian, 薄荷 bo he, 藏族 zang zu, 藏药 zang yao,
    蚌埠 beng bu, 行业 hang ye, 行长 hang zhang, 西藏 xi zang, 角色 jue se, 车行 che hang, 部长 bu zhang,
    重复 chong fu, 重庆 chong qing, 重慶 chong qing, 重阳 chong yang, 銀行 yin hang, 铅山 yan shan,
    银行 yin hang, 队长 dui zhang, 阿胶 e jiao, 院长 yuan zhang, 音乐 yin yue, 音樂 yin yue, 黄陂 huang pi
"""


def plain(syllable):
    """Without tone, ü as v: what is typed on a keyboard."""
    letters = unicodedata.normalize("NFD", syllable).replace("u\u0308", "v")
    return "".join(c for c in letters if "a" <= c <= "z")


def read(path):
    """The version of the database, the reading of each character, and those beyond the blocks that are in use."""
    readings, standard, version = {}, set(), ""
    with (bz2.open if path.endswith(".bz2") else open)(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("# Unicode version:"):
                version = line.split()[-1]
            if not line.startswith("U+"):
                continue
            code, key, value = line.rstrip("\n").split("\t")
            if key == "kMandarin":
                readings[int(code[2:], 16)] = plain(value.split()[0])
            elif key == "kTGHZ2013":  # in the Table of General Standard Chinese Characters
                standard.add(int(code[2:], 16))
    readings.update({ord(c): syllable for c, syllable in PREFERRED.items()})
    beyond = [c for c in readings if (c in standard or chr(c) in PREFERRED) and not any(
        first <= c <= last for _, first, last in BLOCKS)]
    return version, readings, sorted(beyond)


def entries(text):
    """Pairs of Han characters, one or two from the blocks, and their syllables, in order of the characters."""
    pairs = sorted(entry.strip().split(" ", 1) for entry in text.replace("\n", " ").split(","))
    assert all(len(han) <= 2 and len(sounds.split()) == len(han) for han, sounds in pairs)
    return pairs


def put_readings(name, pairs):
    print(f"const struct pinyin_reading pinyin_{name}[] = {{")
    for i in range(0, len(pairs), 5):
        print("\t" + " ".join(f'{{ "{han}", "{sounds}" }},' for han, sounds in pairs[i:i + 5]))
    print("};")
    print(f"const size_t npinyin_{name} = sizeof(pinyin_{name}) / sizeof(pinyin_{name}[0]);\n")


def digits(number):
    """Two printable characters: 0 is `]]`. Neither `"` nor `\\` is among them, nor a trigraph's `?`."""
    return chr(ord("]") + number // 34) + chr(ord("]") + number % 34)


def main():
    version, readings, beyond = read(sys.argv[1] if len(sys.argv) > 1 else UNIHAN)
    surnames, words = entries(SURNAMES), entries(WORDS)
    marked = {ord(han[0]) for han, _ in surnames + words}
    kept = set(beyond) | {c for _, first, last in BLOCKS for c in range(first, last + 1) if c in readings}
    syllables = [""] + sorted({readings[c] for c in kept})
    number = {syllable: i for i, syllable in enumerate(syllables)}
    assert 2 * len(syllables) <= 34 * 34 and max(map(len, syllables)) < 8

    print("/*")
    print(f" * Made by pinyin-gen.py from the Unihan database of Unicode {version}; see there.")
    print(" * Copyright © 1991-2022 Unicode, Inc. Used under the Unicode License, https://www.unicode.org/license.txt")
    print(" */")
    print('#include "text/pinyin.h"\n\n/* clang-format off */')
    print("const char pinyin_syllables[][8] = {")
    for i in range(0, len(syllables), 12):
        print("\t" + " ".join(f'"{s}",' for s in syllables[i:i + 12]))
    print("};\n")
    for name, first, last in BLOCKS:
        print(f"const char pinyin_{name}[][2 * PINYIN_IN_A_LINE + 1] = {{")
        for start in range(first, last + 1, IN_A_LINE):
            row = range(start, min(start + IN_A_LINE, last + 1))
            print('\t"' + "".join(digits(2 * number[readings.get(c, "")] + (c in marked)) for c in row) + '",')
        print("};\n")
    print("const struct pinyin_beyond pinyin_beyond[] = {")
    for i in range(0, len(beyond), 6):
        print("\t" + " ".join(f"{{ 0x{c:05x}, {number[readings[c]]} }}," for c in beyond[i:i + 6]))
    print("};")
    print("const size_t npinyin_beyond = sizeof(pinyin_beyond) / sizeof(pinyin_beyond[0]);\n")
    put_readings("surnames", surnames)
    put_readings("words", words)


main()
