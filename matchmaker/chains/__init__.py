"""Key industry chains, their segments, and which segment a text belongs to."""
