"""What others take for the same content: Typst, WeasyPrint, docxtpl, python-docx, LibreOffice.

Each peer gets what makes it fastest: a warm compiler, a template opened once where it allows that.
"""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from html import escape
from pathlib import Path
from typing import Any

import docx
import typst
import weasyprint
from docxtpl import DocxTemplate

Kit = dict[str, Any]

TYPST = """#let k = json("kit.json")
#set document(title: k.headline)
#set text(lang: "en", region: "ca", size: 10pt)
#set page(paper: "us-letter", numbering: "1 of 1")
= #k.headline
#for p in k.body [#p #parbreak()]
#k.partner_intro
#enum(..k.partners)
== Quotes
#quote(block: true, attribution: k.attribution)[#k.quote]
== About the IJFS
#k.about_ijfs

#k.about_intro
#list(..k.agencies)
== About the Day
#k.about_day
"""


class Typst:
    """Typst's compiler, kept warm; PDF/UA-1."""

    def __init__(self, folder: Path) -> None:
        self._data = folder / "kit.json"
        self._data.write_text("{}", "utf-8")
        (folder / "kit.typ").write_text(TYPST, "utf-8")
        self._compiler: Any = None
        self._source = folder / "kit.typ"

    def prepare(self, kit: Kit) -> None:
        """Give it the data; not timed."""
        self._data.write_text(json.dumps(kit), "utf-8")

    def pdf(self) -> bytes:
        """Return the PDF of the data given last."""
        self._compiler = self._compiler or typst.Compiler(str(self._source))
        data: bytes = self._compiler.compile(pdf_standards=["ua-1"])
        return data


def weasyprint_pdf(kit: Kit) -> bytes:
    """Return a PDF/UA-1 by WeasyPrint."""
    paragraphs = "".join(f"<p>{escape(text)}</p>" for text in kit["body"])
    items = {
        key: "".join(f"<li>{escape(name)}</li>" for name in kit[key]) for key in ("partners", "agencies")
    }
    page = f"""<!doctype html><html lang="en-CA"><title>{escape(kit["headline"])}</title>
<style>@page {{ size: letter; margin: 25mm }} body {{ font: 10.5pt/15pt serif }}</style>
<h1>{escape(kit["headline"])}</h1>{paragraphs}<p>{escape(kit["partner_intro"])}</p><ol>{items["partners"]}</ol>
<h2>Quotes</h2><blockquote><p>{escape(kit["quote"])}</p><p>{escape(kit["attribution"])}</p></blockquote>
<h2>About the IJFS</h2><p>{escape(kit["about_ijfs"])}</p><p>{escape(kit["about_intro"])}</p>
<ul>{items["agencies"]}</ul><h2>About the Day</h2><p>{escape(kit["about_day"])}</p></html>"""
    data: bytes = weasyprint.HTML(string=page).write_pdf(pdf_variant="pdf/ua-1")
    return data


def docxtpl_template(folder: Path) -> Path:
    """Return a docxtpl template for the content, made with python-docx."""
    document = docx.Document()
    for text, style in (
        ("{{ headline }}", "Title"),
        ("{%p for p in body %}", None),
        ("{{ p }}", "Body Text"),
        ("{%p endfor %}", None),
        ("{{ partner_intro }}", "Body Text"),
        ("{%p for a in partners %}", None),
        ("{{ a }}", "List Number"),
        ("{%p endfor %}", None),
        ("Quotes", "Heading 1"),
        ("{{ quote }}", "Quote"),
        ("{{ attribution }}", "Body Text"),
        ("About the IJFS", "Heading 1"),
        ("{{ about_ijfs }}", "Body Text"),
        ("{{ about_intro }}", "Body Text"),
        ("{%p for a in agencies %}", None),
        ("{{ a }}", "List Bullet"),
        ("{%p endfor %}", None),
        ("About the Day", "Heading 1"),
        ("{{ about_day }}", "Body Text"),
    ):
        document.add_paragraph(text, style)
    path = folder / "template.docx"
    document.save(str(path))
    return path


def docxtpl_docx(template: Path, kit: Kit) -> bytes:
    """Return a Word file by docxtpl; it wants its template opened anew for each file."""
    document = DocxTemplate(str(template))
    document.render(kit, autoescape=True)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def naive_docx(kit: Kit) -> bytes:
    """Return a Word file by python-docx's own calls."""
    document = docx.Document()
    document.add_paragraph(kit["headline"], "Title")
    for text in (*kit["body"], kit["partner_intro"]):
        document.add_paragraph(text, "Body Text")
    for name in kit["partners"]:
        document.add_paragraph(name, "List Number")
    document.add_paragraph("Quotes", "Heading 1")
    document.add_paragraph(kit["quote"], "Quote")
    document.add_paragraph(kit["attribution"], "Body Text")
    document.add_paragraph("About the IJFS", "Heading 1")
    for text in (kit["about_ijfs"], kit["about_intro"]):
        document.add_paragraph(text, "Body Text")
    for name in kit["agencies"]:
        document.add_paragraph(name, "List Bullet")
    document.add_paragraph("About the Day", "Heading 1")
    document.add_paragraph(kit["about_day"], "Body Text")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def libreoffice_pdf(word_file: bytes, folder: Path) -> bytes | None:
    """Return the PDF LibreOffice makes of a Word file; None where it is not installed."""
    if shutil.which("soffice") is None:
        return None
    source = folder / "kit.docx"
    source.write_bytes(word_file)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True)
    return (folder / "kit.pdf").read_bytes()
