"""Questions for tests, as text of a content file and as values."""

from __future__ import annotations

from typing import Any

from bot.domain.questions.shapes import Option, Question
from bot.kit.problems import Spot

GOOD = """\
- id: q-one-1
  topic: one
  level: easy
  stem: Which part grows?
  answer:
    - text: The first
      why: It does.
  wrong:
    - text: The second
      why: It does not.
    - text: The third
      why: Nor does it.
  explanation: The first grows.
  source: book
"""
NUMERIC = """\
- id: q-one-2
  topic: one
  level: hard
  kind: numeric
  stem: How many are 30 of 40, in percent?
  answer:
    - text: '75'
      why: 30 / 40 is 0.75.
  wrong:
    - text: '133'
      why: Upside down.
  formula: 100 * 30 / 40
  tolerance: 0.5
  unit: percent
  explanation: 30 / 40 is 0.75.
  source: book
"""
CODE = GOOD.replace("q-one-1", "q-one-3").replace("  stem:", "  kind: code\n  code: print(1)\n  stem:")
ORDER = """\
- id: q-one-4
  topic: one
  level: medium
  kind: order
  stem: Put the steps in order.
  answer:
    - text: Begin
      why: It is first.
    - text: Go on
      why: It is second.
    - text: End
      why: It is last.
  explanation: Begin, go on, end.
  source: book
"""
SEVERAL = (
    GOOD.replace("q-one-1", "q-one-5")
    .replace("  stem:", "  kind: several\n  stem:")
    .replace("  wrong:", "    - text: The zeroth\n      why: It does as well.\n  wrong:")
)
VERDICT = """\
- id: q-one-6
  topic: one
  level: medium
  kind: true-false
  stem: The first part grows.
  answer:
    - text: 'True: it has room'
      why: It has.
  wrong:
    - text: 'False: it has no room'
      why: It has room.
    - text: 'False: it has no time'
      why: It has time.
  explanation: The first has room to grow.
  source: book
"""


def question(
    name: str, stem: str = "Which part grows?", right: str = "The first", *wrong: str, **rest: Any
) -> Question:
    """A question with as little as it needs; ``name`` decides its id and its line."""
    options = wrong or ("The second", "The third")
    spot = Spot("f.yaml", 1 + sum(map(ord, name)))
    defaults: dict[str, Any] = {"topic": "one", "level": "easy", "explanation": "So it is.", "source": "book"}
    return Question(
        id=f"q-{name}",
        stem=stem,
        answer=(Option(right, "It does.", spot),),
        wrong=tuple(Option(text, "It does not.", spot) for text in options),
        spot=spot,
        **(defaults | rest),
    )
