"""The page each role lands on."""
