from __future__ import annotations

import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import IO

import pytest

from presskit.workspace import Workspace
from tests.cli.conftest import FINE, Write, environment, program

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C can not be sent to one process there")


class Watching:
    """A running ``presskit watch``, read line by line."""

    def __init__(self, *args: str) -> None:
        self.process = subprocess.Popen(
            program("watch", "--format", "text", *args),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment({"PYTHONUNBUFFERED": "1"}),
            text=True,
            encoding="utf-8",
        )
        self.lines: queue.Queue[str] = queue.Queue()
        assert self.process.stdout is not None
        self.reader = threading.Thread(target=self._read, args=(self.process.stdout,))
        self.reader.start()

    def _read(self, stream: IO[str]) -> None:
        for line in stream:
            self.lines.put(line.rstrip("\n"))

    def until(self, words: str, within_seconds: float = 20) -> list[str]:
        """Return the lines said until one holds the words."""
        said: list[str] = []
        end = monotonic() + within_seconds
        while not (said and words in said[-1]):
            try:
                said.append(self.lines.get(timeout=max(0.01, end - monotonic())))
            except queue.Empty:
                pytest.fail(f"“{words}” was not said within {within_seconds} s, but: {said}")
        return said

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(20)
        self.reader.join(20)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


@pytest.fixture
def watch() -> Iterator[Callable[..., Watching]]:
    running: list[Watching] = []

    def start(*args: str) -> Watching:
        running.append(Watching(*args))
        return running[-1]

    yield start
    for one in running:
        if one.process.poll() is None:
            one.stop()


def test_a_change_is_built_and_only_what_it_touches(
    fine: str, write: Write, watch: Callable[..., Watching]
) -> None:
    write("data/releases/another/release.yaml", FINE)
    watching = watch(fine, "another")
    assert "another" in watching.until("built")[-1]
    write(f"data/releases/{fine}/release.yaml", FINE.replace("Monday", "Tuesday"))
    assert watching.until("built")[-1].startswith(f"built {fine} in ")
    assert "Tuesday" in Path("output", fine, f"{fine}.txt").read_text("utf-8")


def test_problems_are_printed_and_the_watch_goes_on(
    fine: str, write: Write, watch: Callable[..., Watching]
) -> None:
    watching = watch(fine)
    watching.until("built")
    write(f"data/releases/{fine}/release.yaml", FINE + "headlin: twice\n")
    assert any("[field-unknown]" in line for line in watching.until("Not built"))
    write(f"data/releases/{fine}/release.yaml", FINE.replace("Monday", "Sunday"))
    watching.until("built")
    assert "Sunday" in Path("output", fine, f"{fine}.txt").read_text("utf-8")


def test_a_register_or_a_template_touches_every_watched_release(
    fine: str, office: Workspace, write: Write, watch: Callable[..., Watching]
) -> None:
    write("data/releases/another/release.yaml", FINE)
    watching = watch(fine, "another")
    watching.until("built")
    house = office.read("data/house.yaml").decode()
    write("data/house.yaml", house + "colour: blue\n")
    watching.until("[field-unknown]")
    sleep(0.7)
    assert watching.lines.empty(), "the same problem is said again and again"
    write("data/house.yaml", house)
    assert watching.until("built")[-1].startswith(f"built {fine}, another in ")
    theme = "templates/news-release/theme.yaml"
    write(theme, office.read(theme).decode() + "\n")
    assert watching.until("built")[-1].startswith(f"built {fine}, another in ")


def test_without_a_name_a_new_release_is_watched_from_its_birth(
    fine: str, write: Write, watch: Callable[..., Watching]
) -> None:
    watching = watch()
    watching.until("built")
    write("data/releases/born-later/release.yaml", FINE)
    assert "built born-later" in watching.until("built born-later")[-1]


def test_ctrl_c_is_the_usual_end(fine: str, watch: Callable[..., Watching]) -> None:
    watching = watch(fine)
    watching.until("built")
    assert watching.stop() == 0
