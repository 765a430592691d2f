"""The ``roadmate`` command: run (default), chat, check, question, backup, restore, privacy, doctor."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bot import __version__
from bot.infra.secrets_hidden import Redactor
from bot.kit.errors import ContentError, RoadmateError
from bot.kit.problems import Spot
from bot.settings import Settings, read_settings

REFUSED = 2
"""Exit code when something must be mended before Roadmate can do what was asked."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says and return the exit code."""
    options = _parser().parse_args(arguments)
    secrets: tuple[str, ...] = ()
    try:
        if options.verb == "check":
            return _check(options.folder, options.schemas)
        if options.verb == "question":
            content = read_settings(os.environ, Path.cwd()).content
            return _question(options.id, options.platform, options.seed, content)
        if options.verb == "doctor":
            return _doctor(as_json=options.json)
        settings = read_settings(os.environ, Path.cwd())
        secrets = settings.secrets
        if options.verb == "backup":
            return _backup(settings, options.file)
        if options.verb == "restore":
            return _restore(settings, options.file)
        if options.verb == "privacy":
            return _privacy(settings, options)
        return _serve(settings, chat=options.verb == "chat")
    except ContentError as error:
        print(error, file=sys.stderr)
        print("The content has problems, so nothing was started. Mend the lines above.", file=sys.stderr)
        return REFUSED
    except RoadmateError as error:
        print(Redactor(secrets)(str(error)), file=sys.stderr)  # it may hold what a server answered
        return REFUSED
    except KeyboardInterrupt:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="roadmate",
        description="Learn machine learning together. Without a token it opens a web chat on this computer.",
        epilog="Settings are environment variables that begin with ROADMATE_; deploy/README.md lists them.",
    )
    parser.add_argument("--version", action="version", version=f"roadmate {__version__}")
    verbs = parser.add_subparsers(
        dest="verb", metavar="run | chat | check | question | backup | restore | privacy | doctor"
    )
    verbs.add_parser("run", help="start the bot (the default)")
    verbs.add_parser("chat", help="the same conversation in this terminal")
    check = verbs.add_parser("check", help="check content files, with file and line for each problem")
    check.add_argument("folder", nargs="?", type=Path, help="a content folder of your own (default: the shipped one)")
    check.add_argument("--schemas", type=Path, metavar="FOLDER", help="write the JSON Schemas for editors into FOLDER")
    question = verbs.add_parser("question", help="show a question of the quiz as a platform draws it")
    question.add_argument("id", metavar="ID", help="its id, or part of one to list those that hold it")
    question.add_argument("--platform", choices=("terminal", "web", "telegram", "discord"), default="terminal")
    question.add_argument("--seed", default="", help="any word: another order of options, other numbers")
    backup = verbs.add_parser("backup", help="copy the database to a file, also while the bot runs")
    backup.add_argument("file", nargs="?", type=Path, help="a new file, or a folder (default: backups beside the data)")
    restore = verbs.add_parser("restore", help="put a backup in the place of the database; the bot must be stopped")
    restore.add_argument("file", nargs="?", type=Path, help="the backup (without it, those there are get listed)")
    privacy = verbs.add_parser("privacy", help="everything stored about a person: as a file, or erased")
    deeds = privacy.add_subparsers(dest="deed", metavar="export | erase", required=True)
    for deed, words in (("export", "write it to a JSON file"), ("erase", "erase it; the bot must be stopped")):
        what = deeds.add_parser(deed, help=words)
        what.add_argument("platform", metavar="PLATFORM", help="telegram, discord, web or terminal")
        what.add_argument("account", metavar="ACCOUNT", help="the platform's own id of the person")
        if deed == "export":
            what.add_argument("file", metavar="FILE", type=Path, help="a new file")
        else:
            what.add_argument("--yes", action="store_true", help="it cannot be undone, and you mean it")
    doctor = verbs.add_parser("doctor", help="look for trouble, also while the bot runs, and say what to do about it")
    doctor.add_argument("--json", action="store_true", help="for programs: one JSON object")
    return parser


def _backup(settings: Settings, file: Path | None) -> int:
    from bot.care import keep_copy

    keep_copy(settings, file, print, sys.stderr)
    return 0


def _restore(settings: Settings, file: Path | None) -> int:
    from bot.care import bring_back, list_copies

    if file is None:
        list_copies(settings, print)
    else:
        bring_back(settings, file, print, sys.stderr)
    return 0


def _privacy(settings: Settings, options: argparse.Namespace) -> int:
    from bot.custody import Account, erase_person, export_person

    who = Account(options.platform, options.account)
    if options.deed == "export":
        export_person(settings, who, options.file, print)
    else:
        erase_person(settings, who, print, is_meant=options.yes)
    return 0


def _doctor(*, as_json: bool) -> int:
    import asyncio

    from bot.doctor import examine

    return asyncio.run(examine(os.environ, Path.cwd(), print, as_json=as_json))


FOLDERS: Final = ("roadmap", "resources", "glossary", "quiz")
"""Folders of content, below the shipped one and below an operator's own."""


def _strays(folder: Path) -> list[Path]:
    """Return content files that lie where nobody reads them."""
    found = sorted(path for ending in ("yaml", "yml") for path in folder.rglob(f"*.{ending}"))
    return [path for path in found if path.relative_to(folder).parts[0] not in FOLDERS][:100]


def _check(folder: Path | None, schemas: Path | None) -> int:
    from bot.app import open_shelf

    if schemas is not None:
        from bot.domain.curriculum import loading as curriculum_loading
        from bot.domain.questions import loading as questions_loading

        schemas.mkdir(parents=True, exist_ok=True)
        for name, text in (curriculum_loading.schemas() | questions_loading.schemas()).items():
            (schemas / name).write_text(text, "utf-8")
            print(schemas / name)
        return 0
    if folder is not None and not folder.is_dir():
        print(
            f"{folder} is no folder. Name a folder with content files, or none for the shipped content.",
            file=sys.stderr,
        )
        return REFUSED
    from bot.domain.questions.lint import lint

    shelf = open_shelf(folder)
    problems = shelf.reload(is_thorough=True)
    for stray in _strays(folder) if folder is not None else ():
        problems.add(Spot(str(stray), 1), f"is in no folder that is read; content lies in {', '.join(FOLDERS)}")
    bank = shelf.indexes.bank if not problems else None
    if bank is not None:
        lint(list(bank), problems)
    for problem in problems:
        print(problem)
    if problems:
        count = len(list(problems))
        print(f"{count} problem{'' if count == 1 else 's'} found.", file=sys.stderr)
        return REFUSED
    curriculum = shelf.curriculum
    print(
        f"All content is fine: {len(curriculum.stages)} stages, {len(curriculum.subtopics)} sub-topics, "
        f"{len(curriculum.places)} topics, {len(curriculum.resources)} resources, {len(curriculum.terms)} terms, "
        f"{len(bank or ())} questions."
    )
    return 0


def _question(name: str, platform: str, seed: str, content: Path | None) -> int:
    from bot.app import open_shelf
    from bot.domain.questions.families import FAMILIES
    from bot.preview import preview

    shelf = open_shelf(content)
    shelf.reload(is_thorough=True).refuse()
    bank = shelf.indexes.bank
    question = bank.get(name) if bank is not None else None
    if question is None and name in FAMILIES:
        question = FAMILIES[name].make(seed)
    if question is not None:
        print(preview(question, platform, seed), end="")
        return 0
    near = [known for known in (*(question.id for question in bank or ()), *FAMILIES) if name in known]
    print(f"There is no question “{name}”. Ids begin with q-, or with g- where numbers are made.", file=sys.stderr)
    if near:
        print(*near, sep="\n")
    return REFUSED


def _serve(settings: Settings, *, chat: bool) -> int:
    import asyncio

    from bot.serve import chat_in_terminal, serve

    return asyncio.run(chat_in_terminal(settings) if chat else serve(settings))
