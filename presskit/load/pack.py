"""From ``templates/<pack>/`` to `Pack`: templates, wording in one language, theme with the files it names.

Not here: what the templates do (`compose`), and what a font or a profile holds (`writers`).
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import TypeVar

from presskit.errors import BadSettings, Place, Problem, Unreadable
from presskit.load.characters import decode
from presskit.load.convert import convert_source
from presskit.load.photos import load_picture
from presskit.load.suggest import did_you_mean, quoted
from presskit.load.yaml import LIMIT_BYTES, Places, parse
from presskit.model.base import Model
from presskit.model.house import Wording
from presskit.model.pack import Pack
from presskit.model.theme import Theme
from presskit.workspace import HOUSE, Workspace

PACKS = "templates"
PARTS = "documents", "parts"

RESOURCE_BYTES = 20_000_000
"""The largest font, profile or logo that is read."""

M = TypeVar("M", bound=Model)


def load_pack(workspace: Workspace, name: str, language: str) -> Pack:
    """Return a template pack with its wording in one language: of the exact tag, else of the bare language.

    Raises:
        BadSettings: the pack, its theme or its wording is missing or wrong; carries everything.
        Unreadable: a file can not be read.
    """
    folder = f"{PACKS}/{name}"
    if not workspace.names(folder):
        fix = did_you_mean(name, workspace.names(PACKS), f"make the folder {folder}/")
        what = f"there is no template pack {quoted(name)}."
        raise BadSettings(Problem(Place(HOUSE), "template_pack", what, fix, "pack-unknown"))
    theme, problems = _theme(workspace, folder)
    wording, found = _wording(workspace, folder, language)
    templates, unreadable = _templates(workspace, folder)
    problems = (*problems, *found, *unreadable)
    if theme is None or wording is None or problems:
        raise BadSettings(problems)
    return Pack(name, templates, wording, theme)


def pack_digest(workspace: Workspace, name: str, language: str) -> str:
    """Return the SHA-256 of a sound pack's files in one language: what its look hangs on.

    Raises:
        Unreadable: a file can not be read.
    """
    folder = f"{PACKS}/{name}"
    theme, _, _ = _read(workspace, f"{folder}/theme.yaml", Theme)
    tags = (language, language.split("-")[0])
    wordings = [f"wording.{tag}.yaml" for tag in tags if workspace.exists(f"{folder}/wording.{tag}.yaml")]
    templates = [f"{part}/{name}" for part in PARTS for name in workspace.names(f"{folder}/{part}", ".j2")]
    named = [file for _, file in _named_files(theme)] if theme else []
    files = sorted({"theme.yaml", *wordings[:1], *templates, *named})
    content = {file: sha256(workspace.read(f"{folder}/{file}", RESOURCE_BYTES)).hexdigest() for file in files}
    return sha256("".join(f"{found}  {file}\n" for file, found in content.items()).encode()).hexdigest()


def _read(workspace: Workspace, file: str, model: type[M]) -> tuple[M | None, Places, tuple[Problem, ...]]:
    source = parse(workspace.read(file, LIMIT_BYTES), file)
    converted, problems = convert_source(model, source)
    return converted, source.places, problems


def _theme(workspace: Workspace, folder: str) -> tuple[Theme | None, tuple[Problem, ...]]:
    """Read the theme with the bytes of the files it names."""
    theme, places, problems = _read(workspace, f"{folder}/theme.yaml", Theme)
    if theme is None:
        return None, problems
    resources, missing = dict[str, bytes](), list[Problem]()
    for field, name in _named_files(theme):
        try:
            resources[name] = workspace.read(f"{folder}/{name}", RESOURCE_BYTES)
        except Unreadable as error:
            found = error.problems[0]
            what = f"{quoted(name)}: {found.what}"
            missing.append(Problem(places.find(field), field, what, found.fix, found.code))
    if theme.logo is not None and theme.logo_alt is None:
        what, fix = "the logo has no description.", "add logo_alt: and say what is to be seen."
        missing.append(Problem(places.find("logo"), "logo", what, fix, "field-missing"))
    size_px = None
    if theme.logo in resources:
        picture, found_wrong = load_picture(theme.logo, resources[theme.logo], places.find("logo"), "logo")
        missing += found_wrong
        if picture is not None:
            resources[theme.logo], size_px = picture.data, (picture.width_px, picture.height_px)
    return theme.model_copy(update={"resources": resources, "logo_size_px": size_px}), (*problems, *missing)


def _named_files(theme: Theme) -> Iterator[tuple[str, str]]:
    """Yield each field of a theme that names a file of the pack, with the name."""
    for index, fallback in enumerate(theme.fonts.fallbacks):
        yield f"fonts.fallbacks[{index}].regular", fallback.regular
        yield f"fonts.fallbacks[{index}].bold", fallback.bold
    yield "press.profile", theme.press.profile
    yield "screen_profile", theme.screen_profile
    if theme.logo is not None:
        yield "logo", theme.logo


def _wording(workspace: Workspace, folder: str, language: str) -> tuple[Wording | None, tuple[Problem, ...]]:
    """Read the wording of a language."""
    for tag in (language, language.split("-")[0]):
        file = f"{folder}/wording.{tag}.yaml"
        if workspace.exists(file):
            wording, _, problems = _read(workspace, file, Wording)
            return wording, problems
    there = ", ".join(name for name in workspace.names(folder, ".yaml") if name.startswith("wording."))
    what = f"this pack has no wording in {language}" + (f", only {there}." if there else ".")
    fix = f"copy one to wording.{language.split('-')[0]}.yaml and translate it."
    return None, (Problem(Place(folder), "", what, fix, "wording-missing"),)


def _templates(workspace: Workspace, folder: str) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """Read the templates, by their path in the pack."""
    sources, problems = dict[str, str](), list[Problem]()
    for part in PARTS:
        for name in workspace.names(f"{folder}/{part}", ".j2"):
            file = f"{folder}/{part}/{name}"
            sources[f"{part}/{name}"], found = decode(workspace.read(file, LIMIT_BYTES), file)
            problems += found
    if not any(path.startswith("documents/") for path in sources):
        what, fix = "this folder holds no template.", "copy one from the pack presskit comes with."
        problems.append(Problem(Place(f"{folder}/documents"), "", what, fix, "template-missing"))
    return sources, tuple(problems)
