"""Posts of unknown fate: moderators say with one tap whether to send one again or to leave it."""

from __future__ import annotations

from bot.domain.tools import Tools
from bot.features.delivery.actions import LEAVE, RESEND
from bot.features.delivery.commands import DeliveryCommands
from bot.kit.feature import Feature, collect_actions

__all__ = ["build", "leave_data", "resend_data"]


def build(tools: Tools) -> Feature:
    """Make the feature."""
    return Feature(name="delivery", actions=collect_actions(DeliveryCommands(tools)))


def resend_data(post: int) -> str:
    """Return the data of the button that sends a post again."""
    return RESEND.data(post=post)


def leave_data(post: int) -> str:
    """Return the data of the button that leaves a post as it is."""
    return LEAVE.data(post=post)
