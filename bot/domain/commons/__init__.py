"""What the web chat and the terminal share: people one can be there, the room they meet in, how posts come in."""
