"""Loading the HTTP library without what nobody here uses: ``aiohttp`` is a client, a server and a server of files.

As it is loaded it reads what this computer calls each kind of file and, twice, every certificate this computer trusts:
2 MiB and 70 ms, of which a web chat alone has nothing, since it is called and calls nobody.
"""

from __future__ import annotations

import mimetypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_LEAN: Final = {"FROZENLIST_NO_EXTENSIONS": "1"}
"""Its lists of a few handlers are as quick in Python; compiled, they alone bring the library of C++ along, 1 MiB."""
_TRUSTS_NOBODY: Final = {"SSL_CERT_FILE": os.devnull, "SSL_CERT_DIR": os.devnull}


def load_http(*, calls_others: bool) -> None:
    """Load ``aiohttp`` for this process; what was loaded before stays as it is.

    Args:
        calls_others: whether this process calls other computers. If not, certificates are left unread, and a call by
            HTTPS with this library fails, as nobody's certificate is known.
    """
    mimetypes.knownfiles.clear()  # the kinds that Python knows are enough, and the same everywhere
    with _environment(_LEAN if calls_others else _LEAN | _TRUSTS_NOBODY):
        import aiohttp  # noqa: F401 - whoever uses it finds it loaded


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """Set variables of the environment inside the block, and what they were before afterwards."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
