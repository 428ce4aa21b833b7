"""The campaign of faults: that it sees what goes wrong, and that a few runs of it come as promised.

``make soak`` does hundreds; here are as many as there are kinds of faults.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from benchmarks import soak
from tests.conftest import TOKEN
from tests.soak import __main__ as command
from tests.soak import campaign, outcomes
from tests.soak.__main__ import FAULTS
from tests.soak.campaign import Tally
from tests.soak.outcomes import Fault, Wrong

ROOT = Path(__file__).parent.parent


def provoke(what, token: str) -> list[str]:
    """Return what one run of a made-up fault is found to have done wrong."""
    return campaign.one(Fault("made up", "0", what), Random(1), token)


@pytest.fixture
def token(pytestconfig: pytest.Config) -> str:
    """What stands in the environment of all that this session starts."""
    return pytestconfig.stash[TOKEN]


@pytest.mark.slow
def test_a_run_that_comes_as_promised_has_nothing_wrong(token):
    assert provoke(lambda chance: None, token) == []


@pytest.mark.slow
def test_an_outcome_that_was_not_promised_is_seen(token):
    def other(chance: Random) -> None:
        with outcomes.raises(ValueError, "seven"):
            raise ValueError("eight")

    def none(chance: Random) -> None:
        with outcomes.raises(ValueError):
            pass

    assert provoke(other, token) == ["Wrong: ValueError: eight"]
    assert provoke(none, token) == ["Wrong: no ValueError"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", [LookupError, SystemExit])
def test_so_is_an_error_that_nobody_foresaw(token, kind):
    def fails(chance: Random) -> None:
        raise kind("odd")

    assert provoke(fails, token) == [f"{kind.__name__}: {'odd'!r}".replace("'odd'", "odd")]


def test_stop_ends_the_campaign(token):
    begun = []

    def fault(chance: Random) -> None:
        begun.append(chance)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        campaign.run([Fault("made up", "0", fault)], 3, 1, token, lambda *_: None)
    assert len(begun) == 1


@pytest.mark.worker
def test_what_is_left_behind_is_seen_and_a_process_is_ended(token, monkeypatch):
    monkeypatch.setattr(campaign, "GONE", 0.05)
    path, children = Path(tempfile.gettempdir(), "left"), []

    def leaves(chance: Random) -> None:
        path.write_text("")
        children.append(subprocess.Popen(["/bin/sleep", "600"]))

    found = provoke(leaves, token)
    path.unlink()
    assert "left: temporary entry: left" in found
    assert any(each.startswith("left: process:") and each.endswith("sleep") for each in found)
    children[0].returncode = -9  # collected by the campaign


def test_growth_and_descriptors_are_held_against_when_it_had_settled():
    steady = Tally("root", 1, memory=[5.0] * 10 + [80.0] * 200, descriptors=[6] * 210)
    assert steady.flat
    grown = Tally("root", 1, memory=[float(mb) for mb in range(200)], descriptors=[6] * 200)
    assert grown.growth == 100.0
    assert not grown.flat
    assert not Tally("root", 1, memory=[1.0] * 200, descriptors=[6] * 199 + [7]).flat


@pytest.mark.slow
def test_a_result_is_kept_as_json_and_read_back(tmp_path, monkeypatch):
    tally = Tally("root", 1, memory=[1.0], descriptors=[6])
    tally.runs["a fault"] += 1
    monkeypatch.setattr(campaign, "run", lambda *given: tally)
    monkeypatch.setattr(sys, "argv", ["soak", "1", "--save", str(tmp_path / "kept.json")])
    for name in ("TMPDIR", "CONCLIB_HOME"):
        monkeypatch.setenv(name, os.environ[name])
    monkeypatch.setattr(tempfile, "tempdir", tempfile.tempdir)
    assert command.main() == 0
    kept = json.loads((tmp_path / "kept.json").read_text())
    assert kept["runs"] == {"a fault": 1} and kept["user"] == "root"
    assert kept["flat"] is True


@pytest.mark.parametrize("change", [{}, {"flat": False}, {"wrong": {"a fault": ["run 1: odd"]}}])
def test_a_caller_that_grew_is_named_and_fails_like_a_wrong_run(change, monkeypatch, capsys):
    tally = {
        "user": "root", "seed": 1, "runs": {}, "wrong": {}, "memory": [1.0], "descriptors": [6],
        "flat": True, **change,
    }  # fmt: skip
    sections = []
    monkeypatch.setattr(soak, "commands", lambda: [["python"]])
    monkeypatch.setattr(soak, "campaign", lambda *given: tally)
    monkeypatch.setattr(soak, "update", sections.append)
    monkeypatch.setattr(sys, "argv", ["soak"])
    assert soak.main() == (1 if change else 0)
    assert sections == [capsys.readouterr().out.removesuffix("\n")]
    assert sections[0].endswith("**not flat**.\n" if "flat" in change else "6 descriptors: flat.\n")


@pytest.mark.slow
def test_chance_is_the_seeds_alone(token):
    def drawn() -> list[str]:
        seen = []
        faults = [Fault(name, "0", lambda chance: seen.append(chance.random())) for name in "ab"]
        campaign.run(faults, 6, 7, token, lambda *_: None)
        return seen

    assert drawn() == drawn()


def test_every_kind_of_fault_has_a_name_of_its_own():
    assert max(Counter(fault.name for fault in FAULTS).values()) == 1


@pytest.mark.slow
@pytest.mark.worker
@pytest.mark.sweep
def test_each_kind_of_fault_once():
    done = subprocess.run(
        [sys.executable, "-m", "tests.soak", str(len(FAULTS)), "5"],
        capture_output=True, text=True, cwd=ROOT, env={**os.environ}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(FAULTS)} of {len(FAULTS)} as promised" in done.stdout


def test_the_section_counts_what_was_wrong():
    name = FAULTS[0].name
    tally = {
        "user": "root", "seed": 3, "runs": {name: 9}, "wrong": {name: ["run 4: odd"]},
        "memory": [60.0, 61.0], "descriptors": [6, 6], "flat": True,
    }  # fmt: skip
    text = soak.section([tally, {**tally, "user": "an ordinary user"}], "Linux", "2026-01-02")
    assert text.startswith(soak.HEADING)
    assert f"| {name} | {FAULTS[0].rows} | 9 | 9 | 2 |" in text
    assert "| **all** | | 18 | 2 |" not in text
    assert "| **all** | | 9 | 9 | 2 |" in text
    assert "60 MB resident after the first run, 61 MB after the last; 6 descriptors" in text


def test_the_wrong_error_is_told_with_its_words():
    with pytest.raises(Wrong, match="TypeError: other"), outcomes.raises(TypeError, "this"):
        raise TypeError("other")
