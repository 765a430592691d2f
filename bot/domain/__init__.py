"""What features share: the curriculum, the record of learning, people and places, and the tools they are given."""
