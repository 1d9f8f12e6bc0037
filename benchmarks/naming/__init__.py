"""The weights by which two company names are compared, learned from coined names and made-up slips.

    python -m benchmarks.naming               trains and prints how well unseen coined names are told apart
    python -m benchmarks.naming --leave-out   trains without each kind of slip in turn and tests on that kind
    python -m benchmarks.naming --write       also writes matchmaker/reference/name_weights.json

No real company's name is read: firms, their slips and their look-alikes are all coined here, from the words and the
morphology that name_words.json and GB/T 4754 hold.
"""
