"""Users who are brought along: where rows come from, what they say, and what became of them."""
