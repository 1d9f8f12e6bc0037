"""Which office answers for which intent (包联): by the amount in force, or as it was handed over by hand."""
