"""What is stored about a person, in every table of every owner: found, exported, erased and forgotten."""
