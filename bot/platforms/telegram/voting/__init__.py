"""What polls and votes need of the database."""
