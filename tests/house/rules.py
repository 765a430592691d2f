"""The house rules that import contracts cannot express, each as a function from sources to what breaks it."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
Sources = Mapping[str, str]
"""Text of each Python file by its path from the root, with forward slashes."""

SQL = re.compile(
    r"^\s*(SELECT\s.+\sFROM\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|CREATE\s+(UNIQUE\s+)?(TABLE|INDEX)\s|WITH\s+\w+\s+AS\s)",
    re.IGNORECASE | re.DOTALL,
)
TIME_AND_CHANCE = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.monotonic", "asyncio.sleep",
    "time.sleep", "random", "secrets",
}  # fmt: skip
VAGUE = {"utils", "util", "helpers", "helper", "misc", "common", "stuff"}
SECOND_LOOK = 400
MODULE_WORDS = re.compile(r"\b(TODO|FIXME|XXX)\b")
FOREIGN = re.compile(
    "|".join(
        ("py" + r"pi\.org", "files" + r"\.pythonhosted", "registry" + r"\.npmjs", "deb" + r"\.debian\.org",
         r"(?<![\w.])/(?:work|root|home/\w+|tmp/lab|farm)/")
    )
)  # fmt: skip


def sources(*folders: str) -> dict[str, str]:
    """Read every Python file of some folders of the project."""
    return {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
    }


def _strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value
        elif isinstance(node, ast.JoinedStr):
            yield (
                node.lineno,
                "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values),
            )


def kit_stands_alone(files: Sources) -> list[str]:
    """The kit imports the standard library and itself, and touches neither files, network nor processes."""
    outside = {
        "os",
        "io",
        "pathlib",
        "socket",
        "subprocess",
        "sqlite3",
        "urllib",
        "http",
        "shutil",
        "tempfile",
        "asyncio",
    }
    found = []
    for path, text in files.items():
        if not path.startswith("bot/kit/"):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            else:
                continue
            for name in names:
                top = name.partition(".")[0]
                if not name.startswith("bot.kit") and (top not in sys.stdlib_module_names or top in outside):
                    found.append(f"{path}:{node.lineno} imports {name}")
    return found


def sql_lives_in_stores(files: Sources) -> list[str]:
    """SQL stands in files or packages named store, and in infra; nowhere else."""
    found = []
    for path, text in files.items():
        parts = path.removesuffix(".py").split("/")
        if "store" in parts or "infra" in parts:
            continue
        found += [f"{path}:{line} holds SQL" for line, words in _strings(ast.parse(text)) if SQL.match(words)]
    return found


def time_and_chance_come_through_ports(files: Sources) -> list[str]:
    """The clock, sleeping and randomness are used in ``infra/clock.py`` only."""
    found = []
    for path, text in files.items():
        if path == "bot/infra/clock.py":
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                name = f"{node.value.id}.{node.attr}"
                if name in TIME_AND_CHANCE or node.value.id in TIME_AND_CHANCE:
                    found.append(f"{path}:{node.lineno} uses {name}")
            if isinstance(node, ast.ImportFrom) and node.module in TIME_AND_CHANCE | {"time"}:
                found.append(f"{path}:{node.lineno} imports from {node.module}")
    return found


def decisions_and_wording_do_not_wait(files: Sources) -> list[str]:
    """``rules`` and ``replies`` are pure: no ``await``, no ``async``."""
    found = []
    for path, text in files.items():
        if not re.search(r"/(rules|replies)(\.py|/)", path):
            continue
        found += [
            f"{path}:{node.lineno} waits"
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Await | ast.AsyncFunctionDef | ast.AsyncFor | ast.AsyncWith)
        ]
    return found


def modules_can_be_read_in_one_sitting(files: Sources, architecture: str) -> list[str]:
    """A module over 400 lines is named in ARCHITECTURE.md with the reason."""
    return [
        f"{path} has {count} lines"
        for path, text in files.items()
        if (count := len(text.splitlines())) > SECOND_LOOK and path not in architecture
    ]


def names_say_what_is_inside(files: Sources) -> list[str]:
    """No module is called by a word that fits everything."""
    return [path for path in files if VAGUE & set(path.removesuffix(".py").split("/"))]


def every_module_says_its_purpose(files: Sources) -> list[str]:
    """Each module begins with a docstring; empty ones are for packages of tests alone."""
    return [path for path, text in files.items() if text.strip() and not ast.get_docstring(ast.parse(text))]


def nothing_is_left_undone(files: Sources) -> list[str]:
    """No note to do something later stands in the code."""
    return [
        f"{path}:{number} {line.strip()[:60]}"
        for path, text in files.items()
        for number, line in enumerate(text.splitlines(), 1)
        if MODULE_WORDS.search(line)
    ]


def nothing_of_one_machine_is_named(files: Sources) -> list[str]:
    """No registry host and no path of one machine stands in a file."""
    return [
        f"{path}:{number} {found[0]}"
        for path, text in files.items()
        for number, line in enumerate(text.splitlines(), 1)
        if (found := FOREIGN.search(line))
    ]
