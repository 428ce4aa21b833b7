"""A campaign of seeded random faults against measuring, ending and keeping: ``make soak``.

Each run draws one fault and its details, provokes it in this very process's workers (or in a caller
of its own that is then killed), and holds the outcome against what the list of faults promises.
After every run nothing may be left, and over all of them this process must not grow. The tests of
the suite try each fault once or a few times, in one order; here they come mixed, hundreds of times.
"""
