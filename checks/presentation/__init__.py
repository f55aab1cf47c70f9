"""What staff are told of a check: pure functions from states, events and records to words and lengths."""
