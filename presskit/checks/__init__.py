"""House rules: what is wrong, or should be looked at, in a release that loads.

This list is all of them; each can be set to off, warning or error under ``rules:`` in house.yaml.  Not here:
what keeps a release from loading (`load`).
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import TypeVar

from presskit.checks import agencies, figures, headings, links, quotes, release
from presskit.checks.rules import Rule
from presskit.document.nodes import Document
from presskit.errors import Problem
from presskit.load.yaml import Places, shown
from presskit.model.house import House
from presskit.model.registers import Draft

S = TypeVar("S")

RELEASE_RULES: tuple[Rule[Draft], ...] = (
    Rule("quote-marks-unpaired", "warning", quotes.unpaired_marks),
    Rule("quote-marks-mixed", "warning", quotes.mixed_marks),
    Rule("quote-title-date", "warning", quotes.title_missing),
    Rule("quote-unattributed", "warning", quotes.unattributed),
    Rule("agency-order", "warning", agencies.out_of_order),
    Rule("agency-not-member", "error", agencies.not_a_member),
    Rule("agency-lead-missing", "error", agencies.lead_missing),
    Rule("agency-count", "warning", agencies.miscounted),
    Rule("roster-stale", "warning", agencies.stale),
    Rule("headline-long", "warning", release.headline_long),
    Rule("dateline-missing", "warning", release.dateline_missing),
    Rule("embargo-stale", "error", release.embargo_stale),
    Rule("contact-missing", "warning", release.contact_missing),
    Rule("image-small", "warning", figures.too_small),
    Rule("alt-missing", "error", figures.not_described),
)

DOCUMENT_RULES: tuple[Rule[Document], ...] = (
    Rule("heading-case", "warning", headings.half_capital),
    Rule("link-vague", "warning", links.vague),
    Rule("link-insecure", "warning", links.insecure),
)

KNOWN = (*(rule.code for rule in RELEASE_RULES), *(rule.code for rule in DOCUMENT_RULES))


def check_release(draft: Draft, places: Places) -> tuple[Problem, ...]:
    """Return what the house rules find in a release and in what it refers to."""
    house = draft.registers.house
    found = (problem for rule in RELEASE_RULES for problem in _apply(rule, draft, house, places))
    return (*_unknown_rules(house, places), *found)


def check_document(document: Document, draft: Draft, places: Places) -> tuple[Problem, ...]:
    """Return what the house rules find in a release as it will be printed."""
    house = draft.registers.house
    return tuple(problem for rule in DOCUMENT_RULES for problem in _apply(rule, document, house, places))


def _apply(rule: Rule[S], subject: S, house: House, places: Places) -> Iterator[Problem]:
    """Yield what one rule finds, as grave as the house has it."""
    severity = house.rules.get(rule.code, rule.severity)
    if severity != "off":
        for field, what, fix in rule.find(subject):
            yield Problem(places.find(field), shown(field), what, fix, rule.code, severity)


def _unknown_rules(house: House, places: Places) -> Iterator[Problem]:
    """Yield a problem for each rule the house sets and nobody knows: it would be thought on, or off."""
    for name in house.rules:
        if name not in KNOWN:
            near = get_close_matches(name, KNOWN, 1)
            fix = f"did you mean “{near[0]}”?" if near else f"use one of: {', '.join(sorted(KNOWN))}."
            field = f"house#rules.{name}"
            what = f"there is no house rule “{name}”."
            yield Problem(places.name(field), shown(field), what, fix, "rule-unknown")
