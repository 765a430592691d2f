"""How the roadmap reads: facts in, replies out. Pure wording, one module a kind of card."""
