"""The tree as indented text: what ``presskit show`` prints and what the goldens keep.

Not here: reading it back; it is for eyes and for diffs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import datetime

from presskit.document import nodes

HEAD_FIELDS = "title", "language", "slug", "office", "running_title", "summary", "place", "issued", "embargo"


def dump(document: nodes.Document) -> str:
    """Return one line per node, in reading order, children indented by two spaces."""
    head = document.head
    lines = ["document"]
    lines += [f"  {name}: {_plain(value)}" for name in HEAD_FIELDS if (value := getattr(head, name))]
    lines += [
        f"  masthead.{f.name}: {v}" for f in fields(head.masthead) if (v := getattr(head.masthead, f.name))
    ]
    lines += [f"  attachment: {a.name} {a.media_type}" for a in head.attachments]
    for block in document.blocks:
        lines += _block(block, 1)
    return "\n".join(lines) + "\n"


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _block(block: nodes.Block | nodes.Item, depth: int) -> Iterator[str]:
    """Lines of one block: its name, id and plain values first, then what it holds."""
    facts, held = [], []
    for field in fields(block):
        value = getattr(block, field.name)
        if field.name in ("id", "field"):
            continue
        if isinstance(value, nodes.Image):
            facts.append(f"{field.name}={value.name} {value.width_px}x{value.height_px}")
        elif isinstance(value, tuple | nodes.Heading | nodes.List):
            held.append((field.name, value))
        elif value not in ("", None):
            facts.append(f"{field.name}={value}")
    indent = "  " * depth
    yield " ".join((f"{indent}{_name(block)} #{block.id} <{block.field}>", *facts))
    for name, value in held:
        yield from _held(name, value, depth + 1)


def _held(name: str, value: object, depth: int) -> Iterator[str]:
    indent = "  " * depth
    match value:
        case nodes.Heading() | nodes.List():
            yield from _block(value, depth)
        case ():
            return
        case (
            nodes.Text() | nodes.Strong() | nodes.Emphasis() | nodes.Link() | nodes.Span() | nodes.Break(),
            *_,
        ):
            yield f"{indent}{name}: {_inline(value)}"
        case (tuple(), *_):
            for part in value:
                yield from _held(name, part, depth)
        case tuple():
            for part in value:
                yield from _block(part, depth)


def _inline(content: Iterable[object]) -> str:
    out = []
    for inline in content:
        match inline:
            case nodes.Text(text):
                out.append(text)
            case nodes.Strong(inner):
                out.append(f"strong({_inline(inner)})")
            case nodes.Emphasis(inner):
                out.append(f"emphasis({_inline(inner)})")
            case nodes.Link(url, inner):
                out.append(f"link<{url}>({_inline(inner)})")
            case nodes.Span(language, inner):
                out.append(f"span<{language}>({_inline(inner)})")
            case nodes.Break():
                out.append(" ↵ ")
    return "".join(out)


def _name(node: object) -> str:
    """CamelCase to the element's name: AgencyList, agency-list."""
    name = type(node).__name__
    return "".join(f"-{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(name))
