"""The office itself, and the texts it prints under every release."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StringConstraints

from presskit.model.base import (
    ByLanguage,
    Day,
    Email,
    Language,
    Line,
    Model,
    PerLanguage,
    Slug,
    Words,
    refusal,
)
from presskit.model.mail import Mail

Rule = Literal["off", "warning", "error"]


def _without_rubbish(pattern: str) -> str:
    """Return the pattern of reference numbers if each number makes another one, or refuse it."""
    gaps = re.findall(r"\{([^{}]*)\}", pattern)
    number = [gap for gap in gaps if re.fullmatch(r"number(:[1-9])?", gap)]
    if (
        len(number) != 1
        or set(gaps) - {"year", *number}
        or re.search(r"[{}]", re.sub(r"\{[^{}]*\}", "", pattern))
    ):
        what = f"“{pattern}” is no pattern for numbers."
        raise refusal(
            "value-invalid", what, "write {number} once, and {year} if you like: {year}-{number:4}."
        )
    return pattern


Stamped = Annotated[str, StringConstraints(max_length=2000, pattern=r"^https?://[^\s]+$")]
"""The address of a time-stamp authority."""


class SignOff(Model):
    """What it takes to sign off a kit."""

    quorum: Annotated[int, Field(ge=1, le=9)] = 2  # so many different people, none of them its last editor
    roles: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=9)] = (
        "release",
    )  # one of each, at least
    vouching: Literal["yes", "no"] = (
        "yes"  # an officer may vouch for answers given by mail, phone or on paper
    )
    rest_changed: Literal["warning", "void"] = "warning"  # what an edit elsewhere does to an approval
    reference: Annotated[Line, AfterValidator(_without_rubbish)] | None = None  # "{year}-{number:4}"
    certificate: Line | None = None  # PKCS#12 file that signs the PDF visibly; anywhere on this machine
    first_number: Annotated[int, Field(ge=1, le=999_999)] = (
        1  # of a year, if the office has issued some already
    )


class Archived(Model):
    """Where signed-off versions are kept."""

    folder: Line = "output/archive"  # below the office's folder, or an absolute path
    contact: Email = "archive@example.org"  # of the office's archive, noted in each version
    time_stamps: Stamped | None = None  # an RFC 3161 authority outside the office
    time_stamp_roots: tuple[Line, ...] = ()  # its root certificate, PEM or DER, from the office's folder


class House(Model):
    """What stands in ``data/house.yaml``."""

    name: PerLanguage  # in the masthead
    short_name: PerLanguage  # in the foot
    domain: Line  # the office's own, makes its kits' names unlike all others
    time_zone: Line  # of dates and times written without offset, "America/Toronto"
    language: Language  # of a release that names none
    template_pack: Slug = "news-release"
    checked_within_days: Annotated[int, Field(ge=1, le=36_500)] = 365  # rosters and boilerplates
    headline_characters: Annotated[int, Field(ge=20, le=1000)] = 140  # a longer one gets a warning
    rules: Mapping[str, Rule] = Field(default_factory=dict)  # problem code → severity or off
    sign_off: SignOff = SignOff()
    archive: Archived = Archived()
    mail: Mail | None = None  # none: nothing is sent


def _paragraphs(value: object) -> object:
    return [value] if isinstance(value, str) else value


Paragraphs = Annotated[tuple[Words, ...], BeforeValidator(_paragraphs), Field(min_length=1)]
"""Paragraphs; a plain text is one."""


class RosterUnder(Model):
    """A roster printed under a boilerplate."""

    id: Slug
    intro: PerLanguage
    form: Literal["numbered", "bulleted", "sentence", "columns"] = "bulleted"


class Boilerplate(Model):
    """An "About …" text; its id is the file's name."""

    heading: PerLanguage
    body: ByLanguage[Paragraphs]
    checked_on: Day | None = None
    roster: RosterUnder | None = None


Marks = tuple[
    Annotated[str, StringConstraints(max_length=8)], Annotated[str, StringConstraints(max_length=8)]
]
"""An opening and a closing quotation mark, each with the no-break space that belongs to it."""

Label = Annotated[str, StringConstraints(max_length=1000)]
"""A label that may be empty."""


def _holding(*names: str) -> AfterValidator:
    """Check a label with gaps: no gap but those named, and never without the first of them."""

    def holding(label: str) -> str:
        """Return the label, or refuse it."""
        known = " and ".join(f"{{{name}}}" for name in names)
        gaps = re.findall(r"\{([^{}]*)\}", label)
        if unknown := [gap for gap in gaps if gap not in names]:
            what = f"nothing is ever filled in for {{{unknown[0]}}} in “{label}”."
            raise refusal("label-gap", what, f"what can stand in braces here is {known}.")
        if names[0] not in gaps:
            what = f"“{label}” has no place for what is to be filled in."
            raise refusal("label-gap", what, f"write {{{names[0]}}} where it belongs.")
        return label

    return AfterValidator(holding)


def _counting(number: int) -> AfterValidator:
    """Check that a list, if it is given at all, has so many entries."""

    def check(entries: tuple[str, ...]) -> tuple[str, ...]:
        if entries and len(entries) != number:
            what = f"here are {len(entries)} entries where {number} are needed."
            raise refusal("label-count", what, "give all of them, or none.")
        return entries

    return AfterValidator(check)


class SheetWording(Model):
    """The labels of an approval sheet."""

    kind: Line = "REQUEST FOR APPROVAL"
    title: Line = "Do you approve these words?"
    asks: Annotated[Line, _holding("issuer", "approver")] = (
        "{issuer} asks {approver} to approve the words below as they stand. They are part of a news release:"
    )
    issued: Annotated[Line, _holding("date")] = "Day of issue: {date}"
    quote: Line = "Your words"
    mention: Line = "Where you are named"
    meaning_heading: Line = "What approving means"
    meaning: Line = (
        "By approving you confirm that these words may be published exactly as they stand here, with the "
        "name that stands with them. You answer for no other part of the release. If one of these words "
        "changes, your approval no longer counts and you are asked again. The fingerprint stands for exactly "
        "these words."
    )
    part: Line = "Part"
    fingerprint: Line = "Fingerprint (SHA-256)"
    how_heading: Line = "How to answer"
    how_reply: Line = "Answer the message this sheet came with, or fill in the form below and send it back."
    how_sign: Annotated[Line, _holding("file")] = (
        "If the office knows your SSH key: ssh-keygen -Y sign -n signoff@presskit -f YOUR_KEY {file}"
    )
    question: Line = "By hand: mark one, and sign"
    answer: Line = "Your answer"
    approve: Line = "I approve these words as they stand"
    refuse: Line = "I do not approve these words"
    reason: Line = "Reason, if you do not approve"
    name: Line = "Name and title"
    day: Line = "Date"
    signature: Line = "Signature"


class AuditWording(Model):
    """The labels of an audit report."""

    kind: Line = "AUDIT REPORT"
    title: Annotated[Line, _holding("headline")] = "How “{headline}” was approved"
    intro: Annotated[Line, _holding("kit", "time")] = (
        "What the records say of the kit {kit} as of {time}. Times are universal time; fingerprints are "
        "SHA-256."
    )
    versions: Line = "What went out"
    version: Annotated[Line, _holding("number", "time")] = "Version {number}, signed off {time}"
    file: Line = "File"
    size: Line = "Bytes"
    sha256: Line = "SHA-256"
    passages: Line = "Words that needed an approval"
    approvals: Line = "Who approved"
    rejections: Line = "Who did not approve"
    break_glass: Line = "Sent without all approvals"
    changes: Line = "What changed between versions"
    change: Annotated[Line, _holding("part", "before", "after")] = "{part}, version {before} to {after}"
    removed: Line = "removed:"
    added: Line = "added:"
    when: Line = "When"
    who: Line = "Who"
    part: Line = "Part"
    how: Line = "How"
    by_key: Line = "with a key"
    by_mail: Line = "by mail"
    by_phone: Line = "by phone"
    by_paper: Line = "on paper"
    vouched: Annotated[Line, _holding("name")] = "vouched for by {name}"
    speaker: Line = "speaker"
    agency: Line = "agency"
    delegate: Annotated[Line, _holding("owner")] = "for {owner}"
    fingerprint: Line = "Fingerprint"
    reason: Line = "Reason"
    made_good: Line = "Approved afterwards by"
    owed: Line = "still owed"
    none: Line = "None."
    sent: Line = "Sent to the media"
    sent_meaning: Line = (
        "“Sent” means that the mail server took responsibility for the message, or that somebody of the "
        "office took it for sent, as the record says."
    )
    not_sent: Line = "The archive has no record that it was sent."
    lists: Line = "Lists"
    outcome: Line = "Result"
    message: Line = "Message (SHA-256)"
    accepted: Annotated[Line, _holding("count")] = "sent: {count}"
    refused: Annotated[Line, _holding("count")] = "refused: {count}"
    in_doubt: Annotated[Line, _holding("count")] = "in doubt: {count}"
    waiting: Annotated[Line, _holding("count")] = "waiting: {count}"
    left_out: Annotated[Line, _holding("count")] = "left out: {count}"
    cancelled: Annotated[Line, _holding("count")] = "cancelled: {count}"
    early: Line = "before the embargo ended"
    checkpoint: Line = "Checkpoint of the archive"
    checkpoint_meaning: Line = (
        "Whoever kept a copy of this checkpoint outside the office can prove that nothing before it was "
        "changed since."
    )
    origin: Line = "Log"
    lines: Line = "Entries"
    root: Line = "Hash of all entries"


class MailWording(Model):
    """The labels of the message that carries a release: its subject, and what stands under the release."""

    subject_embargo: Annotated[Line, _holding("headline", "time")] = "EMBARGOED until {time}: {headline}"
    subject_correction: Annotated[Line, _holding("headline")] = "CORRECTION: {headline}"
    subject_withdrawal: Annotated[Line, _holding("headline")] = "WITHDRAWN: {headline}"
    subject_draft: Annotated[Line, _holding("headline")] = "DRAFT: {headline}"
    subject_test: Annotated[Line, _holding("subject")] = "[TEST] {subject}"
    early: Annotated[Line, _holding("time")] = "You get this before its time. Do not publish before {time}."
    attached: Annotated[Line, _holding("files")] = "Attached: {files}"
    why: Annotated[Line, _holding("issuer")] = (
        "You get this because {issuer} has your address on its list for the media."
    )
    unsubscribe: Line = "Get no more news from us"
    pdf: Line = "PDF to read"
    pdf_press: Line = "PDF to print"
    docx: Line = "Word file to edit"
    html: Line = "Web page"
    text: Line = "Plain text"
    checkpoint_meaning: Line = "Keep this message: the lines below prove what the archive held that day."


class Wording(Model):
    """The labels of a template pack in one language: ``wording.<lang>.yaml``.

    Gaps in braces are filled in; straight quotes, dashes and spaces are set as the language sets them.
    """

    model_config = ConfigDict(str_strip_whitespace=False)  # "({place}) – " ends in the space it needs

    kind: Line  # NEWS RELEASE
    immediate: Line  # FOR IMMEDIATE RELEASE
    embargo: Annotated[Line, _holding("time")]  # EMBARGOED UNTIL {time}
    draft: Line = "DRAFT – not approved"  # on every page until the kit is signed off
    correction: Annotated[Line, _holding("words")] = "CORRECTION: {words}"
    withdrawal: Annotated[Line, _holding("words")] = "WITHDRAWN: {words}"
    withdrawn_headline: Annotated[Line, _holding("headline")] = "Withdrawn: {headline}"
    withdrawn_body: Annotated[Line, _holding("date", "headline")] = (
        "The release of {date} with the headline “{headline}” is withdrawn. Please do not use it any more."
    )
    sealed: Line = "Signed digitally by the office"  # in the PDF's field for a visible signature
    dateline: Annotated[Line, _holding("place")]  # "({place}) – "
    quotes: Line  # QUOTES
    attribution_dash: Label  # "— "
    attribution_comma: Label = ", "  # between name and title
    facts: Line  # Quick facts
    notes: Line  # Notes to editors
    contacts: Line  # Media contact
    end_mark: Line  # -30-
    reference: Annotated[Line, _holding("reference")]  # "No. {reference}"
    page_label: Annotated[Line, _holding("page", "pages")]  # Page {page} of {pages}
    picture_label: Line  # Picture
    credit: Annotated[Line, _holding("credit")]  # "Photo: {credit}"
    phone_label: Label = ""  # before a telephone number
    data_label: Line = "The structured data of this release"  # describes the data inside a PDF
    date: Line  # Babel pattern (CLDR), with the words of `months` for MMMM if given
    time: Line  # Babel pattern of the embargo line's day and hour
    time_full_hour: Label = ""  # the same where the minutes are zero: 9 a.m., not 9:00 a.m.; none: `time`
    time_noon: Label = ""  # the same at twelve noon; none: `time_full_hour`
    first_of_month: Label = ""  # the day's number where it is 1: 1er
    months: Annotated[
        tuple[Line, ...], _counting(12)
    ] = ()  # names in dates, where Babel's do not fit the style
    day_periods: Annotated[tuple[Line, ...], _counting(2)] = ()  # a.m. and p.m., where Babel's do not fit
    quote_marks: Marks  # with their no-break spaces
    inner_quote_marks: Marks
    list_comma: Label  # between the names of a sentence
    list_and: Label  # before the last of three or more
    list_two: Label  # between two
    sheet: SheetWording = SheetWording()
    audit: AuditWording = AuditWording()
    mail: MailWording = MailWording()
