"""Runs code of questions and tells what each printed: ``python code_runs.py < items.json > results.json``.

An item is (code, proof or null); a result is {"printed": lines joined by " / "} or {"failed": why}. All items run in one
process of their own, so that nothing they do reaches the tests.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import traceback
import warnings


def run(code: str, proof: str | None) -> dict[str, str]:
    """Run one item in names of its own."""
    names: dict[str, object] = {"__name__": "question"}
    if proof is not None:
        names["code"] = code
    printed = io.StringIO()
    ending: list[str] = []
    with contextlib.redirect_stdout(printed), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            exec(compile(proof if proof is not None else code, "question", "exec"), names)  # noqa: S102
        except Exception as error:  # noqa: BLE001
            if proof is not None:
                return {"failed": "".join(traceback.format_exception_only(error)).strip()}
            ending = [type(error).__name__]
    lines = [line.rstrip() for line in printed.getvalue().splitlines()]
    return {"printed": " / ".join([*lines, *ending])}


if __name__ == "__main__":
    results = [run(code, proof) for code, proof in json.load(sys.stdin)]
    json.dump(results, sys.stdout)
