"""What matching reads: the registers to index, kept lists, and what a search finds."""
