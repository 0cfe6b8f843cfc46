"""The real release the product was made for: every word of it in every file, in order."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from presskit.pipeline import Office, build
from presskit.workspace import Workspace
from presskit.writers import WRITERS
from tests.writers.pdf.anatomy import opened, painted, structure, words_of

ROOT = Path(__file__).parent.parent
SEED = Path(__file__).parent / "load" / "seed.txt"
SLUG = "ijfs-world-day"
WORD_NAMESPACE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def words(text: str) -> list[str]:
    """Return words and numbers; list numbers and marks of punctuation are the formats' own."""
    text = re.sub(r"^\s*\d+\.\s", "", text, flags=re.MULTILINE)
    return re.findall(r"[^\W_]+(?:[’'-][^\W_]+)*", text)


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The seed's files, built as the command builds them."""
    root = _office(tmp_path_factory.mktemp("office"))
    office = Office(Workspace(root, datetime(2026, 1, 1, tzinfo=UTC)))
    return {name: path.read_bytes() for name, path in build(SLUG, office, tuple(WRITERS)).files.items()}


def _office(folder: Path) -> Path:
    """Copy the sample office into a folder."""
    for name in ("data", "templates"):
        shutil.copytree(ROOT / name, folder / name)
    return folder.resolve()


class _Visible(HTMLParser):
    """The text of a page without script and style."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.hidden += tag in ("script", "style", "title")
        self.text.append(" " if tag not in ("strong", "em", "a", "span", "b") else "")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("script", "style", "title")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.text.append(data)


def said(name: str, data: bytes) -> str:
    """Return the text of a file in its reading order."""
    if name == "text":
        return data.decode()
    if name == "html":
        page = _Visible()
        page.feed(data.decode())
        return "".join(page.text)
    if name == "docx":
        body = ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml"))
        paragraphs = body.iter(f"{WORD_NAMESPACE}p")
        return "\n".join("".join(t.text or "" for t in p.iter(f"{WORD_NAMESPACE}t")) for p in paragraphs)
    if name == "pdf":
        return "\n".join(words_of(structure(opened(data))))
    shown = painted(opened(data)).shown
    return " ".join(s.text for s in shown)


@pytest.mark.parametrize("name", WRITERS)
def test_every_word_of_the_seed_is_in_the_file_in_order(name: str, kit: dict[str, bytes]) -> None:
    wanted = words(SEED.read_text("utf-8"))
    assert len(wanted) > 500
    found = iter(words(said(name, kit[name])))
    missing = [word for word in wanted if word not in found]
    assert missing == []


@pytest.mark.parametrize("name", ["pdf", "docx", "html", "text"])
def test_the_order_of_the_seed_is_the_only_one(name: str, kit: dict[str, bytes]) -> None:
    text = said(name, kit[name])
    places = [
        text.index(part) for part in ("In recognition", "QUOTES", "Dan Dusto", "About THE IJFS", "Kingston")
    ]
    assert places == sorted(places)


def test_the_release_is_attached_to_the_pdf_as_data_without_the_offices_remarks(
    kit: dict[str, bytes],
) -> None:
    source = (ROOT / "data" / "releases" / SLUG / "release.yaml").read_text("utf-8")
    assert "# added" in source
    pdf = opened(kit["pdf"])
    attached = pdf.attachments["release.json"].get_file().read_bytes()
    assert json.loads(attached)["dateline"] == "ORILLIA, ON"
    assert [quote["speaker"] for quote in json.loads(attached)["quotes"]] == ["dusto"]
    for file in kit.values():
        assert b"# added" not in file


def test_two_processes_with_other_hashes_write_the_same_bytes(tmp_path: Path) -> None:
    files = []
    for seed in ("0", "4242"):
        office = _office(tmp_path / seed)
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo" if seed == "0" else "UTC"}
        command = [sys.executable, "-m", "presskit", "build", SLUG, "--quiet"]
        subprocess.run(command, cwd=office, env=environment, check=True, capture_output=True)
        files.append({f.name: f.read_bytes() for f in sorted((office / "output" / SLUG).iterdir())})
    assert len(files[0]) == 5
    assert files[0] == files[1]
