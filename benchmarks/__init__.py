"""What conclib promises about itself, measured: ``python -m benchmarks`` (``make bench``).

    floor.c, floors.py   the same operations in C, and how they are run beside a probe
    rounds.py            interleaving, and what is computed from pairs
    creation.py          thread, fork and spawn against their floors
    startup.py           a worker's start, and ``import conclib``
    patience.py          time to an answer, beside pyperf (pyperf_pthread.py runs under it)
    table.py             a row, its verdict, and the page it stands on

The tests do not run this: it takes a minute, and wants the machine for itself. Every row is a
target; the command writes ``README.md`` and fails when one was missed.
"""
