"""Chapter 06 on a small machine: every cell runs there as it is, or a recording is shown."""

import pytest

from conclib.chapters import ch06_fate as fate
from conclib.inspecting import limits

WHY = "the group has 62 tasks free"
DEFAULTS = ("flatline", "uncaught", "from_outside", "overwritten", "dealt", "ten_containers",
            "kept_turn", "pool", "pool_again", "file_lock", "twelve")  # fmt: skip


@pytest.mark.worker
@pytest.mark.parametrize("name", DEFAULTS)
def test_in_64_tasks_and_200_mb_no_cell_raises(home, monkeypatch, name):
    free = [("mb", 130, "130 MB are free"), ("processes", 62, WHY), ("threads", 62, WHY)]
    monkeypatch.setattr(limits, "free", lambda: iter(free))
    made = getattr(fate, name)()
    assert {item.source for item in made.seen.values()} <= {"live", "recorded"}
