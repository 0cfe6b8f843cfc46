"""How time and memory grow: with the pages of one release, and over a thousand releases in one process."""

from __future__ import annotations

import gc
import resource
import time
from dataclasses import replace

from presskit.compose import compose
from presskit.model.release import TextBlock
from presskit.writers import WRITERS
from presskit.writers.pdf.render import lay_out
from tests.benchmarks.content import changed, edits, seed

PARAGRAPHS_A_PAGE = 9
SIZES = (1, 10, 100, 1000)
RELEASES = 1000


def pages() -> list[tuple[str, ...]]:
    """Return rows of pages, milliseconds a page for both PDFs, and the ratio to the first row."""
    draft, pack = seed()
    texts = [block.text for block in draft.release.body if isinstance(block, TextBlock)]
    rows: list[tuple[str, ...]] = []
    base = 0.0
    for size in SIZES:
        best = float("inf")
        for attempt in range(5 if size < 1000 else 2):
            count = size * PARAGRAPHS_A_PAGE
            body = tuple(
                TextBlock(id=None, text=f"{texts[i % len(texts)]} {attempt} {i}", language=None)
                for i in range(count)
            )
            release = draft.release.model_copy(update={"body": body, "boilerplates": (), "quotes": ()})
            document = compose(replace(draft, release=release), pack)
            gc.collect()
            started = time.perf_counter()
            for name in ("pdf", "pdf-press"):
                WRITERS[name].write(document, pack.theme)
            best = min(best, time.perf_counter() - started)
        count = len(lay_out(document, pack.theme).pages)
        each = best * 1000 / count
        base = base or each
        rows.append((str(count), f"{each:.2f}", f"{each / base:.2f}"))
    return rows


def memory() -> list[tuple[str, ...]]:
    """Return rows of releases built so far and the process's peak memory in MB; no two releases are alike."""
    draft, pack = seed()
    edit = edits("a third of the words new")
    rows: list[tuple[str, ...]] = []
    for number in range(1, RELEASES + 1):
        document = compose(changed(draft, next(edit)), pack)
        for writer in WRITERS.values():
            writer.write(document, pack.theme)
        if number in (10, 100, 250, 500, 750, 1000):
            rows.append((str(number), f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}"))
    return rows
