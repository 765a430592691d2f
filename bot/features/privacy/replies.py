"""How ``/privacy`` reads. Pure wording."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bot.domain.personal.records import Stored
from bot.features.privacy import actions
from bot.kit.degrade import day_in_words
from bot.kit.reply import Button, Document, Reply, Style, Tone, notice, reply
from bot.kit.text import Block, Moment, Spans, When, bold, bullets, code, para, small
from bot.kit.wording import _, ngettext, say


def card(stored: Sequence[Stored], retention: Sequence[tuple[str, int]]) -> Reply:
    """Tell what is stored about the asker, and for how long what goes by itself is kept."""
    kept = sorted({(days, what) for what, days in retention if what in {kind.what for kind in stored}})
    blocks: list[Block] = [para(_("This is everything I keep about you:")), bullets(map(_line, stored))]
    blocks.append(para(_("It stays until you erase it, unless a number of days is given: then it goes by itself.")))
    if kept:
        blocks.append(bullets(_days(what, days) for days, what in kept))
    blocks.append(small(say(_("As a file: {export}. All of it gone: {erase}."),
                            export=code("/privacy export"), erase=code("/privacy erase"))))  # fmt: skip
    buttons = (
        Button(_("Export"), actions.EXPORT.data(), style=Style.PRIMARY),
        Button(_("Erase"), actions.ERASE.data(), style=Style.DANGER),
    )
    return Reply(
        tuple(blocks), title=_("What I know about you"), buttons=(buttons,), only_you=True, edits=True, look="privacy"
    )


def exported(document: Document) -> Reply:
    """Bring the file."""
    return reply(
        _("Here is everything I keep about you, as a JSON file. Times in it are UTC."), document=document, only_you=True
    )


def ask(stored: Sequence[Stored], data: str, until: datetime, copies_gone: date | None) -> Reply:
    """Say what erasing does, and offer the button that does it."""
    goes = [kind for kind in stored if not kind.stays]
    stays = [kind for kind in stored if kind.stays]
    blocks: list[Block] = [para(bold(_("This goes, and cannot be brought back:"))), bullets(map(_line, goes))]
    if stays:
        blocks += [para(bold(_("This stays, without your name:"))), bullets(map(_line, stays))]
    blocks.append(para(_("Posts in groups stay; where they say your name, dots take its place.")))
    blocks.append(para(_about_copies(copies_gone)))
    blocks.append(small(say(_("The button works until {time}, for you alone."), time=When(until, Moment.TIME))))
    buttons = (
        Button(_("Erase everything about me"), data, style=Style.DANGER),
        Button(_("Export first"), actions.EXPORT.data()),
        Button(_("Keep it"), actions.SHOW.data()),
    )
    return Reply(
        tuple(blocks),
        title=_("Erase everything about you?"),
        tone=Tone.WARNING,
        buttons=(buttons,),
        only_you=True,
        edits=True,
        look="privacy.ask",
    )


def erased(copies_gone: date | None, told: Sequence[str] = (), *, is_clean: bool) -> Reply:
    """Say that it is done, what may remain where for how long, and ``told``: what features have to say about it."""
    blocks: list[Block] = [para(_("Everything about you is erased. If you ask me anything, we start anew."))]
    if not is_clean:
        blocks.append(para(_("The last traces in the database's file go tonight.")))
    blocks += map(para, told)
    blocks.append(para(_about_copies(copies_gone)))
    return Reply(tuple(blocks), title=_("Erased"), tone=Tone.GOOD, only_you=True, edits=True)


def nothing() -> Reply:
    """Say that there is nothing."""
    return reply(_("I keep nothing about you."), only_you=True)


def not_yours() -> Reply:
    """Say that a button is somebody else's."""
    return notice(_("This button is somebody else's, or of before you erased everything. Type /privacy for your own."))


def too_late() -> Reply:
    """Say that a button has had its time."""
    return notice(_("This button worked for ten minutes. Type /privacy erase to get a fresh one."))


def _about_copies(gone: date | None) -> str:
    if gone is None:
        return _("Backups belong to whoever runs this bot's database; ask them how long they keep them.")
    return _(
        "Copies that were made automatically before are all removed by {day}; of copies made by hand, whoever runs "
        "this bot can tell you."
    ).format(day=day_in_words(gone))


def _line(kind: Stored) -> Spans:
    count = ngettext("{count} entry", "{count} entries", kind.count).format(count=kind.count)
    return say(_("{what}: {count}"), what=_(kind.what), count=bold(count))


def _days(what: str, days: int) -> Spans:
    words = ngettext("{count} day", "{count} days", days).format(count=days)
    return say(_("{what}: {count}"), what=_(what), count=words)
