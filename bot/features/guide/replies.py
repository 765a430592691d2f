"""How the welcome and the help read. Pure wording."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.curriculum.curriculum import Curriculum
from bot.kit.command import Area, Command
from bot.kit.reply import Button, Reply
from bot.kit.text import Block, Spans, bullets, code, heading, link, para, small, spans
from bot.kit.wording import _, ngettext, say


def welcome(name: str, curriculum: Curriculum, openers: Sequence[Button], helper: Button) -> Reply:
    """Greet somebody and say what this is, in five lines."""
    stages = len(curriculum.stages)
    blocks = (
        para(say(_("Hello {name}, I am Roadmate."), name=name)),
        para(
            say(
                ngettext(
                    "I know the road from your first line of Python to reading research: {stages} stage, "
                    "{topics} topics, the best free resources for each.",
                    "I know the road from your first line of Python to reading research: {stages} stages, "
                    "{topics} topics, the best free resources for each.",
                    stages,
                ),
                stages=stages,
                topics=len(curriculum.places),
            )
        ),
        bullets(
            (
                say(_("{command} shows the whole road."), command=code("/roadmap")),
                say(_("{command} tells you one thing to do now."), command=code("/next")),
                say(_("{command} marks what you know."), command=code("/done")),
            )
        ),
        small(_("I keep your name, what you type to me and what you mark, here and nowhere else.")),
    )
    return Reply(blocks, buttons=(tuple(openers), (helper,)) if openers else ((helper,),), look="guide.welcome")


def newcomer(name: str, links: Sequence[tuple[str, str]]) -> Reply:
    """Greet somebody who joined, with two things to try."""
    blocks: list[Block] = [
        para(say(_("Welcome, {name}!"), name=name)),
        para(
            say(
                _("{roadmap} shows the way from first steps to research, {next} one thing to begin with."),
                roadmap=code("/roadmap"),
                next=code("/next"),
            )
        ),
    ]
    if links:
        blocks.append(_links(links))
    return Reply(tuple(blocks), look="guide.newcomer")


def _links(links: Sequence[tuple[str, str]]) -> Block:
    return bullets(
        spans(label, ": ", link(found, found) if found.startswith("http") else found) for label, found in links
    )


def help_list(commands: Sequence[Command], links: Sequence[tuple[str, str]]) -> Reply:
    """List commands by what people want to do, each with an example, and the community's own links."""
    blocks: list[Block] = []
    for area in Area:
        inside = [command for command in commands if command.area is area]
        if not inside:
            continue
        blocks.append(heading(_(area.value), level=3))
        blocks.append(bullets(_line(command) for command in inside))
    if links:
        blocks += [heading(_("This community"), level=3), _links(links)]
    blocks.append(small(_("In a private chat you can also just type words, and I look them up.")))
    return Reply(tuple(blocks), title=_("What you can ask"), look="guide.help")


def _line(command: Command) -> Spans:
    line = spans(code("/" + command.name), "  ", _(command.summary))
    if command.example not in ("", "/" + command.name):
        return spans(line, _(", for example "), code(command.example))
    return line
