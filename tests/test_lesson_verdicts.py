"""Verdicts gather what was measured on this machine, now and before."""

from dataclasses import replace

import pytest

from conclib.lab import machines
from conclib.lesson.judging.verdicts import gathered, verdict
from conclib.lesson.store import kept
from conclib.results import Measurements
from tests import made_up
from tests.made_up import around

PARAMS = {"ballast_mb": 0, "pages": "4k", "timed": "call"}


def creation():
    """Return the whole lives of a process and of a thread."""
    return Measurements({
        "pthread": around(30_000, probe="pthread", params={"timed": "join"}),
        "fork": around(300_000, params={**PARAMS, "timed": "wait"}),
    })  # fmt: skip


def test_a_claim_that_nobody_measured_is_not_settled():
    found = verdict("creation.fork")
    assert found.word == "not settled yet"
    assert "Chapter 04" in repr(found)


def test_a_result_settles_the_readings_that_it_fits():
    found = verdict("creation.fork", around(100_000, params=PARAMS))
    assert found.word == "not supported"
    assert "a small parent (call)" in found.sentence
    assert "not settled yet" in repr(found)
    assert "<table>" in found._repr_html_()


def test_what_was_kept_from_the_same_machine_counts_and_other_machines_do_not():
    kept.keep(list(creation().values()))
    kept.keep([around(5, probe="python_thread", host=made_up.OTHER_HOST)])
    mine = around(100_000, params=PARAMS)
    assert {item.probe for item in gathered([mine])} == {"pthread", "fork"}
    assert verdict("creation.ratio", mine).word == "not supported"


def test_an_upgraded_system_is_the_same_machine_and_another_python_is_not():
    upgraded = replace(made_up.HOST, release="7.0", memory_mb=4096)
    kept.keep([around(5, host=upgraded), around(5, runtime=made_up.OTHER_RUNTIME)])
    mine = around(100_000, params=PARAMS)
    assert [item.host.release for item in gathered([mine])] == ["7.0", "6.1"]


def test_without_a_result_the_machine_is_this_one_whatever_was_kept_last(monkeypatch):
    monkeypatch.setattr(machines, "host", lambda: made_up.HOST)
    monkeypatch.setattr(machines, "own_runtime", lambda: made_up.RUNTIME)
    kept.keep([around(100_000, params=PARAMS)])
    kept.keep([around(5, host=made_up.OTHER_HOST)])
    assert [item.host for item in gathered([])] == [made_up.HOST]
    assert verdict("creation.fork").word == "not supported"


def test_several_results_count():
    run = creation()
    assert verdict("creation.ratio", run).word == verdict("creation.ratio", *run.values()).word


@pytest.mark.parametrize("bad", [None, 7, "fork"])
def test_a_result_that_is_none_is_refused(bad):
    with pytest.raises(TypeError, match="results="):
        verdict("creation.fork", bad)


def test_an_unknown_claim_is_refused():
    with pytest.raises(ValueError, match=r"Did you mean 'creation\.fork'"):
        verdict("creation.forks")
