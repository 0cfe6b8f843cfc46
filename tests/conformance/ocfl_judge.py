"""Runs in ocfl-py's own environment: paths as JSON in, what ocfl-py and bagit find as JSON out.

Not imported by tests: `judges.py` starts it, because ocfl-py's packages do not agree with presskit's.
"""

import json
import logging
import sys
from typing import Any

import bagit
from ocfl import Object, StorageRoot


def codes_of_object(folder: str) -> list[str]:
    """Return the codes of errors in one object, "E023", or how ocfl-py broke; warnings are passed over."""
    try:
        passed, validator = Object().validate(objdir=folder, log_warnings=False, log_errors=True)
    except (TypeError, AttributeError, KeyError, ValueError) as error:
        return [f"ocfl-py broke: {type(error).__name__}"]
    codes = sorted({code[:4] for code in validator.log.codes if code.startswith("E")})
    if passed is bool(codes):
        raise SystemExit(f"ocfl-py contradicts itself about {folder}: {passed}, {codes}")
    return codes


def findings_of_root(folder: str) -> list[str]:
    """Return what is wrong with a storage root and the objects in it."""
    root = StorageRoot(root=folder)
    passed = root.validate(log_warnings=False)
    findings = [*root.log.messages, *(message for _, message in root.errors)]
    if root.good_objects != root.num_objects or not passed:
        findings.append(f"{root.good_objects} of {root.num_objects} objects are good; passed: {passed}")
    return findings


def findings_of_bag(folder: str) -> list[str]:
    """Return what is wrong with a bag."""
    try:
        bagit.Bag(folder).validate()
    except bagit.BagError as error:
        return [str(error)]
    return []


def main() -> None:
    """Answer one batch."""
    logging.disable(logging.CRITICAL)
    batch: dict[str, list[str]] = json.load(sys.stdin)
    judges = {"objects": codes_of_object, "roots": findings_of_root, "bags": findings_of_bag}
    answer: dict[str, dict[str, Any]] = {
        kind: {path: judges[kind](path) for path in paths} for kind, paths in batch.items()
    }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
