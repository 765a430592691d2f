"""Settings from the environment and ``roadmate.toml``: typed, checked, and all problems told at once.

Every setting is an environment variable ``ROADMATE_...``; ``roadmate.toml`` in the current folder (or in
``ROADMATE_HOME``) may hold the same names in lower case without the prefix. The environment wins. Secrets never print.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from bot.kit.errors import SettingsError

PREFIX: Final = "ROADMATE_"
FILE: Final = "roadmate.toml"
DEFAULT_WEB: Final = "127.0.0.1:8642"


@dataclass(frozen=True, slots=True)
class Address:
    """A host and a port to listen on."""

    host: str
    port: int

    @property
    def is_local(self) -> bool:
        """Whether only programs on this computer can reach it."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator can set, with defaults. Names match the environment variables."""

    home: Path = Path("roadmate-data")
    database: str = ""
    web: Address = Address("127.0.0.1", 8642)
    web_secret: str = field(default="", repr=False)
    public_url: str = ""
    contact: str = ""
    content: Path | None = None
    clock: str = ""
    telegram_token: str = field(default="", repr=False)
    telegram_api: str = "https://api.telegram.org"
    telegram_webhook_url: str = ""
    telegram_webhook_listen: Address | None = None
    discord_token: str = field(default="", repr=False)
    discord_api: str = ""
    discord_gateway: str = ""
    feeds_allow: tuple[str, ...] = ()
    source: str = field(default="the environment", compare=False)

    @property
    def database_path(self) -> Path:
        """The SQLite file: ``ROADMATE_DATABASE``, else ``roadmate.db`` in the data folder."""
        return Path(self.database).expanduser() if self.database else self.home / "roadmate.db"

    @property
    def has_token(self) -> bool:
        """Whether a real platform is set up."""
        return bool(self.telegram_token or self.discord_token)

    @property
    def offers_web_chat(self) -> bool:
        """Whether the trial chat may run: alone on loopback without tokens, or behind a secret."""
        return bool(self.web_secret) or (not self.has_token and self.web.is_local)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Values that must never be written anywhere."""
        passwords: list[str | None] = []
        if "://" in self.database:
            parts = urlsplit(self.database)
            passwords = [parts.password, *(value for name, value in parse_qsl(parts.query) if "password" in name)]
        return tuple(filter(None, (self.telegram_token, self.discord_token, self.web_secret, *passwords)))


NAMES: Final = tuple(setting.name for setting in fields(Settings) if setting.name != "source")


def read_settings(environment: Mapping[str, str], folder: Path) -> Settings:
    """Return the settings; ``folder`` is where ``roadmate.toml`` is looked for first.

    Raises:
        SettingsError: with every problem, one a line.
    """
    problems: list[str] = []
    home = _home(environment)
    raw: dict[str, tuple[str, str]] = {}
    for place in dict.fromkeys((folder / FILE, home / FILE)):
        if _is_there(place, problems):
            raw.update(_from_file(place, problems))
            break
    for name, value in environment.items():
        if name.startswith(PREFIX):
            key = name.removeprefix(PREFIX).lower()
            if key not in NAMES:
                problems.append(f"{name} is no setting of Roadmate.{_near(key, PREFIX)}")
            elif value.strip():
                raw[key] = (value.strip(), name)
    values: dict[str, Any] = {}
    for key, (value, name) in raw.items():
        try:
            values[key] = _convert(key, value)
        except ValueError as error:
            problems.append(f"{name} {error}")
    if problems:
        raise SettingsError("\n".join(problems))
    values.setdefault("home", home)
    return Settings(**values)


def _home(environment: Mapping[str, str]) -> Path:
    given = Path(environment.get(PREFIX + "HOME", "").strip() or "roadmate-data")
    try:
        return given.expanduser()
    except RuntimeError:  # said with all other problems when the setting itself is read
        return given


def _is_there(place: Path, problems: list[str]) -> bool:
    try:
        return place.is_file()
    except OSError as error:
        problems.append(f"{place.parent} cannot be read: {error.strerror}. Set ROADMATE_HOME to a folder of your own.")
        return False


def _from_file(place: Path, problems: list[str]) -> dict[str, tuple[str, str]]:
    import tomllib  # many have no such file

    try:
        table = tomllib.loads(place.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        problems.append(f"{place} cannot be read: {error}. Mend it or move it away.")
        return {}
    found: dict[str, tuple[str, str]] = {}
    for key, value in table.items():
        name = f"{place}: {key}"
        if key not in NAMES:
            problems.append(f"{name} is no setting of Roadmate.{_near(key, '')}")
        elif isinstance(value, list) and all(isinstance(item, str) for item in value):
            found[key] = (",".join(value), name)
        elif isinstance(value, str | int) and not isinstance(value, bool):
            found[key] = (str(value), name)
        else:
            problems.append(f'{name} must be text in quotes, such as {key} = "..."')
    return found


def _near(key: str, prefix: str) -> str:
    from difflib import get_close_matches  # only for slips

    near = get_close_matches(key, NAMES, n=1)
    if not near:
        return " Remove it; deploy/README.md lists all settings."
    return f" Did you mean {prefix}{near[0].upper() if prefix else near[0]}?"


def _convert(key: str, value: str) -> object:
    """Return a setting's value; the ``ValueError`` continues a sentence that begins with the setting's name."""
    match key:
        case "home" | "content":
            return _path(key, value)
        case "web" | "telegram_webhook_listen":
            return _address(value)
        case "telegram_token" | "discord_token":
            return value.removeprefix("Bot ").strip()
        case "discord_gateway":
            if not value.startswith(("ws://", "wss://")):
                raise ValueError(f"is “{value}”; it must be an address that begins with wss://")
            return value
        case "feeds_allow":
            return tuple(part.strip() for part in value.split(",") if part.strip())
        case "public_url" | "telegram_api" | "telegram_webhook_url" | "discord_api":
            if not value.startswith(("http://", "https://")):
                raise ValueError(f"is “{value}”; it must be an address that begins with https://")
            if not urlsplit(value).hostname:
                raise ValueError(f"is “{value}”, which names no host")
            return value.rstrip("/")
        case "web_secret":
            if len(value) < 8:
                raise ValueError("is too short to keep anybody out; use at least 8 characters")
            return value
        case "database":
            if "://" in value and not value.startswith(("postgresql://", "postgres://")):
                raise ValueError("must be a path of a file or an address that begins with postgresql://")
            return _server(value) if "://" in value else value
        case _:
            return value


def _server(value: str) -> str:
    """Return the address of a database; it may hold a password, so what is wrong with it is not shown."""
    try:
        parts = urlsplit(value)
        is_whole = not parts.fragment and ("," in parts.netloc or parts.port != 0)  # there may be several hosts
    except ValueError:
        is_whole = False
    if not is_whole:
        raise ValueError(
            "cannot be read as an address; write it like postgresql://user:password@host:5432/name, and in the "
            "password %40 for @, %3A for :, %2F for /, %23 for #, %3F for ?"
        )
    return value


def _path(key: str, value: str) -> Path:
    try:
        path = Path(value).expanduser()
    except RuntimeError:
        raise ValueError(f"is “{value}”; there is no such user's folder") from None
    if key == "content" and not path.is_dir():
        raise ValueError(f"is “{value}”, which is no folder; it must name a folder with content files")
    return path


def _address(value: str) -> Address:
    host, colon, port = value.rpartition(":")
    host = host.strip("[]")
    if not colon or not port.isdecimal() or int(port) > 65535:
        raise ValueError(f"is “{value}”; it must be a host and a port such as {DEFAULT_WEB}")
    return Address(host or "127.0.0.1", int(port))
