#!/usr/bin/env python3
"""Writes ambiguous_table.c: the characters of ambiguous width, by Unicode's annex 11, as Python's unicodedata has them.

    lib/text/ambiguous-gen.py > lib/text/ambiguous_table.c
"""

import unicodedata

print(f"""/* Made by ambiguous-gen.py from Unicode {unicodedata.unidata_version}; see there. */
#include "text/ambiguous.h"

/* clang-format off */
const struct code_range ambiguous_ranges[] = {{""")
first, line = None, "\t"
for cp in range(0x110000):
    ambiguous = cp < 0x10FFFF and unicodedata.east_asian_width(chr(cp)) == "A"
    if ambiguous and first is None:
        first = cp
    elif not ambiguous and first is not None:
        item = f"{{ 0x{first:x}, 0x{cp - 1:x} }},"
        if len(line) + len(item) > 110:
            print(line.rstrip())
            line = "\t"
        line += item + " "
        first = None
print(line.rstrip())
print("""};
/* clang-format on */

const size_t ambiguous_count = sizeof(ambiguous_ranges) / sizeof(ambiguous_ranges[0]);""")
