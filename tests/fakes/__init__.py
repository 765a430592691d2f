"""Hand-written stand-ins, one for each port, and worlds to tell stories in."""
