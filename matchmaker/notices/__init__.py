"""What people are told, written in the transaction that made it true."""
