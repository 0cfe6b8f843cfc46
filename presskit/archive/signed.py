"""The very bytes that were signed: as they can be built now, lie in output/, or were archived.

Not here: building (`writers`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from presskit.errors import NotAllowed, Place, Problem
from presskit.signoff.canon import digest

Source = Callable[[str], bytes | None]
"""Given a file's name, returns the bytes one place has of it, if any."""


def find_signed(slug: str, wanted: Mapping[str, str], sources: tuple[Source, ...]) -> Mapping[str, bytes]:
    """Return the signed bytes of each file, from the first place that has them.

    Args:
        wanted: file name → SHA-256 that was signed.

    Raises:
        NotAllowed: no place has the bytes of a file.
    """
    found = {name: next(_matching(name, sha256, sources), None) for name, sha256 in wanted.items()}
    problems = [_lost(slug, name) for name, content in found.items() if content is None]
    if problems:
        raise NotAllowed(problems)
    return {name: content for name, content in found.items() if content is not None}


def _matching(name: str, sha256: str, sources: tuple[Source, ...]) -> Iterator[bytes]:
    for source in sources:
        content = source(name)
        if content is not None and digest(content) == sha256:
            yield content


def _lost(slug: str, name: str) -> Problem:
    what = "this is signed off, but what would be built now is not the file that was signed."
    fix = "put the signed file back into output/ from where it was sent, or have the kit signed off again."
    return Problem(Place(f"output/{slug}/{name}"), "", what, fix, "signed-file-lost")
