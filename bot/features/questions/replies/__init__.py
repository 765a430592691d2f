"""How questions, flags and corrections read. Pure wording."""
