"""The whole bot on virtual time, with everything going wrong that can: one seed, one trace, byte for byte.

``python -m tests.simulation --seeds 200 --first 1`` ends with exit code 0 only if every invariant held for every seed.
"""
