"""What the bot does: siblings that never import each other."""
