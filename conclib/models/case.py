"""What is to be simulated: tasks, a model of threads, CPUs, costs; all of it checked.

Times are whole nanoseconds inside, so that nothing is lost by rounding.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from conclib.models.bursts import COMPUTE, MAX_MS, MS, Program
from conclib.results import arguments

ONE, N_TO_ONE, M_TO_N = "1:1", "N:1", "M:N"
MODELS = (ONE, N_TO_ONE, M_TO_N)
MAX_CPUS = 256
MAX_THREADS = 10_000  # kernel threads, as elsewhere in the course
MAX_SLICES = 500_000  # time slices that all tasks together may take
MAX_COST_US = 1_000_000.0
US = 1000  # ns


@dataclass(frozen=True)
class Case:
    """A case for the simulator; :func:`case` makes one out of what was asked for.

    Attributes:
        model: ``"1:1"``, ``"N:1"`` or ``"M:N"``.
        programs: what each task does, by its name.
        cpus: how many there are.
        kernel_threads: how many share the tasks; of 1:1, how many tasks there are.
        spare: how many more may be started in the place of blocked ones (M:N alone).
        slice_ns: after so long Linux lets another kernel thread run; ``None``: never.
        user_slice_ns: after so long a kernel thread goes on to its next task; ``None``: never.
        user_switch_ns, linux_switch_ns: what one switch costs.
        stealing: whether a kernel thread without work takes tasks of another one.
        arrive_ns: when each task is there, in the order of ``programs``.
    """

    model: str
    programs: Mapping[str, Program]
    cpus: int
    kernel_threads: int
    spare: int = 0
    slice_ns: int | None = None
    user_slice_ns: int | None = None
    user_switch_ns: int = 0
    linux_switch_ns: int = 0
    stealing: bool = True
    arrive_ns: tuple[int, ...] = field(default=())

    @property
    def computing_ns(self) -> int:
        """How long all tasks compute, together."""
        return sum(
            ns for program in self.programs.values() for kind, ns in program if kind == COMPUTE
        )


def case(
    model: object,
    programs: Mapping[str, Program],
    *,
    cpus: object = 2,
    kernel_threads: object = None,
    spare: object = 0,
    slice_ms: object = 3,
    user_slice_ms: object = None,
    user_switch_ns: int = 0,
    linux_switch_ns: int = 0,
    stealing: object = True,
    arrive_ms: object = None,
) -> Case:
    """Check what was asked for and return it as a case.

    Args:
        kernel_threads: for M:N; as many as CPUs if not given. The other models say it themselves.
        slice_ms, user_slice_ms: time slices of Linux and of the user-level scheduler; ``None``:
            whoever runs goes on until it waits, blocks or is done.
        arrive_ms: when each task is there; all at 0 if not given.

    Raises:
        TypeError, ValueError: what is not allowed; the message names it.
    """
    model = arguments.choice("model", model, MODELS)
    count = len(programs)
    made = Case(
        model=model,
        programs=dict(programs),
        cpus=arguments.integer("cpus", cpus, 1, MAX_CPUS),
        kernel_threads=_threads(model, kernel_threads, count, cpus),
        spare=_spare(model, spare),
        slice_ns=_slice("slice_ms", slice_ms),
        user_slice_ns=_slice("user_slice_ms", user_slice_ms),
        user_switch_ns=user_switch_ns,
        linux_switch_ns=linux_switch_ns,
        stealing=_flag("stealing", stealing),
        arrive_ns=_arrivals(arrive_ms, count),
    )
    _require_few_slices(made)
    return made


def _threads(model: str, asked: object, tasks: int, cpus: object) -> int:
    if model == M_TO_N:
        given = cpus if asked is None else asked
        return arguments.integer("kernel_threads", given, 1, MAX_THREADS)
    own = {ONE: tasks, N_TO_ONE: 1}[model]
    if asked is not None and arguments.integer("kernel_threads", asked, 1, MAX_THREADS) != own:
        every = {ONE: "one for each task", N_TO_ONE: "one for all tasks"}[model]
        raise ValueError(
            f"kernel_threads={arguments.shown(asked)}: the model {model} has {every}, here {own}; "
            f'model="M:N" takes a number'
        )
    return own


def _spare(model: str, spare: object) -> int:
    found = arguments.integer("spare", spare, 0, MAX_THREADS)
    if found and model != M_TO_N:
        raise ValueError(
            f'spare={found}: only model="M:N" starts kernel threads in place of others'
        )
    return found


def _slice(name: str, ms: object) -> int | None:
    return None if ms is None else round(arguments.number(name, ms, 0.001, MAX_MS, "ms") * MS)


def _flag(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{name}={arguments.shown(value)}: {name} must be True or False")
    return value


def _arrivals(arrive_ms: object, tasks: int) -> tuple[int, ...]:
    if arrive_ms is None:
        return (0,) * tasks
    allowed = f"a list of {tasks:,} times in ms, one for each task"
    if isinstance(arrive_ms, str | bytes) or not isinstance(arrive_ms, Sequence):
        raise TypeError(f"arrive_ms={arguments.shown(arrive_ms)}: arrive_ms must be {allowed}")
    if len(arrive_ms) != tasks:
        raise ValueError(f"arrive_ms: {len(arrive_ms):,} were given; it must be {allowed}")
    return tuple(
        round(arguments.number("arrive_ms", each, 0, MAX_MS * 1000, "ms") * MS)
        for each in arrive_ms
    )


def cost_ns(name: str, us: object) -> int:
    """Return what a switch costs in ns, from µs."""
    return round(arguments.number(name, us, 0, MAX_COST_US, "µs") * US)


def _require_few_slices(made: Case) -> None:
    """Refuse what would take minutes: very short time slices for very long bursts."""
    for name, ns in (("slice_ms", made.slice_ns), ("user_slice_ms", made.user_slice_ns)):
        if ns and made.computing_ns / ns > MAX_SLICES:
            raise ValueError(
                f"{name}={ns / MS:g}: the tasks compute for {made.computing_ns / MS:,.0f} ms, "
                f"which is more than {MAX_SLICES:,} time slices; a longer one is allowed"
            )
