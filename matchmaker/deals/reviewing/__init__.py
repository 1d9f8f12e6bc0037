"""What people look at a second time: the findings of the signals, with what was said of each.

Nothing here changes what counts. Officials and auditors read it; it is never published and has no export.
"""
