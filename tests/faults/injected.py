"""Runs a piece of work in a child process in which one step at the disk goes wrong."""

from __future__ import annotations

import errno
import os
import pickle
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

STEPS = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.scandir", "os.listdir", "fsync"}
WRITING = {"open", "os.mkdir", "fsync"}  # what a full disk refuses; names can still be changed and removed

Fault = Literal["kill", "tear", "fail once", "disk full", "disk gone"]


@dataclass
class Result:
    """How the child ended."""

    killed: bool
    raised: str  # name of the exception, "" for none
    steps: int  # steps it came through


def run_with(fault: Fault, at_step: int, folder: Path, work: Callable[[], object]) -> Result:
    """Do the work in a child; its ``at_step``-th step below ``folder`` goes wrong, counted from 0.

    kill: SIGKILL before the step.  tear: the file synced at the step loses its second half (a journal, half
    of its last line), then SIGKILL.
    fail once, disk full, disk gone: the step raises; so do all later writing ones, or all later ones.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _child(fault, at_step, folder, work, writer)
    os.close(writer)
    with os.fdopen(reader, "rb") as answer:
        said = answer.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return Result(True, "", at_step)
    raised, steps = pickle.loads(said)
    return Result(False, raised, steps)


def _child(fault: Fault, at_step: int, folder: Path, work: Callable[[], object], writer: int) -> None:
    injector = _Injector(fault, at_step, folder)
    raised = ""
    try:
        injector.watch_fsync()
        sys.addaudithook(injector)
        work()
    except BaseException as error:
        raised = type(error).__name__
    finally:
        injector.over = True
        os.write(writer, pickle.dumps((raised, injector.steps)))
        os._exit(0)


class _Injector:
    """Counts the steps below a folder and lets one go wrong."""

    def __init__(self, fault: Fault, at_step: int, folder: Path) -> None:
        self.fault, self.at_step, self.folder = fault, at_step, str(folder)
        self.steps, self.over = 0, False

    def __call__(self, event: str, args: tuple[object, ...]) -> None:
        if not self.over and event in STEPS and args and str(args[0]).startswith(self.folder):
            self.step(event, str(args[0]))

    def watch_fsync(self) -> None:
        """Count syncing too, which Python does not announce."""
        real = os.fsync

        def fsync(descriptor: int) -> None:
            if self.fault == "tear" and self.steps == self.at_step and os.fstat(descriptor).st_size:
                os.ftruncate(descriptor, _torn_size(descriptor))
                os.kill(os.getpid(), signal.SIGKILL)
            self.step("fsync", "")
            real(descriptor)

        setattr(os, "fsync", fsync)  # noqa: B010 (a plain assignment does not type-check)

    def step(self, event: str, path: str) -> None:
        now = self.steps
        self.steps += 1
        if now == self.at_step and self.fault == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        fails = {
            "fail once": now == self.at_step,
            "disk full": now >= self.at_step and event in WRITING,
            "disk gone": now >= self.at_step,
        }
        if fails.get(self.fault, False):
            raise OSError(errno.ENOSPC, "No space left on device", path)


def _torn_size(descriptor: int) -> int:
    """Return how much a crash leaves: half of a file, but of a journal all lines that were synced before."""
    size = os.fstat(descriptor).st_size
    name = Path(f"/proc/self/fd/{descriptor}")
    if not name.exists() or name.readlink().suffix != ".jsonl":
        return size // 2
    *_, last, _end = name.read_bytes().split(b"\n")
    return size - 1 - len(last) + len(last) // 2
