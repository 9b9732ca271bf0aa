"""Minimal xlsx files, put together by hand, part by part: what the tests of reading them stand on."""
import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def relations(entries):
    lines = "".join(
        f'<Relationship Id="{i}" Type="{OFFICE}/{kind}" Target="{target}"/>' for i, kind, target in entries
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}">{lines}</Relationships>'


def book(path, sheets, strings=None, formats=(), styles=(), date1904=False, replace=None):
    """sheets: (name, rows[, state]); strings: the <si> elements; formats: (id, code); styles: format ids of the cells.
    replace: parts as they shall be instead, None: left out."""
    entries = [(f"rId{k}", "worksheet", f"worksheets/sheet{k}.xml") for k in range(1, len(sheets) + 1)]
    entries += [("rIdStyles", "styles", "styles.xml")]
    if strings is not None:
        entries += [("rIdStrings", "sharedStrings", "sharedStrings.xml")]
    listed = "".join(
        f'<sheet name="{s[0]}" sheetId="{k}"{f""" state="{s[2]}" """ if len(s) > 2 else ""} r:id="rId{k}"/>'
        for k, s in enumerate(sheets, 1)
    )
    parts = {
        "_rels/.rels": relations([("rId1", "officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
        f'<workbookPr date1904="{int(date1904)}"/><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(entries),
        "xl/styles.xml": f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts>'
        + "".join(f'<numFmt numFmtId="{i}" formatCode="{code}"/>' for i, code in formats)
        + '</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>'
        + "".join(f'<xf numFmtId="{i}"/>' for i in (0, *styles))
        + "</cellXfs></styleSheet>",
    }
    for k, s in enumerate(sheets, 1):
        parts[f"xl/worksheets/sheet{k}.xml"] = (
            f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{s[1]}</sheetData></worksheet>'
        )
    if strings is not None:
        parts["xl/sharedStrings.xml"] = f'{HEAD}<sst xmlns="{MAIN}">{"".join(strings)}</sst>'
    parts.update(replace or {})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        for name, text in parts.items():
            if text is not None:
                z.writestr(name, text)


def numbers(values, style):
    """A sheet of one column: a header, and each value with that style (0: none)."""
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>v</t></is></c></row>'
    for k, v in enumerate(values, 2):
        rows += f'<row r="{k}"><c r="A{k}" s="{style}"><v>{v}</v></c></row>'
    return rows
