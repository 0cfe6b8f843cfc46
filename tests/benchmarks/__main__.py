"""Measures presskit against its peers on the seed's content: ``python -m tests.benchmarks``.

All ratios are of one run on one machine; nothing here passes or fails.  Needs the extra ``bench``.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from presskit.compose import compose
from presskit.document.nodes import Document
from presskit.model.pack import Pack
from presskit.model.registers import Draft
from presskit.writers import WRITERS
from tests.benchmarks import cold, growth
from tests.benchmarks.content import changed, edits, plain, seed
from tests.benchmarks.peers import (
    Typst,
    docxtpl_docx,
    docxtpl_template,
    libreoffice_pdf,
    naive_docx,
    weasyprint_pdf,
)
from tests.benchmarks.timing import Job, medians_ms, table

CASES = "same text", "every text changed", "a third of the words new"
KIT = tuple(WRITERS)
OURS = {
    "presskit: digital PDF": ("pdf",),
    "presskit: digital + press PDF": ("pdf", "pdf-press"),
    "presskit: DOCX": ("docx",),
    "presskit: whole kit, five files": KIT,
}


def main() -> None:
    """Print the tables asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("tables", nargs="*", help="peers, cold, pages, memory; all if none is named")
    parser.add_argument("--rounds", type=int, default=40, help="timed rounds of each case (default 40)")
    chosen = parser.parse_args()
    wanted = chosen.tables or ["peers", "cold", "pages", "memory"]
    if "peers" in wanted:
        for case in CASES:
            print(peers(case, chosen.rounds), flush=True)
    if "cold" in wanted:
        print(table("Cold starts, a new process each", ("command", "ms"), cold.commands()), flush=True)
    if "pages" in wanted:
        columns = "pages", "ms a page, both PDFs", "to the first row"
        print(table("Growth with pages", columns, growth.pages()), flush=True)
    if "memory" in wanted:
        print(table("Memory, no two releases alike", ("releases", "peak MB"), growth.memory()), flush=True)


def peers(case: str, rounds: int) -> str:
    """Return the table of one case."""
    draft, pack = seed()
    edit = edits(case)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        typst, template = Typst(folder), docxtpl_template(folder)

        def jobs(number: int) -> dict[str, Job]:
            kit = plain(changed(draft, next(edit)))
            typst.prepare(kit)
            word = plain(changed(draft, next(edit)))
            found: dict[str, Job] = {
                "Typst: PDF/UA-1": typst.pdf,
                "docxtpl: DOCX": lambda: docxtpl_docx(template, word),
            }
            for label, formats in OURS.items():
                found[label] = _ours(changed(draft, next(edit)), pack, formats)
            if number % 5 == 0:  # slow ones less often
                found["WeasyPrint: PDF/UA-1"] = lambda: weasyprint_pdf(kit)
                found["python-docx: DOCX"] = lambda: naive_docx(word)
            if number % 20 == 10:
                found["docxtpl + LibreOffice: DOCX and PDF"] = lambda: libreoffice_pdf(
                    docxtpl_docx(template, word), folder
                )
            return found

        times = medians_ms(rounds, jobs)
    return table(f"{case[0].upper()}{case[1:]}", ("what", "ms", "ratio", "of"), list(_rows(times)))


def _ours(draft: Draft, pack: Pack, formats: tuple[str, ...]) -> Job:
    """From the release's data to the bytes of its files, template and layout included."""

    def run() -> Document:
        document = compose(draft, pack)
        for name in formats:
            WRITERS[name].write(document, pack.theme)
        return document

    return run


def _rows(times: dict[str, float]) -> Iterator[tuple[str, str, str, str]]:
    typst, docxtpl = times["Typst: PDF/UA-1"], times["docxtpl: DOCX"]
    for name, value in times.items():
        of, base = ("docxtpl", docxtpl) if "DOCX" in name and "PDF" not in name else ("Typst", typst)
        if "whole kit" in name or "LibreOffice" in name:
            of, base = "Typst + docxtpl", typst + docxtpl
        yield name, f"{value:.2f}", f"{value / base:.2f}", of


if __name__ == "__main__":
    main()
