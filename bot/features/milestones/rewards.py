"""How the roles that milestones give are spoken of with moderators. Pure wording."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.curriculum.shapes import Stage
from bot.features.milestones.card import Reward
from bot.kit.platform import Lacking, Rank
from bot.kit.reply import Reply, Tone
from bot.kit.text import Block, Words, bold, bullets, code, para, plain, small, spans
from bot.kit.wording import _, ngettext, quoted, say


def chosen(
    rewards: Sequence[Reward], troubles: Sequence[tuple[str, int]], stages: Mapping[str, Stage], platform: str
) -> Reply:
    """List which milestone gives which role, and what could not be done."""
    here = [one for one in rewards if one.platform == platform and one.stage in stages]
    here.sort(key=lambda one: stages[one.stage].number)
    blocks: list[Block] = []
    if here:
        lines = (say(_("Stage {number}, {title}: {role}"), number=stages[one.stage].number,
                     title=stages[one.stage].milestone.title, role=bold(one.title)) for one in here)  # fmt: skip
        blocks.append(bullets(lines))
    else:
        blocks.append(para(_("No milestone gives a role here yet.")))
    for why_, count in troubles:
        words = ngettext("Not given to {count} person: {why}", "Not given to {count} people: {why}", count)
        blocks.append(para(say(words, count=count, why=why_)))
    if troubles:
        blocks.append(small(_("Once that is put right, choose the role again; then I give it to everybody who has it "
                              "coming.")))  # fmt: skip
    blocks.append(_how())
    return _told(blocks, Tone.WARNING if troubles else Tone.NEUTRAL)


def _how() -> Block:
    return small(
        say(_("To choose one: {example}. To stop: {stop}."), example=code("/milestone role 2 ML Basics"),
            stop=code("/milestone role 2 none"))
    )  # fmt: skip


def kept(stage: Stage, rank: Rank, count: int, lack: Lacking | None) -> Reply:
    """Say that a milestone gives a role from now on, and what the bot still lacks for it."""
    words = _("Whoever reaches {title} (stage {number}) gets the role {role}.")
    blocks: list[Block] = [
        para(say(words, title=bold(stage.milestone.title), number=stage.number, role=bold(rank.name)))
    ]
    if count:
        told = ngettext("{count} person has it already and gets the role within minutes.",
                        "{count} people have it already and get the role within minutes.", count)  # fmt: skip
        blocks.append(para(say(told, count=count)))
    if lack is not None:
        what = lack.sentence or say(_("I lack: {right}."), right=bold(quoted(lack.right)))
        blocks += [para(_("I cannot give it yet."), " ", what), para(lack.grant), small(lack.cost)]  # fmt: skip
    return _told(blocks, Tone.GOOD if lack is None else Tone.WARNING)


def stopped(stage: Stage) -> Reply:
    """Say that a milestone gives no role any more."""
    words = _("{title} (stage {number}) gives no role any more. Who has one keeps it.")
    return _told([para(say(words, title=bold(stage.milestone.title), number=stage.number))])


def refused(rank: Rank) -> Reply:
    """Say why a role is not for milestones."""
    return _told([para(say(_("{role} cannot be given for a milestone. {why}"), role=bold(rank.name),
                           why=rank.refused))], Tone.WARNING)  # fmt: skip


def several(found: Sequence[Rank], stage: Stage) -> Reply:
    """Ask which role is meant."""
    lines = (spans(bold(rank.name), "  ", code(f"/milestone role {stage.number} {rank.id}")) for rank in found)
    return _told([para(_("Which one do you mean? Type its number:")), bullets(lines)])


def no_such(wanted: str) -> Reply:
    """Say that there is no such role."""
    words = _("I see no role called {role} here. Type its name as the server's settings show it, or mention it.")
    return _told([para(say(words, role=quoted(wanted[:60])))], Tone.WARNING)


def no_roles() -> Reply:
    """Say that a platform gives its members no roles."""
    return _told([para(_("Members have no roles on this platform that I could give. The badge counts all the same, "
                         "and on Discord a milestone can give a role."))])  # fmt: skip


def not_told() -> Reply:
    """Say that the platform cannot be asked just now."""
    return _told([para(_("I cannot look at the roles just now. Please try again in a minute."))], Tone.WARNING)


def why(lack: Lacking) -> str:
    """Say in a line why a role cannot be given."""
    return plain(spans(_lack(lack), " ", lack.grant))


def _lack(lack: Lacking) -> Words:
    return lack.sentence or say(_("I lack {right}."), right=quoted(lack.right))


def out_of_reach() -> str:
    """Say that a platform could not be reached for days."""
    return _("The platform could not be reached for two days.")


def roles_go() -> str:
    """Say what becomes of the roles of somebody who is erased."""
    return _("The roles that milestones gave you are taken within a day; until then I keep your account's number for "
             "that alone. If a role stays, the moderators there can take it.")  # fmt: skip


def _told(blocks: Sequence[Block], tone: Tone = Tone.NEUTRAL) -> Reply:
    return Reply(tuple(blocks), title=_("Roles for milestones"), tone=tone, only_you=True, in_place=True)
