"""Somebody mistypes the answer to a question on Telegram, where a form is a dialogue and answers are new messages."""

from __future__ import annotations

from pathlib import Path

from bot.domain.questions.shapes import Kind
from tests.journeys.clubs import BY_BUTTONS, open_club
from tests.journeys.questions import asked, letter
from tests.journeys.telegram_place import TelegramVisitor


async def test_only_one_card_offers_another_try_however_often_somebody_slips(tmp_path: Path) -> None:
    async with open_club(BY_BUTTONS, tmp_path / "bot.db") as club:
        ana = club.right
        assert isinstance(ana, TelegramVisitor)
        card = await ana.asks("/quiz tensors hard")
        while (question := await asked(card, {Kind.NUMERIC})) is None:
            other = await asked(card)
            assert other is not None, card
            await ana.presses(letter(card, other, 0))
            card = await ana.presses("Next question")
        await ana.presses("Answer")
        for slip in ("a few", "many", "three or so"):
            said = await ana.fills(answer=slip)
            assert "no number I can read" in said
            assert [message.labels for message in ana.person.alone.seen].count(["Try again"]) == 1
            await ana.presses("Try again")
        assert "Right." in await ana.fills(answer=question.answer[0].text)
        assert "Try again" not in str([message.labels for message in ana.person.alone.seen])
