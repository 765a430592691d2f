"""``roadmate run`` with one more command: ``/scribble`` posts a line in the unit of work that notes who asked for it."""

from __future__ import annotations

import sys

from bot import app, cli
from tests.simulation import diary

if __name__ == "__main__":
    defaults = app.build_app.__kwdefaults__
    assert defaults is not None
    defaults["builders"] = (*app.FEATURES, diary.build)
    sys.exit(cli.main())
