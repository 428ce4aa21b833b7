"""Chapter 01: what settles its choices and claims, its exercises, its verbs and pictures."""

from typing import Any

import pytest

from conclib import lab
from conclib.chapters import ch01_process as process
from conclib.chapters.ch01_process import picker, pictures, rules, side_rooms, verbs
from conclib.lesson import texts
from conclib.lesson.judging import settle
from conclib.lesson.judging.verdicts import verdict
from conclib.lesson.showing import figures
from conclib.lesson.showing.pages import case_file
from conclib.plots import sheet
from conclib.results import Observation, Unavailable
from tests.chapters import answers
from tests.chapters.contradicted_01 import seen
from tests.lesson_fonts import open_fonts
from tests.made_up import HOST, RUNTIME

TB, MB = 2**40, 2**20


@pytest.fixture(scope="module", autouse=True)
def fonts():
    """Let matplotlib open its fonts before a test counts open files: it never closes them."""
    open_fonts()


# What settles the choices -----------------------------------------------------------------------
BLOCK, CODE, VARIABLES = texts.entry("choices", "nearest")["options"]


def six(*sizes: int, times: float | None = None) -> Observation:
    """Return six objects whose pairs lie so far apart, in the order of the options."""
    apart = dict(zip((BLOCK, CODE, VARIABLES), sizes, strict=True))
    first, second, _ = sorted(apart, key=apart.__getitem__)
    ratio = apart[second] / apart[first] if times is None else times
    return seen("six_objects", distances=apart, nearest=first, times=ratio)


def six_bytes(*dead: str) -> Observation:
    """Return what became of six children of which these died."""
    names = ("code", "fixed text", "set variable", "zero variable", "block", "call")
    survived = {name: name not in dead for name in names}
    rights = {name: "r--p" if name in dead else "rw-p" for name in names}
    return seen("one_byte", survived=survived, rights=rights, number=sum(survived.values()))


def opened(before: str, after: str, others: int = 0, python: str = "SIGSEGV") -> Observation:
    """Return how C's write ended before and after an entry was changed."""
    return seen(
        "unlock", locked={"Python": python, "C": before}, unlocked={"Python": after, "C": after},
        others_changed=others,
    )  # fmt: skip


def grown(heap: str, blocks: str, stack: str) -> Observation:
    """Return which way the three went."""
    ways = {"heap": heap, "big blocks": blocks, "stack": stack}
    places = [100, 5000]
    return seen("grow", ways=ways, heap_top=places, big_blocks=places, stack_bottom=places)


def ended_deep(**change: Any) -> Observation:
    """Return where a stack ended, with some facts changed."""
    facts = {
        "limits_mb": [1.0, 2.0], "size_mb": [1.0, 2.0], "calls": [400, 800],
        "ended": ["SIGSEGV", "SIGSEGV"], "neighbour_mb": 3e5, "heap_mb": 4e7, "spare_mb": 8.0,
        "met_the_heap": False, "memory_was_full": False, "at_the_limit": True,
    }  # fmt: skip
    return seen("stack_limit", **{**facts, **change})


def walled(size: float, clear: int) -> Observation:
    """Return where a stack ended that had a page in its way."""
    return seen("stack_wall", wall_mb=3.0, limit_mb=8.0, size_mb=size, clear_pages=clear,
                without_mb=8.0)  # fmt: skip


def ended(left: str = "record", **later: Any) -> Observation:
    """Return what was seen of a process that ended, with the later looks changed."""
    base = {"listed": True, "regions": 0, "state": "Z", "cpu_ms": 50}
    looks = [
        {"when": "living", **base, "regions": 70},
        {"when": "ended", **base, "regions": later.pop("ended", 0)},
        {"when": "later", **base, **later},
        {"when": "asked", **base, "listed": later.get("forever", False)},
    ]
    return seen("zombie", looks=looks, left=left, exit_code=7)


SETTLED = {
    "nearest": [
        (six(41 * TB, TB, 10**6), "two variables"), (six(10**6, TB, TB), "a block"),
        (six(TB, 10**6, TB), "a function"), (six(TB, 3 * TB, TB // 2), None),
    ],
    "survive": [
        (six_bytes("code", "fixed text"), "four"), (six_bytes("code"), "five"),
        (six_bytes(), "six"), (six_bytes("code", "block", "call"), None),
    ],
    "who-forbids": [
        (opened("SIGSEGV", "lived"), "an entry"), (opened("SIGSEGV", "SIGSEGV"), "the memory"),
        (opened("lived", "lived"), "the language"), (opened("SIGSEGV", "lived", 2), None),
        (opened("lived", "lived", python="lived"), None),
    ],
    "ways": [
        (grown("up", "down", "down"), "up, down, down"),
        (grown("up", "up", "down"), "up, up, down"),
        (grown("down", "down", "up"), "down, down, up"), (grown("up", "neither", "down"), None),
    ],
    "what-ends": [
        (ended_deep(), "a number"), (ended_deep(met_the_heap=True), "meeting"),
        (ended_deep(memory_was_full=True), "a full"), (ended_deep(at_the_limit=False), None),
    ],
    "wall": [
        (walled(1.996, 256), "less than"), (walled(2.996, 0), "3 MB"), (walled(8.0, -1280), "8 MB"),
    ],
    "left": [
        (ended("record"), "record"), (ended("map and record", ended=70), "map and"),
        (ended("nothing"), "nothing"), (ended("record", ended=None), None),
    ],
    "why-listed": [
        (ended(), "it is kept"), (ended(regions=5), "it is not"), (ended(listed=False), "the OS"),
        (ended(cpu_ms=90), None), (ended(forever=True), None),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("id", "case"), answers.each(SETTLED))
def test_each_outcome_settles_a_choice_or_leaves_it_open(id, case):
    result, option = case
    for pick in texts.entry("choices", id)["options"]:
        said = settle.settled(id, pick, result)
        assert said.startswith("Measured")
        if option is None:
            assert "the question stays open" in said
        elif pick.startswith(option) and (option != "record" or pick == option):
            assert f"speaks for: {pick}" in said and "Your pick holds." in said
        else:
            assert f"It speaks against your pick ({pick})." in said


def test_every_choice_that_a_measurement_settles_is_tried():
    wanted = {id for id, entry in texts.entries("choices").items()
              if entry["chapter"] == "01" and "settle" in entry}  # fmt: skip
    assert wanted == set(SETTLED)


@pytest.mark.parametrize("id", SETTLED)
def test_another_result_is_refused_with_the_line_that_makes_the_right_one(id):
    with pytest.raises(TypeError, match=r"cl\.observe\("):
        settle.settled(id, None, seen("fork_twice"))
    with pytest.raises(TypeError, match=r"cl\.observe\("):
        settle.settled(id, None, 7)


def test_a_python_that_ends_deep_calls_by_itself_is_named():
    said = rules.ends_sentence(ended_deep(ended=["SIGSEGV", "lived"]).facts)
    assert "400 and 800 (ended by Python) calls deep" in said
    assert "another 8 MB could still be filled" in said
    assert "no memory could be filled" in rules.ends_sentence(ended_deep(spare_mb=0.0).facts)


# Claims -------------------------------------------------------------------------------------------
def frozen(stood: int, went: int, tries: int = 10) -> Observation:
    """Return what came of so many stops."""
    each = {"state": "T", "place": "text", "pc": 4096, "count": 7, "later": 7}
    return seen("freeze", tries=[each] * tries, stood_still=stood, went_on=went, agreed=0,
                reason="", all_went_on=stood == went == tries)  # fmt: skip


apart = Observation("act", "t", {"do": "all"}, HOST, RUNTIME, {"apart": True})
CLAIMS = {
    "os.resume": [(frozen(10, 10), "supported"), (frozen(10, 9), "not supported")],
    "os.pcb": [(seen("record_fields", all_read=True), "supported"),
               (seen("record_fields", all_read=False), "not supported"),
               (seen("record_fields", all_read=None), "inconclusive")],
    "process.own": [(seen("own_things", all_own=True), "supported"),
                    (seen("own_things", all_own=False), "not supported"),
                    (apart, "supported")],
    "process.gap": [(seen("stack_limit", met_the_heap=False), "not supported"),
                    (seen("heap_wall", out_of_memory=True), "supported")],
    "process.instance": [
        (seen("two_at_once", same_file=True, shared=True, two_pids=True), "supported"),
        (seen("two_at_once", same_file=True, shared=False, two_pids=True), "depends"),
    ],
    "process.segments": [(seen("six_objects", all_found=True), "supported"),
                         (seen("grow", ways={"heap": "up", "stack": "up"}), "depends")],
}  # fmt: skip


@pytest.mark.parametrize(("id", "case"), answers.each(CLAIMS))
def test_each_claim_is_judged_by_what_was_seen(id, case):
    result, word = case
    assert verdict(id, result).word == word


def test_a_claim_that_nothing_was_seen_of_is_not_settled_yet():
    assert all(verdict(id).word == "not settled yet" for id in CLAIMS)


# Exercises ----------------------------------------------------------------------------------------
WRONG = {
    "what-is-left": [
        (["record", "both", "record", "nothing"], "stop_frees"),
        (["both", "map", "record", "nothing"], "new_process"),
        (["both", "both", "nothing", "nothing"], "all_at_once"),
        (["both", "both", "both", "nothing"], "kept_whole"),
        (["both", "both", "map", "nothing"], "swapped"),
        (["both", "both", "record", "record"], "never_gone"),
        (["nothing", "both", "record", "nothing"], "step_by_step"),
        (("both", "both", "record", "nothing"), None),
    ],
    "how-deep": [
        (1612, "added"), (4800, "first_only"), (400, "divided"), (12800, "doubled_too_often"),
        (99, "proportion"),
    ],
}  # fmt: skip
NONSENSE = {
    "what-is-left": ["both", 7, ["both"], ["both", "both", "zombie", "nothing"]],
    "how-deep": ["6400", True, 6400.0],
}


@pytest.mark.parametrize(("id", "case"), answers.each(WRONG))
def test_a_wrong_answer_is_met_by_the_belief_behind_it(id, case):
    answers.meets_the_belief(id, case)


def test_every_misconception_of_the_words_is_reached():
    assert answers.unreached("01", WRONG) == set()


@pytest.mark.parametrize(("id", "answer"), answers.each(NONSENSE))
def test_an_answer_of_another_kind_gets_a_sentence_and_raises_nothing(id, answer):
    answers.gets_a_sentence(id, answer)


# Verbs and pictures -------------------------------------------------------------------------------
def runs(moved: int, *, same_order: bool = True, names: tuple[str, ...] = ("code", "call")) -> Any:
    """Return six runs in which the last of these names moved so often, and the others never."""
    facts = {
        "runs": [{"code": 16, "call": 99}, {"code": 16, "call": 77}],
        "moved": {name: moved if name == names[-1] else 0 for name in names},
        "times": 5, "order": list(names), "same_order": same_order, "all_stayed": moved == 0,
    }  # fmt: skip
    return seen("run_again", **facts)


def test_what_moved_and_what_stayed_is_said():
    partly = process.moves(runs(5))
    assert "always lie at the same place: code. The others moved. Their order was the same" in (
        partly.text()
    )
    assert "0 of 5" in partly.text() and "<table>" in partly.html()
    assert "Nothing moved" in process.moves(runs(0)).sentence
    assert "was not the same" in process.moves(runs(5, same_order=False)).sentence
    every = runs(5, names=("call",))
    assert process.moves(every).sentence.startswith("All of them moved.")


@pytest.mark.parametrize(
    "verb",
    [
        process.moves,
        process.at_scale,
        process.regions,
        process.promised,
        process.adopter,
        process.pushed,
    ],
)
def test_a_verb_refuses_what_it_cannot_show(verb):
    with pytest.raises(TypeError, match=r"cl\.observe\("):
        verb(seen("fork_twice"))


def test_the_free_space_is_given_in_kilometres():
    shown = process.at_scale(ended_deep())
    assert shown.rows[0][1] == "2 km" and "km" in shown.html()


def test_stops_are_told_with_what_is_not_shown_and_what_was_agreed():
    assert "nobody asked it" in verbs.freeze_sentence(frozen(10, 10).facts)
    inside = {**frozen(10, 10).facts, "agreed": 3}
    assert "In 3 of them it was inside" in verbs.freeze_sentence(inside)
    hidden = {**inside, "agreed": None, "reason": "this Linux does not show it"}
    assert "cannot be said: this Linux" in verbs.freeze_sentence(hidden)


REGIONS = [
    {"start": 4096, "end": 8192, "perms": "r-xp", "kind": "text", "path": "python"},
    {"start": 8192, "end": 12288, "perms": "r--p", "kind": "file", "path": "a"},
    {"start": 12288, "end": 16384, "perms": "rw-p", "kind": "anonymous", "path": ""},
    {"start": TB, "end": TB + 4096, "perms": "r--p", "kind": "file", "path": "b"},
    {"start": 2 * TB, "end": 2 * TB + 4096, "perms": "rw-p", "kind": "stack", "path": "[stack]"},
]
PLACED = seen(
    "six_objects",
    regions=REGIONS,
    objects=[{"name": "code", "address": 5000, **REGIONS[0]},
             {"name": "call", "address": 2 * TB + 9, **REGIONS[4]}],
)  # fmt: skip


def test_what_holds_no_object_is_folded_and_what_lies_far_apart_is_not():
    found = pictures.folded(REGIONS, (5000, 2 * TB + 9))
    assert [each["kind"] for each in found] == ["text", "2 other regions", "file", "stack"]
    assert found[1]["perms"] == "file and anonymous"
    assert pictures.folded(REGIONS[:2], ()) == [
        {"start": 4096, "end": 12288, "kind": "2 other regions", "perms": "text and file",
         "path": ""}
    ]  # fmt: skip


def test_the_picture_of_six_objects_names_them_in_words():
    drawn = figures.plot(PLACED)
    assert "code: 1388" in drawn.picture.alt and "Six objects" in drawn.picture.alt


def test_what_grew_is_drawn_with_its_way_and_without_a_heap_where_there_is_none():
    facts = {"heap_start": 4096, "stack_top": 9 * TB, "heap_top": [8192, 9 * MB],
             "big_blocks": [TB, TB - 8 * MB], "stack_bottom": [9 * TB - 9] * 2,
             "big_regions": 1, "others": REGIONS[1:4]}  # fmt: skip
    ways = {"heap": "up", "big blocks": "down", "stack": "neither"}
    grew = Observation("grow", "t", {"big_mb": 8}, HOST, RUNTIME, {**facts, "ways": ways})
    said = figures.plot(grew).picture.alt
    assert "its edge went up, by 8.99 MB" in said and "each next one lies lower" in said
    assert "neither" in said and "2 other regions" in said
    none = {**facts, "heap_top": [0, 0], "heap_start": 0, "ways": {**ways, "heap": "neither"}}
    bare = Observation("grow", "t", {"big_mb": 8}, HOST, RUNTIME, none)
    assert "heap" not in pictures.growth(bare).alt


@pytest.mark.worker
@pytest.mark.parametrize("probe", ["six_objects", "grow", "stack_limit"])
def test_on_a_projected_screen_each_picture_fits(probe, monkeypatch):
    seen_here = lab.observe(probe)
    usual = figures.plot(seen_here).picture
    monkeypatch.setenv("CONCLIB_STAGE", "1")
    drawn = figures.plot(seen_here).picture
    assert drawn.figure.get_figheight() * sheet.STAGE_PIXELS <= 720
    assert drawn.width > usual.width and drawn.alt


def test_projected_the_map_names_objects_and_ways(monkeypatch):
    monkeypatch.setenv("CONCLIB_STAGE", "1")
    said = figures.plot(PLACED).picture.alt
    assert "down: stack (rw-p) ◆ call; file (r--p); 2 other regions" in said
    assert said.endswith("text (r-xp) ◆ code.")


def test_depths_are_told_in_words_too():
    drawn = figures.plot(ended_deep())
    assert "limit 2 MB: the stack ended at 2 MB, 800 calls deep" in drawn.picture.alt


def test_the_picker_says_what_a_kind_is_for_and_what_lies_in_it():
    assert picker.kinds(PLACED) == ["text", "file", "anonymous", "stack"]
    said = picker.about(PLACED, "file")
    assert said.startswith("file: ") and "2 regions" in said and "In it" not in said
    assert "In it: call." in picker.about(PLACED, "stack")
    with pytest.raises(ValueError, match="kind="):
        picker.about(PLACED, "heap")
    panel = process.regions(PLACED)
    try:
        assert "In it: code." in panel.pressed("text") and "Region picker" in repr(panel)
    finally:
        panel.close()


def test_every_kind_of_region_is_explained():
    from conclib.probes import _regions

    assert set(picker.FOR) == set(_regions.KINDS)


def test_the_case_cites_what_was_opened():
    assert "[2]" in repr(case_file("01")) and "as quoted" not in repr(case_file("01"))


def test_a_promise_is_told_apart_from_what_was_handed_out():
    facts = {"asked_mb": 2048.0, "touched_mb": 64.0, "promised_mb": [18.0, 2066.0, 2066.0],
             "resident_mb": [8.0, 8.0, 72.0], "machine_mb": None,
             "rule": "promises anything"}  # fmt: skip
    shown = process.promised(seen("promise", **facts))
    assert shown.rows[1] == ("after asking for 2.00 GB", "2.02 GB", "8.00 MB")
    assert shown.sentence == "Linux's rule for promises here: it promises anything."
    more = process.promised(seen("promise", **{**facts, "machine_mb": 1024.0}))
    assert more.sentence.startswith("The machine has 1.00 GB in all.")


def test_what_ended_a_pushed_heap_is_said():
    facts = {"pushed_mb": 4e7, "refused": "ENOMEM", "left_mb": 300.0, "met": True,
             "next_kind": "shared library"}  # fmt: skip
    shown = process.pushed(seen("heap_pushed", **facts))
    assert "something else than the stack was in the way: shared library." in shown.sentence
    assert shown.rows[0][1] == "38.1 TB"
    for change, words in (
        ({"next_kind": "stack"}, "the two do meet"), ({"met": False}, "(ENOMEM) long before"),
        ({"refused": ""}, "we stopped asking"),
    ):  # fmt: skip
        assert words in side_rooms.pushed_sentence({**facts, **change})


def test_who_adopts_is_held_against_who_was_computed():
    facts = {"line": ["observer", "child"], "asks_for_orphans": {"observer": True, "child": None},
             "computed": "observer", "found": "observer"}  # fmt: skip
    shown = process.adopter(seen("orphan", **facts))
    assert shown.rows == (("observer", "yes"), ("child", "cannot be read"))
    assert "That is who was computed" in shown.sentence
    other = process.adopter(seen("orphan", **{**facts, "found": "number 1"}))
    assert "another one: observer" in other.sentence


@pytest.fixture
def panel():
    """Give the panel with the limit's slider, and close it."""
    made = process.limit_panel()
    try:
        yield made
    finally:
        made.close()


def test_the_slider_only_sets_and_run_measures(panel, monkeypatch):
    asked = []
    monkeypatch.setattr(
        lab, "observe", lambda name, stop, **params: asked.append(params) or ended_deep()
    )
    panel.slider.children[0].value = 16
    assert asked == [] and "limit_mb=16" in repr(panel)
    said = panel.run_now()
    assert asked == [{"limit_mb": 16}] and said.startswith("Under limits of 1 and 2 MB")
    assert "<img" in panel.plot.value and "calls deep" in panel.message.value


def test_what_goes_wrong_is_said_and_nothing_to_stop_too(panel, monkeypatch):
    def refuse(name, stop, **params):
        raise Unavailable("no stack here")

    monkeypatch.setattr(lab, "observe", refuse)
    with pytest.raises(Unavailable):
        panel.run_now()
    assert "no stack here" in panel.message.value
    panel.end()
    assert "Nothing is running" in panel.message.value


@pytest.mark.worker
def test_run_measures_beside_the_notebook(panel):
    panel.begin()
    panel.begin()  # pressed once more
    assert panel.background.wait(30)
    assert "calls deep" in panel.message.value


# For real -----------------------------------------------------------------------------------------
@pytest.mark.worker
def test_the_opening_shows_that_one_stays_and_why_is_not_said():
    shown = process.shoot()
    assert [row[1:] for row in shown.rows] == [("still listed", "gone")] * 3
    assert "ended" not in shown.text() and "zombie" not in shown.text()


@pytest.mark.worker
def test_the_core_path_settles_as_it_was_tried_many_times():
    wanted = {
        "nearest": ("six_objects", VARIABLES), "survive": ("one_byte", "four"),
        "who-forbids": ("unlock", "an entry in Linux's list"),
        "ways": ("grow", "up, down, down"), "what-ends": ("stack_limit", "a number set beforehand"),
        "wall": ("stack_wall", "less than 3 MB"),
    }  # fmt: skip
    for id, (probe, option) in wanted.items():
        assert f"speaks for: {option}" in settle.settled(id, None, lab.observe(probe)), id
    ended_once = process.leave_unasked()
    assert "speaks for: record" in settle.settled("left", None, ended_once)
    assert "speaks for: it is kept" in settle.settled("why-listed", None, ended_once)


@pytest.mark.worker
def test_each_claim_of_the_chapter_is_settled_by_its_own_probes():
    words = {
        "process.own": ("supported", "own_things"), "os.pcb": ("supported", "record_fields"),
        "process.instance": ("supported", "two_at_once"),
    }  # fmt: skip
    for id, (word, probe) in words.items():
        assert verdict(id, lab.observe(probe)).word == word
    assert verdict("os.resume", process.freeze()).word == "supported"
    assert verdict("process.segments", lab.observe("six_objects"), lab.observe("grow")).word == (
        "supported"
    )
    gap = verdict("process.gap", lab.observe("stack_limit"), lab.observe("heap_wall"))
    assert gap.word == "not supported" and "long before" in repr(gap)


@pytest.mark.worker
def test_exec_keeps_number_and_files_and_no_region():
    facts = lab.observe("exec_keeps").facts
    assert facts["programs"][1] == "cat" and facts["same_number"] and facts["files_kept"]
    assert facts["map_replaced"] and facts["regions_kept"] == 0 < facts["regions_after"]


@pytest.mark.worker
def test_a_life_is_shown_as_two_ledgers():
    assert "zombie" in process.life().alt
