"""The texts of tests/data/payloads, and what of them may never reach a terminal."""
import os
import re

PAYLOADS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data", "payloads")


def payloads():
    """Name and bytes of each."""
    found = []
    for line in open(PAYLOADS, "rb"):
        if line.startswith(b"#") or not line.strip():
            continue
        name, text = line.rstrip(b"\n").split(b"\t", 1)
        exact = re.sub(rb"\\(?:x([0-9a-f]{2})|\\)", lambda m: bytes([int(m[1], 16)]) if m[1] else b"\\", text)
        found.append((name.decode(), exact))
    return found


def is_text(exact):
    try:
        exact.decode()
    except UnicodeDecodeError:
        return False
    return True


VALID = [(name, exact) for name, exact in payloads() if is_text(exact)]
INVALID = [(name, exact) for name, exact in payloads() if not is_text(exact)]

# C0 but newline and tab, DEL, C1, and the characters that turn, part or hide others
ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
                    "\U000e0000-\U000e007f]|(?<![^ ])[\u200c\u200d]")


def acting(shown):
    """The first piece of some output that a terminal would act upon, or None."""
    try:
        text = shown.decode()
    except UnicodeDecodeError as error:
        return shown[max(0, error.start - 30):error.end + 30]
    found = ACTING.search(text)
    return text[max(0, found.start() - 30):found.end() + 30] if found else None
