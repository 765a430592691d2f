"""The web chat passes what every platform passes."""

from __future__ import annotations

from bot.kit.reply import Reply
from bot.platforms.web.controls import Drawing
from bot.platforms.web.render import render
from tests.fakes.web_page import parse
from tests.platforms.suite import PlatformSuite


class TestPage(PlatformSuite):
    """A page as a reader without any script gets it. In HTML a control character is a character like any other."""

    obeys_controls = False

    def shown(self, said: Reply) -> str:
        page = parse(str(render(said, Drawing(message=1, revision=1, zone="Europe/Berlin", stamp="event-id"))))
        for element in page.all():
            assert element.tag not in {"script", "style", "iframe"}
            assert not [name for name in element.attributes if name.startswith("on")]
            assert not element.attributes.get("href", "").startswith("javascript:")
        for steps in page.all("ol"):
            first = int(steps.attributes.get("start", "1"))
            for number, item in enumerate((part for part in steps.parts if not isinstance(part, str)), first):
                item.parts.insert(0, f"{number}. ")
        return page.text
