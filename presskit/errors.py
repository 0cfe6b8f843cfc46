"""What presskit tells people when something is wrong: the place, the fact, the fix, the code.

The tree of what can be raised, each with the exit status it carries::

    PresskitError            70  a bug of ours
    ├── ProblemsFound         1  the release or the registers have problems
    ├── WrongUsage            2  the command was called wrongly
    ├── Unreadable            3  a file or folder can not be read or written
    ├── BadSettings           4  house.yaml, the theme, the wording or a template is wrong
    ├── NotAllowed            5  a sign-off is missing, or an embargo forbids it
    ├── PartlySent            6  sent to some, not to all
    └── ArchiveDamaged        7  the archive is damaged

Not here: finding problems (`load`, `compose`, `checks`) and printing them (`cli`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

Severity = Literal["error", "warning"]


class ExitCode(IntEnum):
    """Exit status of the ``presskit`` command; documented in the README and never renumbered."""

    OK = 0
    PROBLEMS = 1
    USAGE = 2
    UNREADABLE = 3
    SETTINGS = 4
    NOT_ALLOWED = 5
    PARTLY_SENT = 6
    ARCHIVE_DAMAGED = 7
    BUG = 70
    STOPPED = 130


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A spot in a source file."""

    file: str  # path from the project folder, with forward slashes
    line: int = 0  # from 1; 0: the file as a whole
    column: int = 0  # from 1, in characters; 0: the line as a whole

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing a person must mend (error) or should look at (warning)."""

    place: Place
    field: str  # in plain words or as it stands in the file, "body[2]"
    what: str  # a sentence that quotes the value
    fix: str  # what to do, in the imperative
    code: str  # stable, kebab-case, listed in the README
    severity: Severity = "error"

    def __str__(self) -> str:
        field = f" {self.field}:" if self.field else ""
        kind = " warning:" if self.severity == "warning" else ""
        return f"{self.place}:{kind}{field} {self.what}\n    fix: {self.fix}  [{self.code}]"


class PresskitError(Exception):
    """Base of everything shown to people without a traceback."""

    exit_code = ExitCode.BUG

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        found = (problems,) if isinstance(problems, Problem) else tuple(problems)
        self.problems = in_reading_order(found)
        super().__init__("\n".join(map(str, self.problems)))


class ProblemsFound(PresskitError):
    """The release or the registers have problems; carries all of them."""

    exit_code = ExitCode.PROBLEMS


class WrongUsage(PresskitError):
    """The command was called with something that does not exist or does not fit."""

    exit_code = ExitCode.USAGE


class Unreadable(PresskitError):
    """A file or folder is missing, is not text, is too large, or can not be written."""

    exit_code = ExitCode.UNREADABLE


class BadSettings(PresskitError):
    """house.yaml, the theme, the wording or a template is wrong."""

    exit_code = ExitCode.SETTINGS


class NotAllowed(PresskitError):
    """A sign-off is missing, or an embargo forbids it."""

    exit_code = ExitCode.NOT_ALLOWED


class PartlySent(PresskitError):
    """The release went to some recipients, not to all."""

    exit_code = ExitCode.PARTLY_SENT


class ArchiveDamaged(PresskitError):
    """A deposited version is not what it was."""

    exit_code = ExitCode.ARCHIVE_DAMAGED


def in_reading_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems sorted by file, line and column, each once."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda p: (p.place, p.field, p.code)))


def errors_among(problems: Sequence[Problem], *, strict: bool = False) -> tuple[Problem, ...]:
    """Return the problems that stop a build: errors, and with ``strict`` warnings too."""
    return tuple(p for p in problems if strict or p.severity == "error")


CODES: dict[str, str] = {
    # what was typed on the command line
    "format-unknown": "nothing writes a format of that name",
    "project-missing": "no folder upward holds data/house.yaml",
    "release-unknown": "there is no release of that name",
    "reason-missing": "what is corrected, withdrawn, rejected or decided alone needs a reason",
    "slug-format": "a release's name is lower-case letters, digits and hyphens, not archive or key-ring",
    "usage-wrong": "the command does not take that",
    "bug": "presskit itself failed",
    # files and folders
    "file-empty": "a file that has to hold something is empty",
    "file-exists": "something of that name is there already",
    "file-missing": "there is no such file",
    "file-not-text": "a file is not text in UTF-8",
    "file-too-deep": "lists and fields lie too deep in each other",
    "file-too-large": "a file is larger, or holds more, than is read",
    "file-unreadable": "a file can not be read",
    "file-unwritable": "a file can not be written",
    "path-outside": "a path leads out of the project folder",
    # how the office's files are written
    "character-forbidden": "a character that can not be seen in print, or hides what the text says",
    "field-twice": "a field stands twice in one block",
    "text-cut": "a # cuts off the end of a text",
    "yaml-syntax": "a file is not written as YAML",
    # sign-off
    "answer-invalid": "an answer signed elsewhere can not be taken",
    "approval-missing": "an approval a sign-off needs is missing",
    "evidence-missing": "an answer by mail, phone or on paper lacks the file that shows it",
    "key-name": "a key can not be called that, or there is one of that name",
    "key-not-counting": "a key is not in the key ring, or does not count now",
    "key-ring-refused": "a change of the key ring would not count",
    "key-unknown": "there is no such key",
    "log-shortened": "the archive holds more of the sign-off log than the office itself",
    "log-broken": "a line of the sign-off log does not follow from those before it",
    "name-differs": "the key ring and the register call somebody differently",
    "not-archived": "a release or version is not in the archive",
    "passphrase-missing": "nobody is there to type a passphrase",
    "passphrase-short": "a passphrase is too short",
    "passphrase-wrong": "a passphrase does not open its key",
    "principal-unknown": "it is not clear whose key that is",
    "record-changed": "a record is not what the log says",
    "record-left-out": "a record does not count, for the reason given",
    "record-missing": "a record the log names is missing",
    "reference-taken": "a number belongs to another release",
    "role-lacking": "somebody has not the role to say that",
    "role-unknown": "there is no role of that name in this office",
    "scope-unknown": "a release has no such part, or nothing waits for this person",
    "sign-off-missing": "a release is not signed off as it stands",
    "signed-file-lost": "a signed file is nowhere, and can not be built again",
    "ssh-failed": "ssh-keygen did not sign",
    "words-changed": "words have changed since they were shown to whoever signs them",
    # signatures in PDFs, and time stamps
    "certificate-expired": "a certificate is not in force when something is signed with it",
    "certificate-unusable": "a certificate's file can not be opened, or can not sign PDFs",
    "extra-missing": "a part of presskit that is installed apart is not there",
    "signature-field-missing": "a PDF has no empty field for a signature",
    "timestamp-invalid": "a time stamp does not belong to what it stands beside, or to no believed authority",
    "timestamp-refused": "a time-stamp authority gave no time stamp",
    "timestamp-settings": "a time-stamp authority's address or root certificate can not be used",
    # mail to the media
    "mailbox-unreadable": "the mailbox that bounces come to can not be read",
    "tag-unknown": "a tag is none this office made",
    "attachment-too-large": "files to attach are larger than the office or its relay allows",
    "clock-unsure": "the system does not say that its clock is right, and mail is to wait for a time",
    "count-differs": "the number of recipients that was typed is not how many there are",
    "delivery-unknown": "nothing of that release, or for that address, is in the outbox",
    "dkim-key": "the key that is to sign messages can not be used",
    "early-missing": "nobody has allowed that news under embargo goes out before its time",
    "embargo-passed": "there is no embargo to wait for, or to go before",
    "embargo-undecided": "a release is under embargo, and it is not said when it may go",
    "list-kind": "a list is not one of the media",
    "list-not-trusted": "a list is not trusted with news before its time",
    "mailing-held": "mail waits for a person, who has to look first",
    "mail-words-differ": "a message would not say what was signed off",
    "nobody-left": "nobody is left to send to",
    "outbox-shortened": "the archive knows of more deliveries than the outbox",
    "outbox-unusable": "the outbox can not be opened or written",
    "relay-certificate": "the relay's certificate does not prove its name",
    "relay-login": "the relay does not let the office in",
    "relay-sender": "the relay takes no mail from the office's address",
    "relay-unreachable": "the relay can not be reached",
    "sender-busy": "another presskit is sending",
    "test-outside": "a test would leave the office",
    "time-passed": "a time to send at has passed",
    "mail-settings": "house.yaml does not say what sending needs",
    "password-missing": "a mail server's password or the name it belongs to is missing",
    "relay-insecure": "mail or a password would go over the network without encryption",
    "secret-exposed": "everybody on this machine can read a password or a key",
    # lists of the media
    "address-twice": "an address stands on a list twice",
    "consent-missing": "a list does not say why the office may write to somebody",
    "csv-syntax": "a row is not written as comma-separated values",
    "filter-wrong": "a condition for entries of lists is not written as one",
    "list-unknown": "there is no list of that name",
    "list-unreadable": "a spreadsheet or a file of contacts can not be read as a list",
    "list-untyped": "no file says what kind of list a list is",
    "problems-many": "so much is wrong with a file that it was not read to its end",
    # fields
    "block-unknown": "a block of the text is none of the known kinds",
    "date-invalid": "a date that does not exist, or is not written year-month-day",
    "dates-reversed": "something ends before it starts",
    "email-invalid": "what stands there is no e-mail address",
    "field-missing": "a field or entry that is needed is missing or empty",
    "field-type": "a text, a list or a block of fields stands where another of them is wanted",
    "field-unknown": "there is no such field there",
    "id-invalid": "an id is lower-case letters, digits and single hyphens",
    "language-invalid": "what stands there is no language tag",
    "line-break": "several lines stand where one is wanted",
    "list-too-long": "a list has more entries than it may have",
    "number-invalid": "what stands there is no number",
    "number-range": "a number is too small or too large",
    "text-too-long": "a text has more characters than it may have",
    "time-zone-unknown": "there is no such time zone",
    "url-invalid": "what stands there is no web address",
    "value-invalid": "a value is not written as it has to be",
    "value-not-allowed": "a value is none of those the field can have",
    # the text of a release
    "correction-unclear": "a correction or withdrawal does not say of which one release, or why",
    "dateline-nowhere": "the body has no paragraph that could open with the dateline",
    "link-scheme": "a link does not lead to a page, an address or a telephone number, or has a title",
    "list-too-deep": "a list has more than nine levels",
    # what a release refers to
    "agency-duplicate": "an agency stands twice in one list",
    "agency-unknown": "an agency is not in the register",
    "boilerplate-unknown": "there is no such boilerplate",
    "contact-unknown": "a contact is not in the register of people",
    "follow-up-impossible": "a release is not written so that a correction could take over its words",
    "follow-up-unknown": "the release that is corrected or withdrawn does not exist",
    "id-twice": "an id is given to two things",
    "listed-twice": "something is listed twice",
    "name-language-missing": "a name or text of the registers has no words in the release's language",
    "quote-unknown": "the text places a quote the release does not have",
    "roster-unknown": "there is no such roster",
    "speaker-unknown": "a speaker is not in the register of people",
    "table-cells": "a row of a table has not as many cells as its header",
    # the embargo
    "embargo-ambiguous": "the embargo's time of day comes twice on that day",
    "embargo-format": "the embargo is not a date and time with the right offset",
    "embargo-missing": "a release without an embargo can not be approved to go out before its time",
    "embargo-nonexistent": "the embargo's time of day is skipped on that day",
    # photos
    "photo-colours": "a photo has colours not every format can show",
    "photo-damaged": "a photo can not be decoded",
    "photo-format": "a photo is not PNG or JPEG, or bears another kind's name",
    "photo-missing": "a photo is not in the release's folder photos/",
    "photo-outside": "a photo lies outside the release's folder photos/",
    "photo-too-large": "a photo has too many bytes or pixels",
    # template packs
    "character-without-glyph": "no font of the theme has a character",
    "date-pattern": "a date pattern of the wording can not be filled in",
    "label-count": "a list of labels has too few or too many entries",
    "label-gap": "a label has a gap that is never filled in, or lacks the one that is",
    "font-unknown": "the PDF writer has no family of that name",
    "pack-unknown": "there is no such template pack",
    "template-attribute": "an element of a template has an attribute too few, too many or a wrong one",
    "template-element": "a template writes an element that does not exist",
    "template-failed": "a template can not do what it is told to",
    "template-field": "a template names a field that does not exist",
    "template-forbidden": "a template does what templates may not",
    "template-incomplete": "an element of a template lacks something it has to hold",
    "template-missing": "a template is missing",
    "template-nesting": "an element of a template stands where it can not stand",
    "template-runaway": "a template does not come to an end",
    "template-syntax": "a template is not written as Jinja2 wants it",
    "template-words": "a template has words outside of the elements for words",
    "template-xml": "what a template writes is not XML",
    "wording-missing": "a pack has no wording in the release's language",
    # the archive
    "archive-bucket": "an archive in a bucket can not do that",
    "archive-damaged": "something in the archive is not what was deposited",
    "archive-device": "the archive has no folder beside it on the same file system",
    "archive-foreign": "what lies there is no archive presskit made",
    "archive-missing": "there is no archive",
    "archive-name": "the archive can not keep something under that name",
    "archive-purged": "a release was removed from the archive by law",
    "archive-stale": "somebody deposited a newer version meanwhile",
    "archive-unknown": "there is no such release, version or file in the archive",
    "bucket-address": "the address of a bucket, or AWS's own settings, can not be used",
    "bucket-key": "no key for a bucket is to be found",
    "bucket-missing": "there is no such bucket",
    "bucket-refused": "a bucket's server does not let this key in",
    "bucket-silent": "a bucket's server gives no answer, or none that helps",
    "bucket-unconditional": "a bucket's server does not keep two writers apart",
    "bucket-unlocked": "a bucket has no Object Lock, but a retention is asked for",
    # house rules; each can be set to off, warning or error in house.yaml
    "agency-count": "a number of agencies differs from the list below it",
    "agency-lead-missing": "the leading agency is not in its list",
    "agency-not-member": "an agency does not belong to the list's roster on the day of issue",
    "agency-order": "an agency breaks the alphabetical order of its list",
    "alt-missing": "a photo's description does not say what is to be seen",
    "contact-missing": "a release names nobody reporters may call",
    "embargo-stale": "an embargo ends before the day of issue",
    "dateline-missing": "a release does not say where the news comes from",
    "heading-case": "a heading is partly in capitals",
    "headline-long": "a headline is longer than the house allows",
    "image-small": "a photo is too small to print",
    "link-insecure": "a link leads to an address without encryption",
    "link-vague": "a link's words do not say where it leads",
    "quote-marks-mixed": "straight and typographic quotation marks stand in one text",
    "quote-marks-unpaired": "a quotation is not opened or not closed",
    "quote-title-date": "a speaker has no title on the day of issue",
    "quote-unattributed": "words in quotation marks are nobody's quote, so nobody is asked to approve them",
    "roster-stale": "a roster or boilerplate was not checked within the time the house sets",
    "rule-unknown": "house.yaml sets a rule that does not exist",
}
"""Every code a problem can carry, and what it means; the README lists them."""
