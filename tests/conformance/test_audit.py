from __future__ import annotations

from presskit import pipeline
from tests.conformance.judges import require, verapdf
from tests.signed_office import SLUG, Desk


def test_an_audit_report_is_accessible_and_can_be_archived(archived: Desk) -> None:
    require("verapdf")
    archived.reject("dusto", "quote.dusto", reason="Not 桥, nor 👩‍🚒.")
    archived.sign("dusto", "quote.dusto")
    archived.archive()
    path = pipeline.audit(SLUG, archived.office).path
    assert verapdf([path], "ua1") == {path: []}
    assert verapdf([path], "3a") == {path: []}
