"""Tests prove behaviour through what people touch; folders mirror ``bot/``."""
