"""Text: attention, embeddings, surprise, and the parts of a recurrent layer."""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

from bot.domain.questions.families.algebra import shown
from bot.domain.questions.families.family import Asked, Family, listed, num, short


class Heads(NamedTuple):
    """A query and a key."""

    query: tuple[int, ...]
    key: tuple[int, ...]


def _score(given: Heads) -> Asked:
    query, key = given
    dot = sum(a * b for a, b in zip(query, key, strict=True))
    size = len(query)
    return Asked(
        f"A query is {shown(query)} and a key is {shown(key)}. What is their scaled dot-product attention score, "
        "before softmax?",
        dot / math.sqrt(size),
        f"The dot product {short(dot)} is divided by √{size}, the root of the number of dimensions.",
        [
            (dot, "The scaling by the root of the dimensions is missing."),
            (dot / size, "The root is missing: divide by √d, not by d."),
            (dot * math.sqrt(size), "The root divides, it does not multiply."),
            (dot / (math.hypot(*query) * math.hypot(*key)), "This is the cosine similarity."),
            (sum(query) * sum(key) / math.sqrt(size), "Entries are multiplied pair by pair, then added."),
        ],
        "Score = query · key / √d. The division keeps softmax from becoming too sharp when d is large.",
        places=2,
    )


class Attended(NamedTuple):
    """Two attention scores and the numbers they weigh."""

    scores: tuple[float, float]
    values: tuple[int, int]


def _attended(given: Attended) -> Asked:
    (a, b), (x, y) = given
    first, second = math.exp(a), math.exp(b)
    return Asked(
        f"Two tokens have the attention scores {short(a)} and {short(b)} and the values {x} and {y}. What is the "
        "output of attention?",
        (first * x + second * y) / (first + second),
        f"Softmax gives the weights {num(first / (first + second), 3)} and {num(second / (first + second), 3)}.",
        [
            ((x + y) / 2, "This weighs both tokens alike."),
            (a * x + b * y, "Scores pass through softmax before they weigh values."),
            (x if a > b else y, "Attention mixes values; it does not choose one."),
            ((first * y + second * x) / (first + second), "The weights were swapped."),
            (first * x + second * y, "The exponentials were not divided by their sum."),
        ],
        "Softmax turns scores into weights that add up to 1; the output is the weighed mean of the values.",
        places=2,
    )


class Vocabulary(NamedTuple):
    """Words, size of an embedding, places of a sentence."""

    words: int
    size: int
    places: int


def _embedding(given: Vocabulary) -> Asked:
    words, size, places = given
    return Asked(
        f"A model knows {num(words)} tokens and sentences of {places} places. Tokens and places each have a learned "
        f"embedding of {size} numbers. How many parameters is that?",
        (words + places) * size,
        f"({num(words)} + {places}) rows of {size} numbers.",
        [
            (words * size, "The embeddings of the places are missing."),
            (words * places * size, "Tokens and places have tables of their own; they are added."),
            (words + places + size, "Each token and each place has a whole row of numbers."),
            ((words + places) * size * 2, "Each table counts once."),
            (places * size, "The embeddings of the tokens are missing."),
        ],
        "An embedding is a table: one row for each token or place, one column for each dimension.",
    )


class Sentence(NamedTuple):
    """Probability in percent that a model gave to each true next token."""

    percents: tuple[int, ...]


def _perplexity(given: Sentence) -> Asked:
    shares = [percent / 100 for percent in given.percents]
    count = len(shares)
    mean = -sum(map(math.log, shares)) / count
    return Asked(
        f"A language model gave the true tokens of a sentence the probabilities {listed(given.percents)} %. What is "
        "its perplexity?",
        math.exp(mean),
        f"The mean of −ln p is {num(mean, 3)}, and e to that power is the perplexity.",
        [
            (mean, "This is the mean loss; perplexity is e to its power."),
            (1 / math.prod(shares), "The root is missing: take the mean over the tokens."),
            (count / sum(shares), "This inverts the mean of the probabilities; the mean is geometric."),
            (sum(1 / share for share in shares) / count, "This averages the inverses; the mean is geometric."),
            (2**mean, "With natural logarithms the base is e, not 2."),
        ],
        "Perplexity = e^(mean of −ln p). It is as if the model chose among so many equal tokens each time.",
        places=2,
    )


class Cell(NamedTuple):
    """Inputs and units of an LSTM layer."""

    inputs: int
    units: int


def _lstm(given: Cell) -> Asked:
    inputs, units = given
    gate = units * (inputs + units + 1)
    return Asked(
        f"An LSTM layer takes {inputs} inputs and has {units} units, with one bias vector for each gate. How many "
        "parameters does it have?",
        4 * gate,
        f"Three gates and the candidate, each with {units} · ({inputs} + {units} + 1) parameters.",
        [
            (4 * (gate + units), "This has two bias vectors for each gate; here there is one."),
            (5 * gate, "There are four such parts, not five."),
            (gate, "This is a plain recurrent layer; an LSTM has four such parts."),
            (3 * gate, "The candidate for the cell state counts as well; three parts make a GRU."),
            (4 * units * (inputs + 1), "The connections from the last step are missing."),
            (4 * units * (inputs + units), "The biases are missing."),
            (4 * units * inputs, "Biases and the connections from the last step are missing."),
        ],
        "LSTM parameters = 4 · units · (inputs + units + 1): input, forget and output gate, and the candidate.",
    )


FAMILIES: Final[tuple[Family[Any], ...]] = (
    Family(
        "g-attention-score",
        "nlp-rnn-transformers",
        "medium",
        "illustrated-transformer",
        lambda draws: Heads(
            tuple(draws.one_of((-2, -1, 1, 2, 3)) for _ in range(4)),
            tuple(draws.one_of((-2, -1, 1, 2, 3)) for _ in range(4)),
        ),
        _score,
    ),
    Family(
        "g-attention-output",
        "nlp-rnn-transformers",
        "hard",
        "illustrated-transformer",
        lambda draws: Attended(
            (draws.one_of((0.0, 0.5, 1.0, 2.0)), draws.one_of((-1.0, 0.25, 1.5, 3.0))),
            (draws.whole(2, 20, 2), draws.whole(22, 60, 2)),
        ),
        _attended,
    ),
    Family(
        "g-embedding-parameters",
        "nlp-preprocessing-embeddings",
        "easy",
        "hf-llm-course",
        lambda draws: Vocabulary(
            draws.whole(5000, 30000, 5000), draws.one_of((64, 128, 256)), draws.one_of((128, 256, 512))
        ),
        _embedding,
    ),
    Family(
        "g-perplexity",
        "nlp-sentiment-chatbots",
        "hard",
        "slp3",
        lambda draws: Sentence(tuple(draws.whole(10, 80, 10) for _ in range(3))),
        _perplexity,
    ),
    Family(
        "g-lstm-parameters",
        "nlp-rnn-transformers",
        "hard",
        "colah-lstm",
        lambda draws: Cell(draws.whole(5, 100, 5), draws.whole(4, 64, 4)),
        _lstm,
    ),
)
