"""The audit sample in practice: draws that stay listed, what was found for each deal, and what follows for all.

What was drawn and found is only ever added to; the database refuses to change or delete it. The third level of
assurance (V3) is read from here and comes from nowhere else.
"""
