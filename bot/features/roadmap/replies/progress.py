"""The progress card: a picture and the same in words."""

from __future__ import annotations

from bot.domain.curriculum.curriculum import Curriculum
from bot.features.roadmap import actions
from bot.features.roadmap.card import Bar, draw, height_of
from bot.features.roadmap.replies.marks import left_words
from bot.features.roadmap.rules import Standing
from bot.kit.drawing import WIDTH
from bot.kit.reply import Button, Picture, Reply, Style
from bot.kit.text import Block, Blocks, Progress, bold, bullets, heading, para, plain, small, spans
from bot.kit.wording import _, ngettext, say


def progress(
    curriculum: Curriculum,
    name: str,
    standing: Standing,
    *,
    days: int,
    minutes: int,
    hours_a_day: float,
    lines: Blocks,
    shared: bool,
    share: str = "",
) -> Reply:
    """Show how far a person is. ``days`` and ``minutes`` cover the last week; ``shared`` is for everybody's eyes.

    ``share`` is the data of a button that shares it; without it there is none.
    """
    done, total = curriculum.hours(curriculum.core, standing.done)
    finished = sum(1 for topic in curriculum.core if curriculum.is_covered(topic.id, standing.done))
    percent = int(100 * done / total)
    bars = [
        Bar(
            f"{stage.number}  {stage.title}",
            *curriculum.hours(tuple(topic for part in stage.subtopics for topic in part.topics), standing.done),
        )
        for stage in curriculum.stages
    ]
    headline = _("{percent} % of the roadmap").format(percent=percent)
    counted = _("{done} of {total} core topics").format(done=finished, total=len(curriculum.core))
    whole = para(bold(headline), f" · {counted}")
    shares = [Progress(spans(bar.label), bar.done, bar.total) for bar in bars]
    blocks: list[Block] = []
    if not shared:
        if optional := len(curriculum.places) - len(curriculum.core):
            more = ngettext("{count} more topic is optional.", "{count} more topics are optional.", optional)
            blocks.append(small(more.format(count=optional)))
        blocks.append(para(left_words(total - done, hours_a_day)))
        if days:
            blocks.append(
                para(
                    say(
                        ngettext("You studied on {days} day this week", "You studied on {days} days this week", days),
                        days=days,
                    ),
                    _in_all(minutes) if minutes else ".",
                )
            )
        if learning := [
            curriculum.places[topic].topic.title for topic in standing.learning if topic in curriculum.places
        ]:
            blocks.append(heading(_("Learning now"), level=3))
            blocks.append(bullets(sorted(learning)))
        blocks += lines
        if not standing.status:
            blocks.append(small(_("Nothing is marked yet. Open a topic and press Done when you know it.")))
    title = _("{name}'s progress").format(name=name) if shared else _("Your progress")
    alt = f"{title}: {headline}, {counted}. " + " ".join(f"{plain(one.label)}: {one.percent} %." for one in shares)
    words = _("Stages 1 to {last}: {shares}.")
    listed = small(words.format(last=len(bars), shares=", ".join(f"{one.percent} %" for one in shares)))
    drawn = draw(title, headline, counted, bars)
    picture = Picture(drawn, alt, WIDTH, height_of(bars), beside=(whole, listed, *blocks))
    buttons = [Button(_("What next?"), actions.NEXT.data(skip=0), style=Style.PRIMARY)]
    if share and not shared:
        buttons.append(Button(_("Share with everybody here"), share))
    return Reply(
        (whole, *shares, *blocks),
        title=title,
        picture=picture,
        buttons=() if shared else (tuple(buttons),),
        only_you=not shared,
        look="roadmap.progress",
    )


def _in_all(minutes: int) -> str:
    words = ngettext(", {minutes} minute in all.", ", {minutes} minutes in all.", minutes)
    return words.format(minutes=minutes)
