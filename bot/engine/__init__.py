"""How things move: from what somebody typed to the feature that answers, each event at most once."""
