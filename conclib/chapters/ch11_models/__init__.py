"""Chapter 11: who schedules a thread?"""

from pathlib import Path

from conclib.chapters.ch11_models import checks, judges, practice, rules
from conclib.chapters.ch11_models.side_rooms import (
    helpers,
    never_waits,
    one_house,
    prices,
    running_at_once,
    scheduler_to_read,
    three_answers,
    without_lock,
)
from conclib.chapters.ch11_models.verbs import (
    as_many_readers,
    by_rules,
    chart,
    fixed_threads,
    hashing,
    hundred_readers,
    mended,
    one_reads,
    one_sleeps,
    play,
    roll_call,
    run_mine,
    simulator,
    three_houses,
    whose_cpus,
)
from conclib.lesson import registry
from conclib.models import game

__all__ = [
    "CHAPTER",
    "as_many_readers",
    "by_rules",
    "chart",
    "fixed_threads",
    "game",
    "hashing",
    "helpers",
    "hundred_readers",
    "mended",
    "never_waits",
    "one_house",
    "one_reads",
    "one_sleeps",
    "play",
    "prices",
    "roll_call",
    "run_mine",
    "running_at_once",
    "scheduler_to_read",
    "simulator",
    "three_answers",
    "three_houses",
    "whose_cpus",
    "without_lock",
]

CHAPTER = registry.register(
    registry.read(
        Path(__file__).parent,
        checks=checks.CHECKS,
        rules=rules.RULES,
        judges=judges.JUDGES,
        practice=practice.PRACTICE,
    )
)
