"""Measures presskit against its peers on the seed's content: ``python -m tests.benchmarks``.

All ratios are of one run on one machine; nothing here passes or fails.  Needs the extra ``bench``.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from presskit.compose import compose
from presskit.document.nodes import Document
from presskit.model.pack import Pack
from presskit.model.registers import Draft
from presskit.writers import WRITERS
from tests.benchmarks import archive, cold, find, growth, outbox
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
TYPST, DOCXTPL, BOTH = "Typst: PDF/UA-1", "docxtpl: DOCX", "Typst PDF + docxtpl DOCX"
SLOW_ROUNDS = 2  # of those that take ten times as long


def main() -> None:
    """Print the tables asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "tables", nargs="*", help="memory, peers, cold, pages, archive, find, outbox; all if none"
    )
    parser.add_argument("--rounds", type=int, default=12, help="timed turns of each job (default 12)")
    chosen = parser.parse_args()
    wanted = chosen.tables or ["memory", "peers", "cold", "pages", "archive", "find", "outbox"]
    if "memory" in wanted:  # first: what is asked for is the peak of the process
        print(table("Memory, no two releases alike", ("releases", "peak MB"), growth.memory()), flush=True)
    if "peers" in wanted:
        for case in CASES:
            print(peers(case, chosen.rounds), flush=True)
    if "cold" in wanted:
        print(table("Cold starts, a new process each", ("command", "ms"), cold.commands()), flush=True)
    if "pages" in wanted:
        columns = "pages", "ms a page, both PDFs", "to the first row"
        print(table("Growth with pages", columns, growth.pages()), flush=True)
    if "archive" in wanted:
        print(table("Archive", ("what", "figure", "unit"), archive.rows()), flush=True)
    if "find" in wanted:
        rows = list(find.search())
        print(table("Finding words among archived versions", ("what", "ms"), rows), flush=True)
    if "outbox" in wanted:
        columns = "what", "messages a second", "to smtp-source"
        print(table("Mail to smtp-sink", columns, list(outbox.sending())), flush=True)
        columns = "what", "s", "MB more at its peak"
        print(table("Many recipients", columns, list(outbox.queueing())), flush=True)


def peers(case: str, rounds: int) -> str:
    """Return the table of one case: in each group, ours and the peers take turns."""
    draft, pack = seed()
    edit = edits(case)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        typst, template = Typst(folder), docxtpl_template(folder)

        def fresh() -> Draft:
            return changed(draft, next(edit))

        def ours(*formats: str) -> Job:
            return Job(partial(_build, fresh(), pack, formats or KIT))

        def written(*formats: str) -> Job:
            tree: list[Document] = []
            composed = partial(_compose, tree, fresh(), pack)
            return Job(partial(_write, tree, pack, formats), composed)

        def pdfs() -> dict[str, Job]:
            return {
                TYPST: Job(typst.pdf, partial(typst.prepare, plain(fresh()))),
                "presskit: digital PDF": ours("pdf"),
                "presskit: digital + press PDF": ours("pdf", "pdf-press"),
                "presskit: digital PDF, from the tree": written("pdf"),
                "presskit: digital + press PDF, from the tree": written("pdf", "pdf-press"),
            }

        def word_files() -> dict[str, Job]:
            peer = Job(partial(docxtpl_docx, template, plain(fresh())))
            tree = "presskit: DOCX, from the tree"
            return {DOCXTPL: peer, "presskit: DOCX": ours("docx"), tree: written("docx")}

        def kits() -> dict[str, Job]:
            kit = plain(fresh())
            peers = Job(lambda: (typst.pdf(), docxtpl_docx(template, kit)), partial(typst.prepare, kit))
            return {BOTH: peers, "presskit: whole kit, five files": ours()}

        def slow() -> dict[str, Job]:
            kit = plain(fresh())
            return {
                "WeasyPrint: PDF/UA-1": Job(partial(weasyprint_pdf, kit)),
                "python-docx: DOCX": Job(partial(naive_docx, kit)),
            }

        def office() -> dict[str, Job]:
            word_file = partial(docxtpl_docx, template, plain(fresh()))
            return {"docxtpl DOCX + LibreOffice PDF": Job(lambda: libreoffice_pdf(word_file(), folder))}

        groups = [medians_ms(rounds, jobs) for jobs in (pdfs, word_files, kits)]
        groups += [medians_ms(SLOW_ROUNDS, slow), medians_ms(1, office)]
    return table(f"{case[0].upper()}{case[1:]}", ("what", "ms", "ratio", "of"), list(_rows(groups)))


def _build(draft: Draft, pack: Pack, formats: tuple[str, ...]) -> list[bytes]:
    """From the release's data to the bytes of its files, template and layout included."""
    document = compose(draft, pack)
    return [WRITERS[name].write(document, pack.theme) for name in formats]


def _compose(tree: list[Document], draft: Draft, pack: Pack) -> None:
    tree.append(compose(draft, pack))


def _write(tree: list[Document], pack: Pack, formats: tuple[str, ...]) -> list[bytes]:
    """From the composed tree, the writers alone."""
    return [WRITERS[name].write(tree[0], pack.theme) for name in formats]


def _rows(groups: list[dict[str, float]]) -> Iterator[tuple[str, str, str, str]]:
    """Each of a group beside the first of it; the slow ones beside what they compete with."""
    (typst, *_), (docxtpl, *_), (both, *_) = (list(group.values()) for group in groups[:3])
    bases = [(TYPST, typst), (DOCXTPL, docxtpl), (BOTH, both), (TYPST, typst), (BOTH, both)]
    for group, (of, base) in zip(groups, bases, strict=True):
        for name, value in group.items():
            name_of, least = (DOCXTPL, docxtpl) if name.startswith("python-docx") else (of, base)
            yield name, f"{value:.2f}", f"{value / least:.2f}", name_of


if __name__ == "__main__":
    main()
