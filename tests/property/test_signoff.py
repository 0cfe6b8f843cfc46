from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presskit.load.convert import convert_source
from presskit.load.yaml import parse
from presskit.model.registers import Draft
from presskit.model.release import AgencyListBlock, Release
from presskit.signoff.canon import canonical
from presskit.signoff.keyring import Ring, delegating
from presskit.signoff.records import Act, Logged, Method, statement_of
from presskit.signoff.scopes import Scopes, scopes_from, scopes_of, words_of
from presskit.signoff.state import State, evaluate
from tests.signoff.office import (
    EARLY,
    KIT,
    PACK,
    PEOPLE,
    decision,
    key_of,
    logged,
    ring_of,
    ring_statements,
    start,
)

MANY = settings(max_examples=200)

MAYOR, DESK = "block:quote.mayor@en-CA", "block:quote.desk@en-CA"
FIRE, POLICE, TRANSIT = (f"block:mention.{agency}@en-CA" for agency in ("fire", "police", "transit"))


@cache
def base() -> Draft:
    """A release with two quotes and two lists of agencies, one of which stands in both."""
    with TemporaryDirectory() as folder:
        office = start(Path(folder) / "office", ring=False)
        office.edit("facts:", "  - id: desk\n    speaker: press-desk\n    words: Call us.\nfacts:")
        office.edit("quotes:", '  - intro: "Also:"\n    agencies: [transit, fire]\nquotes:')
        return office.draft()


def digests(draft: Draft, pack: str = PACK) -> dict[str, str]:
    scopes = scopes_of(draft, pack)
    found = {scope.name: scope.digest for scope in (scopes.whole, *scopes.parts)}
    assert len(found) == len(scopes.parts) + 1
    return found


def voided(draft: Draft, pack: str = PACK) -> set[str]:
    """The scopes whose approvals an edit voids, "kit" for the whole."""
    before, after = digests(base()), digests(draft, pack)
    assert before.keys() == after.keys()
    return {name.removesuffix("@en-CA") for name in before if before[name] != after[name]}


# --- edits ---------------------------------------------------------------------------------------------


def released(draft: Draft, **fields: object) -> Draft:
    return replace(draft, release=draft.release.model_copy(update=fields))


def quoted(draft: Draft, at: int, **fields: object) -> Draft:
    quotes = list(draft.release.quotes)
    quotes[at] = quotes[at].model_copy(update=fields)
    return released(draft, quotes=tuple(quotes))


def body(draft: Draft, at: int, **fields: object) -> Draft:
    blocks = list(draft.release.body)
    blocks[at] = blocks[at].model_copy(update=fields)
    return released(draft, body=tuple(blocks))


def entered(draft: Draft, register: str, entry: str, **fields: object) -> Draft:
    """A draft with one entry of a register changed."""
    there: Mapping[str, Any] = getattr(draft.registers, register)
    changed: Any = {register: {**there, entry: there[entry].model_copy(update=fields)}}
    return replace(draft, registers=replace(draft.registers, **changed))


def housed(draft: Draft, **fields: object) -> Draft:
    return replace(
        draft, registers=replace(draft.registers, house=draft.registers.house.model_copy(update=fields))
    )


def titled(draft: Draft, **fields: object) -> Draft:
    councillor, mayor = draft.registers.people["mayor"].titles
    return entered(draft, "people", "mayor", titles=(councillor, mayor.model_copy(update=fields)))


Edit = Callable[[Draft, str], Draft]
INSIDE: dict[str, tuple[Edit, set[str]]] = {
    "words of a quote": (lambda d, w: quoted(d, 0, words=(w,)), {MAYOR}),
    "a second paragraph of a quote": (
        lambda d, w: quoted(d, 1, words=(*d.release.quotes[1].words, w)),
        {DESK},
    ),
    "a speaker's name": (lambda d, w: entered(d, "people", "mayor", name=w), {MAYOR}),
    "a speaker's title": (lambda d, w: titled(d, title={"en": w, "fr": "x"}), {MAYOR}),
    "a speaker's rank": (lambda d, w: titled(d, rank={"en": w}), {MAYOR}),
    "a speaker's organisation": (
        lambda d, w: entered(d, "people", "press-desk", organisation={"": w}),
        {DESK},
    ),
    "an agency's name": (lambda d, w: entered(d, "agencies", "fire", name={"en": w}), {FIRE}),
    "the intro of a list": (lambda d, w: body(d, 2, intro=w), {FIRE, POLICE}),
    "the intro of another list": (lambda d, w: body(d, 3, intro=w), {FIRE, TRANSIT}),
}
"""Edits of what somebody answers for: what is done with some new words, and whose approvals that voids."""

ELSEWHERE: dict[str, Edit] = {
    "a paragraph": lambda d, w: body(d, 0, text=w),
    "a heading": lambda d, w: body(d, 1, heading=w),
    "the headline": lambda d, w: released(d, headline=w),
    "the subhead": lambda d, w: released(d, subhead=w),
    "the dateline": lambda d, w: released(d, dateline=w),
    "a fact": lambda d, w: released(d, facts=(w,)),
    "a contact's telephone": lambda d, w: entered(d, "people", "press-desk", phone=w),
    "a boilerplate": lambda d, w: entered(d, "boilerplates", "city", body={"en": (w,)}),
    "the office's name": lambda d, w: housed(d, name={"en": w}),
    "a paragraph before all others": lambda d, w: released(
        d, body=(d.release.body[0].model_copy(update={"text": w}), *d.release.body)
    ),
    "quotes in another order": lambda d, w: released(d, quotes=d.release.quotes[::-1]),
    "blocks in another order": lambda d, w: released(d, body=d.release.body[::-1]),
    "agencies in another order": lambda d, w: body(d, 2, agencies=("police", "fire")),
    "the form of a list": lambda d, w: body(d, 2, form="sentence"),
    "no embargo": lambda d, w: replace(released(d, embargo=None), embargo=None),
    "the rules of sign-off": lambda d, w: housed(
        d, sign_off=d.registers.house.sign_off.model_copy(update={"quorum": 1})
    ),
}
"""Edits of what nobody outside the office answers for."""

new_words = st.text(
    st.characters(codec="utf-8", categories=["L", "M", "N", "P", "S", "Zs"], exclude_characters="\u2028"),
    min_size=1,
    max_size=30,
).filter(lambda text: text.strip())


def other(words: str) -> str:
    """Words that stand nowhere in the release."""
    return f"{words} – as changed"


@MANY
@given(name=st.sampled_from(sorted(INSIDE)), words=new_words)
def test_an_edit_of_a_part_voids_that_part_and_the_kit(name: str, words: str) -> None:
    edit, parts = INSIDE[name]
    assert voided(edit(base(), other(words))) == {part.removesuffix("@en-CA") for part in parts} | {"kit"}


@MANY
@given(name=st.sampled_from(sorted(ELSEWHERE)), words=new_words)
def test_an_edit_elsewhere_voids_the_kit_alone(name: str, words: str) -> None:
    assert voided(ELSEWHERE[name](base(), other(words))) == {"kit"}


@MANY
@given(name=st.sampled_from(sorted(INSIDE | dict.fromkeys(ELSEWHERE, ()))), words=new_words)
def test_any_edit_asks_anew_whether_it_may_go_early(name: str, words: str) -> None:
    edit = INSIDE[name][0] if name in INSIDE else ELSEWHERE[name]
    before, after = (scopes_of(draft, PACK).early for draft in (base(), edit(base(), other(words))))
    assert before is not None
    assert before != after
    assert (after is None) == (name == "no embargo")


@MANY
@given(minutes=st.integers(-100_000, 100_000).filter(bool))
def test_another_time_asks_anew_whether_it_may_go_early_and_leaves_the_parts(minutes: int) -> None:
    embargo = base().embargo
    assert embargo is not None
    moved = replace(base(), embargo=embargo + timedelta(minutes=minutes))
    assert voided(moved) == {"kit"}
    assert scopes_of(moved, PACK).early != scopes_of(base(), PACK).early


@MANY
@given(name=st.sampled_from(sorted(ELSEWHERE)), words=new_words)
def test_what_is_archived_of_the_words_brings_every_scope_back(name: str, words: str) -> None:
    scopes = scopes_of(ELSEWHERE[name](base(), other(words)), PACK)
    kept = scopes_from(words_of(scopes))
    assert (kept.kit, kept.slug, kept.whole, kept.early) == (
        scopes.kit,
        scopes.slug,
        scopes.whole,
        scopes.early,
    )
    assert {part.name: part.digest for part in kept.parts} == {
        part.name: part.digest for part in scopes.parts
    }


def test_another_template_pack_voids_the_kit_alone() -> None:
    assert voided(base(), "b" * 64) == {"kit"}


@MANY
@given(names=st.lists(st.sampled_from(sorted(INSIDE)), min_size=2, max_size=4, unique=True), words=new_words)
def test_several_edits_void_what_each_of_them_voids(names: list[str], words: str) -> None:
    draft, expected = base(), {"kit"}
    for name in names:
        edit, parts = INSIDE[name]
        draft = edit(draft, other(words))
        expected |= {part.removesuffix("@en-CA") for part in parts}
    assert voided(draft) == expected


def test_no_edit_voids_nothing() -> None:
    assert voided(base()) == set()
    assert len(digests(base())) == 6


@MANY
@given(words=new_words)
def test_the_same_words_in_other_bytes_void_nothing(words: str) -> None:
    plain = quoted(base(), 0, words=(f"{words}\nand é",))
    for same in (
        unicodedata.normalize("NFD", f"{words}\nand é"),
        f"  {words}\r\nand é\n",
        f"{words}\rand e\u0301 ",
    ):
        assert digests(quoted(base(), 0, words=(same,))) == digests(plain)


@MANY
@given(
    words=new_words,
    hidden=st.sampled_from("\u200b\u202a\u202e\u2066\u2069\ufeff\u2060\ue000\U000e0041"),
    at=st.integers(0, 30),
)
def test_a_character_that_hides_words_is_never_signed(words: str, hidden: str, at: int) -> None:
    smuggled = words[:at] + "x" + hidden + "x" + words[at:]
    with pytest.raises(ValueError, match="hides what a text says"):
        digests(quoted(base(), 0, words=(smuggled,)))


def test_a_list_of_agencies_says_each_agency_once_however_often_it_stands_there() -> None:
    lists = [block for block in base().release.body if isinstance(block, AgencyListBlock)]
    assert [name for name in digests(base()) if "mention" in name] == [FIRE, POLICE, TRANSIT]
    assert len(lists) == 2


# --- the same release, written otherwise ----------------------------------------------------------------

ODD = [
    "NO",
    "10:30",
    "0123",
    "1.10",
    "~",
    "null",
    "é",
    "Ångström",
    "it's",
    '"so"',
    "#5",
    "a: b",
    "{x}",
    "[y]",
]
ODD += ["- z", "& co", "*so*", "%", "@home", "`t`", "\\n", "|", ">", "?", "!x", "'", "ﬁ", "ə", "日本"]


@dataclass
class Writer:
    """Writes texts as YAML, each in a style that is drawn."""

    draw: Callable[[st.SearchStrategy[Any]], Any]
    end: str

    def write(self, fields: Mapping[str, Any]) -> bytes:
        lines: list[str] = []
        for name in self.draw(st.permutations(list(fields))):
            if self.draw(st.booleans()):
                lines.append("# a comment: with 'signs'")
            self.field(lines, name, fields[name], "")
        text = self.end.join(lines) + self.end
        return (unicodedata.normalize("NFD", text) if self.draw(st.booleans()) else text).encode()

    def field(self, lines: list[str], name: str, value: Any, margin: str) -> None:
        if isinstance(value, str):
            self.text(lines, f"{margin}{name}:", value, margin)
            return
        lines.append(f"{margin}{name}:")
        for entry in value:
            if isinstance(entry, str):
                self.text(lines, f"{margin}  -", entry, margin + "  ")
            else:
                lines.append(f"{margin}  -")
                for key, inner in entry.items():
                    self.field(lines, key, inner, margin + "    ")

    def text(self, lines: list[str], lead: str, words: str, margin: str) -> None:
        match self.draw(st.sampled_from(["double", "escaped", "single", "folded", "literal"])):
            case "double":
                lines.append(f"{lead} {json.dumps(words, ensure_ascii=False)}")
            case "escaped":
                lines.append(f"{lead} {json.dumps(words)}   # why not")
            case "single":
                lines.append(f"{lead}  '{words.replace(chr(39), chr(39) * 2)}'")
            case "folded":
                lines.append(f"{lead} >-")
                lines += [f"{margin}    {line}" for line in words.split(" ")]
            case "literal":
                lines.append(f"{lead} |-")
                lines.append(f"{margin}    {words}")


@MANY
@given(data=st.data())
def test_a_release_written_otherwise_keeps_every_digest(data: st.DataObject) -> None:
    phrase = st.lists(st.sampled_from(ODD), min_size=1, max_size=6).map(
        lambda found: "say " + " ".join(found)
    )
    words, headline, intro = (data.draw(phrase) for _ in range(3))
    fields: dict[str, Any] = {
        "headline": headline,
        "issued": "2025-06-03",
        "body": ["A paragraph.", {"intro": intro, "agencies": ["fire", "police"]}],
        "quotes": [{"id": "mayor", "speaker": "mayor", "words": words}],
    }
    writer = Writer(data.draw, data.draw(st.sampled_from(["\n", "\r\n"])))
    plain, written = json.dumps(fields, ensure_ascii=False).encode(), writer.write(fields)

    def found(content: bytes) -> dict[str, str]:
        release, problems = convert_source(Release, parse(content, "release.yaml"))
        assert release is not None, (problems, content)
        return digests(replace(base(), release=release))

    assert found(written) == found(plain)


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | new_words,
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abcdé", max_size=3), inner),
    max_leaves=12,
)


@MANY
@given(value=values)
def test_what_was_signed_reads_back_to_the_same_bytes(value: Any) -> None:
    once = canonical({"value": value})
    assert canonical(json.loads(once)) == once
    assert canonical(json.loads(json.dumps(json.loads(once), indent=3))) == once


# --- anybody does anything ------------------------------------------------------------------------------

RELEASERS = {who for who, (_, roles) in PEOPLE.items() if "release" in roles}
OWNERS = {MAYOR: "person:mayor", FIRE: "agency:fire", POLICE: "agency:police"}


@cache
def versions() -> tuple[Scopes, ...]:
    """The same release with other words of the quote, another headline, and as it is."""
    with TemporaryDirectory() as folder:
        draft = start(Path(folder) / "office", ring=False).draft()
    said = quoted(draft, 0, words=("Other words.",))
    return tuple(scopes_of(found, PACK) for found in (draft, released(draft, headline="Other"), said))


@dataclass(frozen=True)
class Move:
    """What somebody does at one place in the log."""

    who: str  # whose key signs
    principal: str  # for whom it speaks
    act: Act
    scope: str  # "kit" for the whole, "early" for its being sent before its time
    version: int
    method: Method
    closes: bool
    glass: bool
    reason: str


people = st.sampled_from(sorted(PEOPLE))


@st.composite
def moves(draw: st.DrawFn) -> Move:
    scope = draw(st.sampled_from(["kit", "kit", "early", *OWNERS]))
    likely = [OWNERS[scope]] if scope in OWNERS else sorted(RELEASERS)
    who = draw(st.sampled_from(likely) | people)
    return Move(
        who=who,
        principal=draw(st.sampled_from([who] * 4 + [draw(people)])),
        act=draw(st.sampled_from(["approve", "approve", "approve", "submit", "reject"])),
        scope=scope,
        version=draw(st.sampled_from([0, 0, 0, 0, 1, 2])),
        method=draw(st.sampled_from(["key", "key", "key", "key", "mail"])),
        closes=draw(st.booleans()),
        glass=draw(st.sampled_from([False, False, True])),
        reason=draw(st.sampled_from(["", "a flood", "a flood"])),
    )


GOOD = [
    Move("person:editor", "person:editor", "submit", "kit", 0, "key", False, False, ""),
    *(Move(who, who, "approve", scope, 0, "key", False, False, "") for scope, who in OWNERS.items()),
    Move("person:chief", "person:chief", "approve", "kit", 0, "key", False, False, ""),
    Move("person:deputy", "person:deputy", "approve", "kit", 0, "key", True, False, ""),
]
"""How a kit is signed off when all goes well; what is drawn is put in between."""

GLASS = [
    *GOOD[1:4],
    Move("person:chief", "person:chief", "approve", "kit", 0, "key", True, True, "a flood"),
]
"""How it is signed off when there is no time."""


@dataclass(frozen=True)
class Log:
    moves: tuple[Move, ...]
    revoked: Mapping[str, int]  # principal → place in the log from which the key counts no more
    delegated: bool

    @property
    def ring(self) -> Ring:
        said = ring_statements()
        if self.delegated:
            said.append(delegating("person:mayor", "person:editor", after=""))
        ring = ring_of(said)
        holders = tuple(replace(h, revoked_seq=self.revoked.get(h.principal)) for h in ring.holders)
        return replace(ring, holders=holders)

    @property
    def records(self) -> list[Logged]:
        return [self.record(place, move) for place, move in enumerate(self.moves, 100)]

    def record(self, place: int, move: Move) -> Logged:
        scopes = versions()[move.version]
        name = {"kit": KIT, "early": EARLY}.get(move.scope, move.scope)
        said = decision(
            scopes,
            move.principal,
            name,
            act=move.act,
            method=move.method,
            at=str(place),
            evidence="e" if move.method == "mail" else "",
            files={"clinic.pdf": "f"} if move.closes else {},
            break_glass=move.glass,
            reason=move.reason,
        )
        return logged(statement_of(said, scopes.kit), place, key_of(move.who))

    def counts(self, place: int, move: Move) -> bool:
        """Whether a move is its signer's to make, said a second time and without the code's help."""
        if place >= self.revoked.get(move.who, 10**6):
            return False
        if (move.act == "reject" or move.glass) and not move.reason:
            return False
        if move.method == "key":
            return move.who == move.principal
        return move.who == "person:officer" and move.scope in OWNERS and move.act != "submit"


@st.composite
def logs(draw: st.DrawFn) -> Log:
    found = list(draw(st.sampled_from([GOOD, GOOD, GLASS, [GOOD[0], *GLASS], []])))
    for move in draw(st.lists(moves(), max_size=6 if found else 25)):
        found.insert(draw(st.integers(0, len(found))), move)
    if found and draw(st.sampled_from([True, False, False])):
        found.pop(draw(st.integers(0, len(found) - 1)))
    revoked = draw(st.dictionaries(people, st.integers(100, 125), max_size=1))
    return Log(tuple(found), revoked, draw(st.booleans()))


def state_of(log: Log, version: int = 0, *more: Logged) -> State:
    return evaluate(versions()[version], [*log.records, *more], log.ring, {"answer.eml": "e"})


@settings(MANY, max_examples=400)
@given(log=logs(), version=st.integers(0, 2))
def test_whatever_anybody_does_the_rules_hold(log: Log, version: int) -> None:
    state = state_of(log, version)
    said = [(place, move) for place, move in enumerate(log.moves, 100) if log.counts(place, move)]
    assert len(state.counted) == len(said)
    assert len(state.counted) + len(state.left_out) == len(log.moves)
    assert state == state_of(log, version)
    same = {m.version for m in log.moves if same_whole(m.version, version)}
    kit = [(place, move) for place, move in said if move.scope == "kit" and move.version in same]
    editors = {move.who for _, move in kit if move.act == "submit"}
    last = {move.who: move for _, move in kit if move.act != "submit"}
    clear = {
        who
        for who, move in last.items()
        if move.act == "approve" and who in RELEASERS - editors and (editors or move.glass)
    }
    assert {found.signer.principal for found in state.kit.signers} <= clear
    require_really_let_out(state, [move for _, move in said if move.version in same], editors)
    for found in state.parts:
        if found.answer == "approved":
            require_really_approved(found.part.name, version, log, said)
    if not state.cleared:
        return
    assert all(found.answer == "approved" for found in state.parts)
    assert not [who for who, move in last.items() if move.act == "reject" and who in RELEASERS]
    closing = state.kit.closing
    assert closing is not None
    assert closing.signer.principal in RELEASERS
    assert closing.decision.files
    if closing.decision.break_glass:
        assert closing.decision.reason
        assert state.break_glass is not None
        assert state.kit.second_owed == (not clear - {closing.signer.principal})
    else:
        assert len(clear) >= 2
        assert editors


def same_whole(one: int, other_one: int) -> bool:
    return versions()[one].whole.digest == versions()[other_one].whole.digest


def require_really_let_out(state: State, said: list[Move], editors: set[str]) -> None:
    """Check that it may go early if one who may has said so last, and nobody who may has said no last."""
    last = {move.who: move.act for move in said if move.scope == "early" and move.act != "submit"}
    may = {who: act for who, act in last.items() if who in RELEASERS}
    given = {who for who, act in may.items() if act == "approve" and editors and who not in editors}
    forbidden = {who for who, act in may.items() if act == "reject"}
    assert (state.early is not None) == (bool(given) and not forbidden)
    assert state.early is None or state.early.signer.principal in given
    assert {found.signer.principal for found in state.early_rejections} == forbidden


def require_really_approved(name: str, version: int, log: Log, said: list[tuple[int, Move]]) -> None:
    """Check that somebody who may has approved these words, and their owner has not rejected them since."""
    digest = versions()[version].by_name[name].digest

    def these(move: Move) -> bool:
        return versions()[move.version].by_name[name].digest == digest

    owner = OWNERS[name]
    able = {owner} | ({"person:editor"} if log.delegated and owner == "person:mayor" else set())
    on_it = [
        move for _, move in said if move.scope == name and move.principal in able and move.act != "submit"
    ]
    assert any(move.act == "approve" and these(move) for move in on_it)
    owners = [move for move in on_it if move.principal == owner]
    of_these = [move for move in owners if these(move)]
    assert not owners or owners[-1].act == "approve"
    assert not of_these or of_these[-1].act == "approve"


def test_the_good_way_is_among_what_is_tried() -> None:
    assert state_of(Log(tuple(GOOD), {}, False)).cleared
    early = replace(GOOD[-1], scope="early", closes=False)
    assert state_of(Log((*GOOD, early), {}, False)).early is not None


@MANY
@given(log=logs(), forger=st.sampled_from(["nobody", "person:editor", "agency:fire"]), move=moves())
def test_a_forged_record_changes_nothing_wherever_it_stands(log: Log, forger: str, move: Move) -> None:
    victim = replace(move, who=forger, principal="person:chief", method="key")
    before = state_of(log)
    after = state_of(log, 0, log.record(99, victim), log.record(999, victim))
    assert replace(after, left_out=()) == replace(before, left_out=())
    assert len(after.left_out) == len(before.left_out) + 2


@MANY
@given(log=logs(), data=st.data())
def test_a_record_entered_again_changes_nothing(log: Log, data: st.DataObject) -> None:
    records = log.records
    if not records:
        return
    copied = replace(data.draw(st.sampled_from(records)), seq=999, file="copy")
    before, after = state_of(log), state_of(log, 0, copied)
    late = [file for file, _ in after.left_out if file == "copy"]
    assert late == ["copy"]
    assert replace(after, left_out=()) == replace(before, left_out=())


@MANY
@given(log=logs(), at=st.integers(0, 30))
def test_a_key_revoked_later_takes_nothing_back(log: Log, at: int) -> None:
    whole = replace(log, revoked={})
    short = replace(whole, moves=whole.moves[:at])
    revoked = replace(short, revoked=dict.fromkeys(PEOPLE, 100 + at))
    before, after = state_of(short), state_of(revoked)
    assert (before.stage, before.left_out) == (after.stage, after.left_out)
    tried = replace(whole, revoked=dict.fromkeys(PEOPLE, 100 + at))
    assert state_of(tried).stage == before.stage
