"""Draws one SVG as PNG in a process of its own: SVG on standard input, PNG on standard output, trouble as a sentence.

``pictures`` starts this file by its path, with the scale and the folder of fonts. It imports nothing of Roadmate, so it
is up in a moment.
"""

from __future__ import annotations

import sys


def main() -> int:
    """Draw what is read; return 1 if that is no SVG."""
    import resvg_py

    scale, fonts = float(sys.argv[1]), sys.argv[2]
    try:
        drawn = resvg_py.svg_to_bytes(
            svg_string=sys.stdin.buffer.read().decode(),
            zoom=scale,
            skip_system_fonts=True,
            font_dirs=[fonts],
            font_family="DejaVu Sans",
            sans_serif_family="DejaVu Sans",
        )
    except ValueError as error:
        sys.stderr.write(str(error))
        return 1
    sys.stdout.buffer.write(bytes(drawn))
    return 0


if __name__ == "__main__":
    sys.exit(main())
