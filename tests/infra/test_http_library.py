"""The HTTP library is loaded without what a web chat alone never uses, and with all that is needed to call others."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import certifi
import pytest

LOOK = """
import json, mimetypes, os, ssl, sys
from bot.infra.http_library import load_http
before = dict(os.environ)
load_http(calls_others=sys.argv[1] == "calls")
from aiohttp import connector, web
import frozenlist
print(json.dumps({
    "trusted": len(connector._SSL_CONTEXT_VERIFIED.get_ca_certs()),
    "trusted_here": len(ssl.create_default_context().get_ca_certs()),
    "environment_as_before": before == dict(os.environ),
    "serves": hasattr(web, "Application"),
    "lists": frozenlist.FrozenList is frozenlist.PyFrozenList,
    "csv": mimetypes.guess_type("data.csv")[0],
}))
"""


BUILD = """
import json, pathlib, sys
from bot.app import build_app
from bot.connections import build_platforms, build_web
from bot.infra.clock import MovableClock
from bot.infra.database_inline import open_inline
from bot.serve import open_shelf
from bot.settings import read_settings
settings = read_settings(json.loads(sys.argv[1]), pathlib.Path("/nowhere"))
shelf = open_shelf()
shelf.reload().refuse()
database, clock = open_inline(), MovableClock()
app = build_app(database, shelf, clock)
early = "aiohttp" in sys.modules
build_platforms(settings, app, database)
build_web(settings, app, database, clock)
from aiohttp import connector
print(json.dumps({"trusted": len(connector._SSL_CONTEXT_VERIFIED.get_ca_certs()), "early": early}))
"""
SECRET = {"ROADMATE_WEB_SECRET": "correct horse battery"}
TELEGRAM = {"ROADMATE_TELEGRAM_TOKEN": "1:abcdefghijklmn"}
DISCORD = {"ROADMATE_DISCORD_TOKEN": "MTAx.wrong.token"}


def loaded(how: str, program: str = LOOK, **environment: str) -> dict[str, Any]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SSL_CERT")}
    done = subprocess.run(
        [sys.executable, "-c", program, how], env=kept | environment, cwd=Path(__file__).resolve().parents[2],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_who_calls_others_trusts_whom_this_computer_trusts() -> None:
    found = loaded("calls", SSL_CERT_FILE=certifi.where())
    assert found["trusted"] == found["trusted_here"] > 50


def test_who_calls_nobody_reads_no_certificates_with_the_library() -> None:
    found = loaded("serves", SSL_CERT_FILE=certifi.where())
    assert found["trusted"] == 0
    assert found["trusted_here"] > 50  # whoever else needs them, such as a database's connection, finds them


@pytest.mark.parametrize("how", ["calls", "serves"])
@pytest.mark.parametrize("set_here", [{}, {"SSL_CERT_FILE": certifi.where(), "SSL_CERT_DIR": "/nowhere"}])
def test_loading_leaves_the_environment_as_it_was(how: str, set_here: dict[str, str]) -> None:
    found = loaded(how, **set_here)
    assert found["environment_as_before"]
    assert found["serves"]


@pytest.mark.parametrize("how", ["calls", "serves"])
def test_files_are_of_the_kinds_that_python_knows_and_lists_bring_no_second_library(how: str) -> None:
    found = loaded(how)
    assert found["csv"] == "text/csv"
    assert found["lists"]


@pytest.mark.parametrize("settings", [{}, SECRET])
def test_a_run_with_a_web_chat_alone_reads_no_certificates(settings: dict[str, str]) -> None:
    found = loaded(json.dumps(settings), BUILD, SSL_CERT_FILE=certifi.where())
    assert found == {"trusted": 0, "early": False}


@pytest.mark.parametrize("settings", [TELEGRAM | SECRET, DISCORD | SECRET])
def test_a_run_that_calls_a_platform_beside_its_web_chat_reads_them(settings: dict[str, str]) -> None:
    found = loaded(json.dumps(settings), BUILD, SSL_CERT_FILE=certifi.where())
    assert found["trusted"] > 50
    assert not found["early"]
