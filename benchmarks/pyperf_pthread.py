"""The thread probe as a benchmark of pyperf: ``python -m benchmarks.pyperf_pthread``.

pyperf times the probe's own body, so that both tools time the very same calls.
"""

import pyperf

from conclib.probes.create import pthread


def main() -> None:
    """Hand the probe's body to pyperf's runner, which wants the seconds that the loops took."""
    state = pthread.setup({"timed": "join"})
    runner = pyperf.Runner(program_args=("-m", "benchmarks.pyperf_pthread"))
    runner.bench_time_func("pthread", lambda loops: pthread.body(state, loops) / 1e9)


if __name__ == "__main__":
    main()
