"""Chapter 11 on a small machine: every cell runs there as it is, or a recording is shown."""

import pytest

from conclib.chapters import ch11_models as models
from conclib.inspecting import limits

WHY = "the group has 62 tasks free"
DEFAULTS = ("roll_call", "one_reads", "hundred_readers", "as_many_readers", "whose_cpus", "hashing",
            "one_sleeps", "mended", "prices", "running_at_once", "three_answers", "never_waits",
            "helpers", "without_lock")  # fmt: skip


@pytest.mark.worker
@pytest.mark.parametrize("name", DEFAULTS)
def test_in_64_tasks_and_200_mb_no_cell_raises(home, monkeypatch, name):
    free = [("mb", 130, "130 MB are free"), ("processes", 62, WHY), ("threads", 62, WHY)]
    monkeypatch.setattr(limits, "free", lambda: iter(free))
    made = getattr(models, name)()
    assert {item.source for item in made.seen.values()} <= {"live", "recorded"}


@pytest.mark.worker
def test_where_ten_thousand_threads_are_too_many_they_are_recorded_and_the_rest_is_counted(
    home, monkeypatch
):
    monkeypatch.setattr(limits, "free", lambda: iter([("threads", 200, "few")]))
    seen = models.roll_call().seen
    assert seen["threads"].source == "recorded" and seen["asyncio"].source == "live"
