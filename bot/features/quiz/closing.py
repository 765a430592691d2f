"""The end of a round: its cards say so, and a post tells answer, tally and reasons; corrected if the question is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bot.domain.contributions import QuestionButton
from bot.domain.questions.draw import shown_order
from bot.domain.tools import Tools
from bot.features.quiz import boards
from bot.features.quiz.rounds import COUNT
from bot.features.quiz.store import ASKED, CLOSED, Round, RoundStore
from bot.features.quiz.wordings import Wordings, wordings
from bot.kit.database import Transaction
from bot.kit.posting import Doubt, Post
from bot.kit.preference import Scope
from bot.kit.reply import Button, Reply
from bot.kit.schedule import Due, Owner
from bot.kit.text import reading_in
from bot.kit.wording import DEFAULT_LANGUAGE, _, speaking


class Closing:
    """Closes rounds, and keeps what their posts tell up to date."""

    def __init__(self, tools: Tools, job: str, topic_button: Callable[[str], Reply]) -> None:
        """Prepare; ``job`` asks the question of the day, ``topic_button`` makes a reply with a button to a topic."""
        self._tools = tools
        self._job = job
        self._rounds = RoundStore()
        self._with_topic = topic_button

    async def close(self, due: Due) -> None:
        """Tell the answer, the tally and the reasons."""
        number = int(due.plan.plan.data.get("round", 0))
        bank = await self._tools.shelf.bank()
        now = int(self._tools.clock.now().timestamp())

        async def work(tx: Transaction) -> None:
            kept = await self._rounds.get(tx, number)
            words = wordings(kept, bank.get(kept.question)) if kept is not None else None
            if kept is None or not await self._rounds.close(tx, number, now) or words is None:
                return
            for planned in await self._tools.schedules.of(tx, Owner(community=kept.community)):
                if planned.plan.job == COUNT and planned.plan.tag == str(number):
                    await self._tools.schedules.forget(tx, planned.id)
            for shown in await self._rounds.shown(tx, number, ASKED):
                card = boards.asked(words.asked, number, _order(kept, words), as_poll=shown.is_poll, is_closed=True)
                await self._tools.outbox.edit(tx, shown.post, card)
            told = await self.told(tx, kept, words, following=await self.following(tx, kept.community))
            for room in await self._tools.preferences.rooms.rooms(tx, kept.community):
                key = f"quiz:{kept.id}:{room.to.platform}:closed"
                post = await self._tools.outbox.post(
                    tx, Post(room.to, told, key, kept.community, doubt=Doubt.REPEAT)
                )  # fmt: skip
                await self._rounds.show(tx, number, post, CLOSED)

        await self._tools.database.write(work)

    async def count(self, due: Due) -> None:
        """Have a round's posts tell how many answered."""
        number = int(due.plan.plan.data.get("round", 0))
        bank = await self._tools.shelf.bank()

        async def work(tx: Transaction) -> None:
            kept = await self._rounds.get(tx, number)
            words = wordings(kept, bank.get(kept.question)) if kept is not None else None
            if kept is None or words is None:
                return
            await self._rounds.expect_count(tx, number, None)
            if kept.closed_at is not None:  # votes that were on their way when it closed
                await self.retell(tx, kept, words)
                return
            count = sum((await self._rounds.tally(tx, number)).values())
            closes = datetime.fromtimestamp(kept.closes_at, UTC)
            following = await self.following(tx, kept.community)
            for shown in await self._rounds.shown(tx, number, ASKED):
                card = boards.asked(
                    words.asked, number, _order(kept, words), as_poll=shown.is_poll, closes=closes,
                    following=following, count=count,
                )  # fmt: skip
                await self._tools.outbox.edit(tx, shown.post, card)

        await self._tools.database.write(work)

    async def retell(self, tx: Transaction, kept: Round, words: Wordings) -> None:
        """Put a corrected answer, or a corrected tally, into the posts that told the old one."""
        posts = await self._rounds.shown(tx, kept.id, CLOSED)
        if posts:
            ours = await self._tools.preferences.of(tx, Scope.COMMUNITY, kept.community)
            zone = self._tools.preferences.declared["our-zone"].of(ours)
            with speaking(self._tools.catalogue(ours.get("our-language", DEFAULT_LANGUAGE))), reading_in(zone):
                told = await self.told(tx, kept, words, following=await self.following(tx, kept.community))
            for shown in posts:
                await self._tools.outbox.edit(tx, shown.post, told)

    async def told(self, tx: Transaction, kept: Round, words: Wordings, *, following: datetime | None) -> Reply:
        """Return the post that tells the answer to a round."""
        tally = words.tally(await self._rounds.tally(tx, kept.id))
        corrected = datetime.fromtimestamp(kept.fixed_at, UTC) if kept.fixed_at is not None else None
        told = boards.closed(words.now, shown_order(words.now, str(kept.id)), tally, following, corrected)
        buttons = (*self._with_topic(words.now.topic).buttons, *question_buttons(self._tools, kept.question))
        return replace(told, buttons=(*told.buttons, *buttons))

    async def following(self, tx: Transaction, community: int) -> datetime | None:
        """Return when a community's next quiz comes."""
        plans = await self._tools.schedules.of(tx, Owner(community=community))
        return next((one.due for one in plans if one.plan.job == self._job and one.due is not None), None)


def question_buttons(tools: Tools, question: str) -> Sequence[tuple[Button, ...]]:
    """Return a row of what other features offer for a question, such as telling that something is wrong."""
    row = tuple(Button(_(offer.label), offer.data(question)) for offer in tools.contributions.of(QuestionButton))
    return (row,) if row else ()


def _order(kept: Round, words: Wordings) -> tuple[int, ...]:
    return shown_order(words.asked, str(kept.id))
