"""Messages that are no question: greetings, thanks and the like, in English and German. Pure."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from bot.domain.curriculum.names import normal


class Talk(StrEnum):
    """What somebody means who asks nothing; of several, the first one counts."""

    THANKS = "thanks"
    BYE = "bye"
    HELLO = "hello"
    FINE = "fine"


_WORDS: Final = {
    Talk.THANKS: "thanks thank thankyou thx ty tysm cheers danke dankeschön dank merci 🙏",
    Talk.BYE: "bye goodbye cu cya tschüss tschau ciao",
    Talk.HELLO: "hi hello hey heya hiya yo howdy greetings hallo hallöchen moin huhu grüezi servus 👋",
    Talk.FINE: "ok okay okey okej k kk yes yep yeah yup no nope sure fine alright cool nice great perfect awesome wow"
    " lol haha hehe sorry super ❤ ja jo jap jep nein nee klar passt gut toll prima perfekt genau stimmt"
    " 👍",
}
"""Each of them alone says it."""
_PHRASES: Final = {
    Talk.BYE: ("good night", "see you", "see ya", "see you later", "gute nacht", "bis bald", "bis dann", "bis morgen",
               "auf wiedersehen", "schönen tag", "schönen abend", "mach's gut"),
    Talk.HELLO: ("good morning", "good afternoon", "good evening", "morning", "how are you", "what's up", "whats up",
                 "guten morgen", "guten tag", "guten abend", "grüß dich", "grüß gott", "wie geht's", "wie geht es dir"),
    Talk.FINE: ("all right", "got it", "i see", "no problem", "well done", "good job", "alles klar", "in ordnung",
                "alles gut", "kein problem", "verstanden", "gut gemacht", "sehr gut"),
}  # fmt: skip
_WITH: Final = (
    "you so much a lot very many bot roadmate there all everybody everyone dir vielen sehr schön zusammen nochmal"
)
"""May stand beside them, and say nothing alone."""

_ALONE: Final = {normal(word) or word: talk for talk in Talk for word in _WORDS[talk].split()}
_WHOLE: Final = {normal(phrase): talk for talk, phrases in _PHRASES.items() for phrase in phrases}
_FILLING: Final = frozenset(map(normal, _WITH.split()))
_DRAWN_OUT: Final = re.compile(r"(.)\1{2,}")
_SHADES: Final = re.compile("[\ufe0f\u200d\U0001f3fb-\U0001f3ff]")
LONGEST: Final = 60
"""Characters; whoever writes more has something to say."""


def _signs(text: str) -> str:
    """Return emoji one by one, without the shades of skin and the like that belong to them."""
    return " ".join(_SHADES.sub("", "".join(text.split())))


def talk_of(text: str) -> Talk | None:
    """Return what a message means in which nothing is asked; None: it may be about something."""
    if len(text) > LONGEST:
        return None
    words = _DRAWN_OUT.sub(r"\1", normal(text)) or _signs(text)
    listed = words.split()
    while listed and " ".join(listed) not in _WHOLE and listed[-1] in _FILLING:
        listed.pop()  # "good morning everybody"
    if (whole := _WHOLE.get(" ".join(listed))) is not None:
        return whole
    meant = [_ALONE.get(word) for word in words.split() if word not in _FILLING]
    known = {talk for talk in meant if talk is not None}
    return next((talk for talk in Talk if talk in known), None) if None not in meant else None
