"""How each platform would draw a question: for whoever writes one and wants to see it before others do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Final

from bot.domain.questions import draw
from bot.domain.questions.shapes import Kind, Question
from bot.kit.reply import Reply


def preview(question: Question, platform: str, seed: str = "") -> str:
    """Return what people see, as text, HTML or JSON: the question, what a wrong answer is told, and the solution.

    ``platform`` is one of ``PLATFORMS``; ``seed`` decides the order of the options.
    """
    drawn = PLATFORMS[platform]
    return "\n".join(f"── {title} ──\n{drawn(reply)}" for title, reply in _views(question, seed))


def _views(question: Question, seed: str) -> Iterator[tuple[str, Reply]]:
    order = draw.shown_order(question, seed)

    def data(place: int) -> str:
        return f"preview:{place}"

    if question.how in (Kind.SEVERAL, Kind.ORDER):
        yield "asked", draw.menu(question, order, data)
    else:
        yield "asked", draw.card(question, order, data)
    chosen = [len(question.answer)] if question.wrong else list(order)
    yield "after a wrong answer", draw.verdict(question, chosen, is_correct=False)
    yield "when it closes", Reply(draw.solution(question, order))


def _terminal(reply: Reply) -> str:
    from bot.platforms.terminal.render import Screen, render

    return render(reply, Screen())


def _web(reply: Reply) -> str:
    from bot.platforms.web.controls import Drawing
    from bot.platforms.web.render import render

    return str(render(reply, Drawing(message=1, revision=1))) + "\n"


def _telegram(reply: Reply) -> str:
    from bot.platforms.telegram.render import render

    return _as_json([message.parameters for message in render(reply)])


def _discord(reply: Reply) -> str:
    from bot.platforms.discord.render import render

    return _as_json(render(reply))


def _as_json(payload: object) -> str:
    return json.dumps(payload, indent=1, ensure_ascii=False) + "\n"


PLATFORMS: Final[dict[str, Callable[[Reply], str]]] = {
    "terminal": _terminal,
    "web": _web,
    "telegram": _telegram,
    "discord": _discord,
}
"""How each platform draws a reply, by its name."""
