"""Topics beyond the original roadmap: adapters, memory of language models, rewards, forecasts, noise."""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

from bot.domain.questions.families.family import Asked, Family, listed, num, short
from bot.domain.questions.seeds import Draws


class Adapter(NamedTuple):
    """Rows and columns of a weight matrix, and the rank of the adapter."""

    rows: int
    columns: int
    rank: int


def _lora(given: Adapter) -> Asked:
    rows, columns, rank = given
    return Asked(
        f"LoRA with rank {rank} is put on a weight matrix of {num(rows)} × {num(columns)}. How many parameters are "
        "trained?",
        rank * (rows + columns),
        f"Two thin matrices: {num(rows)} × {rank} and {rank} × {num(columns)}.",
        [
            (rows * columns, "These are the weights of the matrix, which stay frozen."),
            (2 * rank * (rows + columns), "Each of the two matrices counts once."),
            (rank * rank, "The two matrices are long and thin, not square."),
            (rank * rows, "The second thin matrix is missing."),
            (rows + columns, "The rank is missing."),
        ],
        f"LoRA adds B·A with B of {num(rows)} × {rank} and A of {rank} × {num(columns)}: rank · (rows + columns).",
    )


class Weights(NamedTuple):
    """Parameters in tenths of a billion, and bits a weight."""

    tenths: int
    bits: int


def _weights(given: Weights) -> Asked:
    billions, bits = given.tenths / 10, given.bits
    return Asked(
        f"A language model has {short(billions)} billion parameters, stored with {bits} bits each. How many gigabytes "
        "do the weights alone take (1 GB = 10⁹ bytes)?",
        billions * bits / 8,
        f"{short(billions)} billion · {bits} / 8 bytes.",
        [
            (billions * bits, "Bits are not bytes: divide by 8."),
            (billions, "This is one byte for each parameter."),
            (billions * 32 / 8, "This is for 32 bits each."),
            (billions * 16 / 8, "This is for 16 bits each."),
            (billions * 8 / bits, "Fewer bits take less room, not more."),
            (billions * bits / 16, "A byte has 8 bits, not 16."),
        ],
        "Bytes = parameters · bits / 8. Serving needs more: the KV cache and activations come on top.",
        places=2,
    )


class Cache(NamedTuple):
    """Layers, heads for keys and values, numbers in a head, tokens, bytes of a number."""

    layers: int
    heads: int
    size: int
    tokens: int
    width: int


def _cache(given: Cache) -> Asked:
    layers, heads, size, tokens, width = given
    total = 2 * layers * heads * size * tokens * width
    mib = 1024**2
    return Asked(
        f"A model has {layers} layers with {heads} key-value heads of {size} numbers, {width} bytes each. How many "
        f"MiB (1,048,576 bytes) does its KV cache take for {num(tokens)} tokens?",
        total / mib,
        f"2 · {layers} · {heads} · {size} · {num(tokens)} · {width} bytes.",
        [
            (total / 2 / mib, "Keys and values are both kept: the factor 2 is missing."),
            (total / layers / mib, "Each layer has a cache of its own."),
            (total / heads / mib, "Each head keeps its own keys and values."),
            (total * 2 / mib, "This counts keys and values twice."),
            (total * tokens / 1000 / mib, "The cache grows with the tokens, not with their square."),
            (total / width / mib, "This counts numbers, not bytes."),
        ],
        "KV cache = 2 · layers · heads · head size · tokens · bytes. It holds keys and values of past tokens, no "
        "weights.",
        places=1,
    )


class Rewards(NamedTuple):
    """Rewards of the next steps and the discount."""

    rewards: tuple[int, ...]
    discount: float


def _return(given: Rewards) -> Asked:
    rewards, discount = given
    right = sum(reward * discount**step for step, reward in enumerate(rewards))
    return Asked(
        f"An agent receives the rewards {listed(rewards)} in the next steps, then the episode ends. With discount "
        f"{short(discount)}, what is the return from here?",
        right,
        "The first reward counts whole, each later one with one more factor.",
        [
            (sum(rewards), "This adds the rewards without discount."),
            (discount * right, "The first reward is not discounted."),
            (discount * sum(rewards), "Each step has one more factor, not one for all."),
            (
                sum(reward * discount**step for step, reward in enumerate(reversed(rewards))),
                "The rewards were read from the last to the first.",
            ),
            (right / len(rewards), "A return is a sum, not a mean."),
            (rewards[0], "This looks at the next reward alone, as with discount 0."),
        ],
        "Return = r₁ + γ·r₂ + γ²·r₃ + … The smaller γ, the less later rewards count.",
        places=2,
    )


class Learned(NamedTuple):
    """Old value, reward, values of the next state's actions, learning rate, discount."""

    old: int
    reward: int
    following: tuple[int, ...]
    rate: float
    discount: float


def _q_update(given: Learned) -> Asked:
    old, reward, following, rate, discount = given
    goal = reward + discount * max(following)
    mean = sum(following) / len(following)
    return Asked(
        f"Q-learning: Q(s, a) is {old}, the reward {reward}, and the next state's actions have the values "
        f"{listed(following)}. With α = {short(rate)} and γ = {short(discount)}, what is the new Q(s, a)?",
        old + rate * (goal - old),
        f"The goal is {reward} + {short(discount)} · {max(following)} = {short(round(goal, 6))}; Q moves a part of "
        "the way.",
        [
            (goal, "This jumps to the goal; α decides how far to go."),
            (old + rate * goal, "The old value is subtracted from the goal first."),
            (old + rate * (reward + discount * mean - old), "Q-learning takes the best next value, not the mean."),
            (old + rate * (reward - old), "The value of the next state is missing."),
            (old + rate * (reward + max(following) - old), "The discount is missing."),
            (old - rate * (goal - old), "The step goes toward the goal, not away from it."),
        ],
        "Q ← Q + α · (r + γ · max Q′ − Q). It takes the best next action, whatever the agent does: off-policy.",
        places=2,
    )


class Forecast(NamedTuple):
    """True values and forecasts."""

    true: tuple[int, ...]
    said: tuple[int, ...]


def _mape(given: Forecast) -> Asked:
    true, said = given
    parts = [abs(a - b) / a for a, b in zip(true, said, strict=True)]
    errors = [abs(a - b) for a, b in zip(true, said, strict=True)]
    return Asked(
        f"Sales were {listed(true)}; the forecast said {listed(said)}. What is the mean absolute percentage error?",
        100 * sum(parts) / len(parts),
        f"The parts are {', '.join(num(100 * part, 1) for part in parts)} %; their mean is taken.",
        [
            (
                100 * sum(errors) / sum(true),
                "This divides the sums; each error is divided by its own true value first.",
            ),
            (sum(errors) / len(errors), "This is the mean absolute error, not a percentage."),
            (
                100 * sum(abs(a - b) / b for a, b in zip(true, said, strict=True)) / len(true),
                "Errors are divided by the true values, not by the forecasts.",
            ),
            (100 * max(parts), "This is the largest part, not the mean."),
            (
                abs(100 * sum((a - b) / a for a, b in zip(true, said, strict=True)) / len(true)),
                "Signs must not cancel.",
            ),
        ],
        "MAPE = mean of |true − forecast| / true. It explodes near zero and punishes forecasts that are too high more.",
        places=1,
        unit="%",
    )


def _forecast(draws: Draws) -> Forecast:
    true = tuple(draws.whole(20, 100, 5) for _ in range(3))
    return Forecast(true, tuple(value + draws.one_of((-15, -10, -5, 4, 8, 12, 20)) for value in true))


class Noise(NamedTuple):
    """Share of noise added in each step, in percent, and steps."""

    percent: int
    steps: int


def _signal(given: Noise) -> Asked:
    beta, steps = given.percent / 100, given.steps
    return Asked(
        f"Each step of a diffusion process keeps {short(1 - beta)} of the signal's variance and adds {short(beta)} "
        f"noise. Which share of the variance is still signal after {steps} steps?",
        (1 - beta) ** steps,
        f"{short(1 - beta)} multiplied {steps} times.",
        [
            (max(0.0, 1 - beta * steps), "Each step takes its share of what is left, not of the beginning."),
            (1 - (1 - beta) ** steps, "This is the share of noise."),
            ((1 - beta) ** (steps - 1), "One step is missing."),
            (1 - beta, "This is one step."),
            (math.sqrt((1 - beta) ** steps), "This is the factor of the signal itself; the variance is its square."),
            (beta**steps, "This multiplies the noise."),
        ],
        "Share of signal = Π(1 − β). It goes toward zero, so the last picture is nearly pure noise.",
        places=3,
    )


FAMILIES: Final[tuple[Family[Any], ...]] = (
    Family(
        "g-lora-parameters",
        "fine-tuning",
        "medium",
        "peft-docs",
        lambda draws: Adapter(draws.whole(512, 4096, 256), draws.whole(512, 4096, 256), draws.one_of((4, 8, 16, 32))),
        _lora,
    ),
    Family(
        "g-weight-memory",
        "llm-serving",
        "easy",
        "vllm-docs",
        lambda draws: Weights(draws.whole(5, 700, 5), draws.one_of((4, 8, 16))),
        _weights,
    ),
    Family(
        "g-kv-cache",
        "llm-serving",
        "hard",
        "vllm-docs",
        lambda draws: Cache(
            draws.whole(16, 48, 4), draws.one_of((4, 8, 16)), draws.one_of((64, 128)), draws.whole(500, 4000, 500), 2
        ),
        _cache,
    ),
    Family(
        "g-discounted-return",
        "reinforcement-learning",
        "medium",
        "sutton-barto",
        lambda draws: Rewards(tuple(draws.whole(1, 9) for _ in range(3)), draws.one_of((0.5, 0.8, 0.9))),
        _return,
    ),
    Family(
        "g-q-update",
        "reinforcement-learning",
        "hard",
        "sutton-barto",
        lambda draws: Learned(
            draws.whole(1, 9),
            draws.whole(1, 6),
            tuple(draws.some_of(range(1, 13), 3)),
            draws.one_of((0.1, 0.2, 0.5)),
            draws.one_of((0.8, 0.9)),
        ),
        _q_update,
    ),
    Family("g-percentage-error", "time-series", "medium", "fpp3", _forecast, _mape),
    Family(
        "g-signal-left",
        "diffusion",
        "medium",
        "hf-diffusion-course",
        lambda draws: Noise(draws.whole(2, 20), draws.whole(3, 12)),
        _signal,
    ),
)
