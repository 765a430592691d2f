"""Stories as chats; each runs on every platform there is."""
