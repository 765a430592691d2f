"""Images: how sizes change on the way through a network, how many weights filters have, how boxes overlap."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from bot.domain.questions.families.family import Asked, Family, num
from bot.domain.questions.seeds import Draws


class Window(NamedTuple):
    """Size of the image, of the window, its stride and the padding on each side."""

    size: int
    window: int
    stride: int
    padding: int

    @property
    def out(self) -> int:
        """Width of the output."""
        return (self.size + 2 * self.padding - self.window) // self.stride + 1


def _conv(draws: Draws) -> Window:
    window = draws.one_of((3, 5, 7))
    return Window(draws.whole(16, 64, 4), window, draws.whole(1, 2), draws.whole(0, window // 2))


def _conv_size(given: Window) -> Asked:
    size, window, stride, padding = given
    return Asked(
        f"A convolution runs over {size} × {size} pixels with a {window} × {window} kernel, stride {stride} and "
        f"padding {padding}. How wide is its output?",
        given.out,
        f"({size} + 2 · {padding} − {window}) / {stride}, rounded down, plus 1.",
        [
            ((size + 2 * padding - window) // stride, "The first place counts as well: plus 1."),
            ((size + padding - window) // stride + 1, "Padding is added on both sides."),
            ((size - window) // stride + 1, "The padding is missing."),
            (size + 2 * padding - window + 1, "The stride is missing."),
            (size // stride, "This is right where the padding makes up for the kernel."),
            (size, "The size stays the same for stride 1 with enough padding."),
        ],
        "Output = (input + 2 · padding − kernel) / stride, rounded down, + 1.",
    )


def _pool_size(given: Window) -> Asked:
    size, window, stride, _padding = given
    return Asked(
        f"Max pooling with a {window} × {window} window and stride {stride} follows a map of {size} × {size}, without "
        "padding. How many values does one channel of the output hold?",
        given.out**2,
        f"The output is {given.out} wide and {given.out} high.",
        [
            (given.out, "This is the width; the output has as many rows as columns."),
            ((size - window + 1) ** 2, "This moves the window by one; the stride decides."),
            ((size // window) ** 2, "This moves the window by its own size; the stride decides."),
            (((size - window) // stride) ** 2, "The first place counts as well: plus 1."),
            (size**2 // window**2, "This divides the area by the window; the stride decides."),
            (size**2, "Pooling makes the map smaller."),
            ((size // stride) ** 2, "The window must fit inside the map."),
        ],
        "Width = (input − window) / stride, rounded down, + 1; the number of values is its square.",
    )


class Filters(NamedTuple):
    """Channels in, filters, size of a kernel."""

    channels: int
    filters: int
    window: int


def _filter_weights(given: Filters) -> Asked:
    channels, filters, window = given
    area = window * window
    return Asked(
        f"A convolution layer takes {channels} channels and has {filters} filters of {window} × {window}. How many "
        "parameters does it have, with biases?",
        (channels * area + 1) * filters,
        f"Each filter has {channels} · {area} weights and one bias.",
        [
            (channels * area * filters, "The biases are missing."),
            (area * filters + filters, "A filter looks at all channels at once, with weights for each."),
            (channels * area + filters, "Each filter has weights of its own."),
            ((channels + 1) * area * filters, "A bias is one number, not a kernel."),
            (channels * filters * window + filters, "A kernel is square: its size counts twice."),
            (channels * (area + 1) * filters, "A filter has one bias, not one for each channel."),
        ],
        "Parameters = (channels · kernel² + 1) · filters. The size of the image plays no part.",
    )


class Stack(NamedTuple):
    """Layers of equal kernels with stride 1."""

    layers: int
    window: int


def _field(given: Stack) -> Asked:
    layers, window = given
    return Asked(
        f"{layers} convolutions with {window} × {window} kernels and stride 1 follow one another. How wide is the "
        "part of the input that one output value depends on?",
        layers * (window - 1) + 1,
        f"Each layer adds {window - 1} pixels to the first one.",
        [
            (layers * window, "Windows overlap, so their sizes do not add up."),
            ((layers + 1) * (window - 1) + 1, "One layer too many."),
            (2 * layers * (window - 1) + 1, "Half of a window reaches to each side, not a whole one."),
            (window, "This is one layer."),
            (layers * (window - 1), "The pixel in the middle counts as well: plus 1."),
            ((layers - 1) * (window - 1) + 1, "One layer is missing."),
        ],
        "Receptive field with stride 1 = layers · (kernel − 1) + 1.",
    )


class Boxes(NamedTuple):
    """Two boxes as left, top, right, bottom."""

    a: tuple[int, int, int, int]
    b: tuple[int, int, int, int]


def _boxes(draws: Draws) -> Boxes:
    left, top = draws.whole(0, 3), draws.whole(0, 3)
    width, height = draws.whole(4, 8), draws.whole(4, 8)
    moved, down = draws.whole(1, width - 2), draws.whole(0, height - 2)
    return Boxes(
        (left, top, left + width, top + height),
        (left + moved, top + down, left + moved + draws.whole(4, 8), top + down + draws.whole(4, 8)),
    )


def _iou(given: Boxes) -> Asked:
    a, b = given
    both = (min(a[2], b[2]) - max(a[0], b[0])) * (min(a[3], b[3]) - max(a[1], b[1]))
    area_a, area_b = (a[2] - a[0]) * (a[3] - a[1]), (b[2] - b[0]) * (b[3] - b[1])
    either = area_a + area_b - both
    return Asked(
        f"Box A goes from {a[:2]} to {a[2:]}, box B from {b[:2]} to {b[2:]}, as (x, y) of opposite corners. What is "
        "their intersection over union?",
        both / either,
        f"They share {both}; together they cover {area_a} + {area_b} − {both} = {either}.",
        [
            (both / (area_a + area_b), "The shared part was counted twice below."),
            (both / area_a, "This divides by box A alone."),
            (both / area_b, "This divides by box B alone."),
            (2 * both / (area_a + area_b), "This is the Dice score, a relative of it."),
            (both / max(area_a, area_b), "This divides by the larger box alone."),
        ],
        "IoU = shared area / (area A + area B − shared area).",
        places=2,
    )


class Images(NamedTuple):
    """Images in a batch, their side in pixels, channels, bytes of a value."""

    images: int
    side: int
    channels: int
    width: int


def _memory(given: Images) -> Asked:
    count, side, channels, width = given
    size = count * side * side * channels * width
    mib = 1024**2
    return Asked(
        f"A batch holds {count} images of {side} × {side} pixels with {channels} channels, {8 * width} bits a value. "
        "How many MiB does it take (1 MiB = 1,048,576 bytes)?",
        size / mib,
        f"{num(size)} bytes: {count} · {side}² · {channels} · {width}.",
        [
            (size / mib * 8, "This counts bits as bytes; 8 bits make a byte."),
            (size / mib / width, "Each value takes more than one byte."),
            (size / mib / channels, "The channels are missing."),
            (size / mib / count, "This is one image."),
            (size / mib / side, "An image has a height as well as a width."),
        ],
        "Bytes = images · height · width · channels · bytes of a value.",
        places=2,
    )


FAMILIES: Final[tuple[Family[Any], ...]] = (
    Family("g-conv-size", "cv-cnns", "easy", "cs231n", _conv, _conv_size),
    Family(
        "g-pool-size",
        "cv-cnns",
        "medium",
        "cs231n",
        lambda draws: Window(draws.whole(12, 40), draws.whole(2, 3), draws.whole(2, 3), 0),
        _pool_size,
    ),
    Family(
        "g-conv-parameters",
        "cv-cnns",
        "medium",
        "cs231n",
        lambda draws: Filters(draws.whole(2, 32), draws.whole(4, 64, 4), draws.one_of((3, 5))),
        _filter_weights,
    ),
    Family(
        "g-receptive-field",
        "cv-cnns",
        "hard",
        "cs231n",
        lambda draws: Stack(draws.whole(2, 16), draws.one_of((3, 5, 7, 9))),
        _field,
    ),
    Family("g-iou", "cv-classification-detection", "hard", "cs231n", _boxes, _iou),
    Family(
        "g-batch-memory",
        "cv-transfer-learning",
        "medium",
        "d2l",
        lambda draws: Images(draws.whole(8, 128, 8), draws.whole(64, 256, 32), 3, draws.one_of((2, 4))),
        _memory,
    ),
)
