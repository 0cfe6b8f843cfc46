"""Spreadsheets as Excel writes them: shared texts, styles for days, parts in a ZIP archive."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

Value = str | int | float | bool | date | datetime | None


def workbook(
    rows: Sequence[Sequence[Value]], *, hidden_first: bool = False, parts: Mapping[str, bytes] | None = None
) -> bytes:
    """Return a spreadsheet; with ``hidden_first``, a hidden sheet of other words stands before the rows."""
    texts: list[str] = []
    notes: Sequence[Sequence[Value]] = [["not", "this"]]
    sheets = [*([("Notes", "hidden", notes)] if hidden_first else []), ("List", "visible", rows)]
    files = {f"xl/worksheets/sheet{n}.xml": sheet(r, texts) for n, (_, _, r) in enumerate(sheets, 1)}
    names = "".join(
        f'<sheet name="{name}" sheetId="{n}" state="{state}" r:id="rId{n}"/>'
        for n, (name, state, _) in enumerate(sheets, 1)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    links += f'<Relationship Id="rId8" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    links += f'<Relationship Id="rId9" Type="{OFFICE}/styles" Target="styles.xml"/>'
    rels = f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
    book = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
    files |= {
        "[Content_Types].xml": types(len(sheets)),
        "_rels/.rels": f'{rels}<Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f"{HEAD}{book}<sheets>{names}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f"{rels}{links}</Relationships>",
        "xl/styles.xml": f'{HEAD}<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
        f'<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'{HEAD}<sst xmlns="{MAIN}" count="{len(texts)}">'
        + "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in texts)
        + "</sst>",
    }
    return packed({**{name: text.encode() for name, text in files.items()}, **(parts or {})})


def packed(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def types(sheets: int) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "workbook": "sheet.main",
        "styles": "styles",
        "sharedStrings": "sharedStrings",
        **{f"worksheets/sheet{n}": "worksheet" for n in range(1, sheets + 1)},
    }
    rows = "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="{kind}.{name}+xml"/>'
        for part, name in parts.items()
    )
    return (
        f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{rows}</Types>'
    )


def sheet(rows: Sequence[Sequence[Value]], texts: list[str]) -> str:
    body = "".join(
        f'<row r="{n}">'
        + "".join(cell(f"{chr(65 + i)}{n}", value, texts) for i, value in enumerate(row) if value is not None)
        + "</row>"
        for n, row in enumerate(rows, 1)
    )
    return f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'


def cell(reference: str, value: Value, texts: list[str]) -> str:
    match value:
        case bool():
            return f'<c r="{reference}" t="b"><v>{int(value)}</v></c>'
        case datetime() | date():
            day = value if isinstance(value, datetime) else datetime.combine(value, datetime.min.time())
            number = (day - datetime(1899, 12, 30)).total_seconds() / 86_400  # noqa: DTZ001 (Excel knows no zones)
            return f'<c r="{reference}" s="1"><v>{number}</v></c>'
        case int() | float():
            return f'<c r="{reference}"><v>{value}</v></c>'
    texts.append(str(value))
    return f'<c r="{reference}" t="s"><v>{len(texts) - 1}</v></c>'
