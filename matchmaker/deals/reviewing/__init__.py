"""What people look at a second time: findings of the signals, and audit samples.

Nothing here changes what counts. Officials and auditors read it; it is never published and has no export.
"""
