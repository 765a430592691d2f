"""Roadmate: learn machine learning together, on the chat platforms you already use."""

__version__ = "0.1.0"
