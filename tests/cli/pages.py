#!/usr/bin/env python3
"""Looks at pages and pictures of reports.

    pages.py page FILE.html...         each is well-formed, self-contained, says its language and title
    pages.py figures JSON FILE.html... the tables hold what the JSON rows hold, in the same order
    pages.py picture FILE.svg...       each is well-formed XML that refers to nothing outside
    pages.py overflow BROWSER FILE...  at phone and desktop widths nothing is wider than the page

What is wrong goes to stderr, and the status is 1.
"""
import html
import json
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree
from html.parser import HTMLParser
from pathlib import Path

WIDTHS = (360, 390, 1280)
VOID = {"meta", "link", "br", "hr", "img", "input", "wbr"}
# what a page could load from elsewhere
LOADING = {"script", "link", "img", "iframe", "object", "embed", "video", "audio", "source", "image", "use", "base"}


class Page(HTMLParser):
    """The elements in balance; the rows of the first table; what is said outside of charts."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.problems, self.rows, self.cell = [], [], [], None
        self.elements, self.title, self.lang, self.tables = [], "", None, 0
        self.tiles = []
        self.feed(text)
        self.close()
        if self.open:
            self.problems.append(f"not closed: {self.open}")

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.elements.append((tag, attributes))
        if tag == "html":
            self.lang = attributes.get("lang")
        if tag == "table":
            self.tables += 1
        if tag == "tr" and self.tables == 1:
            self.rows.append([])
        if tag in ("td", "th") and self.tables == 1:
            self.cell = [attributes.get("data-value"), ""]
        if tag == "dd" and "data-value" in attributes:
            self.tiles.append(attributes["data-value"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> closes nothing")
        if tag in ("td", "th") and self.cell:
            self.rows[-1].append(tuple(self.cell))
            self.cell = None

    def handle_data(self, data):
        if self.cell:
            self.cell[1] += data
        if self.open[-1:] == ["title"] and "svg" not in self.open:
            self.title += data


def read(name):
    return Path(name).read_bytes().decode("utf-8")


def check_page(name):
    text = read(name)
    page = Page(text)
    problems = page.problems
    if not text.startswith("<!DOCTYPE html>\n"):
        problems.append("no doctype")
    if not page.lang or not page.title:
        problems.append("no language or no title")
    metas = [a for tag, a in page.elements if tag == "meta"]
    if not any(a.get("charset") == "utf-8" for a in metas) or not any(a.get("name") == "viewport" for a in metas):
        problems.append("no charset or no viewport")
    for tag, attributes in page.elements:
        outside = [k for k in attributes if k in ("src", "href", "xlink:href", "srcset", "background")
                   or k.startswith("on")]
        if tag in LOADING or outside:
            problems.append(f"<{tag}> {outside} is not the page's own")
    style = "".join(re.findall(r"<style>(.*?)</style>", text, re.S))
    for word in ("@import", "url(", "expression("):
        if word in style:
            problems.append(f"style has {word}")
    for need in ("prefers-color-scheme:dark", "@media print"):
        if need not in style:
            problems.append(f"style lacks {need}")
    if any(ord(c) < 32 and c not in "\n" or 0x7f <= ord(c) < 0xa0 or 0x202a <= ord(c) <= 0x202e for c in text):
        problems.append("control characters")
    return problems


def same(shown, value):
    exact, text = shown
    if value is None:
        return text == "—"
    if isinstance(value, bool):
        return (exact or text) == ("yes" if value else "no")
    if isinstance(value, (int, float)):
        return exact is not None and float(exact) == float(value) and text not in ("", "—")
    # text is shown as it is, or in other words with the exact ones beside
    return (text if exact is None else exact) == value or (value == "" and text == "—")


def check_figures(name, rows):
    page = Page(read(name))
    wanted = json.loads(read(rows))
    if page.tiles:
        # figures of which nothing is known are left out
        known = [row["value"] for row in wanted if row["value"] is not None or row["previous"] is not None]
        got = [float(value) if value else None for value in page.tiles]
        return [] if got == [value if value is None else float(value) for value in known] else [f"{got} is not {known}"]
    got = page.rows[1:]
    if len(got) != len(wanted):
        return [f"{len(got)} rows, not {len(wanted)}"]
    problems = []
    for shown, row in zip(got, wanted):
        values = list(row.values())
        if len(shown) != len(values):
            return [f"{len(shown)} columns, not {len(values)}"]
        problems += [f"{shown} is not {value!r} ({key})" for shown, (key, value) in zip(shown, row.items())
                     if not same(shown, value)]
    return problems


def check_picture(name):
    root = xml.etree.ElementTree.fromstring(read(name))
    space = "{http://www.w3.org/2000/svg}"
    problems = []
    if root.tag != space + "svg" or root.get("role") != "img" or not root.get("viewBox"):
        problems.append("no svg with role and viewBox")
    if [child.tag for child in root][:2] != [space + "title", space + "desc"]:
        problems.append("does not begin with title and desc")
    for element in root.iter():
        tag = element.tag.removeprefix(space)
        if tag in LOADING or any("href" in key or key.startswith("on") for key in element.attrib):
            problems.append(f"<{tag}> refers to something or runs")
        for key in ("x", "y", "width", "height", "cx", "cy"):
            number = element.get(key)
            if number is not None and not re.fullmatch(r"-?\d+(\.\d+)?", number):
                problems.append(f"<{tag}> {key}={number}")
        if tag == "path" and re.search(r"[^-MLZ0-9. ]", element.get("d")):
            problems.append(f"path {element.get('d')[:40]}")
    style = root.findtext(space + "style") or ""
    if "url(" in style or "@import" in style or "prefers-color-scheme" not in style:
        problems.append("style loads something, or is for light only")
    return problems


# In frames of the widths: what sticks out of the page, and text that sticks out of its picture.
HARNESS = """<!DOCTYPE html><meta charset=utf-8><body>%s<script>
onload = () => {
  const problems = [];
  for (const frame of document.querySelectorAll('iframe')) {
    const doc = frame.contentDocument, root = doc.documentElement, say = what => problems.push(frame.title + ': ' + what);
    if (root.clientWidth != frame.width) say('is ' + root.clientWidth + ' wide');
    if (root.scrollWidth > root.clientWidth) say('scrolls to ' + root.scrollWidth);
    let charts = 0;
    for (const svg of doc.querySelectorAll('svg')) {
      const box = svg.getBoundingClientRect();
      if (!box.width) continue;
      charts++;
      for (const text of svg.querySelectorAll('text')) {
        const t = text.getBoundingClientRect();
        if (t.left < box.left - 2 || t.right > box.right + 2) say('text sticks out: ' + text.textContent);
      }
    }
    if (doc.querySelector('svg') && !charts) say('shows no chart');
  }
  document.body.textContent = 'RESULT' + JSON.stringify(problems) + 'END';
};
</script>"""


def check_overflow(browser, names):
    frames = "".join(
        f'<iframe title="{html.escape(Path(name).name)} at {width}" width={width} height=700 style="border:0" '
        f'srcdoc="{html.escape(read(name))}"></iframe>' for name in names for width in WIDTHS)
    with tempfile.TemporaryDirectory() as folder:
        harness = Path(folder, "harness.html")
        harness.write_text(HARNESS % frames, encoding="utf-8")
        run = subprocess.run(
            [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
             "--hide-scrollbars", f"--user-data-dir={folder}/profile", "--virtual-time-budget=20000",
             "--window-size=1400,1000", "--dump-dom", harness.as_uri()],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=120, check=False)
    found = re.search(r"RESULT(.*)END", run.stdout.decode("utf-8", "replace"), re.S)
    if not found:
        return [f"{browser} ended with status {run.returncode} and did not look at the pages"]
    return json.loads(html.unescape(found[1]))


def main():
    what, *arguments = sys.argv[1:]
    if what == "overflow":
        problems = check_overflow(arguments[0], arguments[1:])
    elif what == "figures":
        problems = [f"{name}: {problem}" for name in arguments[1:] for problem in check_figures(name, arguments[0])]
    else:
        check = {"page": check_page, "picture": check_picture}[what]
        problems = [f"{name}: {problem}" for name in arguments for problem in check(name)]
    for problem in problems[:20]:
        sys.stderr.write(f"{what}: {problem}\n")
    sys.exit(1 if problems else 0)


main()
