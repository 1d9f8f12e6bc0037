"""What speaks for a deal beside its entries: files kept by their digest, and sealed papers checked by two people.

`kinds` tells from its bytes alone what a file is; `storing` keeps the bytes outside the web root; the rest says who
attached what to which deal, and lets the consent of both sides be entered from a paper that bears their seals.
"""
