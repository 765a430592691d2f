"""What is installed: the wheel and the source archive carry everything and work from any folder."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """Run a command to its end and return what it printed; fail with everything it said if it fails."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ROADMATE_")}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=kept | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    return folder


def test_wheel_and_source_archive_carry_content_migrations_and_pages(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    assert "bot/_content/roadmap/1-foundations.yaml" in names
    assert "bot/platforms/web/static/chat.js" in names
    assert "bot/features/roadmap/migrations/0001_status.sql" in names
    assert "bot/locale/roadmate.pot" in names
    assert not [name for name in names if name.startswith(("tests/", "content/"))]
    with tarfile.open(next(built.glob("*.tar.gz"))) as source:
        inside = {name.partition("/")[2] for name in source.getnames()}
    assert {"content/README.md", "README.md", "tests/conftest.py", "constraints.txt", ".ci/run"} <= inside


def test_the_wheel_works_in_another_folder_and_environment(built: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "venv", tmp_path / "env", cwd=tmp_path)
    python = tmp_path / "env" / "bin" / "python"
    run(python, "-m", "pip", "install", "--no-deps", next(built.glob("*.whl")), cwd=tmp_path)
    libraries = sysconfig.get_path("purelib")  # its .pth files do not count here, so our own code is not in it
    shown = run(python, "-c", "import bot; print(bot.__file__)", cwd=tmp_path, PYTHONPATH=libraries)
    assert shown.startswith(str(tmp_path))
    command = tmp_path / "env" / "bin" / "roadmate"
    assert "71 topics" in run(command, "check", cwd=tmp_path, PYTHONPATH=libraries)
    assert (tmp_path / "roadmate-data").exists() is False
