"""Chapter 07: what settles its choices and claims, the rent, how many fit, exercises and panel."""

import html
import re
import threading
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from conclib import lab
from conclib.chapters import ch07_memory as memory
from conclib.chapters.ch07_memory import (
    clickable,
    climbing,
    fits,
    holders,
    judges,
    panel,
    pictures,
    practice,
    renting,
    rules,
    steps,
)
from conclib.chapters.ch07_memory.holders import Part
from conclib.inspecting import ceilings
from conclib.inspecting.ceilings import Ceiling
from conclib.lab import resources
from conclib.lab.resources import TooMuch
from conclib.lesson import texts
from conclib.lesson.asking.choices import choose
from conclib.lesson.asking.practice import practise
from conclib.lesson.judging import settle
from conclib.lesson.judging.verdicts import verdict
from conclib.lesson.showing.looked import Looked
from conclib.lesson.showing.pages import case_file, glossary
from conclib.probes import _rent_model
from conclib.results import Cancelled, Observation
from tests.browser import FLAGS, chromium, need_chromium
from tests.chapters import answers
from tests.lesson_fonts import open_fonts
from tests.made_up import HOST, RUNTIME, around
from tests.panels import open_widgets, read_aloud


@pytest.fixture(scope="module", autouse=True)
def fonts():
    """Let matplotlib open its fonts before a test counts open files: it never closes them."""
    open_fonts()


def told(probe: str, params: dict[str, Any] | None = None, **facts: Any) -> Observation:
    """Return a made-up observation with all of the probe's parameters."""
    complete = lab.catalogue()[probe].complete(params or {})
    return Observation(probe, "t", complete, HOST, RUNTIME, facts)


# Exercises --------------------------------------------------------------------------------------
WRONG = {
    "workers": [(6, "rss"), (5, "rss"), (33, "pss"), (28, "pss"), (100, "twice"), (85.0, None)],
    "small-stacks": [(126, "same"), (128, "same"), (4096, "empty"), (8000, "memory"), (3970, None),
                     (4000, None)],
}  # fmt: skip
NONSENSE = {
    "workers": ["85", True, 1000, [85], 10**400],
    "small-stacks": ["3970", None.__class__, 2000, True],
}


@pytest.mark.parametrize(("id", "case"), answers.each(WRONG))
def test_a_wrong_answer_is_met_by_the_belief_behind_it(id, case):
    answers.meets_the_belief(id, case)


def test_every_misconception_of_the_words_is_reached():
    assert answers.unreached("07", WRONG) == set()


@pytest.mark.parametrize(("id", "answer"), answers.each(NONSENSE))
def test_an_answer_of_another_kind_gets_a_sentence_and_raises_nothing(id, answer):
    answers.gets_a_sentence(id, answer)


# What settles the choices -------------------------------------------------------------------------
def ladder(virtual: float | None = 40_000.0, rss: float = 40.0, **more: Any) -> Observation:
    sums = {"virtual": virtual, "rss": rss, "tables": 20.0, "kernel": 80.0, "records": 35.0}
    return told("more_threads", more or None, all_mb=sums, there=5000, refused="", steps=[])


def thread(rss: float, stack_kb: int = 8192, touched_kb: int = 0) -> Observation:
    """Return what one thread has, in MB."""
    params = {"stack_kb": stack_kb, "touched_kb": touched_kb, "count": 100}
    each = {"virtual": stack_kb / 1024, "rss": rss, "tables": 0.004, "kernel": 0.016}
    return told("more_threads", params, each_mb=each, there=100)


def panels(small: float, large: float, touched: float) -> Looked:
    """Return small and large stacks untouched, and the large one with 1 MB touched; in MB."""
    items = thread(small, 512), thread(large, 32_768), thread(touched, 32_768, 1024)
    return Looked(dict(zip("abc", items, strict=True)), "")


def family(
    back: tuple[int, ...] = (0, 0, 0, 131_072),
    in_ram: tuple[int, ...] = (131_072, 131_072, 131_072, 131_072, 0),
    **params: Any,
) -> Observation:
    names = _rent_model.names(3)
    share, own = [32_768, 43_690, 65_536, 131_072], [0, 0, 0, 131_072]

    def seen(numbers: list[int]) -> dict[str, list[int | None]]:
        """Return what each has, as long as it is there."""
        return {name: [numbers[step] if step <= place else None for step in range(5)]
                for place, name in enumerate(names)}  # fmt: skip

    figures = {"rss": seen([131_072] * 4), "pss": seen(share), "uss": seen(own)}
    return told("rent", params, names=names, figures=figures, ends=names, in_ram_kb=list(in_ram),
                back_kb=list(back))  # fmt: skip


def both(wait: Observation, read_ram: int = 131_072, **params: Any) -> Looked:
    """Return the run in which all wait, and one in which all read."""
    read = family(in_ram=(read_ram, 131_072, 131_072, 131_072, 0), do="read", **params)
    return Looked({"wait": wait, "read": read}, "")


def reads(own: float, over: str = "list", every: int = 100) -> Observation:
    grown = {"uss": own, "rss": 0.0, "pss": own / 2}
    return told("counted_reads", {"over": over, "every": every}, grew_mb=grown, objects_mb=30.0,
                read=10_000, faults=7000)  # fmt: skip


def arms(whole: float, one: float, off: float, array: float) -> Looked:
    owns = {"list": whole, "one object": one, "collector off": off, "array": array}
    return Looked({over: reads(own, over) for over, own in owns.items()}, "")


def opened(shares: float, total: float = 24_000.0, machine: float = 20_000.0) -> Observation:
    return told("many_copies", sum_mb=total, shares_mb=shares, machine_mb=machine)


SETTLED = {
    "several": ("where", opened(300), "counted several times"),
    "hidden": ("where", opened(23_000), "in memory that the machine hides"),
    "neither": ("where", opened(15_000), None),
    "a thousandth": ("stack-share", ladder(), "about a thousandth"),
    "a hundredth": ("stack-share", ladder(rss=400.0), "about a hundredth"),
    "a tenth": ("stack-share", ladder(rss=4000.0), "about a tenth"),
    "all": ("stack-share", ladder(rss=39_000.0), "all of it"),
    "between": ("stack-share", ladder(rss=40_000 / 10**1.5), None),
    "unknown": ("stack-share", ladder(virtual=None), None),
    "touched": ("price", panels(0.008, 0.008, 1.008), "what is touched"),
    "share": ("price", panels(0.008, 0.5, 1.5), "a share"),
    "lump": ("price", panels(0.008, 0.008, 0.009), "always the same"),
    "half": ("price", panels(0.008, 0.008, 0.5), None),
    "nothing": ("parent-ends", family(), "nothing"),
    "a quarter": (
        "parent-ends",
        family(back=(32_768, 0, 0, 0), in_ram=(131_072, 98_304)),
        "about a quarter",
    ),
    "all of it": ("parent-ends", family(back=(131_000, 0, 0, 0), in_ram=(131_072, 0)), "all"),
    "disturbed": ("parent-ends", family(back=(90_000, 0, 0, 0)), None),
    "others took": ("parent-ends", family(back=(-90_000, 0, 0, 0)), None),
    "same pages": ("why-nothing", both(family()), "all four"),
    "kept": ("why-nothing", both(family(back=(0, 0, 0, 0))), "Linux keeps"),
    "not loaded": ("why-nothing", both(family(), read_ram=400_000), "the children"),
    "unclear": ("why-nothing", both(family(back=(0, 0, 0, 60_000))), None),
    "too much": ("why-nothing", both(family(), back=(0, 0, 0, 204_000)), None),
    "by all": ("child-reads", reads(30.1), "by all"),
    "by nothing": ("child-reads", reads(0.01), "by nothing"),
    "by its part": ("child-reads", reads(0.3), "by a hundredth"),
    "by half": ("child-reads", reads(15.0), None),
    "count": ("why-grew", arms(30, 0, 30, 0), "reading changes"),
    "new": ("why-grew", arms(30, 29, 30, 0), "the loop"),
    "collector": ("why-grew", arms(30, 0, 0.1, 0), "the garbage"),
    "array too": ("why-grew", arms(30, 0, 30, 9), None),
    "not at all": ("why-grew", arms(0.1, 0, 0.1, 0), None),
}


@pytest.mark.parametrize(("id", "result", "option"), SETTLED.values(), ids=SETTLED)
def test_a_result_settles_a_pick_each_way(id, result, option):
    answers.settles_each_pick(id, result, option)


def test_every_option_of_a_choice_can_be_what_a_result_speaks_for_or_is_named_why_not():
    """Memory that is squeezed would have to be looked for by other means."""
    reached = {(id, option) for id, _, option in SETTLED.values() if option}
    missing = [
        option
        for id, entry in texts.chapter("07")["choices"].items()
        for option in entry["options"]
        if not any(id == other and option.startswith(begin) for other, begin in reached)
    ]
    assert missing == ["squeezed together"]


REFUSED = [
    ("stack-share", 7, "seen of more_threads"),
    ("stack-share", family(), "seen of more_threads"),
    ("price", thread(0.008), "stacks of two sizes"),
    ("parent-ends", reads(1), "seen of rent"),
    ("why-nothing", family(), 'do="read"'),
    ("child-reads", around(5), "seen of counted_reads"),
    ("why-grew", reads(30), "over='array'"),
    ("where", None.__class__, "many_copies"),
]


@pytest.mark.parametrize(("id", "result", "says"), REFUSED)
def test_a_result_that_does_not_fit_is_refused(id, result, says):
    with pytest.raises(TypeError, match=re.escape(says)):
        settle.settled(id, texts.entry("choices", id)["options"][0], result)


def test_memory_that_others_took_meanwhile_is_no_negative_gift():
    assert "count of such memory did not fall" in settle.settled(
        "parent-ends", "nothing of it", family(back=(-500, 0, 0, 0))
    )
    assert steps.back_text(-500) == "nothing" and steps.back_text(2048) == "2.00 MB"


# The claims ---------------------------------------------------------------------------------------
def process(kind: str = "fork", **scales: float | None) -> Observation:
    usual = {"virtual": 17.0, "rss": 5.0, "uss": 0.1, "tables": 0.07, "kernel": 0.016}
    return told("more_processes", {"kind": kind}, each_mb={**usual, **scales}, there=50)


FORK, FRESH, THREAD = process(), process("spawn", uss=3.4, rss=9.0), thread(0.008)
CLAIMS = {
    "tables": ("memory.tables", [FORK, THREAD], "supported"),
    "tables alike": ("memory.tables", [process(tables=0.004), THREAD], "not supported"),
    "tables, few": ("memory.tables", [process(kernel=None), THREAD], "inconclusive"),
    "tables, stacks differ": ("memory.tables", [process(kernel=0.2), THREAD], "inconclusive"),
    "tables, one only": ("memory.tables", [FORK], "not settled yet"),
    "count": ("memory.count", [FRESH, THREAD], "supported"),
    "count the other way": ("memory.count", [FRESH, thread(99.0)], "not supported"),
    "count alike": ("memory.count", [FRESH, thread(3.0)], "inconclusive"),
    "count, one only": ("memory.count", [THREAD], "not settled yet"),
    "spaces": ("memory.vas", [FORK, ladder()], "supported"),
    "spaces, filled": ("memory.vas", [process(uss=16.0), ladder()], "not supported"),
    "spaces, one only": ("memory.vas", [FORK], "not settled yet"),
}


@pytest.mark.parametrize(("id", "items", "word"), CLAIMS.values(), ids=CLAIMS)
def test_a_claim_is_judged_each_way(id, items, word):
    assert verdict(id, *items).word == word


def test_the_judges_take_the_latest():
    worse = process(tables=0.004)
    assert judges.tables([FORK, THREAD, worse]).word == "not supported"


def test_a_threads_price_depends_on_what_is_meant():
    each = {"virtual": 8.0, "rss": 0.00781, "linux": 0.0195}
    item = told("more_threads", each_mb=each)
    found = verdict("memory.thread", item)
    assert found.word == "depends" and "supported for a native thread (reserved)" in repr(found)
    assert "promise" not in repr(found) and "address space set aside" in repr(found)


# The rent -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("seed", range(1, 61))
def test_each_option_is_what_its_belief_computes_and_nobody_else(seed):
    house, variant = _rent_model.drawn(seed), practice.the_rent(seed)
    assert variant.right == practice.megabytes(_rent_model.right(house))
    assert len(variant.options) == 1 + _rent_model.WRONG
    believed = {b: practice.megabytes(mb) for b, mb in _rent_model.believed(house).items()}
    for option, belief in variant.beliefs.items():
        assert [each for each, mb in believed.items() if mb == option] == [belief]
    assert house["asked"] == _rent_model.ASKED[seed % 3] and house["about"] not in house["ends"]


def test_a_house_is_told_line_by_line():
    house = {"size": 48, "rewrites": {"parent": 0, "child 1": 12, "child 2": 12},
             "ends": ["parent"], "asked": "uss", "about": "child 1"}  # fmt: skip
    assert practice.shown(house).splitlines() == [
        "the parent fills 48 MB and forks child 1 and child 2", "child 1 rewrites 12 MB of it",
        "child 2 rewrites 12 MB of it", "(no two of them rewrite the same part)", "parent ends",
        "asked: the USS of child 1, after that",
    ]  # fmt: skip
    assert practice.values(house)["each"] == "24 MB alone, 24 MB with 1 more"
    assert _rent_model.right(house) == 24
    assert _rent_model.right({**house, "asked": "back"}) == 0


def run_facts(house: dict, off: int = 0) -> dict:
    right = _rent_model.right(house) * 1024 + off
    figures = {"pss": {house["about"]: [0, right]}, "uss": {house["about"]: [0, right]}}
    return {"figures": figures, "in_ram_kb": [200_000, 200_000 - right]}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_run_is_told_whether_it_is_what_was_computed_or_not(seed):
    house = _rent_model.drawn(seed)
    same = practice.run_sentence(run_facts(house, 1), house, "observed here")
    assert same.startswith("Run for real (observed here)") and "That is what was computed." in same
    other = practice.run_sentence(run_facts(house, 900), house, "observed here")
    assert "That is not what was computed above: believe the run." in other


@pytest.mark.worker
@pytest.mark.slow
def test_the_model_agrees_with_running():
    for seed in range(1, 21):
        assert practice.the_rent(seed).run(None).endswith("That is what was computed."), seed


@pytest.mark.worker
def test_an_answer_is_followed_by_what_came_out_here():
    shown = practise("the-rent", 2, answer="a")
    assert shown.ran.startswith("Run for real (observed here), read from this memory alone: ")
    assert shown.ran in repr(shown)


def test_what_is_drawn_of_a_run_is_held_against_its_figures():
    good = family()
    assert renting.sentence(good).startswith("What is drawn was really run")
    uss = {**good.facts["figures"]["uss"], "child 1": [9, 0, None, None, None]}
    figures = {**good.facts["figures"], "uss": uss}
    off = replace(good, facts={**good.facts, "figures": figures})
    assert "a figure was 9 kB off" in renting.sentence(off)


NAMES = ("parent", "child 1", "child 2")
PARTS = holders.of_bricks(_rent_model.bricks(6, {"parent": 0, "child 1": 2, "child 2": 1}))


def test_the_picture_has_the_same_in_words_as_a_table_and_with_a_button_for_each():
    drawn = clickable.holders(NAMES, PARTS, title="Who holds what?")
    assert "Really in RAM: 9 MB." in drawn.alt
    assert "parent 0 MB, child 1 3 MB, child 2 6 MB" in drawn.alt
    assert drawn.still.table.rows[-2][0] == "all, added"
    page = html.unescape(drawn.html)
    assert all(f"× end {name}" in page for name in NAMES)
    assert 'sandbox="allow-scripts"' in drawn.html and "default-src 'none'" in page
    assert drawn.html == clickable.holders(NAMES, PARTS, title="Who holds what?").html
    assert drawn.png().startswith(b"\x89PNG")


@pytest.mark.browser
@pytest.mark.slow
def test_who_is_ended_by_mouse_or_key_leaves_with_what_was_its_alone(tmp_path):
    need_chromium()
    from playwright.sync_api import sync_playwright

    (tmp_path / "rent.html").write_text(clickable.holders(NAMES, PARTS, title="Who?").html, "utf-8")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page()
        page.goto((tmp_path / "rent.html").as_uri())
        frame = page.frame_locator("iframe")
        frame.get_by_role("button", name="end parent").focus()
        page.keyboard.press("Enter")
        said = frame.locator(".sentence")
        assert said.inner_text().startswith("parent has ended: 0 MB came back. child 1 now has")
        frame.get_by_role("button", name="end child 2").click()
        assert "child 2 has ended: 3 MB came back." in said.inner_text()
        assert "RSS 6, PSS 6, USS 6" in frame.locator(".aloud").inner_text()
        frame.get_by_role("button", name="Begin again").click()
        assert said.inner_text().startswith("Press ×")
        browser.close()


def test_shares_add_up_to_what_is_there_whoever_has_ended():
    left = PARTS
    for gone in NAMES:
        names = [name for name in NAMES if any(name in part.holders for part in left)]
        shares = sum(holders.figures(left, name)[1] for name in names)
        assert shares == pytest.approx(sum(part.size for part in left))
        left = holders.without(left, gone)
    assert left == []


def test_a_part_of_somebody_unknown_is_refused():
    with pytest.raises(ValueError, match="'nobody' is none of the names"):
        clickable.holders(NAMES, [Part(1, ("nobody",))], title="Who?")
    with pytest.raises(ValueError, match="parts"):
        clickable.holders(NAMES, [], title="Who?")


# How many fit -------------------------------------------------------------------------------------
EACH = {
    "thread": {"virtual": 8.0, "rss": 0.008, "tables": 0.004, "kernel": 0.016},
    "forked child": {"virtual": 17.0, "rss": 5.0, "uss": 0.1, "tables": 0.07, "kernel": 0.016},
    "fresh Python": {"virtual": 12.0, "rss": 9.0, "uss": 3.4, "tables": 0.06, "kernel": None},
}
LIMITS = [Ceiling("pid_max", 32_768, ("processes", "threads"), "numbers"),
          Ceiling("max_map_count / 2", 30_000, ("threads",), "mappings")]  # fmt: skip


def test_what_comes_first_is_the_least_of_memory_and_limits():
    found = fits.fit(EACH, 20_000, LIMITS)
    assert found.first["thread"] == ("max_map_count / 2", 30_000)
    assert found.first["forked child"] == ("pid_max", 32_768)
    assert found.first["fresh Python"][0] == "memory"
    assert "Fresh Pythons: memory, at about 5,7" in repr(found) and "<table>" in found.html()
    assert fits.fit(EACH, 10, []).first["thread"] == ("memory", 357)


# What is said and drawn ---------------------------------------------------------------------------
def climbed(*rows: tuple[int, float, float], refused: str = "") -> Observation:
    listed = [{"threads": n, "virtual": 8196.0, "rss": rss, "tables": 4.0, "kernel": kernel}
              for n, rss, kernel in rows]  # fmt: skip
    sums = dict.fromkeys(("virtual", "rss", "tables", "kernel", "records"), 5.0)
    there = listed[-1]["threads"] if listed else 0
    return told("more_threads", steps=listed, all_mb=sums, there=there, refused=refused)


def test_a_ladder_is_told_with_a_branch_for_each_outcome():
    flat = climbed((100, 8.0, 16.0), (200, 8.2, None))
    assert "One more costs the same at each step." in climbing.ladder_sentence(flat)
    steep = climbed((100, 8.0, 16.0), (200, 80.0, 16.0), refused="no more")
    said = climbing.ladder_sentence(steep)
    assert "not the same at each step" in said and "Then Linux refused: no more." in said
    assert climbing.ladder_sentence(climbed(refused="never")).startswith("Not one thread")
    drawn = pictures.ladder(flat)
    assert "200 threads: " in drawn.alt and "not known" in drawn.alt and drawn.png()


def test_a_refused_ladder_names_the_limit(monkeypatch):
    steep = climbed((100, 8.0, 16.0), refused="no more")
    found = [Ceiling(name, most, (of,), "tasks") for name, most, of in
             (("a", 9, "processes"), ("b", 70, "threads"), ("c", 80, "threads"))]  # fmt: skip
    monkeypatch.setattr(ceilings, "ceilings", lambda: iter(found))
    said = climbing.ladder_sentence(steep)
    assert "Then Linux refused: no more. The lowest of its limits that were read: b, at 70" in said
    limited = replace(steep, params={**steep.params, "limit_mb": 1024})
    assert "Its limit: an address space of 1.00 GB." in climbing.ladder_sentence(limited)
    assert climbing.nearest(replace(steep, source="recorded")) == ""
    found.clear()
    assert "Then Linux refused: no more. One more" in climbing.ladder_sentence(steep)


def test_huge_pages_that_are_not_granted_are_no_lesson_about_them(monkeypatch):
    sizes = {"4k": 0.012, "huge": 2.0}
    monkeypatch.setattr(lab, "observe", lambda name, pages, **_: thread(sizes[pages]))
    assert "2.00 MB where Linux was asked" in repr(memory.huge_pages())
    sizes["huge"] = 0.012
    assert "gave no huge pages here" in repr(memory.huge_pages())


def test_one_thread_is_told_with_what_linux_keeps_for_it_or_without():
    item = told("more_threads", each_mb={**thread(0.008).facts["each_mb"], "linux": 0.024})
    shown = memory.one_thread(Looked({"ladder": item}, ""))
    assert repr(shown).startswith("75% of what one idle thread really costs, 32.8 kB")
    assert "kernel stack: 16.4 kB." in shown.picture.alt and shown.picture.png()
    few = {**item.facts["each_mb"], "kernel": None, "linux": None}
    shown = memory.one_thread(Looked({"ladder": told("more_threads", each_mb=few)}, ""))
    assert "too few" in repr(shown) and "kernel" not in shown.picture.alt


def test_a_count_above_what_there_was_is_said_to_be_that_of_others():
    disturbed = both(family(), back=(0, 0, 0, 204_000))
    assert "others gave memory back" in settle.settled("why-nothing", None, disturbed)


def test_records_of_too_few_threads_to_be_counted_are_not_told():
    few = climbed((100, 8.0, 16.0))
    assert "5.00 MB of records" in climbing.ladder_sentence(few)
    few.facts["all_mb"]["records"] = 0
    assert climbing.ladder_sentence(few).endswith("and 5.00 MB of page tables.")


@pytest.mark.parametrize(("tuples", "told_of"), [(1.0, True), (19.0, False)])
def test_that_tuples_are_left_alone_is_told_only_where_they_are(monkeypatch, tuples, told_of):
    own = {("lists", "no"): 20.0, ("tuples", "no"): tuples}

    def observe(name: str, of: str, freeze: str) -> Observation:
        return told(name, grew_mb={"uss": own.get((of, freeze), 0.0)})

    monkeypatch.setattr(lab, "observe", observe)
    said = repr(memory.collector())
    assert "lists, not frozen 20.0 MB" in said and ("Of tuples" in said) is told_of


def test_where_fewer_reads_copy_less_is_told_or_left_open():
    def facts(*shares: float) -> dict[int, dict]:
        return {10**n: {"grew_mb": {"uss": 30 * share}, "objects_mb": 30.0}
                for n, share in enumerate(shares)}  # fmt: skip

    assert "one in 10 still copies all" in steps.skipping(facts(1.0, 1.0, 0.13))
    for unclear in ((1.0, 1.0), (0.1, 0.1), (0.1, 1.0)):
        assert "do not tell" in steps.skipping(facts(*unclear))


def test_a_recorded_run_is_hollow_or_hatched_and_says_so():
    item = replace(family(), source="recorded", date="2026-11-30")
    shown = Looked({"wait": item}, "It came out.")
    assert "Not from this machine: recorded on" in repr(shown)
    assert "Hollow: recorded on" in steps.picture(item).alt
    assert "recorded on" in steps.pair({"wait": item}).alt
    some = replace(reads(3.0), source="recorded", date="2026-11-30")
    assert "recorded on" in pictures.arms({"a": some}).alt
    assert "Hollow" in pictures.every({100: some, 10: some}).alt


def test_the_pages_that_are_only_read():
    assert "[1]" in repr(case_file("07")) and "as quoted in" in repr(case_file("07"))
    assert "USS" in repr(glossary("07"))


# For real -----------------------------------------------------------------------------------------
BAD = [
    (lambda: memory.ladder(50), "count=50"),
    (lambda: memory.ladder(1000, stack_kb=1), "stack_kb=1"),
    (lambda: memory.asked_and_touched([512]), "2 or more"),
    (lambda: memory.asked_and_touched(count=5), "count=5"),
    (lambda: memory.few_addresses(64), "stack_kb=64"),
    (lambda: memory.shared(do="sing"), "do='sing'"),
    (lambda: memory.one_in(0), "every=0"),
    (lambda: memory.rent(children=5), "children=5"),
]


@pytest.mark.parametrize(("call", "says"), BAD, ids=[says for _, says in BAD])
def test_bad_arguments_are_refused_before_anything_starts(call, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        call()


def test_where_fewer_threads_are_allowed_the_ladder_is_shorter(monkeypatch):
    asked = []

    def refusal(_name: str, count: int, **_params: Any) -> TooMuch | None:
        return TooMuch(f"count={count}: too much", True, "few are free") if count > 500 else None

    def observe(_name: str, count: int, **_params: Any) -> Observation:
        asked.append(count)
        if count > 200:  # fewer are free by now
            raise TooMuch(f"count={count}: too much", True, "fewer are free")
        return climbed((100, 8.0, 16.0))

    monkeypatch.setattr(resources, "refusal", refusal)
    monkeypatch.setattr(lab, "observe", observe)
    found = memory.ladder()
    assert found.only.facts["there"] == 100 and asked == [500, 200]
    assert "Not more than 200 were asked for here: few are free" in found.sentence
    with pytest.raises(ValueError, match="count=1000"):
        memory.ladder(1000)


@pytest.mark.worker
def test_each_verb_shows_a_picture_and_what_it_observed(home):
    for made in (memory.ladder(100), memory.shared(size_mb=16), memory.rent(size_mb=16)):
        assert made.only.source == "live" and made.picture.alt and made.picture.png()
    assert memory.one_in(1000).only.facts["read"] == 1000
    assert set(memory.waiting_and_reading().seen) == {"wait", "read"}


@pytest.mark.worker
def test_the_opening_has_more_than_the_machine_where_it_may(home):
    made = memory.more_than_there_is()
    facts, params = made.only.facts, made.only.params
    assert facts["alive"] == facts["processes"] and "PSS" not in repr(made)
    assert params["copies"] == 400 or facts["sum_mb"] > facts["machine_mb"] or facts["refused"]
    shown = choose("where", pick="several", result=made)
    assert "Your pick holds." in repr(shown)


# The panel ----------------------------------------------------------------------------------------
@pytest.mark.worker
def test_the_panel_climbs_shows_and_stops(home, monkeypatch):
    import ipywidgets

    before = open_widgets(ipywidgets)
    with closing(memory.ladder_panel()) as shown:
        assert "memory.ladder(" in repr(shown)
        shown.count.value = 100
        item = shown.run_now()
        assert item.facts["there"] == 100 and "100 threads were there" in read_aloud(shown.message)
        assert "<img" in shown.plot.value and "8.00 MB" in shown.table.value
        shown.touched.value, shown.then.value = 64, "give back"
        assert shown.run_now().facts["then_kb"] < 64 and "(give back)" in shown.table.value
        shown.end()
        assert "nothing to stop" in read_aloud(shown.message)
        stop = threading.Event()
        stop.set()
        with pytest.raises(Cancelled):
            shown.run_now(stop)
        assert "Stopped." in read_aloud(shown.message)
        shown.begin()
        shown.begin()
        assert shown.background.wait(20)
    assert open_widgets(ipywidgets) == before


@pytest.mark.worker
def test_the_ladder_tells_each_step_as_it_climbs(home):
    seen: list[int] = []
    panel.climb(seen.append, count=500)
    assert seen == [100, 200, 500]


def test_what_goes_wrong_in_the_panel_is_said():
    with closing(memory.ladder_panel()) as shown:
        shown.count.value, shown.touched.value = 10_000, 64
        monkey = pytest.MonkeyPatch()
        monkey.setattr(lab, "observe", _refuse)
        with monkey.context(), pytest.raises(ValueError):
            shown.run_now()
        monkey.undo()
        assert "Not done: too much" in read_aloud(shown.message)


def _refuse(*_given: Any, **_more: Any) -> Observation:
    raise ValueError("too much")


def test_rules_and_choices_name_each_other():
    named = {entry["settle"]["rule"] for entry in texts.chapter("07")["choices"].values()}
    assert named == set(rules.RULES)
