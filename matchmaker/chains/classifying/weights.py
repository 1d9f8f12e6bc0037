"""What each feature weighs and how far the outcome is to be believed, as measured.

The weights make right answers likeliest (maximum likelihood) over texts held back from the vocabulary they belong to,
in five parts: of a hundred texts 25 are terms as they stand, 15 the same in other words, 30 known terms in other
words and 30 of no chain. The calibration is an isotonic regression of right answers on the probability that the
weights give the best segment. `python -m benchmarks.segments --fit` makes both anew and prints them.
"""

from __future__ import annotations

from typing import Final

import numpy as np

WEIGHTS: Final = np.array([28.5, 28.0, 3.45, 2.05, 3.6], np.float32)  # in the order of FEATURES
NOWHERE: Final = 7.07  # what “none” weighs before anything speaks for a topic outside
CALIBRATION: Final = (  # the probability drawn, and how often it is right
    (0.0, 0.0),
    (0.1, 0.215),
    (0.2, 0.325),
    (0.3, 0.384),
    (0.4, 0.392),
    (0.5, 0.613),
    (0.6, 0.637),
    (0.7, 0.652),
    (0.8, 0.744),
    (0.9, 0.758),
    (0.95, 0.856),
    (0.98, 0.9),
    (0.99, 0.939),
    (0.995, 0.941),
    (0.9995, 0.971),
    (1.0, 1.0),
)
