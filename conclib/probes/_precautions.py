"""What a worker does before anything else, so that nobody else is harmed by what comes.

**First to die.** When the memory of a machine or a container runs out, Linux ends the process that
it finds the worst, which would be the biggest: the notebook kernel. So the worker puts itself, and
with that all its children, first in line (``oom_score_adj``, -1000 to 1000).

**Adopting orphans.** A child whose parent has ended goes to init, and nobody can tell any more whose
it was. A *child subreaper* takes the place of init for all that descends from it: then everything
that a probe starts can be found from the worker by its parents, whatever session, user, folder or
environment it has taken.

**Dying with the parent.** A child that waits for what only its parent could give is of no use to
anybody when that one is gone: Linux can be asked to end it then.
"""

from __future__ import annotations  # a worker may be an older Python

from . import _light

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36


def first_to_die() -> bool:
    """Be the first that Linux ends when memory runs out; return whether that could be said."""
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("1000")
    except OSError:  # another system, or a container that forbids it
        return False
    return True


def adopt_orphans():
    """Become the parent of every orphan among our descendants; return whether Linux agreed."""
    return _prctl(PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent():
    """Have Linux kill this process when its parent ends; return whether Linux agreed."""
    return _prctl(PR_SET_PDEATHSIG, int(_light.SIGKILL))


def no_core_file() -> None:
    """Have Linux write no core file if this process crashes; it may still be observed.

    A limit of 1 byte ends a core handler behind a pipe too, which 0 does not; where only 0 is allowed
    (``ulimit -c 0``, many containers), it stays at 0.
    """
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    most = 1 if hard == resource.RLIM_INFINITY else min(hard, 1)
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))


def _prctl(option, value):
    """Set one thing for this process; return whether Linux agreed."""
    try:
        import ctypes

        prctl = ctypes.PyDLL(None).prctl
    except (ImportError, AttributeError, OSError):  # another system
        return False
    return prctl(option, value, 0, 0, 0) == 0
