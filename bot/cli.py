"""The ``roadmate`` command: run (default), chat, check."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bot import __version__
from bot.kit.errors import ContentError, RoadmateError
from bot.settings import Settings, read_settings

REFUSED = 2
"""Exit code when something must be mended before Roadmate can do what was asked."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says and return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        if options.verb == "check":
            return _check(options.folder, options.schemas)
        settings = read_settings(os.environ, Path.cwd())
        return _serve(settings, chat=options.verb == "chat")
    except ContentError as error:
        print(error, file=sys.stderr)
        print("The content has problems, so nothing was started. Mend the lines above.", file=sys.stderr)
        return REFUSED
    except RoadmateError as error:
        print(error, file=sys.stderr)
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
    verbs = parser.add_subparsers(dest="verb", metavar="run | chat | check")
    verbs.add_parser("run", help="start the bot (the default)")
    verbs.add_parser("chat", help="the same conversation in this terminal")
    check = verbs.add_parser("check", help="check content files, with file and line for each problem")
    check.add_argument("folder", nargs="?", type=Path, help="a content folder of your own (default: the shipped one)")
    check.add_argument("--schemas", type=Path, metavar="FOLDER", help="write the JSON Schemas for editors into FOLDER")
    return parser


def _check(folder: Path | None, schemas: Path | None) -> int:
    from bot.app import open_shelf

    if schemas is not None:
        from bot.domain.curriculum.loading import schemas as all_schemas

        schemas.mkdir(parents=True, exist_ok=True)
        for name, text in all_schemas().items():
            (schemas / name).write_text(text, "utf-8")
            print(schemas / name)
        return 0
    if folder is not None and not folder.is_dir():
        print(
            f"{folder} is no folder. Name a folder with content files, or none for the shipped content.",
            file=sys.stderr,
        )
        return REFUSED
    shelf = open_shelf(folder)
    problems = shelf.reload()
    for problem in problems:
        print(problem)
    if problems:
        count = len(list(problems))
        print(f"{count} problem{'' if count == 1 else 's'} found.", file=sys.stderr)
        return REFUSED
    curriculum = shelf.curriculum
    print(
        f"All content is fine: {len(curriculum.stages)} stages, {len(curriculum.subtopics)} sub-topics, "
        f"{len(curriculum.places)} topics, {len(curriculum.resources)} resources, {len(curriculum.terms)} terms."
    )
    return 0


def _serve(settings: Settings, *, chat: bool) -> int:
    import asyncio

    from bot.serve import chat_in_terminal, serve

    return asyncio.run(chat_in_terminal(settings) if chat else serve(settings))
