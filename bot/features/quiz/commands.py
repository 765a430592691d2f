"""``/quiz`` and ``/review``: questions for one person, one after another on one card."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.domain.curriculum.lookup import ROADMAP
from bot.domain.curriculum.lookup import Kind as Part
from bot.domain.questions.shapes import Kind, Question, number_of
from bot.domain.tools import Tools
from bot.features.quiz import actions, boards, replies, rules
from bot.features.quiz.card import Standing
from bot.features.quiz.closing import question_buttons
from bot.features.quiz.daily import DailyQuiz
from bot.features.quiz.figures import QuestionFigures
from bot.features.quiz.rescoring import Rescoring
from bot.features.quiz.rounds import Rounds
from bot.features.quiz.runs import Runs
from bot.features.quiz.service import LENGTH, LONGEST, QuizService
from bot.features.quiz.standings import SPAN_WORDS, SPANS, Standings
from bot.features.quiz.store import Club, MemberStore
from bot.kit.command import Area, Param, command
from bot.kit.database import Transaction
from bot.kit.feature import handles
from bot.kit.reply import Reply
from bot.kit.request import Asker, Request, Role, Trigger
from bot.kit.text import Blocks
from bot.kit.wording import N_, _, pointed

MOST_CLUBS: Final = 10
"""Communities that somebody is offered to choose from."""


class QuizCommands:
    """Asks, takes answers, and sums up."""

    def __init__(self, tools: Tools, service: QuizService, runs: Runs) -> None:
        self._tools = tools
        self._service = service
        self._runs = runs
        self._daily = DailyQuiz(tools, self._to_topic)
        self._rounds = Rounds(tools)
        self._standings = Standings(tools)
        self._members = MemberStore()
        self.figures = QuestionFigures()
        self.rescoring = Rescoring(tools, self._daily.closing)
        self.jobs, self.preferences = self._daily.jobs, self._daily.preferences
        self.ending = self._daily.ending

    @command(
        "quiz",
        N_("Five questions that suit you, with the reasons"),
        params=(
            Param("topic", N_("About what; also easy, medium or hard, and how many"), longest=120, suggests="topic"),
        ),
        example="/quiz linear regression",
        area=Area.LEARN,
        private=True,
        needs=Role.STRANGER,
    )
    async def quiz(self, request: Request, topic: str = "") -> Reply:
        """Begin to practice a topic, or whatever suits."""
        name, level, count = rules.wanted(topic)
        if not topic.strip() and (begun := await self._service.unfinished(request)) is not None:
            return replies.unfinished(begun, self._runs.title(begun.run.about))
        if not name:
            return await self._begin(request, "", level, LENGTH, _("whatever suits"))
        found = self._tools.shelf.indexes.lookup.find(name, ROADMAP)
        if name.lower() in rules.ANY and not found.exact:
            return await self._begin(request, "", level, count, _("whatever suits"))
        if found.entry is None and count is not None:  # "stage 2" is a name, and not two questions about "stage"
            whole = self._tools.shelf.indexes.lookup.find(f"{name} {count}", ROADMAP)
            found, count = (whole, None) if whole.entry is not None else (found, count)
        if found.entry is None and count is None and name.isdecimal():  # no stage, so it is a number of questions
            card = await self._begin(request, "", level, int(name), _("whatever suits"))
            is_told = 0 < int(name) <= LONGEST and card.look == replies.QUESTION
            return replies.of_number(card, int(name)) if is_told else card
        if found.entry is None:
            return replies.which(name, [(guess.id, guess.label) for guess in found.guesses])
        card = await self._begin(request, found.entry.id, level, count, found.entry.label)
        if found.entry.kind is Part.STAGE and card.look == replies.QUESTION:
            number = self._tools.shelf.curriculum.stage_ids[found.entry.id].number
            is_bare = name.isdecimal() and count is None
            return replies.of_stage(card, number, self._runs.title(found.entry.id), level, is_bare=is_bare)
        return card

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
        if not isinstance(found, Standing):
            return replies.nothing_due(found[1])
        return await self._runs.show(request, found)

    @handles(actions.BEGIN, needs=Role.STRANGER)
    async def begin(self, request: Request, about: str) -> Reply:
        """Begin to practice, from a button."""
        if about == actions.ANYTHING:
            return await self._begin(request, "", "", LENGTH, _("whatever suits"))
        return (await self._begin(request, about, "", LENGTH, self._runs.title(about) or about)).private()

    @handles(actions.REVIEW, needs=Role.STRANGER)
    async def review_pressed(self, request: Request) -> Reply:
        """Begin to review, from a button."""
        return await self.review(request)

    @handles(actions.ANSWER, needs=Role.STRANGER)
    async def answer(self, request: Request, run: int, number: int, choice: int) -> Reply:
        """Take the choice of one option."""
        return await self._runs.answer(request, run, number, (choice,))

    @handles(actions.SEVERAL, needs=Role.STRANGER)
    async def several(self, request: Request, run: int, number: int) -> Reply:
        """Take several options chosen from a list."""
        places = request.values.get("chosen", "").split(",")
        known = {int(place) for place in places if place.isascii() and place.isdecimal() and len(place) <= 2}
        chosen = tuple(sorted(known))
        return await (self._runs.answer(request, run, number, chosen) if chosen else self.type(request, run, number))

    @handles(actions.TYPE, needs=Role.STRANGER)
    async def type(self, request: Request, run: int, number: int) -> Reply:
        """Let an answer be typed."""
        question = await self._service.question(request, run, number)
        return await self._onward(request, run, number) if question is None else replies.ask(question, run, number)

    @handles(actions.TYPED, needs=Role.STRANGER)
    async def typed(self, request: Request, run: int, number: int) -> Reply:
        """Take a typed answer: a number, or letters; without one, let it be typed once more."""
        question = await self._service.question(request, run, number)
        if question is None:
            return await self._onward(request, run, number)
        if request.trigger is not Trigger.FORM:
            return replies.ask_again(question, run, number)
        text = request.values.get("answer", "").strip()
        if question.how is Kind.NUMERIC:
            try:
                typed = number_of(pointed(text))
            except ValueError:
                return await self._slip(request, run, number, question)
            return await self._runs.answer(request, run, number, (), typed)
        order = replies.order_of(question, run, number)
        places = rules.letters_of(text, len(order))
        if places is None or (question.how is Kind.ORDER and len(places) < len(order)):
            return await self._slip(request, run, number, question)
        chosen = tuple(order[place] for place in places)
        return await self._runs.answer(request, run, number, chosen)

    async def _slip(self, request: Request, run: int, number: int, question: Question) -> Reply:
        """Ask once more what was answered with something else, on the same card, and say what is needed."""
        standing = await self._service.go_on(request, run, number)
        if standing is not None and standing.waiting is not None and standing.waiting.number == number:
            return replies.question(standing, self._runs.title(question.topic), slip=replies.unreadable(question))
        # it waits no more, so nothing is counted, and this only says what became of it
        return await self._runs.answer(request, run, number, ())

    @handles(actions.NEXT, needs=Role.STRANGER)
    async def next(self, request: Request, run: int) -> Reply:
        """Ask the next question, or sum up."""
        return await self._onward(request, run)

    async def _onward(self, request: Request, run: int, number: int | None = None) -> Reply:
        """Go on; ``number`` is that of a question somebody wanted to answer that waits no more."""
        standing = await self._service.go_on(request, run, number)
        return replies.not_yours() if standing is None else await self._runs.show(request, standing)

    @handles(actions.VOTE, needs=Role.STRANGER)
    async def vote(self, request: Request, round: int, choice: int) -> Reply:  # noqa: A002 - named as buttons carry it
        """Take an answer to the quiz of the day."""
        found = await self._rounds.vote(request, round, choice)
        if found is None:
            return boards.no_round()
        question = found.question
        buttons = (*self._to_topic(question.topic).buttons, *question_buttons(self._tools, question.id))
        return boards.verdict(found, buttons)

    @handles(actions.RETRACT, needs=Role.STRANGER)
    async def retract(self, request: Request, round: int) -> Reply:  # noqa: A002
        """Take a vote back, where a platform lets people."""
        return boards.taken_back() if await self._rounds.retract(request, round) else boards.no_round()

    @command(
        "leaderboard",
        N_("Who answered most quizzes of the day rightly"),
        params=(Param("span", N_("Of which time"), choices=SPANS, aliases=SPAN_WORDS),),
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
        return boards.place(await self._standings.own(request, request.community, span))

    @handles(actions.BOARD_OF, needs=Role.STRANGER)
    async def board_of(self, request: Request, community: int, span: str) -> Reply:
        """Show the standings of one of the asker's communities, wherever they ask."""
        club = await self._club(request, community)
        return boards.not_yours() if club is None else await self._board_of(request, club, span)

    @handles(actions.PLACE_OF, needs=Role.STRANGER)
    async def place_of(self, request: Request, community: int, span: str) -> Reply:
        """Tell the asker their own place in one of their communities."""
        club = await self._club(request, community)
        if club is None:
            return boards.not_yours()
        return boards.place(await self._standings.own(_on_wall(request, club), club.id, span))

    async def _board(self, request: Request, span: str) -> Reply:
        """Show the standings of the community somebody asks in; in private, of one of theirs."""
        if request.community is not None:
            return boards.board(await self._standings.board(request, request.community, span), span)
        person = request.asker.person
        clubs = await self._tools.database.read(lambda tx: self._members.clubs(tx, person, most=MOST_CLUBS))
        if len(clubs) == 1:
            return await self._board_of(request, clubs[0], span)
        return boards.which(clubs, span) if clubs else boards.only_in_communities()

    async def _board_of(self, request: Request, club: Club, span: str) -> Reply:
        return boards.board(await self._standings.board(_on_wall(request, club), club.id, span), span, club)

    async def _club(self, request: Request, community: int) -> Club | None:
        person = request.asker.person
        return await self._tools.database.read(lambda tx: self._members.club(tx, person, community))

    async def progress(self, tx: Transaction, asker: Asker, now: datetime) -> Blocks:
        """Return what ``/progress`` tells of somebody's answers; nothing before the first."""
        answers, correct, due = await self._service.totals(tx, asker.person, now)
        if not answers:
            return ()
        streak = await self._standings.streak(tx, asker.person, now)
        strong, weak = rules.extremes(await self._service.mastery(tx, asker.person))
        named = [[self._runs.title(topic) for topic in topics] for topics in (strong, weak)]
        return (*replies.lines(answers, correct, due, *named), *boards.streak_line(streak))

    async def _begin(self, request: Request, about: str, level: str, count: int | None, title: str) -> Reply:
        """Ask the first of so many questions; None: as many as usual."""
        standing = await self._service.begin(request, about, level, count or LENGTH)
        if standing is None:
            return replies.no_questions(title)
        card = await self._runs.show(request, standing)
        if count == 0:
            return replies.at_least(card, LENGTH)
        return replies.at_most(card, LONGEST) if count is not None and count > LONGEST else card

    def _to_topic(self, topic: str) -> Reply:
        """Return a reply whose only button leads to a topic, or that has none."""
        button = self._runs.topic_button_apart(topic)
        return Reply(buttons=((button,),) if button is not None else ())


def _on_wall(request: Request, club: Club) -> Request:
    """Return a request with the clock on the wall of a community, which says when its days begin."""
    return replace(request, community_zone=club.zone)
