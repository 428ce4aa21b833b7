"""Claims judged from the facts of an observation: made up, and of a real process's memory."""

import json
from dataclasses import replace

import pytest

from conclib import lab, results
from conclib.lesson.judging import verdicts as lesson_verdicts
from conclib.lesson.store import kept
from conclib.results import Observation, RecordError, recordings
from conclib.textbook import claim_verdicts, judging_claims, verdicts
from conclib.textbook.claims_file import parse_claims
from tests import made_up

HEAD = '[[claim]]\nid = "process.regions"\nhome = "01"\ntext = "t"\nsettled = "s"\n'
BAND = HEAD + 'band = [4, 16]\nunit = "MB"\n'
READING = '[[claim.readings]]\nname = "asked"\nwhat = "what was asked for"\nprobe = "memory_map"\n'
ASKED = READING + 'fact = "sizes.asked"\n'
RIGHTS = READING + 'fact = "rights"\nequals = "rw-p"\n'


def observed(**facts) -> Observation:
    """Return an observation with these facts."""
    return Observation(
        "memory_map", "t", {"asked_mb": 8}, made_up.HOST, made_up.RUNTIME, facts, date="2026-11-24"
    )


def verdict(text: str, *items: object) -> claim_verdicts.ClaimVerdict:
    """Return the verdict on the claim in a text."""
    return judging_claims.verdict_of_claim(parse_claims(text)["process.regions"], items)


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (8, verdicts.SUPPORTED),
        (8.0, verdicts.SUPPORTED),
        (4, verdicts.SUPPORTED),
        (17, verdicts.INCONCLUSIVE),
        (33, verdicts.NOT_SUPPORTED),
        (1, verdicts.NOT_SUPPORTED),
        (True, verdicts.INCONCLUSIVE),
        ("8", verdicts.INCONCLUSIVE),
    ],
)
def test_a_number_is_held_against_the_claims_band(value, word):
    found = verdict(BAND + ASKED, observed(sizes={"asked": value}))
    assert found.word == word
    if word == verdicts.SUPPORTED:
        assert found.rows[0].measured_text == f"{value:.2f} MB"
        assert found.rows[0].origins == ("observed here",)
        assert found.sentence.startswith("On this machine")


@pytest.mark.parametrize(
    ("value", "word", "why"),
    [
        ("rw-p", verdicts.SUPPORTED, "rights is 'rw-p'"),
        (None, verdicts.INCONCLUSIVE, "rights could not be read"),
        ("r--p", verdicts.NOT_SUPPORTED, "rights is 'r--p', not 'rw-p'"),
        (1, verdicts.NOT_SUPPORTED, "rights is 1, not 'rw-p'"),
    ],
)
def test_what_must_be_equal_is_or_is_not(value, word, why):
    (row,) = verdict(HEAD + RIGHTS, observed(rights=value)).rows
    assert (row.word, row.verdict.sentence, row.interval) == (word, why, None)


def test_a_fact_that_is_not_there_decides_nothing():
    (row,) = verdict(BAND + ASKED, observed(sizes={})).rows
    assert row.word == verdicts.INCONCLUSIVE and "has no 'asked'" in row.verdict.sentence


def test_without_an_observation_it_says_what_to_observe():
    timed = made_up.measurement([5.0] * 9, probe="memory_map")
    (row,) = verdict(BAND + ASKED, timed).rows
    assert row.word == verdicts.PENDING and row.verdict.sentence == 'run cl.observe("memory_map")'


def test_live_counts_before_recorded_and_a_recording_says_so():
    recorded = replace(observed(sizes={"asked": 99}), source="recorded")
    assert verdict(BAND + ASKED, observed(sizes={"asked": 8}), recorded).word == "supported"
    (row,) = verdict(BAND + ASKED, recorded).rows
    assert row.origins[0].startswith("recorded on Linux 6.1")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD + ASKED, "fact needs equals, or a claim with a band, and not both"),
        (BAND + RIGHTS, "fact needs equals, or a claim with a band, and not both"),
        (HEAD + READING + "equals = 3\n", "equals needs a fact"),
        (BAND + '[[claim.readings]]\nname = "a"\nwhat = "b"\nfact = "x"\n', "fact needs a probe"),
        (
            HEAD + READING + 'fact = "x"\nequals = [1]\n',
            "equals=.1.: Expected `bool | int | float | str`, got `array`",
        ),
        (HEAD + READING + 'fact = ""\nequals = 1\n', "fact='': Expected `str` of length >= 1"),
    ],
)
def test_a_slip_in_the_file_is_refused(text, words):
    with pytest.raises(RecordError, match=words):
        parse_claims(text)


def test_a_recorded_memory_map_is_loaded():
    item = recordings.find(Observation, "memory_map", {"asked_mb": 8})
    assert item.source == "recorded" and item.facts["sizes"]["asked"] == 8.0
    assert recordings.find(Observation, "memory_map", {"asked_mb": 9}) is None


def test_where_nothing_can_be_observed_the_recording_is_judged_and_says_so(nowhere):
    item = lab.observe("memory_map")
    found = verdict(BAND + ASKED, item)
    assert found.word == verdicts.SUPPORTED
    assert found.rows[0].origins[0].startswith("recorded on ")
    assert any(note.startswith("not observed here") for note in item.notes)


@pytest.mark.worker
def test_a_live_processs_regions_are_observed_kept_loaded_back_and_judged(home, tmp_path):
    item = lab.observe("memory_map", asked_mb=8)
    kinds = {region["kind"] for region in item.facts["regions"]}
    assert {"text", "data", "heap", "stack", "anonymous", "asked"} <= kinds
    asked = [region for region in item.facts["regions"] if region["kind"] == "asked"]
    assert [region["end"] - region["start"] for region in asked] == [8 * 2**20]
    assert [region["perms"] for region in asked] == ["rw-s"]
    assert not any("/" in region["path"] for region in item.facts["regions"])
    starts = [region["start"] for region in item.facts["regions"]]
    assert starts == sorted(starts)
    assert kept.observations("memory_map") == [item]
    (tmp_path / "one.json").write_text(json.dumps(item.to_json()))
    loaded = results.load(tmp_path / "one.json")
    assert verdict(BAND + ASKED, loaded).word == verdicts.SUPPORTED
    assert lesson_verdicts.gathered([]) == [item]
