"""The textbook's claims, the cited figures, and every branch of a verdict on made-up results."""

import math
import re
from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conclib.chapters import overview
from conclib.lab import catalogue
from conclib.results import DifferentMachines, Measurements, RecordError
from conclib.results.estimate import Estimate
from conclib.textbook import (
    ClaimVerdict,
    Reading,
    Spec,
    Verdict,
    cited_figure,
    claim,
    judge,
    load_cited,
    load_claims,
    verdict_of_claim,
    verdict_of_reading,
)
from conclib.textbook.cited import COLUMNS, parse_cited
from conclib.textbook.claims_file import parse_claims
from tests.made_up import OTHER_HOST, OTHER_RUNTIME, measurement

# Every claim of the textbook and the chapter that settles it, written down by hand.
HOMES = {
    "01": "process.own process.segments process.gap process.instance os.resume os.pcb",
    "02": "thread.shares thread.owns thread.access os.tcb",
    "03": "process.isolated",
    "04": "creation.fork creation.thread creation.ratio creation.steps",
    "05": "ipc.kernel ipc.copies threads.sync choose.independent choose.shared choose.coordination",
    "06": "corrupt.thread fate.process fate.thread",
    "07": "memory.process memory.thread memory.tables memory.count memory.vas",
    "08": "switch.process switch.thread switch.steps",
    "09": "choose.isolation choose.security choose.deploy choose.gil choose.cpu choose.runtimes",
    "10": "choose.many hybrid.server hybrid.prefork hybrid.threadpool prefork.flow pool.flow",
    "11": "model.1to1 model.Nto1 model.MtoN",
    "12": "interview",
}
MS, US = 1e6, 1e3


# The claims ----------------------------------------------------------------------------------
def test_every_claim_is_there_once_with_one_home():
    by_hand = [(name, home) for home, names in HOMES.items() for name in names.split()]
    assert len(by_hand) == 48
    assert sorted((item.id, item.home) for item in load_claims().values()) == sorted(by_hand)
    assert all(name == item.id for name, item in load_claims().items())
    assert {item.home for item in load_claims().values()} <= set(overview.planned())


def test_every_claim_is_told_in_whole_sentences():
    for item in load_claims().values():
        for text in (item.text, item.settled, item.half_truth, item.band_note):
            assert not text or (text.endswith(".") and text[0].isupper()), item.id
        assert item.text.count(". ") == 0, item.id


@pytest.mark.parametrize(
    "name, limits, text",
    [
        ("creation.fork", (1 * MS, 10 * MS), "1–10 ms"),
        ("creation.thread", (10 * US, 100 * US), "10–100 µs"),
        ("creation.ratio", (30, 300), "×30–300"),
        ("memory.process", (10 * 2**20, 100 * 2**20), "10–100 MB"),
        ("memory.thread", (1 * 2**20, 8 * 2**20), "1–8 MB"),
        ("switch.process", (1 * US, 10 * US), "1–10 µs"),
        ("switch.thread", (0.1 * US, 1 * US), "0.1–1 µs"),
    ],
)
def test_the_textbooks_bands(name, limits, text):
    assert claim(name).limits == pytest.approx(limits)
    assert claim(name).band_text == text
    assert all(reading.limits == claim(name).limits for reading in claim(name).readings)


def test_only_these_claims_have_a_band():
    with_band = {item.id for item in load_claims().values() if item.band}
    assert len(with_band) == 7
    assert claim("creation.steps").limits is None and claim("creation.steps").band_text == "–"


def test_chapter_04_reads_its_claims_as_the_probes_measure_them():
    read = {
        f"{item.id}/{reading.name}": " / ".join(map(str, reading.specs))
        for item in load_claims().values()
        if item.home == "04"
        for reading in item.readings
    }
    small, big = "fork(ballast_mb=0, timed=wait)", "fork(ballast_mb=256, pages=4k, timed=wait)"
    native, python = "pthread(timed=join)", "python_thread(timed=join)"
    assert read == {
        "creation.fork/small-call": "fork(ballast_mb=0, timed=call)",
        "creation.fork/small-whole": small,
        "creation.fork/big-call": "fork(ballast_mb=256, pages=4k, timed=call)",
        "creation.fork/big-whole": big,
        "creation.fork/huge-call": "fork(ballast_mb=256, pages=huge, timed=call)",
        "creation.fork/spawn": "python_spawn()",
        "creation.thread/native-call": "pthread(timed=call)",
        "creation.thread/native-whole": native,
        "creation.thread/python-call": "python_thread(timed=call)",
        "creation.thread/python-whole": python,
        "creation.ratio/small-whole": f"{small} / {native}",
        "creation.ratio/middle-whole": f"{big.replace('256', '64')} / {native}",
        "creation.ratio/big-whole": f"{big} / {native}",
        "creation.ratio/python": f"mp_fork() / {python}",
        "creation.ratio/spawn-in-python": f"mp_spawn() / {python}",
        "creation.steps/clone-dial": "clone()",
    }


def test_every_reading_names_a_probe_and_parameters_that_exist():
    for item in load_claims().values():
        for spec in [spec for reading in item.readings for spec in reading.specs]:
            known = catalogue()[spec.probe].params
            for name, value in spec.params.items():
                assert not known[name].choices or value in known[name].choices, f"{item.id}: {spec}"


def test_the_half_truths_are_put_right_with_the_verdict_and_not_before_it():
    told = {item.id for item in load_claims().values() if item.half_truth}
    assert told >= {"ipc.kernel", "corrupt.thread", "thread.shares", "os.tcb", "memory.process"}
    assert told >= {"model.Nto1", "model.MtoN", "process.gap", "fate.thread", "choose.runtimes"}
    task = claim("os.tcb")
    before, after = (
        verdict_of_claim(task, judged=judged)
        for judged in ({}, {"as-stated": Verdict("not supported", "equal records")})
    )
    for text in (repr(task), task._repr_html_(), repr(before), before._repr_html_()):
        assert "one kind of record" not in text
    for text in (repr(after), after._repr_html_()):
        assert "one kind of record" in text


def test_a_claim_is_shown_in_one_line_and_as_a_table_and_cannot_be_changed():
    fork = claim("creation.fork")
    assert repr(fork).startswith("creation.fork (chapter 04, textbook 1–10 ms): ")
    assert "\n" not in repr(fork)
    for text in ("1–10 ms", "a big parent (whole life)", "Settled in 04", "scope='row'"):
        assert text in fork._repr_html_()
    assert "30 to 300 times" in claim("creation.ratio")._repr_html_()
    with pytest.raises(FrozenInstanceError):
        fork.home = "05"
    with pytest.raises(TypeError):
        fork.readings[0].specs[0].params["ballast_mb"] = 1


def test_an_unknown_claim_or_reading_is_refused_with_the_nearest():
    with pytest.raises(ValueError, match=r"creation\.thread.*Did you mean 'creation\.fork'"):
        claim("creation.forc")
    with pytest.raises(ValueError, match="Did you mean 'big-call'"):
        claim("creation.fork").reading("big-cal")
    assert claim("creation.fork").reading("spawn").label == "a fresh Python (whole life)"
    assert repr(claim("switch.thread").reading("direct")).endswith(
        "not built yet, textbook 0.1–1 µs"
    )


GOOD = """
[[claim]]
id = "a.b"
home = "04"
text = "T."
settled = "S."
band = [1, 10]
unit = "ms"
readings = [{ name = "r", what = "a thing", probe = "fork", params = { ballast_mb = 0 } }]
"""


def test_the_example_that_is_spoilt_below_is_good():
    assert parse_claims(GOOD)["a.b"].readings[0].specs == (Spec("fork", {"ballast_mb": 0}),)


@pytest.mark.parametrize(
    "old, new, says",
    [
        ("[[claim]]", "[[claim", "not TOML"),
        ("[[claim]]", "[[claims]]", "unknown field `claims`"),
        ("[[claim]]", "x = 3\n[[claim]]", "unknown field `x`"),
        (GOOD, "claim = 3", "claim=3: Expected `array`, got `int`"),
        (GOOD, "claim = [3]", "claim[0]=3: Expected `object`, got `int`"),
        (GOOD, GOOD + GOOD, "id used twice: a.b"),
        (
            'home = "04"\n',
            "",
            "claim 'a.b': {'id': 'a.b', 'text': 'T.', 'settled': 'S.', 'band': [1, ...: Object "
            "missing required field `home`",
        ),
        ('"04"', '"4"', r"home='4': Expected `str` matching regex '^\\d\\d$'"),
        ('"04"', "4", "home=4: Expected `str`, got `int`"),
        ('"a.b"', '"ab"', "must look like"),
        ('"T."', '""', "text='': Expected `str` of length >= 1"),
        ('settled = "S."', 'settled = "S."\nsetled = "S."', "unknown field `setled`"),
        ('unit = "ms"\n', "", "go together"),
        ('"ms"', '"furlong"', "must be one of"),
        ("[1, 10]", "[10, 1]", "low then high"),
        ("[1, 10]", "[0, 1]", "two positive numbers"),
        ("[1, 10]", "[1, inf]", "two positive numbers"),
        ("[1, 10]", "[1, nan]", "two positive numbers"),
        ("[1, 10]", "[true, 10]", "band[0]=True: Expected `float`, got `bool`"),
        ("[1, 10]", "[1]", "band=[1]: Expected `array` of length 2, got 1"),
        ("[1, 10]", '"1-10"', "band='1-10': Expected `array | null`, got `str`"),
        ('name = "r", ', "", "Object missing required field `name`"),
        ("readings = [{", 'readings = [{ name = "r", what = "w" }, {', "reading used twice: r"),
        ('probe = "fork", ', "", "give probe"),
        ('probe = "fork", ', 'over = { probe = "fork" }, ', "give probe"),
        (
            "{ ballast_mb = 0 }",
            "{ ballast_mb = [0] }",
            "readings[0].params.ballast_mb=[0]: Expected `bool | int | float | str`",
        ),
        ("{ ballast_mb = 0 }", "0", "readings[0].params=0: Expected `object`, got `int`"),
        ("params =", 'pin = "two", params =', "pin='two': Invalid enum value"),
        ('probe = "fork", params = { ballast_mb = 0 }', 'pin = "one"', "give probe"),
        ('"ms"', '"×"', "needs over and under"),
        (
            'probe = "fork", params = { ballast_mb = 0 }',
            'over = { probe = "fork" }, under = { probe = "pthread" }',
            "unit is ×",
        ),
    ],
)
def test_a_malformed_claims_file_is_refused_and_the_message_names_the_place(old, new, says):
    assert old in GOOD
    with pytest.raises(RecordError, match=re.escape(says)):
        parse_claims(GOOD.replace(old, new, 1))


def test_a_ratio_needs_a_probe_on_both_sides_and_readings_are_not_empty():
    ratio = GOOD.replace('"ms"', '"×"').replace(
        'probe = "fork", params = { ballast_mb = 0 }', 'over = { probe = "fork" }, under = {}'
    )
    with pytest.raises(RecordError, match=r"under=\{\}: Object missing required field `probe`"):
        parse_claims(ratio)
    with pytest.raises(RecordError, match=r"readings=\[\]: Expected `array` of length >= 1"):
        parse_claims(GOOD.split("readings", maxsplit=1)[0] + "readings = []")


# The cited figures ---------------------------------------------------------------------------
def test_every_cited_figure_is_complete_and_says_what_was_opened():
    assert len(load_cited()) == len({item.id for item in load_cited()}) > 40
    for item in load_cited():
        assert item.opened == "yes" or item.opened.startswith("as quoted in "), item.id
        assert (item.ns is None) == (item.unit in ("×", "kB", "MB", "GB", "ms/GB")), item.id
        assert item.year is None or 1990 <= item.year <= 2026, item.id
        assert item.text in repr(item) and item.condition in repr(item), item.id


FIRST_TAGS = (
    *("fork.call", "fork.whole", "fork.big", "fork.per_gb", "spawn"),
    *("thread.call", "thread.whole", "switch.process", "switch.thread", "blink"),
)


@pytest.mark.parametrize("tag", FIRST_TAGS)
def test_every_quantity_of_the_first_chapters_has_cited_figures(tag):
    assert load_cited(tag)
    assert all(tag in item.tags for item in load_cited(tag))
    assert (tag == "fork.per_gb") == all(item.ns is None for item in load_cited(tag))


def test_a_cited_figure_keeps_its_digits_and_has_a_short_label():
    skylake = cited_figure("lemire-skylake")
    assert (skylake.label, skylake.text, skylake.ns) == ("Lemire 2020", "9,000 ns", 9_000)
    assert cited_figure("redis-ec2").label == "Redis"
    assert cited_figure("redis-kvm-per-gb").text == "23.3 ms/GB"
    assert cited_figure("d-fork-small").text == "60 µs"
    assert "as quoted in" in repr(cited_figure("blink-short"))


def test_an_unknown_tag_or_figure_is_refused_with_the_nearest():
    with pytest.raises(ValueError, match=r"Did you mean 'fork\.call'"):
        load_cited("fork.cal")
    with pytest.raises(ValueError, match="Did you mean 'lemire-rome'"):
        cited_figure("lemire-rom")


HEAD = ",".join(COLUMNS) + "\n"
ROW = 'a,2,us,fork,old,1999,"Who, What, http://x.org/a",yes,fork.call one\n'


def test_the_row_that_is_spoilt_below_is_good():
    assert parse_cited(HEAD + ROW)["a"].tags == ("fork.call", "one")
    assert parse_cited(HEAD + ROW.replace("1999", ""))["a"].year is None


@pytest.mark.parametrize(
    "text, says",
    [
        ("", "columns must be"),
        (HEAD.replace("year", "when") + ROW, "columns must be"),
        (HEAD + ROW + ROW, "id used twice: a"),
        (HEAD + ROW.replace(",fork.call one", ""), "9 fields"),
        (HEAD + ROW.replace("one", "one,more"), "9 fields"),
        (HEAD + ROW.replace("fork.call one", " "), "tags must not be empty"),
        (HEAD + ROW.replace(",old,", ",,"), "condition must not be empty"),
        (HEAD + ROW.replace(",2,", ",-2,"), "value=-2.0: must be a number above 0"),
        (HEAD + ROW.replace(",2,", ",nan,"), "value=nan: must be a number above 0"),
        (HEAD + ROW.replace(",2,", ",two,"), "value='two': Expected `float`"),
        (HEAD + ROW.replace(",us,", ",miles,"), "unit='miles': unit must be one of: ns, "),
        (HEAD + ROW.replace("1999", "99"), "year=99: year must be a whole number from 1,950"),
        (HEAD + ROW.replace("yes", "no"), "opened='no': must be"),
        (HEAD + ROW.replace("http://x.org/a", "a book"), "an address"),
        (HEAD + ROW.replace("Who, What,", ""), "source must be who"),
        (HEAD + 'a,"b"c,\n', "not a table"),
    ],
)
def test_a_malformed_table_of_figures_is_refused_and_the_message_names_the_place(text, says):
    with pytest.raises(RecordError, match=re.escape(says)):
        parse_cited(text)


# One interval against one band ---------------------------------------------------------------
FEW = "few samples (7)"
WIDE = "interval wider than ±10 % of the median"
BAND = (100.0, 1000.0)


def found(interval, doubts=()) -> Estimate:
    """Return what was measured, as a verdict needs it."""
    return Estimate(interval and sum(interval) / 2, interval, doubts=tuple(doubts))


@pytest.mark.parametrize(
    "interval, unstable, word, where, says",
    [
        ((200, 300), (), "supported", "", "inside the band"),
        ((100, 1000), (), "supported", "", "inside the band"),
        ((500, 500), (), "supported", "", "inside the band"),
        ((200, 300), (WIDE,), "supported", "", "inside the band"),
        ((200, 300), (FEW,), "inconclusive", "", "inside the band, but in doubt: few samples"),
        ((99.9, 300), (), "inconclusive", "", "crosses the lower edge"),
        ((1, 100), (), "inconclusive", "", "crosses the lower edge"),
        ((900, 1000.1), (), "inconclusive", "", "crosses the upper edge"),
        ((1000, 9000), (), "inconclusive", "", "crosses the upper edge"),
        ((50, 2000), (), "inconclusive", "", "crosses both edges"),
        ((50, 2000), (FEW,), "inconclusive", "", "crosses both edges of the band; few samples"),
        ((60, 99.9), (), "inconclusive", "below", "below the band, but within a factor of two"),
        ((1, 50), (), "inconclusive", "below", "within a factor of two"),
        ((1, 49.9), (), "not supported", "below", "below the band by a factor of 2 or more"),
        ((1, 2), (WIDE,), "not supported", "below", "by a factor of 50 or more"),
        ((0, 0), (), "not supported", "below", "at nothing measurable"),
        ((1000.1, 1500), (), "inconclusive", "above", "above the band, but within"),
        ((2000, 9000), (), "inconclusive", "above", "within a factor of two"),
        ((2000, 9000), (FEW,), "inconclusive", "above", "within a factor of two; few samples"),
        ((2001, 9000), (), "not supported", "above", "above the band by a factor of 2 or more"),
        ((5000, 9000), (FEW,), "inconclusive", "above", "factor of 5 or more, but in doubt: few"),
        ((10_000, 10_001), (FEW,), "inconclusive", "above", "but in doubt"),
        ((10_001, 11_000), (FEW,), "not supported", "above", "too far for a doubt to matter"),
        ((1, 9.9), (FEW,), "not supported", "below", "too far for a doubt to matter (few"),
        (None, (), "inconclusive", "", "there is no interval"),
        (None, (FEW, "no interval: fewer than six values"), "inconclusive", "", "few samples (7);"),
    ],
)
def test_every_branch_of_a_verdict(interval, unstable, word, where, says):
    verdict = judge(found(interval, unstable), BAND)
    assert (verdict.word, verdict.where) == (word, where)
    assert says in verdict.sentence
    assert repr(verdict) == f"{word}: {verdict.sentence}"


@pytest.mark.parametrize(
    "interval, band, says",
    [
        ((2, 1), BAND, "interval="),
        ((-1, 1), BAND, "interval="),
        ((1, math.nan), BAND, "interval="),
        ((1, math.inf), BAND, "interval="),
        ((1, 2), (10, 1), "band="),
        ((1, 2), (0, 1), "band="),
        (None, (math.nan, 1), "band="),
    ],
)
def test_an_impossible_interval_or_band_is_refused(interval, band, says):
    with pytest.raises(ValueError, match=says):
        judge(found(interval), band)


@pytest.mark.parametrize("word, where", [("maybe", ""), ("supported", "left")])
def test_a_verdict_knows_its_words(word, where):
    with pytest.raises(ValueError, match="must be one of"):
        Verdict(word, "why", where)


WHOLE = st.integers(1, 10**6)  # whole numbers: scaling them is exact, so edges stay edges
PAIRS = st.tuples(WHOLE, WHOLE).map(sorted).map(tuple)
DOUBTS = st.lists(st.sampled_from([FEW, WIDE]), max_size=2)


@given(PAIRS, PAIRS, WHOLE, DOUBTS)
def test_the_same_in_another_unit_has_the_same_verdict(interval, band, factor, doubts):
    def scaled(ends):
        return ends[0] * factor, ends[1] * factor

    assert judge(found(interval, doubts), band) == judge(
        found(scaled(interval), doubts), scaled(band)
    )


@given(PAIRS, PAIRS, DOUBTS)
def test_support_and_its_denial_mean_what_they_say(interval, band, doubts):
    verdict = judge(found(interval, doubts), band)
    inside = band[0] <= interval[0] and interval[1] <= band[1]
    clear = interval[1] * 2 < band[0] or band[1] * 2 < interval[0]
    assert (verdict.word == "supported") == (inside and FEW not in doubts)
    assert verdict.word != "not supported" or clear
    assert not clear or verdict.word == "not supported" or FEW in doubts


# A reading against measurements --------------------------------------------------------------
def measured(low, high, probe="fork", **fields):
    """Return a steady measurement of three workers whose net interval is ``low`` to ``high`` ns."""
    run = [low + 10] * 20 + [high + 10] * 20
    return measurement(run, run, run, probe=probe, **fields)


def small(low, high, timed="call", **fields):
    return measured(low, high, params={"ballast_mb": 0, "pages": "4k", "timed": timed}, **fields)


def thread(low, high, **fields):
    return measured(low, high, probe="pthread", params={"timed": "join"}, **fields)


SMALL_CALL = claim("creation.fork").reading("small-call")
RATIO = claim("creation.ratio").reading("small-whole")


def test_a_made_up_measurement_has_the_interval_it_was_made_for():
    assert measured(1000, 1010).net_interval == (1000, 1010)
    assert measured(1000, 1010).unstable == ()


def test_a_reading_is_judged_by_the_measurement_that_fits_exactly():
    wrong = [
        small(2 * MS, 3 * MS, timed="wait"),
        measured(2 * MS, 3 * MS, params={"ballast_mb": 256, "pages": "4k", "timed": "call"}),
        measured(2 * MS, 3 * MS, params={"timed": "call"}),
        measured(2 * MS, 3 * MS, "posix_spawn", params={"ballast_mb": 0, "timed": "call"}),
    ]
    row = verdict_of_reading(SMALL_CALL, wrong)
    assert (row.word, row.interval) == ("not settled yet", None)
    assert (
        repr(row.verdict) == 'not settled yet: run cl.measure("fork", ballast_mb=0, timed="call")'
    )
    row = verdict_of_reading(SMALL_CALL, [*wrong, small(2 * MS, 3 * MS)])
    assert (row.word, row.measured_text) == ("supported", "2.00–3.00 ms")
    assert row.cells[3] == "measured here"


def test_a_reading_without_probe_or_band_says_which_chapter_settles_it():
    switch = claim("switch.process").reading("direct")
    assert repr(verdict_of_reading(switch, []).verdict) == "not settled yet: chapter 08"
    dial = claim("creation.steps").reading("clone-dial")
    clone = measured(1000, 1010, "clone", params={})
    assert repr(verdict_of_reading(dial, [clone]).verdict) == "not settled yet: chapter 04"


def test_live_comes_before_recorded_and_the_latest_before_earlier_ones():
    first, latest = small(2 * MS, 3 * MS), small(20.1 * MS, 21 * MS)
    recorded = small(0.1 * MS, 0.2 * MS, source="recorded", date="2026-01-02")
    assert verdict_of_reading(SMALL_CALL, [first, latest, recorded]).word == "not supported"
    assert verdict_of_reading(SMALL_CALL, [latest, recorded, first]).word == "supported"
    labelled = Measurements({"a": latest, "b": first})
    assert verdict_of_reading(SMALL_CALL, labelled).word == "supported"
    row = verdict_of_reading(SMALL_CALL, [recorded])
    assert row.origins == (recorded.origin,) and "2026-01-02" in repr(row)


def test_doubts_about_the_number_count_and_circumstances_are_told():
    few = measurement([2 * MS] * 7, params=small(1, 1).params)
    assert verdict_of_reading(SMALL_CALL, [few]).word == "inconclusive"
    none = measurement([2 * MS] * 3, params=small(1, 1).params)
    assert "no interval" in verdict_of_reading(SMALL_CALL, [none]).verdict.sentence
    nothing = measurement([5.0] * 40, params=small(1, 1).params)
    assert "below resolution" in verdict_of_reading(SMALL_CALL, [nothing]).verdict.sentence
    apart = measurement([2 * MS] * 30, [4 * MS] * 30, params=small(1, 1).params)
    assert "disagree" in verdict_of_reading(SMALL_CALL, [apart]).verdict.sentence
    two = measurement([2 * MS, 3 * MS, 2.01 * MS, 3.01 * MS] * 20, params=small(1, 1).params)
    assert "two groups" in verdict_of_reading(SMALL_CALL, [two]).verdict.sentence
    wide = small(2 * MS, 4 * MS)
    assert any("wider" in doubt for doubt in wide.unstable)
    assert verdict_of_reading(SMALL_CALL, [wide]).word == "supported"
    busy = verdict_of_reading(SMALL_CALL, [small(2 * MS, 3 * MS, notes=("the machine was busy",))])
    assert (busy.word, busy.cells[3]) == ("supported", "measured here *")
    assert busy.notes == ("the machine was busy",)


@pytest.mark.parametrize(
    "fork, word, text",
    [
        ((1800 * US, 1900 * US), "supported", "×86 – ×95"),
        ((100 * US, 105 * US), "not supported", "×4.76 – ×5.25"),
        ((20_000 * US, 21_000 * US), "not supported", "×950 – ×1,000"),
        ((500 * US, 700 * US), "inconclusive", "×24 – ×35"),
    ],
)
def test_a_ratio_is_judged_by_the_widest_that_both_intervals_allow(fork, word, text):
    row = verdict_of_reading(RATIO, [small(*fork, timed="wait"), thread(20 * US, 21 * US)])
    assert (row.word, row.measured_text) == (word, text)


def test_a_ratio_needs_both_halves_and_says_which_half_is_in_doubt():
    whole = small(2 * MS, 2.1 * MS, timed="wait")
    row = verdict_of_reading(RATIO, [whole])
    assert repr(row.verdict) == 'not settled yet: run cl.measure("pthread", timed="join")'
    both = verdict_of_reading(RATIO, []).verdict.sentence
    fork = 'cl.measure("fork", ballast_mb=0, timed="wait")'
    assert both == f'run {fork} and cl.measure("pthread", timed="join")'
    few = measurement([20 * US] * 7, probe="pthread", params={"timed": "join"})
    row = verdict_of_reading(RATIO, [whole, few])
    assert (row.word, "pthread: few samples (7)" in row.verdict.sentence) == ("inconclusive", True)
    below = measurement([5.0] * 40, probe="pthread", params={"timed": "join"})
    row = verdict_of_reading(RATIO, [whole, below])
    assert (row.word, row.interval) == ("inconclusive", None)


def test_a_ratio_is_never_made_across_machines():
    here, there = thread(20 * US, 21 * US), thread(20 * US, 21 * US, host=OTHER_HOST)
    whole = small(2 * MS, 2.1 * MS, timed="wait")
    with pytest.raises(DifferentMachines):
        verdict_of_reading(RATIO, [whole, there])
    row = verdict_of_reading(RATIO, [whole, here, there])  # the latest does not fit: not taken
    assert (row.word, row.origins) == ("supported", ("measured here",))


def test_a_ratio_prefers_one_python_and_one_pin_and_says_where_it_has_neither():
    whole = small(2 * MS, 2.1 * MS, timed="wait")
    freed = thread(20 * US, 21 * US, runtime=OTHER_RUNTIME)
    pinned = thread(20 * US, 21 * US, conditions={"pinned": 0})
    like = thread(30 * US, 31 * US)
    row = verdict_of_reading(RATIO, [whole, like, freed, pinned])  # the latest two are unlike it
    assert row.interval == pytest.approx((2000 / 31, 2100 / 30), rel=0.01) and row.notes == ()
    row = verdict_of_reading(RATIO, [whole, freed])
    assert row.word == "supported" and row.origins == (
        "measured here under CPython 3.11.7",
        f"measured here under {OTHER_RUNTIME.label}",
    )
    row = verdict_of_reading(RATIO, [whole, pinned])
    assert row.notes == ("only one of the two was kept on one CPU",)
    assert row.origins == ("measured here",)


@pytest.mark.parametrize(
    ("pin", "bounds", "call"),
    [
        ("", 3, 'cl.measure("fork", ballast_mb=0)'),
        ("one", 5, 'cl.measure("fork", ballast_mb=0, cpu="one")'),
        ("none", 3, 'cl.measure("fork", ballast_mb=0)'),
    ],
)
def test_a_reading_that_names_a_pin_is_judged_by_what_was_pinned_so(pin, bounds, call):
    named = GOOD.replace("params =", f'pin = "{pin}", params =') if pin else GOOD
    (reading,) = parse_claims(named)["a.b"].readings
    free, pinned = small(3 * MS, 3 * MS), small(5 * MS, 5 * MS, conditions={"pinned": 1})
    assert reading.specs[0].call == call
    row = verdict_of_reading(reading, [pinned, free])
    assert row.interval == pytest.approx((bounds * MS, bounds * MS))
    other = free if pin == "one" else pinned
    assert (verdict_of_reading(reading, [other]).word == "not settled yet") == bool(pin)


def test_sizes_are_shown_as_sizes():
    reading = Reading("r", "a thing", unit="MB", band=(1, 8))
    row = replace(verdict_of_reading(reading, []), interval=(2**20, 3 * 2**20))
    assert row.measured_text == "1.00–3.00 MB"


# A claim -------------------------------------------------------------------------------------
def fork(ballast, low, high, timed="call", pages="4k", **fields):
    params = {"ballast_mb": ballast, "pages": pages, "timed": timed}
    return measured(low * MS, high * MS, params=params, **fields)


FORKS = [
    fork(0, 0.1, 0.11),
    fork(0, 0.3, 0.31, "wait"),
    fork(256, 4, 4.1),
    fork(256, 8, 8.1, "wait"),
    fork(256, 0.9, 1.1, pages="huge"),
    measured(30 * MS, 31 * MS, "python_spawn", params={}),
]


def test_a_claim_whose_readings_disagree_depends_and_says_on_what():
    verdict = verdict_of_claim(claim("creation.fork"), FORKS)
    assert verdict.word == "depends"
    assert verdict.sentence == (
        "On this machine it depends: supported for a big parent (call, whole life); not supported "
        "for a small parent (call, whole life) (below the band); not supported for a fresh Python "
        "(whole life) (above the band); inconclusive for a big parent in huge pages (call)."
    )
    words = [row.word for row in verdict.rows]
    assert words == ["not supported"] * 2 + ["supported"] * 2 + ["inconclusive", "not supported"]


@pytest.mark.parametrize(
    "items, word, sentence",
    [
        (FORKS[2:4], "supported", "supported for a big parent (call, whole life)."),
        (FORKS[:1], "not supported", "not supported for a small parent (call) (below the band)."),
        (FORKS[4:5], "inconclusive", "inconclusive for a big parent in huge pages (call)."),
    ],
)
def test_a_claim_whose_settled_readings_agree_has_their_word(items, word, sentence):
    verdict = verdict_of_claim(claim("creation.fork"), items)
    assert verdict.word == word
    assert verdict.sentence.startswith(f"On this machine: {sentence} Not measured yet: a ")


def test_three_things_are_listed_with_commas_and_an_and():
    verdict = verdict_of_claim(claim("creation.fork"), FORKS[2:3])
    assert verdict.sentence.endswith(
        "Not measured yet: a small parent (call, whole life), a big parent (whole life), "
        "a big parent in huge pages (call) and a fresh Python (whole life)."
    )


@pytest.mark.parametrize("name", ["memory.process", "process.own", "creation.steps"])
def test_a_claim_with_nothing_measured_names_its_chapter(name):
    verdict = verdict_of_claim(claim(name))
    assert verdict.word == "not settled yet"
    assert verdict.sentence == f"Chapter {claim(name).home} settles it."


def test_a_chapter_may_judge_by_what_happened():
    seen = Verdict("supported", "the segfault ended all threads")
    verdict = verdict_of_claim(claim("fate.thread"), judged={"as-stated": seen})
    assert verdict.word == "supported"
    assert verdict.sentence == "On this machine: supported as it stands."
    denied = Verdict("not supported", "they went on")
    verdict = verdict_of_claim(claim("fate.thread"), judged={"as-stated": denied})
    assert verdict.sentence == "On this machine: not supported as it stands."
    with pytest.raises(ValueError, match="as-stated"):
        verdict_of_claim(claim("fate.thread"), judged={"as-sated": seen})


def test_a_claim_says_whether_its_evidence_was_recorded():
    old = {"source": "recorded", "date": "2026-01-02", "host": OTHER_HOST}
    recorded, live = fork(256, 4, 4.1, **old), FORKS[3]
    for items, start in [
        ([recorded], "By recorded runs: supported"),
        ([recorded, live], "By live and recorded runs together: supported"),
    ]:
        assert verdict_of_claim(claim("creation.fork"), items).sentence.startswith(start)


def test_a_verdict_is_shown_as_a_table_and_as_text():
    verdict = verdict_of_claim(claim("creation.fork"), FORKS)
    html, text = verdict._repr_html_(), repr(verdict)
    for name in ("reading", "textbook", "measured", "where", "verdict"):
        assert f"<th scope='col' style='text-align:left'>{name}</th>" in html
    assert html.count("<tr>") == 1 + 6 and len(text.splitlines()) == 1 + 6
    for shown in (html, text):
        assert "4.00–4.10 ms" in shown and "a big parent (whole life)" in shown
        assert verdict.sentence in shown


def test_one_reading_is_not_called_readings():
    many = verdict_of_claim(claim("creation.fork"), FORKS)
    assert "6 readings of this sentence, one by one" in many._repr_html_()
    one = replace(many, rows=many.rows[:1])._repr_html_()
    assert "What was measured" in one and "readings" not in one


def test_what_a_table_shows_is_escaped():
    sharp = replace(claim("creation.fork"), text="<script>", half_truth="a & b")
    html = ClaimVerdict(sharp, verdict_of_claim(sharp, FORKS).rows)._repr_html_()
    assert "<script>" not in html and "&lt;script&gt;" in html and "a &amp; b" in html
