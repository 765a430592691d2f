"""The ledger of learning: one append-only record of what each person did about each topic.

Features write it (a topic marked done, a quiz answered, minutes checked in) and read it (what next, how far, how fast)
without knowing one another.
"""
