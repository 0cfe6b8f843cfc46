from __future__ import annotations

from collections.abc import Iterator
from threading import Barrier, Event
from time import monotonic

from presskit.errors import Place, Problem, ProblemsFound
from presskit.send.health.rows import Check, Row, look_at, told

GOOD = Row("disk", "ok", "can be written")


def problem(line: int, what: str = "is wrong.") -> Problem:
    return Problem(Place("data/people.yaml", line), "name", what, "correct it.", "field-type")


def fine() -> Iterator[Row]:
    yield GOOD


def rows_of(*checks: Check, offline: bool = False, patience_seconds: float = 10.0) -> list[Row]:
    return [row for _, row in look_at(checks, offline=offline, patience_seconds=patience_seconds)]


def test_one_failure_hides_neither_what_was_found_before_it_nor_the_others() -> None:
    def half() -> Iterator[Row]:
        yield Row("first", "ok", "found")
        raise ValueError("of ours")

    def refused() -> Iterator[Row]:
        raise ProblemsFound((problem(9), problem(4)))
        yield GOOD

    found = rows_of(Check("a", "half", half), Check("a", "files", refused), Check("b", "disk", fine))
    assert found == [
        Row("first", "ok", "found"),
        Row(
            "half",
            "wrong",
            "presskit failed in looking at this (ValueError: of ours)",
            "report it; all the rest was looked at.",
            "bug",
        ),
        Row(
            "files",
            "wrong",
            "data/people.yaml:4: name: is wrong (1 more problem)",
            "correct it.",
            "field-type",
        ),
        GOOD,
    ]


def test_rows_stand_in_the_order_of_the_checks_with_their_groups() -> None:
    def remote() -> Iterator[Row]:
        yield Row("relay", "ok", "answers")

    checks = (Check("mail", "relay", remote, is_remote=True), Check("here", "disk", fine))
    assert look_at(checks) == (("mail", Row("relay", "ok", "answers")), ("here", GOOD))


def test_the_network_is_asked_all_at_once() -> None:
    together = Barrier(3)

    def meet() -> Iterator[Row]:
        together.wait(5)
        yield GOOD

    assert rows_of(*(Check("mail", str(n), meet, is_remote=True) for n in range(3))) == [GOOD] * 3


def test_who_never_answers_is_told_in_time_with_what_was_found_before() -> None:
    never = Event()

    def silent() -> Iterator[Row]:
        yield Row("name", "ok", "known")
        never.wait(30)
        yield GOOD

    started = monotonic()
    found = rows_of(Check("mail", "relay", silent, is_remote=True), patience_seconds=0.1)
    assert monotonic() - started < 5
    never.set()
    assert [(row.subject, row.verdict) for row in found] == [("name", "ok"), ("relay", "wrong")]
    assert found[1].fact == "no answer in 0 seconds"


def test_offline_nobody_on_the_network_is_asked_and_that_is_said() -> None:
    def asked() -> Iterator[Row]:
        raise AssertionError("asked")
        yield GOOD

    found = rows_of(Check("mail", "relay", asked, is_remote=True), Check("a", "disk", fine), offline=True)
    assert found == [Row("relay", "look", "not asked", "ask again without --offline."), GOOD]


def test_an_error_is_told_before_a_warning_and_a_warning_alone_is_to_be_looked_at() -> None:
    warning = Problem(Place("a.csv", 1), "", "is odd.", "look.", "consent-missing", "warning")
    assert told("list", (warning, problem(7))).fact == "data/people.yaml:7: name: is wrong (1 more problem)"
    assert told("list", (warning,)) == Row("list", "look", "a.csv:1: is odd", "look.", "consent-missing")
