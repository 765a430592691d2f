"""Where people meet the bot: siblings that never import each other."""
