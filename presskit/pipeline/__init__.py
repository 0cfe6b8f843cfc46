"""The runs, as a press officer would say them; `cli` calls these and nothing else.

::

    building    check, build, show              data ──load──▶ model ──compose──▶ tree ──write──▶ files
    clearing    request, sign, reject, status   data + records + key ring ──▶ state; signed off: a number
    archiving   deposit, verify, find, …        signed-off bytes + all that proves them ──▶ archive
    sending     plan, queue, send what is due   signed + archived kit, lists ──▶ outbox ──▶ relay
    deciding    deliveries, halt, retry, …      who got what; what is stopped, goes on, is tried again
    answers     bounces, unsubscribe            mail that came back ──▶ who gets no more, and why
    checking_up doctor                          what is installed, set, reachable ──▶ rows with fact and fix

Not here: how a stage works (its own folder), and printing (`cli`).
"""

from __future__ import annotations

from presskit.load.release import releases
from presskit.load.schema import release_schema
from presskit.office import Office, chosen_formats, require_known
from presskit.pipeline.answers import (
    STANDARD_INPUT,
    Unsubscribed,
    read_answers,
    read_mailbox,
    take_back,
    unsubscribe,
    without_mail,
)
from presskit.pipeline.archiving import (
    Audited,
    audit,
    deposit,
    differences,
    export,
    find,
    follow_up,
    history,
    is_archived,
    kept_files,
    newest_archived,
    purge,
    signed_off,
    stamp,
    to_archive,
    verify,
)
from presskit.pipeline.building import build, check, show
from presskit.pipeline.checking_up import check_up
from presskit.pipeline.clearing import (
    Seal,
    add_key,
    delegate,
    receive,
    request,
    revoke,
    sign,
    standing,
    to_be_signed,
)
from presskit.pipeline.deciding import (
    Decision,
    decide_deliveries,
    deliveries,
    doubtful,
    go_on_sending,
    halt_sending,
    sent_versions,
    undecided,
)
from presskit.pipeline.sending import draft_mailing, plan_mailing, queue_mailing, reach_relay, send_due

__all__ = [
    "STANDARD_INPUT",
    "Audited",
    "Decision",
    "Office",
    "Seal",
    "Unsubscribed",
    "add_key",
    "audit",
    "build",
    "check",
    "check_up",
    "chosen_formats",
    "decide_deliveries",
    "delegate",
    "deliveries",
    "deposit",
    "differences",
    "doubtful",
    "draft_mailing",
    "export",
    "find",
    "follow_up",
    "go_on_sending",
    "halt_sending",
    "history",
    "is_archived",
    "kept_files",
    "newest_archived",
    "plan_mailing",
    "purge",
    "queue_mailing",
    "reach_relay",
    "read_answers",
    "read_mailbox",
    "receive",
    "release_schema",
    "releases",
    "request",
    "require_known",
    "revoke",
    "send_due",
    "sent_versions",
    "show",
    "sign",
    "signed_off",
    "stamp",
    "standing",
    "take_back",
    "to_archive",
    "to_be_signed",
    "undecided",
    "unsubscribe",
    "verify",
    "without_mail",
]
