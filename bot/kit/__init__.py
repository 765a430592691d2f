"""What everything is written with: plain types, standard library only, no input or output, no clock, no randomness."""
