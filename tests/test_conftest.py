from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ("pytester",)

LOGGING = """
import logging, pytest

@pytest.fixture
def noisy(): logging.getLogger("x").error("in the setup")

def test_says_nothing_wrong(): logging.getLogger("x").info("fine")
def test_warns(): logging.getLogger("x").warning("by the way %s", 1)
def test_needs_a_noisy_one(noisy): pass
def test_looks_itself(caplog): logging.getLogger("x").error("expected")
"""

GOLDEN = """
def test_compares(golden): golden("it.txt", "one\\ntwo\\n")
"""


@pytest.fixture
def inner(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makeconftest((Path(__file__).parent / "conftest.py").read_text("utf-8"))
    return pytester


def test_what_nobody_expected_in_the_log_fails_a_test(inner: pytest.Pytester) -> None:
    inner.makepyfile(LOGGING)
    result = inner.runpytest_subprocess()
    result.assert_outcomes(passed=2, failed=1, errors=1)
    result.stdout.fnmatch_lines(["ERROR x: in the setup", "WARNING x: by the way 1"])


def test_a_golden_is_rewritten_on_demand_and_fails_once(inner: pytest.Pytester) -> None:
    inner.makepyfile(GOLDEN)
    kept = inner.path / "golden" / "it.txt"
    inner.runpytest_inprocess().assert_outcomes(failed=1)
    assert not kept.exists()
    inner.runpytest_inprocess("--accept").assert_outcomes(failed=1)
    assert kept.read_bytes() == b"one\ntwo\n"
    inner.runpytest_inprocess("--accept").assert_outcomes(passed=1)
    kept.write_bytes(b"one\nthree\n")
    result = inner.runpytest_inprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["-three", "+two"])
