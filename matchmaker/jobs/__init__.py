"""Background work: a row written with the business fact, carried by a queue, shown with its progress."""
