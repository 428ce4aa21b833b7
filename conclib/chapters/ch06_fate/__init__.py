"""Chapter 06: when one crashes, who dies with it?"""

from pathlib import Path

from conclib.chapters.ch06_fate import checks, judges, practice, rules
from conclib.chapters.ch06_fate.verbs import (
    coroner,
    crash_panel,
    dealt,
    fate_matrix,
    file_lock,
    flatline,
    from_outside,
    kept_turn,
    overwritten,
    pool,
    pool_again,
    predict_cells,
    set_back,
    supervisor,
    ten_containers,
    twelve,
    uncaught,
    walls,
)
from conclib.lesson import registry

__all__ = [
    "CHAPTER",
    "coroner",
    "crash_panel",
    "dealt",
    "fate_matrix",
    "file_lock",
    "flatline",
    "from_outside",
    "kept_turn",
    "overwritten",
    "pool",
    "pool_again",
    "predict_cells",
    "set_back",
    "supervisor",
    "ten_containers",
    "twelve",
    "uncaught",
    "walls",
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
