"""The engine's own SQL, one file for each group of tables."""
