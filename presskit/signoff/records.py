"""A record of a decision: its statement written, and an envelope from the log read back strictly.

Not here: whether the signature counts (`keyring`), and what all records come to (`state`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

from presskit.signoff.canon import Value
from presskit.signoff.envelope import Envelope, Statement

SIGN_OFF_KIND = "urn:presskit:sign-off:v1"

Act = Literal["submit", "approve", "reject"]
"""Put the words forward as their editor, approve them, or reject them (also: take an approval back)."""

Method = Literal["key", "mail", "phone", "paper"]
"""How the answer came: signed with a key of one's own, or told to an officer who vouches for it."""


class BadRecord(ValueError):
    """A record that can not count, with the reason."""


@dataclass(frozen=True, slots=True)
class Logged:
    """An envelope with its place in the office's log."""

    file: str  # path from the project folder
    seq: int  # place in the log
    at: datetime  # noted in the log by the machine that added it
    envelope: Envelope

    @property
    def day(self) -> date:
        """The day noted in the log, UTC."""
        return self.at.date()


class Seen:
    """The statements that have counted so far: a copy of one says nothing new, whoever enters it."""

    def __init__(self) -> None:
        self._payloads: set[bytes] = set()

    def require_new(self, record: Logged) -> None:
        """Remember a record that counts.

        Raises:
            BadRecord: the same statement has counted before.
        """
        if record.envelope.payload in self._payloads:
            raise BadRecord("it is a copy of an earlier record")
        self._payloads.add(record.envelope.payload)


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided about a release."""

    act: Act
    principal: str  # who decided: "person:dusto"
    method: Method
    scopes: Mapping[str, str]  # scope → digest of what was seen
    files: Mapping[str, str]  # file of the kit → SHA-256; only in the record that closes a sign-off
    whole: str  # digest of the whole kit as it was then
    at: str  # when, as the person says
    reason: str = ""
    note: str = ""
    evidence: str = ""  # SHA-256 of the file that shows a mail, a call or a paper
    evidence_name: str = ""
    break_glass: bool = False
    reference: str = ""  # allotted by the record that closes a sign-off
    after: str = ""  # head of the log when it was made, so that no two are the same; "" of one made elsewhere


def statement_of(decision: Decision, kit: str) -> Statement:
    """Return the statement to be signed for a decision about a kit."""
    subjects = {f"{kit}#{scope}": found for scope, found in decision.scopes.items()}
    subjects |= {f"file:{name}": found for name, found in decision.files.items()}
    predicate: dict[str, Value] = {
        "decision": decision.act,
        "principal": decision.principal,
        "method": decision.method,
        "at": decision.at,
        "context": {"kit": decision.whole},
    }
    optional: dict[str, Value] = {
        "reason": decision.reason,
        "note": decision.note,
        "evidence": decision.evidence,
        "evidence_name": decision.evidence_name,
        "reference": decision.reference,
        "after": decision.after,
    }
    predicate |= {name: value for name, value in optional.items() if value}
    if decision.break_glass:
        predicate["break_glass"] = True
    return Statement(SIGN_OFF_KIND, subjects, predicate)


def decision_in(statement: Statement, kit: str) -> Decision:
    """Return the decision a statement carries, as far as it is about this kit.

    Raises:
        BadRecord: it is another kind of statement, about another kit, or garbled.
    """
    if statement.kind != SIGN_OFF_KIND:
        raise BadRecord("it is no sign-off record")
    said, mark = statement.predicate, f"{kit}#"
    scopes = {
        name.removeprefix(mark): found for name, found in statement.subjects.items() if name.startswith(mark)
    }
    files = {
        name.removeprefix("file:"): found
        for name, found in statement.subjects.items()
        if name.startswith("file:")
    }
    if not scopes:
        raise BadRecord("it is about another release")
    if len(scopes) + len(files) != len(statement.subjects):
        raise BadRecord("it mixes this release with something else")
    act, method, context = text_of(said, "decision"), text_of(said, "method"), said.get("context")
    if act not in get_args(Act) or method not in get_args(Method) or not isinstance(context, dict):
        raise BadRecord("what it decides, or how, is garbled")
    reason = text_of(said, "reason", "")
    if act == "reject" and not reason:
        raise BadRecord("it rejects without a reason")
    if said.get("break_glass") is True and not reason:
        raise BadRecord("it breaks the glass without a reason")
    return Decision(
        act=act,  # type: ignore[arg-type]  # one of them, see above
        principal=text_of(said, "principal"),
        method=method,  # type: ignore[arg-type]
        scopes=scopes,
        files=files,
        whole=text_of(context, "kit"),
        at=text_of(said, "at"),
        reason=reason,
        note=text_of(said, "note", ""),
        evidence=text_of(said, "evidence", ""),
        evidence_name=text_of(said, "evidence_name", ""),
        break_glass=said.get("break_glass") is True,
        reference=text_of(said, "reference", ""),
        after=text_of(said, "after", ""),
    )


def text_of(said: Mapping[str, Value], name: str, absent: str | None = None) -> str:
    """Return a text of a statement.

    Raises:
        BadRecord: there is none, and none to take in its place.
    """
    found = said.get(name, absent)
    if not isinstance(found, str):
        raise BadRecord(f"its {name} is missing or garbled")
    return found
