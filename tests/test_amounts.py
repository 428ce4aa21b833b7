"""Bars of amounts: from zero, promised or there, recorded or live; and the limits Linux has."""

import resource

import pytest

from conclib.inspecting import ceilings
from conclib.plots import Amount, amounts
from conclib.results.quantity import BYTES, COUNT
from tests.lesson_fonts import open_fonts

MB = 2**20


@pytest.fixture(scope="module", autouse=True)
def fonts():
    """Let matplotlib open its fonts before a test counts open files: it never closes them."""
    open_fonts()


def test_each_bar_stands_in_the_words_and_in_the_table():
    rows = [
        Amount("promised", 8 * MB, promised=True, kind="thread"),
        Amount("there", 0, note="so far"),
        Amount("lost", None),
        Amount("from before", 5 * MB, recorded="recorded on Linux"),
    ]
    drawn = amounts(rows, title="How much?")
    assert drawn.alt == (
        "How much? promised: 8.00 MB. there: 0 B so far. lost: not known. "
        "from before: 5.00 MB (recorded on Linux)."
    )
    assert drawn.table.rows[3] == ("from before", "5.00 MB", "recorded on Linux")
    assert drawn.png().startswith(b"\x89PNG")


def test_a_bar_in_parts_is_as_long_as_one_in_a_piece():
    ends = [
        max(patch.get_x() + patch.get_width() for patch in drawn.figure.axes[0].patches)
        for drawn in (
            amounts([Amount("a", 10.0, parts=parts)], title="How many?", quantity=COUNT)
            for parts in (1, 7)
        )
    ]
    assert ends[0] == pytest.approx(ends[1]) == pytest.approx(10.0)


@pytest.mark.parametrize(
    ("given", "says"),
    [({"value": -1.0}, "value=-1"), ({"value": 1.0, "kind": "dog"}, "kind='dog'")],
)
def test_what_is_no_amount_is_refused(given, says):
    with pytest.raises(ValueError, match=says):
        Amount("a", **given)
    with pytest.raises(ValueError, match="rows"):
        amounts([], title="Nothing?", quantity=BYTES)


# Ceilings -----------------------------------------------------------------------------------------
def test_the_limits_are_read_each_with_what_it_limits(tmp_path, monkeypatch):
    (tmp_path / "sys/kernel").mkdir(parents=True)
    (tmp_path / "sys/vm").mkdir()
    (tmp_path / "sys/kernel/pid_max").write_text("32768\n")
    (tmp_path / "sys/kernel/threads-max").write_text("nonsense\n")
    (tmp_path / "sys/vm/max_map_count").write_text("65530\n")
    found = {each.name: each for each in ceilings.ceilings(str(tmp_path))}
    assert found["pid_max"].most == 32_768 and found["pid_max"].of == ("processes", "threads")
    assert found["max_map_count / 2"].most == 32_765
    assert "threads-max" not in found


def test_a_users_own_limit_counts_except_for_root(tmp_path, monkeypatch):
    monkeypatch.setattr(resource, "getrlimit", lambda _: (500, 500))
    for user, there in ((0, False), (12345, True)):
        monkeypatch.setattr(ceilings.os, "geteuid", lambda user=user: user)
        names = {each.name: each.most for each in ceilings.ceilings(str(tmp_path))}
        assert (names.get("RLIMIT_NPROC") == 500) is there
