"""What the experiments of chapter 07's quiz show: as a rule, and where they do not tell."""

from typing import Any

from conclib.results import Observation
from tests.made_up import HOST, RUNTIME


def told(probe: str, **facts: Any) -> Observation:
    """Return a made-up observation."""
    return Observation(probe, "t", {}, HOST, RUNTIME, facts)


def each(**scales: float) -> Observation:
    """Return what one thread or process has, in MB."""
    return told("more_threads", each_mb=scales)


def then(kb: float) -> Observation:
    """Return what is left of what threads have touched, in kB."""
    return told("more_threads", then_kb=kb)


def family(*, there: int = 131_072, share: int = 43_690, own: int = 131_072, faults: int = 97):
    """Return a family of four, seen before and after each end; by default as it comes out."""
    figures = {
        "rss": {"parent": [131_072, None, None, None]},
        "pss": {"child 3": [32_768, share, 65_536, 131_072]},
        "uss": {"child 3": [0, 0, 0, own]},
        "faults": {"child 3": [97, 97, 97, faults]},
    }
    return {"family": told("rent", figures=figures, in_ram_kb=[131_072, there, there, there])}


def sizes(small: float, large: float):
    """Return stacks of two sizes, and what is resident of each in MB."""
    return {"small stack": each(rss=small), "64 times the stack": each(rss=large)}


def waited(after: float, given_back: float):
    """Return what is left after waiting, and after giving back, in kB."""
    return {"a second of waiting": then(after), "told to give it back": then(given_back)}


def used(some: float, nothing: float):
    """Return what is resident where some of the stack is touched, and where nothing is, in MB."""
    return {"touches some of its stack": each(rss=some), "touches nothing": each(rss=nothing)}


def fresh(files: float, rss: float):
    """Return a fresh Python, and how much of it comes from files, in MB."""
    return {"fresh Python": each(files=files, rss=rss)}


def read(label: str, own: float):
    """Return a child that read; 30.5 MB are all objects."""
    return {label: told("counted_reads", grew_mb={"uss": own, "rss": 0.0}, objects_mb=30.5)}


# For each wrong answer of each question: a typical result, and one that does not speak against it.
SHOWN = {
    ("idle-stack", "a"): (sizes(0.0078, 0.0078), sizes(0.5, 32.0)),
    ("idle-stack", "b"): (waited(264.0, 8.0), waited(8.0, 8.0)),
    ("one-ends", "b"): (family(), family(there=0)),
    ("one-ends", "c"): (family(), family(share=32_768)),
    ("own-rose", "a"): (family(), family(own=0)),
    ("own-rose", "c"): (family(), family(faults=32_865)),
    ("in-no-scale", "a"): (used(0.26, 0.0078), used(0.0078, 0.0078)),
    ("in-no-scale", "b"): (fresh(5.7, 9.1), fresh(0.1, 9.1)),
    ("cure", "b"): (read("a tuple", 30.6), read("a tuple", 0.0)),
    ("cure", "c"): (read("collector off", 30.6), read("collector off", 0.1)),
}
