"""What becomes of an intent: each side is asked 30, 60, 90 and 180 days after both confirmed, and answers in one tap.

An answer never changes what counts. Only the contract or the withdrawal that it may lead to does.
"""
