"""The whole roadmap and its stages."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.curriculum.curriculum import Curriculum
from bot.domain.curriculum.shapes import Stage
from bot.features.roadmap import actions
from bot.features.roadmap.replies.phrases import hours, span
from bot.features.roadmap.rules import Sign, Standing, sign
from bot.kit.markup import marked
from bot.kit.reply import Button, Reply, Style, rows
from bot.kit.text import Block, Progress, Spans, Steps, bold, bullets, heading, para, small, spans
from bot.kit.wording import _, ngettext, quoted, say


def overview(curriculum: Curriculum, standing: Standing | None) -> Reply:
    """Show all stages, with the asker's progress if ``standing`` is given."""
    blocks: list[Block] = []
    if standing is None:
        topics = len(curriculum.places)
        blocks.append(
            para(
                say(
                    ngettext(
                        "{stages} stages and {topics} topic, about {hours} of study.",
                        "{stages} stages and {topics} topics, about {hours} of study.",
                        topics,
                    ),
                    stages=len(curriculum.stages),
                    topics=topics,
                    hours=hours(curriculum.core_hours),
                )
            )
        )
        blocks.append(Steps(tuple(_stage_line(stage) for stage in curriculum.stages)))
    else:
        done, total = curriculum.hours(curriculum.core, standing.done)
        blocks.append(para(bold(_("You: {percent} %").format(percent=int(100 * done / total))), _to_go(total - done)))
        blocks += [_stage_bar(curriculum, stage, standing) for stage in curriculum.stages]
    buttons = [
        *rows([_stage_button(str(stage.number), stage) for stage in curriculum.stages], 6),
        (
            Button(_("What next?"), actions.NEXT.data(skip=0), style=Style.PRIMARY),
            Button(_("My progress"), actions.PROGRESS.data()),
        ),
    ]
    return Reply(tuple(blocks), title=_("Machine learning roadmap"), buttons=tuple(buttons), look="roadmap.overview")


def _to_go(left: float) -> str:
    if left <= 0:
        return _(" · all core topics done")
    return _(" · about {hours} to go, {span} at 30 minutes a day").format(hours=hours(left), span=span(left))


def _stage_line(stage: Stage) -> Spans:
    return spans(bold(stage.title), ": ", ", ".join(subtopic.title for subtopic in stage.subtopics))


def _stage_bar(curriculum: Curriculum, stage: Stage, standing: Standing) -> Progress:
    topics = tuple(topic for subtopic in stage.subtopics for topic in subtopic.topics)
    done, total = curriculum.hours(topics, standing.done)
    begun = [
        f"{mark} {subtopic.title}"
        for subtopic in stage.subtopics
        if (mark := sign(curriculum, subtopic.topics, standing)) is not Sign.OPEN
    ]
    return Progress(spans(f"{stage.number}  ", bold(stage.title)), done, total, spans("  ".join(begun)))


def _stage_button(label: str, stage: Stage) -> Button:
    return Button(label, actions.STAGE.data(stage=stage.number))


def stage_card(curriculum: Curriculum, stage: Stage, standing: Standing | None, extra: Sequence[Button]) -> Reply:
    """Show one stage: why, its sub-topics, its milestone; ``extra`` is what other features offer for it."""
    blocks: list[Block] = [para(marked(stage.why))]
    for subtopic in stage.subtopics:
        label = spans(f"{subtopic.number}  ", bold(subtopic.title))
        done, total = curriculum.hours(subtopic.topics, standing.done if standing else ())
        if total == 0:  # a sub-topic of alternatives only
            blocks.append(para(label, " · ", _("choose what you like")))
        elif standing is None:
            blocks.append(para(label, f" · {hours(total)}"))
        else:
            blocks.append(Progress(label, done, total, spans(hours(total))))
    blocks.append(heading(say(_("Milestone: {title}"), title=stage.milestone.title), level=3))
    blocks.append(para(marked(stage.milestone.text)))
    blocks.append(bullets(marked(line) for line in stage.milestone.evidence))
    others = {other.number: other for other in curriculum.stages}
    steps = [Button(_("All stages"), actions.HOME.data())]
    if previous := others.get(stage.number - 1):
        steps.insert(0, _stage_button(_("‹ Stage {number}").format(number=previous.number), previous))
    if following := others.get(stage.number + 1):
        steps.append(_stage_button(_("Stage {number} ›").format(number=following.number), following))
    buttons = [
        *rows(
            [Button(part.number, actions.SUBTOPIC.data(subtopic=part.id)) for part in stage.subtopics],
        ),
        *rows(list(extra)),
        tuple(steps),
    ]
    title = _("Stage {number} · {title}").format(number=stage.number, title=stage.title)
    return Reply(tuple(blocks), title=title, buttons=tuple(buttons), look="roadmap.stage")


def not_found(text: str, guesses: list[Button]) -> Reply:
    """Say that nothing of that name is on the roadmap, with the nearest names as buttons."""
    shown = quoted(f"{text[:60]}…" if len(text) > 60 else text)
    if guesses:
        return Reply(
            (para(say(_("I am not sure what {text} means. Did you mean one of these?"), text=shown)),),
            buttons=tuple((guess,) for guess in guesses),
        )
    blocks: list[Block] = [para(say(_("There is nothing called {text} on the roadmap."), text=shown))]
    blocks.append(small(_("Try a stage such as 2, a sub-topic such as 1.2, or a word such as regression.")))
    return Reply(tuple(blocks), buttons=((Button(_("Show the roadmap"), actions.HOME.data()),),))
