"""Chapter 06: what settles its choices and its claims, what is said and drawn, the exercises."""

import re
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from conclib import lab
from conclib.chapters import ch06_fate as fate
from conclib.chapters.ch06_fate import (
    heartbeats,
    judges,
    matrix,
    predicting,
    rules,
    stepping,
    tables,
    verbs,
    words,
)
from conclib.inspecting import limits
from conclib.lesson import texts
from conclib.lesson.judging import settle
from conclib.lesson.judging.verdicts import verdict
from conclib.lesson.showing.looked import Looked
from conclib.probes import _hearts
from conclib.results import Actor, Ending, Event, Observation
from tests.chapters import answers
from tests.lesson_fonts import open_fonts
from tests.made_up import HOST, RUNTIME, around


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
    "how-many-lost": [(2, "alone"), (10, "both"), (30, "all"), (0, "nothing"), (6, None),
                      (6.0, None)],
    "perfect-crime": [("ba", "same"), ("b, a", "same"), ("a", "one"), ("b", "one"), ("", "none"),
                      ("ab", None), ("A, B", None)],
}  # fmt: skip
NONSENSE = {"how-many-lost": ["6", True, 10**400, [6]], "perfect-crime": [2, "abc", None.__class__]}


@pytest.mark.parametrize(("id", "case"), answers.each(WRONG))
def test_a_wrong_answer_is_met_by_the_belief_behind_it(id, case):
    answers.meets_the_belief(id, case)


def test_every_misconception_of_the_words_is_reached():
    assert answers.unreached("06", WRONG) == set()


@pytest.mark.parametrize(("id", "answer"), answers.each(NONSENSE))
def test_an_answer_of_another_kind_gets_a_sentence_and_raises_nothing(id, answer):
    answers.gets_a_sentence(id, answer)


# Made-up hearts -----------------------------------------------------------------------------------
MIXED = {letter: f"process {n}" for n, group in enumerate(_hearts.WALLS["mixed"], 1)
         for letter in group}  # fmt: skip


def hearts(
    fault: str = "null pointer",
    *,
    heart: str = "C",
    flat: str = "",
    spoke: str = "",
    wrong: str = "",
    paused: str = "",
    asleep: int = 20,
    cpu: int | None = 200_000,
    looked: str | None = None,
) -> Observation:
    """Return eight hearts behind mixed walls; letters say who went flat, spoke, was wrong."""
    fates = {letter: words.END if letter in flat else words.PAUSE if letter in paused
             else words.GO_ON for letter in words.HEARTS}  # fmt: skip
    seen = paused if looked is None else looked
    return told(
        "hearts", {"fault": fault, "heart": heart}, faulty=heart, flat=list(flat), fates=fates,
        last_words={letter: letter in spoke for letter in words.HEARTS},
        answers={letter: "none" if letter in flat else "wrong" if letter in wrong else "right"
                 for letter in words.HEARTS},
        walls=dict(MIXED), exits={"process 1": -11 if flat == "ACDG" else 0, "process 2": 0},
        looks=dict.fromkeys(seen, 20), asleep=dict.fromkeys(seen, asleep),
        gap_ns=200_000_000 if paused else None, gap_cpu_ns=cpu if paused else None,
        private_mb=2.0,
    )  # fmt: skip


def drawn(item: Observation) -> Observation:
    """Return made-up hearts with something to draw: ten beats each, thirty of those who go on."""
    flat, actors, events, endings = item.facts["flat"], [], [], []
    for letter in words.HEARTS:
        kind = "thread" if letter in words.TOGETHER else "process"
        actors.append(Actor(letter, kind, 7, 8, MIXED[letter]))
        times = [n * 10**7 for n in range(10 if letter in flat else 30)]
        events.append(Event(times[-1], letter, "beats", {"times_ns": times}))
        how = "signalled" if letter in flat else "exited"
        endings.append(
            Ending(letter, how, times[-1] + 10**6, "/proc", 11 if letter in flat else None)
        )
    return replace(item, actors=tuple(actors), events=tuple(events), endings=tuple(endings))


def doors(kept: Observation, beside: str = "") -> Looked:
    """Return both doors: the call that keeps the lock, and the one that lets go of it."""
    return Looked({"keeps": kept, "lets go": hearts("C lets go of the GIL", paused=beside)}, "")


def pool(
    *answered: int, numbers: tuple[int, ...] = (0,) * 10, after: int | None = 8
) -> Observation:
    return told("pool_killed", answers=list(answered), tasks=8, alive=[4, 4],
                replaced=[True, True], numbers=list(numbers), answers_after=after,
                killed=["one that waits", "the holder"], waited_in=["futex", "pipe"])  # fmt: skip


KEPT = "C keeps the GIL"
SEGV, ZERO = "SIGSEGV sent", "silent corruption"
SETTLED = {
    "F alone": ("take-two", hearts(heart="F", flat="F"), "F alone"),
    "four": ("take-two", hearts(heart="F", flat="BEFH"), "B, E, F and H"),
    "eight": ("take-two", hearts(heart="F", flat=words.HEARTS), "all eight"),
    "none": ("take-two", hearts(heart="F"), None),
    "C alone": ("uncaught", hearts("exception", flat="C", spoke="C"), "C alone"),
    "its process": ("uncaught", hearts("exception", flat="ACDG"), "A, C, D and G"),
    "everybody": ("uncaught", hearts("exception", flat=words.HEARTS), "all eight"),
    "action": ("why-four", hearts(SEGV, flat="ACDG"), "the action"),
    "Python": ("why-four", hearts(SEGV, flat="ACDG", spoke="ACDG"), "Python shuts"),
    "damage": ("why-four", hearts(SEGV, flat="C"), "the damage"),
    "some spoke": ("why-four", hearts(SEGV, flat="ACDG", spoke="A"), None),
    "others fell": ("why-four", hearts(SEGV, flat="ABC"), None),
    "wrong": ("overwritten", hearts(ZERO, wrong="ACDG"), "A, C, D and G go on"),
    "ended": ("overwritten", hearts(ZERO, flat="ACDG"), "A, C, D and G are"),
    "nothing": ("overwritten", hearts(ZERO), "nothing"),
    "too many wrong": ("overwritten", hearts(ZERO, wrong=words.HEARTS), None),
    "two flat": ("overwritten", hearts(ZERO, flat="AC"), None),
    "waited": ("why-stopped", doors(hearts(KEPT, paused="ADG")), "they waited"),
    "no CPU": ("why-stopped", doors(hearts(KEPT, paused="ADG", asleep=2)), "there was no CPU"),
    "not listed": ("why-stopped", doors(hearts(KEPT, paused="ADG", looked="A")), "they were ended"),
    "nobody stopped": ("why-stopped", doors(hearts(KEPT)), None),
    "much CPU": ("why-stopped", doors(hearts(KEPT, paused="ADG", cpu=10**8)), None),
    "CPU not known": ("why-stopped", doors(hearts(KEPT, paused="ADG", cpu=None)), None),
    "both doors": ("why-stopped", doors(hearts(KEPT, paused="ADG"), "ADG"), None),
    "0 of 8": ("pool-again", pool(8, 0), "none"),
    "6 of 8": ("pool-again", pool(8, 6), "six"),
    "8 of 8": ("pool-again", pool(8, 8, numbers=(), after=None), "eight"),
    "7 of 8": ("pool-again", pool(8, 7), None),
    "a number": ("why-none-answered", pool(8, 0), "nobody gives"),
    "later": ("why-none-answered", pool(8, 0, numbers=(0, 1)), "Linux gives"),
    "the worker": ("why-none-answered", pool(8, 0, after=0), "the new worker"),
    "some after": ("why-none-answered", pool(8, 0, after=5), None),
    "some came": ("why-none-answered", pool(8, 3, numbers=(), after=None), None),
    "free by itself": ("why-none-answered", pool(8, 0, numbers=(1,), after=None), "Linux gives"),
    "all came": ("why-none-answered", pool(8, 8, numbers=(), after=None), None),
}


@pytest.mark.parametrize(("id", "result", "option"), SETTLED.values(), ids=SETTLED)
def test_a_result_settles_a_pick_each_way(id, result, option):
    answers.settles_each_pick(id, result, option)


def test_every_option_of_a_choice_can_be_what_a_result_speaks_for():
    reached = {(id, option) for id, _, option in SETTLED.values() if option}
    missing = [
        option
        for id, entry in texts.chapter("06")["choices"].items()
        for option in entry["options"]
        if not any(id == other and option.startswith(begin) for other, begin in reached)
    ]
    assert missing == []


REFUSED = [
    ("take-two", 7, "needs what was seen of hearts"),
    ("take-two", hearts(), "hearts, heart='F'"),
    ("uncaught", hearts(), "fault='exception'"),
    ("why-four", pool(8, 0), "needs what was seen of hearts"),
    ("why-stopped", hearts(KEPT, paused="ADG"), "C lets go of the GIL"),
    ("overwritten", around(5), "needs what was seen of hearts"),
    ("pool-again", hearts(), "needs what was seen of pool_killed"),
    (
        "why-none-answered",
        told("pool_killed", {"kill": "the holder"}),
        "kill='one that waits, then",
    ),
]


@pytest.mark.parametrize(("id", "result", "says"), REFUSED)
def test_a_result_that_does_not_fit_is_refused(id, result, says):
    with pytest.raises(TypeError, match=re.escape(says)):
        settle.settled(id, texts.entry("choices", id)["options"][0], result)


def test_rules_and_choices_name_each_other():
    named = {entry["settle"]["rule"] for entry in texts.chapter("06")["choices"].values()}
    assert named == set(rules.RULES)


# The claims ---------------------------------------------------------------------------------------
def crash(fault: str, container: str, others: str) -> Observation:
    return told("crash", {"fault": fault, "container": container}, others=others)


def fates(*cells: tuple[str, str, str | None]) -> Observation:
    lines = [{"fault": f, "container": c, "others": o} for f, c, o in cells]
    names = [", ".join(dict.fromkeys(cell[n] for cell in cells)) for n in (0, 1)]
    return told("fates", {"faults": names[0], "containers": names[1]}, cells=lines)


CLAIMS = {
    "hearts, threads": ("fate.thread", [hearts(flat="ACDG")], "supported"),
    "hearts, processes": ("fate.process", [hearts(flat="ACDG")], "supported"),
    "alone in its process": ("fate.thread", [hearts(heart="F", flat="F")], "not settled yet"),
    "they went on": ("fate.thread", [hearts(flat="C")], "not supported"),
    "another process fell": ("fate.process", [hearts(heart="F", flat="BF")], "not supported"),
    "an exception is not fatal": ("fate.thread", [crash("exception", "thread", "go on")],
                                  "not settled yet"),
    "a crash": ("fate.thread", [crash("abort", "thread", "end too")], "supported"),
    "the latest counts": ("fate.thread", [crash("abort", "thread", "go on"),
                                          crash("abort", "thread", "end too")], "supported"),
    "a matrix": ("fate.process", [fates(("abort", "process", "go on"),
                                        ("abort", "thread", "end too"),
                                        ("bus error", "process", None))], "supported"),
    "a matrix against it": ("fate.process", [fates(("abort", "process", "differ"))],
                            "not supported"),
    "a pool is no claim's": ("fate.process", [crash("abort", "executor", "end too")],
                             "not settled yet"),
    "nothing": ("fate.process", [around(5)], "not settled yet"),
}  # fmt: skip


@pytest.mark.parametrize(("id", "items", "word"), CLAIMS.values(), ids=CLAIMS)
def test_each_claim_is_judged_each_way(id, items, word):
    assert verdict(id, *items).word == word


@pytest.mark.parametrize(
    ("item", "word"),
    [
        (hearts(ZERO, wrong="ACDG"), "supported"),
        (hearts(ZERO, wrong="C"), "not supported"),
        (hearts(ZERO, wrong=words.HEARTS), "not supported"),
        (hearts(ZERO), "not supported"),
    ],
)
def test_whom_a_wild_write_reaches_judges_the_claim_on_data(item, word):
    assert judges.faults([hearts(flat="ACDG"), item]).word == word
    assert judges.faults([hearts(flat="ACDG")]) is None


def test_hearts_that_are_all_alone_or_all_together_say_nothing_of_whom_a_write_reaches():
    alone = hearts(ZERO, heart="F", wrong="F")
    together = hearts(ZERO, wrong=words.HEARTS)
    together.facts["walls"].update(dict.fromkeys(words.HEARTS, "process 1"))
    assert judges.faults([alone]) is judges.faults([together]) is None
    assert judges.faults([hearts(ZERO, wrong="ACDG"), alone]).word == "supported"


# What is said -------------------------------------------------------------------------------------
def test_who_fell_and_how_the_processes_ended_is_said():
    facts = hearts(flat="ACDG").facts
    assert words.flat(facts) == "Flat at the end: A, C, D and G."
    assert words.exits(facts) == (
        "process 1 was ended by SIGSEGV and process 2 ended with exit code 0"
    )
    assert words.numbered(["process 2", "process 3"]) == "processes 2 and 3"
    assert words.last_words(facts) == "Last words: none."
    assert words.last_words(hearts().facts) == "" and "No line" in words.flat(hearts().facts)
    assert words.counted(1, "process") == "1 process" and words.counted(2, "cell") == "2 cells"


def test_a_gap_is_said_with_what_linux_tells_or_does_not():
    said = words.gap(hearts(KEPT, paused="ADG").facts)
    assert "asleep in 60 of 60 looks; CPU used: at most 200 µs in 200 ms." in said
    assert "is not shown here" in words.gap(hearts(KEPT, paused="ADG", cpu=None).facts)
    assert words.gap(hearts().facts) == "Nobody was silent."


def test_what_a_pool_came_to_is_said():
    facts = pool(8, 0).facts
    assert words.killed(facts, 0).endswith("4 workers alive, and 8 of 8 tasks were answered.")
    assert "no new one came" in words.killed({**facts, "replaced": [False, False]}, 0)
    said = "Looked at 10 times: held. Then the parent freed it: 8 of 8 tasks were answered."
    assert words.set_back(facts) == said
    assert words.set_back(pool(8, 3, numbers=(), after=None).facts).startswith("3 of 8 tasks")
    free = words.set_back(pool(8, 0, numbers=(0, 1), after=None).facts)
    assert free.endswith("held and free. It was free at the end, so the parent did not free it.")
    assert words.first_killed(facts) == "The first time 8 of 8 tasks were answered."
    made = verbs.set_back(pool(8, 0))
    assert "the holder waited in pipe" in made.sentence


def test_memory_that_is_not_shown_is_said_to_be_not_known():
    walls = {"1": hearts(flat="ACDG"), "2": replace(hearts(), source="recorded")}
    rows = tables.walls(walls)
    assert rows[1] == ("1", "4", "2.00 MB") and rows[2][0] == "2 (recorded)"
    assert words.megabytes(None) == "not known"
    assert words.dealt(walls) == "Flat lines: 4 with 1 process, 0 with 2 processes."


# The pictures -------------------------------------------------------------------------------------
def test_before_the_answer_the_picture_does_not_tell_who_is_what():
    item = drawn(hearts(flat="ACDG"))
    hidden, shown = heartbeats.hearts(item), heartbeats.hearts(item, walls=True)
    assert not re.search("Cross|Flag|Hollow", hidden.alt)  # no mark is there to be explained
    assert not re.search("process|thread|SIGSEGV|answer", f"{hidden.alt} {hidden.table}")
    assert "Together in a process: A, C, D, G; B; E; F; H." in shown.alt
    assert "A: 10 beats, ended by SIGSEGV; no answer." in shown.alt
    assert "B: 30 beats, all its beats; answer right." in shown.alt and shown.png()


def test_a_recorded_run_says_so():
    old = replace(drawn(hearts(flat="ACDG")), source="recorded", date="2026-11-30")
    assert "recorded on" in heartbeats.hearts(old).alt
    assert "Not from this machine" in repr(Looked({"in C": old}, ""))
    cells = replace(fates(("abort", "process", "go on")), source="recorded", date="2026-11-30")
    assert "Not from this machine: recorded on" in matrix.matrix(cells).alt


def test_the_hearts_can_be_stepped_through_with_the_walls_last():
    made = stepping.stepped(drawn(hearts(flat="ACDG")), title="Who ends?")
    assert "Together in a process: A, C, D, G" in made.alt
    assert "Until" in made.html and made.png()


def test_how_an_end_is_said_shortly():
    lane = stepping.ordered(drawn(hearts(flat="ACDG")))[0]
    raised = Ending("A", "raised", 5, "/proc", None, "ZeroDivisionError: division by zero")
    assert heartbeats.shortly(replace(lane, ending=raised)) == "ended by an exception"
    assert heartbeats.shortly(replace(lane, ending=None)) == "end not seen"


# Predicted ----------------------------------------------------------------------------------------
TEN = fates(*((fault, container, words.GO_ON) for fault in predicting.FAULTS
              for container in predicting.CONTAINERS))  # fmt: skip


def test_what_was_predicted_stands_beside_what_came():
    said = predicting.read({"thread": "ge.", "process": "ggggs"})
    assert said.left == 1 and said["os._exit", "thread"] == words.GO_ON
    cells = words.cells(TEN.facts)
    assert matrix.score(cells, said) == "You predicted 7 cells, and 5 came as you said."
    assert matrix.score(cells, {}) == "" == matrix.reasons(cells, {})
    assert matrix.reasons(cells, said) == f"{matrix.REASONS['sys.exit', 'thread']} {matrix.APART}"
    picture = matrix.matrix(TEN, predicted=said)
    assert ("sys.exit", "go on (you said: end too)", "go on (as you said)") in picture.table.rows
    assert picture.alt.endswith("The others, in 10 cells: go on 10.") and picture.png()


def test_a_cell_that_was_seen_is_not_predicted_and_bad_letters_are_refused():
    said = predicting.Predicted()
    said.say("exception", "thread", words.END)
    assert said == {}
    for given, says in [({"thread": "gg"}, "needs 3 letters"), ({"thread": "ggx"}, "letter='x'"),
                        ({"cellar": "g"}, "container='cellar'")]:  # fmt: skip
        with pytest.raises(ValueError, match=says):
            predicting.read(given)
    with pytest.raises(ValueError, match="word='no'"):
        said.say("os._exit", "thread", "no")


def test_a_cell_that_cannot_be_run_here_is_said_to_be_so():
    item = fates(("division in C", "thread", None), ("abort", "thread", "differ"))
    picture = matrix.matrix(item, predicted={("division in C", "thread"): words.END})
    assert ("division in C", "not run here") in picture.table.rows
    assert "differ 1, not run here 1" in picture.alt


def test_who_goes_on_with_wrong_answers_is_told_from_who_goes_on():
    lines = [{"fault": "silent corruption", "container": c, "others": words.GO_ON, "wrong": n}
             for c, n in (("thread", 4), ("process", 1))]  # fmt: skip
    names = {"faults": "silent corruption", "containers": "thread, process"}
    picture = matrix.matrix(told("fates", names, cells=lines))
    assert picture.table.rows == (("silent corruption", "go on, wrongly", "go on"),)


def test_the_panel_predicts_cell_by_cell_and_what_is_left_is_said():
    with closing(fate.predict_cells()) as panel:
        heads = [
            each.value
            for each in panel.box.children[0].children
            if "one of" in str(getattr(each, "value", ""))
        ]
        assert heads == ["<b>one of four threads</b>", "<b>one of four processes</b>"]
        assert len(panel.lists) == 8 and "a letter for each open cell" in repr(panel)
        panel.lists["os._exit", "thread"].value = words.END
        assert "7 of 8 cells are open." in panel.message.value
        panel.lists["os._exit", "thread"].value = "?"
        assert panel.predicted == {}
        for each in panel.lists.values():
            each.value = words.GO_ON
        assert "All cells are predicted" in panel.message.value
    assert fate.predict_cells(thread="ges")["C keeps the GIL", "thread"] == words.PAUSE


# For real -----------------------------------------------------------------------------------------
SHOWS = {
    "uncaught": ("uncaught", "C alone"),
    "why-four": ("from_outside", "the action"),
    "overwritten": ("overwritten", "A, C, D and G go on"),
    "why-stopped": ("kept_turn", "they waited"),
    "pool-again": ("pool_again", "none"),
    "why-none-answered": ("pool_again", "nobody gives back"),
}


@pytest.mark.worker
@pytest.mark.parametrize(("id", "verb", "option"), [(id, *each) for id, each in SHOWS.items()])
def test_each_verb_shows_what_decides_its_question(home, id, verb, option):
    made = getattr(fate, verb)()
    assert next(iter(made.seen.values())).source == "live"
    assert f"That speaks for: {option}" in settle.settled(id, None, made)


@pytest.mark.worker
def test_the_opening_surprises_and_its_walls_come_later(home):
    one, two = fate.flatline("C"), fate.flatline("F")
    assert one.sentence == "Flat at the end: A, C, D and G." and "SIGSEGV" not in repr(one)
    assert "speaks for: F alone" in settle.settled("take-two", None, two)
    assert "Cross: the fault." in one.picture.alt and "Flag" not in one.picture.alt
    made = fate.walls(one)
    assert (
        made.sentence.startswith("Process ACDG was ended by SIGSEGV")
        and "A box" in made.picture.alt
    )


@pytest.mark.worker
def test_the_small_matrix_is_run_and_scored(home):
    made = fate.ten_containers(fate.predict_cells(thread="egs", process="ggggg"))
    assert made.sentence == "You predicted 8 cells, and 8 came as you said."
    with closing(fate.predict_cells()) as panel:
        panel.lists["os._exit", "thread"].value = words.GO_ON
        assert "and 0 came as you said." in fate.ten_containers(panel).sentence


@pytest.mark.worker
def test_locks_and_tasks_are_told_in_tables(home):
    rows = fate.file_lock().rows
    assert rows[1][1:3] == ("stand still", "0") and rows[2][1:3] == ("go on", "3")
    _, executor, pooled, supervised, once = fate.twelve().rows
    assert int(executor[2]) >= 8 and executor[4] == "1"  # task 5 and all from there on
    assert pooled[1:4] == ("11", "0", "1") and supervised[1:5] == ("11", "0", "1", "4")
    assert once[1:5] == ("12", "0", "0", "2")


@pytest.mark.worker
def test_fewer_fall_with_more_walls_and_more_memory_is_taken(home):
    made = fate.dealt()
    flat = [len(item.facts["flat"]) for item in made.seen.values()]
    kb = [item.facts["private_mb"] for item in made.seen.values()]
    assert flat == [8, 4, 2, 1] and kb == sorted(kb)


@pytest.mark.worker
def test_a_pool_survives_a_worker_that_had_no_lock(home):
    assert fate.pool().sentence.endswith("8 of 8 tasks were answered.")


@pytest.mark.worker
def test_a_poster_is_made_of_what_was_run_and_bad_names_are_refused(home):
    drawn_ = fate.fate_matrix(["abort"], ["thread", "process"])
    assert drawn_.table.rows == (("abort", "end too", "go on"),)
    assert "on my own machine" in drawn_.alt
    with pytest.raises(ValueError, match="Did you mean 'abort'"):
        fate.fate_matrix(["abbort"])


@pytest.mark.worker
def test_a_small_machine_runs_the_matrix_with_fewer_at_a_time_or_shows_a_recorded_one(
    home, monkeypatch
):
    """A control group with 62 tasks and 200 MB; then one in which there is no place for a crew."""
    free = [("mb", 130), ("processes", 62), ("threads", 62)]
    monkeypatch.setattr(limits, "free", lambda: ((name, n, f"{n} free") for name, n in free))
    item = verbs.fates(["abort", "exception"], ["thread", "process"])
    assert item.source == "live" and item.params["at_once"] == 1
    free[0] = ("mb", 40)
    drawn_ = fate.fate_matrix()
    assert "on my own machine" not in drawn_.alt and "recorded on" in drawn_.alt
    for made in (fate.flatline("C"), fate.kept_turn(), fate.pool_again(), fate.twelve()):
        assert "not observed here: " in made.text()


def test_the_supervisor_can_be_read():
    made = fate.supervisor()
    assert "def supervise" in repr(made) and "<details" in made.html()


def test_the_panels_open_with_their_sentences_more_than_once():
    """A module that is imported only then must not stand in the place of the verb of its name."""
    for _ in range(2):
        with closing(fate.crash_panel()) as shown:
            assert 'cl.crash("null pointer", "thread", siblings=3)' in repr(shown)


BAD = {
    "a number": (lambda: verbs.ten_containers(5), "^predicted=5: must be what predict_cells gave"),
    "a text": (lambda: verbs.ten_containers("ege"), "^predicted='ege': must be"),
    "a dict": (lambda: verbs.ten_containers({("x", "y"): "z"}), "^predicted=.*must be"),
    "no letters": (lambda: verbs.predict_cells(thread=3), "^thread=3: must be a text"),
    "no list": (lambda: verbs.fate_matrix("exception"), "^faults='exception': must be a list"),
    "no containers": (
        lambda: verbs.fate_matrix(["exception"], None),
        "^containers=None: must be a list",
    ),
}


@pytest.mark.parametrize(("asked", "says"), BAD.values(), ids=BAD)
def test_bad_input_of_a_verb_is_refused_before_anything_starts(asked, says, monkeypatch):
    monkeypatch.setattr("conclib.lab.observing._live", lambda *_: pytest.fail("started"))
    with pytest.raises((TypeError, ValueError), match=says):
        asked()
