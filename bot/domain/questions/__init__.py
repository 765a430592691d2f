"""The question bank: what a question is, reading it strictly, finding the next one, drawing it."""
