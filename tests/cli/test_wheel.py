from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    made = subprocess.run([*pip, "-w", target, ROOT], capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    (found,) = target.glob("*.whl")
    return found


def test_the_wheel_holds_the_starter_and_no_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {
        "presskit/py.typed",
        "presskit/starter/data/house.yaml",
        "presskit/starter/templates/news-release/theme.yaml",
    } <= names
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"presskit"}


def test_an_installed_presskit_makes_an_office_and_builds_in_it(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "a venv"
    venv.create(home, with_pip=False, system_site_packages=False)
    paths = sysconfig.get_paths(vars={"base": str(home), "platbase": str(home)})
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(paths["purelib"])
    # the libraries of this environment; its own presskit, if any, comes after the wheel's
    Path(paths["purelib"], "libraries.pth").write_text(sysconfig.get_paths()["purelib"])
    python = Path(paths["scripts"], "python")

    def presskit(*args: str, cwd: Path) -> str:
        done = subprocess.run(
            [python, "-m", "presskit", *args],
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=cwd,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    presskit("init", "office", cwd=tmp_path)
    office = tmp_path / "office"
    (slug, *_) = sorted(p.name for p in (office / "data" / "releases").iterdir())
    built = presskit("build", slug, cwd=office).splitlines()
    assert len(built) == 5
    assert all((office / path).is_file() for path in built)
