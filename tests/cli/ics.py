"""Reads an iCalendar by the rules of RFC 5545 and nothing else; stops with a message at whatever breaks them. Prints each
event on a line: UID, start, and the properties asked for, their texts as JSON.

    ics.py FILE PROPERTY…
"""

import json
import re
import sys

NAME = re.compile(r"^([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=[^;:]*)*):(.*)$", re.S)


def unfold(data):
    """Content lines of the bytes; each physical line is UTF-8 by itself, ends with CR LF, and has at most 75 octets."""
    assert data.endswith(b"\r\n"), "the last line has no CR LF"
    lines = []
    for raw in data[:-2].split(b"\r\n"):
        assert b"\r" not in raw and b"\n" not in raw, raw
        assert len(raw) <= 75, (len(raw), raw)
        text = raw.decode("utf-8")  # a fold within a character fails here
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", text), raw
        if text[:1] in (" ", "\t"):
            lines[-1] += text[1:]
        else:
            lines.append(text)
    return lines


def unescape(text):
    out, i = "", 0
    while i < len(text):
        c = text[i]
        if c == "\\":
            i += 1
            assert i < len(text) and text[i] in "\\;,nN", text
            c = "\n" if text[i] in "nN" else text[i]
        else:
            assert c not in ";,", f"not escaped: {text}"
        out += c
        i += 1
    return out


TEXTS = {"SUMMARY", "DESCRIPTION"}
TIME = re.compile(r"^\d{8}T\d{6}Z$")


def read(lines):
    """Components as (name, {property: value}, children)."""
    stack, root = [], None
    for line in lines:
        match = NAME.match(line)
        assert match, line
        name, parameters, value = match.group(1).upper(), match.group(2), match.group(3)
        if name == "BEGIN":
            stack.append((value, {}, []))
        elif name == "END":
            component = stack.pop()
            assert component[0] == value, line
            if stack:
                stack[-1][2].append(component)
            else:
                assert root is None
                root = component
        else:
            properties = stack[-1][1]
            assert name not in properties, f"twice: {name}"
            properties[name] = unescape(value) if name in TEXTS else value
            properties[name + ";"] = parameters
    assert not stack and root, "a component is not ended"
    return root


def check(root):
    assert root[0] == "VCALENDAR" and root[1]["VERSION"] == "2.0" and root[1]["PRODID"]
    uids = set()
    for kind, p, children in root[2]:
        assert kind == "VEVENT"
        assert p["UID"] not in uids
        uids.add(p["UID"])
        assert TIME.match(p["DTSTAMP"])
        if p["DTSTART;"] == ";VALUE=DATE":
            assert re.match(r"^\d{8}$", p["DTSTART"])
        else:
            assert p["DTSTART;"] == "" and TIME.match(p["DTSTART"]), p["DTSTART"]
        assert p["STATUS"] in ("CONFIRMED", "CANCELLED", "TENTATIVE")
        for alarm, q, inner in children:
            assert alarm == "VALARM" and not inner
            assert q["ACTION"] == "DISPLAY" and q["DESCRIPTION"] and re.match(r"^-?PT\d+[HM]$", q["TRIGGER"])


def main():
    with open(sys.argv[1], "rb") as f:
        root = read(unfold(f.read()))
    check(root)
    for _, p, children in root[2]:
        p["ALARM"] = ",".join(a[1]["TRIGGER"] for a in children)
        print("\t".join([p["DTSTART"]] + [json.dumps(p.get(x, ""), ensure_ascii=False) for x in sys.argv[2:]]))


main()
