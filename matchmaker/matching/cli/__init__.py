"""What an operator asks of matching at a terminal: lists and the index, the ranking, the product graph."""
