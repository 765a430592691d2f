"""Whatever people type is shown as they typed it, on both platforms, and does nothing.

``python -m tests.safety --inputs 1000000`` makes texts, says each in several places of a reply, draws the reply for
Telegram and for Discord and reads it back with parsers that know the platforms and none of our code.
"""
