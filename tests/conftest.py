"""What all tests share: goldens, and a log in which nobody may say anything unexpected."""

from __future__ import annotations

import difflib
import logging
import os
from collections.abc import Callable, Generator
from pathlib import Path

import hypothesis
import pytest

from tests.signed_office import Desk, Stages

GOLDEN = Path(__file__).parent / "golden"

hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") == "true" else "here")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="rewrite the goldens that differ, and fail once")


@pytest.fixture(scope="session")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Stages:
    """An office at each stage of sign-off, from its key ring to the archive."""
    return Stages(tmp_path_factory.mktemp("stages"))


@pytest.fixture
def archived(stages: Stages, tmp_path: Path) -> Desk:
    """An office whose release is signed off and archived."""
    return stages.copy("archived", tmp_path / "office")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with the file of that name in tests/golden; with --accept, write it there and fail."""

    def compare(name: str, text: str) -> None:
        file = GOLDEN / name
        kept = file.read_text("utf-8") if file.exists() else ""
        if text == kept:
            return
        difference = "\n".join(
            difflib.unified_diff(kept.split("\n"), text.split("\n"), name, "now", lineterm="")
        )
        if request.config.getoption("--accept"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8", newline="\n")
            pytest.fail(
                f"{name} was rewritten; read the difference, then run again:\n{difference}", pytrace=False
            )
        pytest.fail(f"{name} differs; if it is meant, run with --accept:\n{difference}", pytrace=False)

    return compare


class _Kept(logging.Handler):
    """Keeps what is logged at WARNING or above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


def _with_a_silent_log(item: pytest.Item) -> Generator[None, object, object]:
    """Fail an item that logs at WARNING or above; one that asks for caplog looks at the log itself."""
    kept = _Kept()
    logging.getLogger().addHandler(kept)
    try:
        result = yield
    finally:
        logging.getLogger().removeHandler(kept)
    if kept.lines and "caplog" not in getattr(item, "fixturenames", ()):
        pytest.fail("unexpected in the log:\n" + "\n".join(kept.lines), pytrace=False)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    return (yield from _with_a_silent_log(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    return (yield from _with_a_silent_log(item))
