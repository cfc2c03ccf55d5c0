"""Made-up customers and orders from them, with the truth: what matching is measured by.

Knows nothing of the matcher, so that a spelling known to the one is not known to the other. Names come from Faker
(MIT licence) and from lists in these files, which are own work; nobody in here exists.
"""
