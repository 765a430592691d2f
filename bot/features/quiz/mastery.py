"""What somebody's answers show of each topic."""

from __future__ import annotations

from bot.domain.contributions import Mastered
from bot.features.quiz import rules
from bot.features.quiz.store import QuizStore
from bot.kit.database import Transaction


async def shown(tx: Transaction, store: QuizStore, person: int) -> dict[str, Mastered]:
    """Return how well somebody knows each topic they answered questions about."""
    skills = await store.skills(tx, person)
    known = {topic: Mastered(rules.mastered(rating), rating.answers) for topic, rating in skills.items()}
    if any(one.is_weak for one in known.values()):  # what was right lately can only speak for somebody
        for topic, (right, answers) in (await store.lately(tx, person, rules.LATELY)).items():
            if topic in skills:
                share = rules.mastered(skills[topic], right / answers)
                known[topic] = Mastered(share, skills[topic].answers)
    return known
