"""``/quiz`` and ``/review``: questions for one person, one after another on one card."""

from __future__ import annotations

from datetime import datetime

from bot.domain.contributions import EntryButton
from bot.domain.curriculum.lookup import ROADMAP
from bot.domain.questions.shapes import Kind, Level, number_of
from bot.domain.tools import Tools
from bot.features.quiz import actions, boards, replies, rules
from bot.features.quiz.card import Standing
from bot.features.quiz.daily import SPANS, DailyQuiz
from bot.features.quiz.service import LENGTH, QuizService
from bot.kit.command import Area, Param, command
from bot.kit.database import Transaction
from bot.kit.feature import handles
from bot.kit.reply import Button, Reply
from bot.kit.request import Asker, Request, Role
from bot.kit.text import Blocks
from bot.kit.wording import N_, _, pointed


class QuizCommands:
    """Asks, takes answers, and sums up."""

    def __init__(self, tools: Tools, service: QuizService) -> None:
        self._tools = tools
        self._service = service
        self._daily = DailyQuiz(tools, self._to_topic)
        self.jobs, self.preferences = self._daily.jobs, self._daily.preferences

    @command(
        "quiz",
        N_("Five questions that suit you, with the reasons"),
        params=(Param("topic", N_("About what; also easy, medium or hard"), longest=120, suggests="topic"),),
        example="/quiz linear regression",
        area=Area.LEARN,
        private=True,
        needs=Role.STRANGER,
    )
    async def quiz(self, request: Request, topic: str = "") -> Reply:
        """Begin to practice a topic, or whatever suits."""
        words = topic.split()
        level = next((word.lower() for word in words if word.lower() in set(Level)), "")
        count = next((int(word) for word in words[1:] if word.isdecimal()), LENGTH)
        name = " ".join(word for place, word in enumerate(words)
                        if word.lower() != level and not (place and word.isdecimal()))  # fmt: skip
        if not name:
            return await self._begin(request, "", level, count, _("whatever suits"))
        found = self._tools.shelf.indexes.lookup.find(name, ROADMAP)
        if found.entry is None:
            return replies.which(name, [(guess.id, guess.label) for guess in found.guesses])
        return await self._begin(request, found.entry.id, level, count, found.entry.label)

    @command(
        "review",
        N_("What you answered wrong, when it is due again"),
        example="/review",
        area=Area.LEARN,
        private=True,
        needs=Role.STRANGER,
    )
    async def review(self, request: Request) -> Reply:
        """Begin to review what is due."""
        found = await self._service.review(request)
        return self._question(found) if isinstance(found, Standing) else replies.nothing_due(found[1])

    @handles(actions.BEGIN, needs=Role.STRANGER)
    async def begin(self, request: Request, about: str) -> Reply:
        """Begin to practice, from a button."""
        if about == actions.ANYTHING:
            return await self._begin(request, "", "", LENGTH, _("whatever suits"))
        return (await self._begin(request, about, "", LENGTH, self._title(about) or about)).private()

    @handles(actions.REVIEW, needs=Role.STRANGER)
    async def review_pressed(self, request: Request) -> Reply:
        """Begin to review, from a button."""
        return await self.review(request)

    @handles(actions.ANSWER, needs=Role.STRANGER)
    async def answer(self, request: Request, run: int, number: int, choice: int) -> Reply:
        """Take the choice of one option."""
        return await self._answer(request, run, number, (choice,), None)

    @handles(actions.TYPE, needs=Role.STRANGER)
    async def type(self, request: Request, run: int, number: int) -> Reply:
        """Let an answer be typed."""
        question = await self._service.question(request, run, number)
        return replies.not_yours() if question is None else replies.ask(question, run, number)

    @handles(actions.TYPED, needs=Role.STRANGER)
    async def typed(self, request: Request, run: int, number: int) -> Reply:
        """Take a typed answer: a number, or letters."""
        question = await self._service.question(request, run, number)
        if question is None:
            return replies.not_yours()
        text = request.values.get("answer", "").strip()
        if question.how is Kind.NUMERIC:
            try:
                return await self._answer(request, run, number, (), number_of(pointed(text)))
            except ValueError:
                return replies.unreadable(question, run, number)
        order = replies.order_of(question, run, number)
        places = rules.letters_of(text, len(order))
        if places is None:
            return replies.unreadable(question, run, number)
        chosen = tuple(order[place] for place in places)
        return await self._answer(request, run, number, chosen, None)

    @handles(actions.NEXT, needs=Role.STRANGER)
    async def next(self, request: Request, run: int) -> Reply:
        """Ask the next question, or sum up."""
        standing = await self._service.go_on(request, run)
        if standing is None:
            return replies.not_yours()
        return self._question(standing) if standing.question is not None else await self._result(request, standing)

    @handles(actions.VOTE, needs=Role.STRANGER)
    async def vote(self, request: Request, round: int, choice: int) -> Reply:  # noqa: A002 - named as buttons carry it
        """Take an answer to the quiz of the day."""
        found = await self._daily.vote(request, round, choice)
        return (
            boards.no_round()
            if found is None
            else boards.verdict(found.question, found.vote, is_new=found.is_new, is_closed=found.is_closed)
        )

    @handles(actions.RETRACT, needs=Role.STRANGER)
    async def retract(self, request: Request, round: int) -> Reply:  # noqa: A002
        """Take a vote back, where a platform lets people."""
        return boards.taken_back() if await self._daily.retract(request, round) else boards.no_round()

    @command(
        "leaderboard",
        N_("Who answered most quizzes of the day rightly"),
        params=(Param("span", N_("Of which time"), choices=tuple(SPANS)),),
        example="/leaderboard week",
        area=Area.PROGRESS,
        needs=Role.STRANGER,
    )
    async def leaderboard(self, request: Request, span: str = "") -> Reply:
        """Show the standings of a community."""
        return await self._board(request, span or "week")

    @handles(actions.BOARD, needs=Role.STRANGER)
    async def board(self, request: Request, span: str) -> Reply:
        """Show the standings of another span of time."""
        return await self._board(request, span)

    @handles(actions.PLACE, needs=Role.STRANGER)
    async def place(self, request: Request, span: str) -> Reply:
        """Tell the asker their own place."""
        if request.community is None:
            return boards.only_in_communities()
        return boards.place(*await self._daily.own(request, request.community, span))

    async def _board(self, request: Request, span: str) -> Reply:
        if request.community is None:
            return boards.only_in_communities()
        lines, right, goal = await self._daily.board(request.community, span, request.at)
        return boards.board(lines, span, right, goal)

    async def progress(self, tx: Transaction, asker: Asker, now: datetime) -> Blocks:
        """Return what ``/progress`` tells of somebody's answers; nothing before the first."""
        answers, correct, due = await self._service.totals(tx, asker.person, now)
        return replies.lines(answers, correct, due) if answers else ()

    async def _begin(self, request: Request, about: str, level: str, count: int, title: str) -> Reply:
        standing = await self._service.begin(request, about, level, count)
        return replies.no_questions(title) if standing is None else self._question(standing)

    async def _answer(
        self, request: Request, run: int, number: int, chosen: tuple[int, ...], typed: float | None
    ) -> Reply:
        answered = await self._service.answer(request, run, number, chosen, typed)
        if answered is None:
            return replies.not_yours()
        topic = answered.question.topic
        button = self._topic_button(topic)
        return replies.verdict(answered, number, self._title(topic), [button] if button else [])

    def _question(self, standing: Standing) -> Reply:
        assert standing.question is not None  # noqa: S101 - only called while one waits
        return replies.question(standing, self._title(standing.question.topic))

    async def _result(self, request: Request, standing: Standing) -> Reply:
        bank = await self._tools.shelf.bank()
        results = [(question.topic, one.correct is True) for one in standing.asked
                   if (question := bank.get(one.question)) is not None]  # fmt: skip
        weak = rules.weakest(results)
        due, coming = await self._service.waiting(request)
        button = self._topic_button(weak) if weak else None
        return replies.result(standing, self._title(weak) if weak else "", button, due, coming)

    def _title(self, about: str) -> str:
        """Return what a topic, sub-topic, stage or subject is called; empty for an unknown one."""
        curriculum = self._tools.shelf.curriculum
        if about in curriculum.places:
            return curriculum.places[about].topic.title
        if about in curriculum.subtopics:
            return curriculum.subtopics[about].title
        bank = self._tools.shelf.indexes.bank
        if bank is not None and about in bank.subjects:
            return bank.subjects[about].title
        return next((stage.title for stage in curriculum.stages if stage.id == about), "")

    def _to_topic(self, topic: str) -> Reply:
        """Return a reply whose only button leads to a topic, or that has none."""
        button = self._topic_button(topic)
        return Reply(buttons=((button,),) if button is not None else ())

    def _topic_button(self, topic: str) -> Button | None:
        """Return the first button that another feature offers for a topic's card."""
        if topic not in self._tools.shelf.curriculum.places:
            return None
        for offer in self._tools.contributions.of(EntryButton):
            if offer.host != "quiz" and (data := offer.data("topic", topic)) is not None:
                return Button(_("To the topic"), data)
        return None
