"""Chapter 11: what settles its choices and its claims, what is said and drawn, the exercises."""

import re
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from conclib import lab
from conclib.chapters import ch11_models as models
from conclib.chapters.ch11_models import (
    computing,
    counts,
    dots,
    fixed,
    house_data,
    houses,
    live,
    practice,
    rules,
    side_rooms,
    tables,
    tallies,
    verbs,
    words,
)
from conclib.lab import machines
from conclib.lesson import texts
from conclib.lesson.judging import settle
from conclib.lesson.judging.verdicts import verdict
from conclib.lesson.showing.looked import Looked
from conclib.lesson.store import kept
from conclib.results import Actor, Ending, Event, Observation, Unavailable
from tests.chapters import answers
from tests.lesson_fonts import open_fonts
from tests.made_up import HOST, RUNTIME, around

MS = 1_000_000


@pytest.fixture(scope="module", autouse=True)
def fonts():
    """Let matplotlib open its fonts before a test counts open files: it never closes them."""
    open_fonts()


def told(probe: str, params: dict[str, Any] | None = None, **facts: Any) -> Observation:
    """Return a made-up observation with all of the probe's parameters."""
    complete = lab.catalogue()[probe].complete(params or {})
    return Observation(probe, "t", complete, HOST, RUNTIME, facts)


# Made-up programs ---------------------------------------------------------------------------------
def waiting(runtime: str, threads: int, tasks: int = 10_000, **facts: Any) -> Observation:
    """Return so many tasks that wait, and the threads that Linux lists."""
    given = {"threads_before": 1, "each_ns": 1000.0, "each_kb": 2.0, "cpus": 2, **facts}
    return told("waiting_tasks", {"runtime": runtime, "tasks": tasks}, tasks=tasks,
                threads=threads, **given)  # fmt: skip


def reading(runtime: str, *pauses: int, came: int = 0, **params: Any) -> Observation:
    """Return hearts with pauses in ms while somebody reads; ``came``: threads that came."""
    count = params.get("readers", 1)
    each = pauses * 8 if len(pauses) == 1 else pauses
    hearts = "ABCDEFGH"[: len(each)]
    return told(
        "blocking_call", {"runtime": runtime, **params}, hearts=list(hearts), readers=count,
        still=[name for name, n in zip(hearts, each, strict=True) if n > 300],
        pause_ns=max(each) * MS, call_ns=600 * MS, threads_before=5, threads_most=5 + came,
        came_back=count, heart_threads=1,
    )  # fmt: skip


def computed(runtime: str, cores: float, *, ready: float | None = None, busy: int = 4,
             cpus: int = 2, **params: Any) -> Observation:  # fmt: skip
    """Return four tasks that computed: CPUs kept busy, threads running or ready to."""
    each = [{"tid": n, "cpu_ns": cores * 100 * MS / busy} for n in range(busy)]
    return told("computing_tasks", {"runtime": runtime, **params}, cores=cores, tasks=4, cpus=cpus,
                runnable=cores if ready is None else ready, busy=busy, took_ns=100 * MS,
                threads=each)  # fmt: skip


def drawn(item: Observation, threads: int = 2) -> Observation:
    """Return the same with something to draw: beats, and threads of which the last is in a call."""
    still = words.fate(item.facts) == words.STILL
    times = [n * 10 * MS for n in range(121) if not (still and 30 < n < 90)]
    actors = [Actor(name, "task", 7) for name in item.facts["hearts"]]
    events = [Event(times[-1], a.name, "beats", {"times_ns": times}) for a in actors]
    endings = []
    for n in range(1, threads + 1):
        name = f"OS thread {n}"
        actors.append(Actor(name, "thread", 7, 7 + n, "program"))
        events.append(Event((n - 1) * 100 * MS, name, "born"))
    data = {"t0_ns": 300 * MS, "t1_ns": 900 * MS}
    events.append(Event(900 * MS, f"OS thread {threads}", "in call", data))
    endings.append(Ending("OS thread 1", "exited", 1100 * MS, "/proc"))
    return replace(item, actors=tuple(actors), events=tuple(events), endings=tuple(endings))


def seen(*items: Observation) -> Looked:
    return Looked({str(n): item for n, item in enumerate(items)}, "")


# Exercises --------------------------------------------------------------------------------------
WRONG = {
    "mend-the-sleep": [
        ("time.sleep(2)", "plain"), ("await time.sleep(2)", "await"),
        ("await asyncio.sleep(2)", "own"), ("asyncio.create_task(slow())", "task"),
        ("await asyncio.gather(slow(), slow())", "task"),
        ("await asyncio.to_thread(time.sleep, 2)", None), ("await to_thread(time.sleep,n)", None),
        ("await loop.run_in_executor(None, time.sleep, 2)", None),
    ],
    "how-many-threads": [(5000, "all"), (4, "cpus"), (200, "readers"), (800, "computing"),
                         (1000, "computing"), (204, None), (204.0, None)],
}  # fmt: skip
NONSENSE = {
    "mend-the-sleep": [2, None.__class__, "await asyncio.to_thread(time.sleep(2))", "x" * 10**5,
                       "asyncio.to_thread(time.sleep, 2)", "a faster loop",
                       "await loop.run_in_executor(None, time.sleep(2))"],
    "how-many-threads": ["204", True, 10**400, [204], 7],
}  # fmt: skip


@pytest.mark.parametrize(("id", "case"), answers.each(WRONG))
def test_a_wrong_answer_is_met_by_the_belief_behind_it(id, case):
    answers.meets_the_belief(id, case)


def test_every_misconception_of_the_words_is_reached():
    ours = {(id, name) for id, name in answers.unreached("11", WRONG) if id in WRONG}
    assert ours == set()


@pytest.mark.parametrize(("id", "answer"), answers.each(NONSENSE))
def test_an_answer_of_another_kind_gets_a_sentence_and_raises_nothing(id, answer):
    answers.gets_a_sentence(id, answer)


# What settles the choices -------------------------------------------------------------------------
def roll(threads: int, asyncio: int, go: int) -> Looked:
    found = zip(words.THREE, (threads, asyncio, go), strict=True)
    return seen(*(waiting(runtime, count) for runtime, count in found))


def ninth(threads: int, asyncio: int, go: int) -> Looked:
    found = zip(words.THREE, (threads, asyncio, go), strict=True)
    return seen(*(reading(runtime, pause) for runtime, pause in found))


def four(threads: float, asyncio: float, go: float) -> Looked:
    found = zip(words.THREE, (threads, asyncio, go), strict=True)
    return seen(*(computed(runtime, cores) for runtime, cores in found))


def hashes(cores: float, busy: int = 4, plain: float = 1.02) -> Looked:
    return seen(computed("threads", plain), computed("threads", cores, busy=busy, work="hash in C"))


def many(pause: int, came: int) -> Looked:
    return seen(reading("go", 12, came=1), reading("go", pause, came=came, readers=100))


def tallied(first: int, each: int, longest: int) -> tallies.Tallies:
    met = dict(zip(tallies.NAMES, (first, each, longest), strict=True))
    return tallies.Tallies(met, dict.fromkeys(tallies.NAMES, 0), 200)


EACH, FEW = 10_001, 5
SETTLED = {
    "as it is": ("roll-call", roll(EACH, 1, FEW), "10,000, then 1, then"),
    "none real": ("roll-call", roll(1, 1, FEW), "1, then 1"),
    "all real": ("roll-call", roll(EACH, EACH, EACH), "10,000, then 10,000"),
    "a pool": ("roll-call", roll(EACH, FEW, EACH), "10,000, then a handful"),
    "too many": ("roll-call", roll(EACH, 1, 500), None),
    "asyncio still": ("one-reads", ninth(12, 600, 12), "in asyncio alone"),
    "all still": ("one-reads", ninth(600, 600, 600), "in all three"),
    "none still": ("one-reads", ninth(12, 12, 12), "in none"),
    "Go, too": ("one-reads", ninth(12, 600, 590), "in asyncio and in Go"),
    "half still": (
        "one-reads",
        seen(reading("threads", 12), reading("asyncio", 600), reading("go", *[12, 400] * 4)),
        None,
    ),
    "threads still": ("one-reads", ninth(600, 12, 12), None),
    "new threads": ("why-go", many(12, 100), "it puts a new"),
    "watched": ("why-go", many(12, 2), "it turns the read"),
    "spare": ("why-go", many(600, 0), "it had threads"),
    "some came": ("why-go", many(12, 40), None),
    "half of Go": ("why-go", seen(reading("go", *[12, 400] * 4, came=100, readers=100)), None),
    "a lock": ("whose-cpus", four(1.02, 1.0, 1.9), "one CPU, then one"),
    "no lock": ("whose-cpus", four(1.9, 1.0, 1.9), "several CPUs, then one"),
    "all at once": ("whose-cpus", four(1.9, 1.9, 1.9), "several CPUs, in all"),
    "one each": ("whose-cpus", four(1.0, 1.0, 1.0), "one CPU, in all"),
    "unclear": ("whose-cpus", four(1.4, 1.0, 1.9), None),
    "in C": ("why-one-cpu", hashes(1.9), "a lock"),
    "kept": ("why-one-cpu", hashes(1.0), "Linux keeps"),
    "not real": ("why-one-cpu", hashes(1.0, busy=1), "they are not real"),
    "no GIL": ("why-one-cpu", hashes(1.9, plain=1.9), None),
    "half": ("why-one-cpu", hashes(1.4), None),
    "longest first": ("which-rule", tallied(55, 60, 190), "the longest wait"),
    "in turn": ("which-rule", tallied(55, 160, 90), "a tick for each"),
    "first come": ("which-rule", tallied(155, 60, 90), "first come"),
    "alike": ("which-rule", tallied(100, 101, 102), None),
    "waits early": ("why-rule", tallied(55, 60, 190), "waits go on"),
    "switching": ("why-rule", tallied(55, 160, 90), "who switches"),
    "no difference": ("why-rule", tallied(100, 101, 102), "nothing"),
    "first come best": ("why-rule", tallied(155, 60, 90), None),
}


REASONS = {
    "one CPU": (
        "whose-cpus", seen(*(computed(each, 1.0, cpus=1) for each in words.THREE)), rules.ONE_CPU
    ),
    "busy": ("whose-cpus", seen(computed("threads", 0.9), computed("asyncio", 0.8),
                                computed("go", 1.0, ready=2.0)), rules.SHARED),
    "one CPU, in C": ("why-one-cpu", seen(computed("threads", 1.0, cpus=1), computed(
        "threads", 1.0, cpus=1, work="hash in C")), rules.ONE_CPU),
    "busy, in C": ("why-one-cpu", hashes(1.4), rules.SHARED),
    "no lock": ("why-one-cpu", hashes(1.9, plain=1.9), rules.NO_LOCK),
}  # fmt: skip


@pytest.mark.parametrize(("id", "result", "reason"), REASONS.values(), ids=REASONS)
def test_a_question_on_cpus_that_stays_open_says_why(id, result, reason):
    said = settle.settled(id, texts.entry("choices", id)["options"][0], result)
    assert f"{reason} That" in said and "stays open" in said


@pytest.mark.parametrize(("id", "result", "option"), SETTLED.values(), ids=SETTLED)
def test_a_result_settles_a_pick_each_way(id, result, option):
    answers.settles_each_pick(id, result, option)


def test_every_option_of_a_choice_can_be_what_a_result_speaks_for():
    reached = {(id, option) for id, _, option in SETTLED.values() if option}
    missing = [
        option
        for id, entry in texts.chapter("11")["choices"].items()
        for option in entry["options"]
        if not any(id == other and option.startswith(begin) for other, begin in reached)
    ]
    assert missing == []


REFUSED = [
    ("roll-call", 7, "needs what was seen of waiting_tasks, runtime='threads'"),
    ("one-reads", roll(1, 1, 1), "needs what was seen of blocking_call"),
    ("why-go", seen(reading("go", 12)), "needs a run with many readers"),
    ("whose-cpus", around(5), "needs what was seen of computing_tasks"),
    ("why-one-cpu", four(1, 1, 1), "work='hash in C'"),
    ("which-rule", roll(1, 1, 1), "needs what models.by_rules"),
    ("why-rule", [7], "needs what models.by_rules"),
]


@pytest.mark.parametrize(("id", "result", "says"), REFUSED)
def test_a_result_that_does_not_fit_is_refused(id, result, says):
    with pytest.raises(TypeError, match=re.escape(says)):
        settle.settled(id, texts.entry("choices", id)["options"][0], result)


def test_rules_and_choices_name_each_other():
    named = {entry["settle"]["rule"] for entry in texts.chapter("11")["choices"].values()}
    assert named == set(rules.RULES)


@pytest.mark.parametrize(
    ("cores", "ready", "cpus", "word"),
    [(1.0, 1.0, 2, "one"), (1.9, 2.1, 2, "several"), (1.2, 3.9, 2, "several"),
     (1.05, 3.9, 2, "not known"), (1.4, 1.4, 2, "not known"), (0.9, 1.4, 2, "one"),
     (1.0, 4.0, 1, "not known")],
)  # fmt: skip
def test_others_on_the_machine_do_not_decide_how_many_cpus_are_filled(cores, ready, cpus, word):
    assert words.cpus(computed("go", cores, ready=ready, cpus=cpus).facts) == word


# The claims ---------------------------------------------------------------------------------------
CLAIMS = {
    "each a thread": ("model.1to1", [waiting("threads", EACH)], "supported"),
    "native, too": ("model.1to1", [waiting("pthreads", EACH)], "supported"),
    "fewer threads": ("model.1to1", [waiting("threads", 500)], "not supported"),
    "asyncio is no evidence": ("model.1to1", [waiting("asyncio", 1)], "not settled yet"),
    "still": ("model.Nto1", [reading("asyncio", 600)], "supported"),
    "not still": ("model.Nto1", [reading("asyncio", 12)], "not supported"),
    "half still": ("model.Nto1", [reading("asyncio", *[12, 400] * 4)], "inconclusive"),
    "nobody reads": ("model.Nto1", [reading("asyncio", 12, readers=0)], "not settled yet"),
    "own sleep is no evidence": ("model.Nto1", [reading("asyncio", 12, call="own sleep")],
                                 "not settled yet"),
    "one thread": ("model.Nto1", [waiting("asyncio", 1)], "supported"),
    "helpers": ("model.Nto1", [waiting("asyncio", 7)], "not supported"),
    "one CPU": ("model.Nto1", [computed("asyncio", 1.0)], "supported"),
    "parallel": ("model.Nto1", [computed("asyncio", 1.9)], "not supported"),
    "one CPU there": ("model.Nto1", [computed("asyncio", 1.0, cpus=1)], "inconclusive"),
    "few": ("model.MtoN", [waiting("go", FEW)], "supported"),
    "many": ("model.MtoN", [waiting("go", EACH)], "not supported"),
    "ten tasks tell nothing": ("model.MtoN", [waiting("go", 12, tasks=10)], "not settled yet"),
    "many CPUs": ("model.MtoN", [waiting("go", 140, cpus=128)], "supported"),
    "goes on": ("model.MtoN", [reading("go", 12)], "supported"),
    "does not": ("model.MtoN", [reading("go", 600)], "not supported"),
    "spread": ("model.MtoN", [computed("go", 1.9)], "supported"),
    "bounded is no evidence": ("model.MtoN", [computed("go", 1.0, procs=1)], "not settled yet"),
    "nothing": ("model.MtoN", [around(5)], "not settled yet"),
}  # fmt: skip


@pytest.mark.parametrize(("id", "items", "word"), CLAIMS.values(), ids=CLAIMS)
def test_each_claim_is_judged_each_way(id, items, word):
    assert verdict(id, *items).word == word


@pytest.mark.parametrize(
    ("task", "thread", "word"),
    [((1e3, 1.2), (5e4, 9.5), "supported"), ((6e4, 12.0), (5e4, 9.5), "not supported"),
     ((1e3, 12.0), (5e4, 9.5), "inconclusive")],
)  # fmt: skip
def test_a_task_is_cheaper_only_in_time_and_memory(task, thread, word):
    pairs = (("asyncio", 1, task), ("threads", EACH, thread))
    items = [waiting(runtime, count, each_ns=ns, each_kb=kb) for runtime, count, (ns, kb) in pairs]
    found = models.judges.cheap(items)
    assert found.word == word
    assert models.judges.cheap(items[:1]) is None
    assert models.judges.cheap([items[0], waiting("threads", 101, tasks=100)]) is None
    small = [waiting("asyncio", 1, tasks=10), waiting("threads", 11, tasks=10)]
    assert models.judges.cheap(small) is None


@pytest.mark.parametrize(
    ("threads", "before", "tasks", "word"),
    [(11, 1, 10, words.EACH), (12, 12, 10, words.FEW), (1, 1, 10, words.ONE),
     (300, 5, 10_000, words.OTHER)],
)  # fmt: skip
def test_threads_that_were_there_before_are_nobodys(threads, before, tasks, word):
    assert words.group(waiting("go", threads, tasks, threads_before=before).facts) == word


# What is said and drawn ---------------------------------------------------------------------------
def test_the_roll_call_says_and_draws_what_linux_counted():
    looked = roll(EACH, 1, FEW)
    picture = dots.roll(looked.seen)
    assert "Python, threads: 10,001 threads; Python, asyncio: 1 thread; Go: 5 threads." in (
        picture.alt
    )
    assert picture.table.rows[1] == ("Python, asyncio", "10,000", "1", "observed here")
    assert picture.png()


@pytest.mark.parametrize("count", [0, 1, 4, 5, 99, 101, 10_000, 10_001])
def test_a_dot_stands_for_each_thread_inside_its_square(count):
    found = dots.places(count, 2.0)
    assert len(found) == len(set(found)) == count
    assert all(0 <= x <= 2.0 and 0 <= y <= 2.0 for x, y in found)


def three() -> dict[str, Observation]:
    items = ninth(12, 600, 12).seen.values()
    pairs = zip((9, 1, 5), items, strict=True)
    return {item.params["runtime"]: drawn(item, count) for count, item in pairs}


def test_the_houses_tell_who_stood_still_and_which_thread_was_in_the_call():
    made = houses.houses(three())
    assert (
        "Python, asyncio: 496 beats of 8 hearts, which stand still; 1 thread of Linux" in made.alt
    )
    assert made.still.table.rows[1][1:3] == ("stand still", "600 ms")
    assert "thread 5 is inside the call" in made.html and "thread 1 ends" in made.html
    assert made.png()


def test_the_steps_of_the_houses_are_in_order_and_the_last_one_shows_all():
    layout = houses.Layout([house_data.house(item) for item in three().values()])
    assert layout.moments == sorted(set(layout.moments)) and layout.moments[-1] == layout.long
    last = layout.scene().to_svg(len(layout.moments) - 1)
    assert last.count("<polyline") > layout.scene().to_svg(0).count("<polyline")


def test_houses_fill_while_their_programs_run():
    put: list[Any] = []
    at = iter(range(10**6))  # a second passes with each look at the clock
    filling = live.Filling("Who?", lambda picture: put.append(picture) or put.append,
                           lambda: float(next(at)))  # fmt: skip
    go, asyncio = three()["go"], three()["asyncio"]
    filling.begins("go")
    for each in (*go.actors, *go.events):
        filling.saw(each)
    filling.over(go)
    filling.begins("asyncio")
    for each in (*asyncio.actors, *asyncio.events):
        filling.saw(each)
    filling.ended()
    assert "Go is running." in put[0].alt and "asyncio is running." in put[-2].alt
    assert put[-1] == {"text/plain": "", "text/html": ""} and len(put) > 3


def test_nothing_fills_before_anybody_beats_and_outside_of_a_cell(monkeypatch):
    assert house_data.so_far("Go", three()["go"].actors) is None
    with pytest.raises(ValueError, match="nobody beat"):
        house_data.house(reading("go", 12))
    filling = live.Filling("Who?", lambda _: pytest.fail("drawn"))
    filling.begins("go")
    filling.saw(Actor("A", "task"))
    filling.ended()
    monkeypatch.setattr(lab, "observe", lambda probe, **params: (probe, params))
    found = live.observe("blocking_call", ("go",), "Who?")
    assert found == {"go": ("blocking_call", {"runtime": "go"})}


def test_of_many_threads_some_are_drawn_and_all_are_counted():
    house = house_data.house(drawn(reading("go", 12, came=100, readers=100), 105))
    assert len(house.drawn) == house_data.MOST and house.left_out == 105 - house_data.MOST
    assert house.threads[-1] in house.drawn  # the one that was inside the call
    made = houses.stepped([house], [reading("go", 12)], "Many?")
    assert "105 threads, 12 of them drawn" in made.html


def test_a_recorded_run_says_so_where_the_eye_is():
    old = {name: replace(item, source="recorded", date="2026-11-30") for name, item in
           three().items()}  # fmt: skip
    made = houses.houses(old)
    assert "(recorded)" in made.html and "recorded on" in made.alt
    old_roll = [replace(item, source="recorded", date="2026-11-30")
                for item in roll(EACH, 1, FEW).seen.values()]  # fmt: skip
    assert "Hollow: " in dots.roll(dict(enumerate(old_roll))).alt
    assert "(recorded)" in words.roll(old_roll)
    assert "Not from this machine" in repr(Looked({"go": old["go"]}, ""))


def test_bars_show_how_many_cpus_were_kept_busy():
    old = replace(computed("go", 1.5), source="recorded", date="2026-11-30")
    found = {"Go": computed("go", 1.93), "old": old}
    picture = computing.picture(found)
    assert "CPUs kept busy, of 2: Go: 1.93, by 4 threads." in picture.alt
    assert picture.table.rows[0][1:3] == ("1.93", "4") and "Hatched: " in picture.alt
    assert picture.png()


def test_a_busy_machine_is_told_below_the_bars():
    quiet, busy = computed("go", 1.9), computed("go", 0.9, ready=3.9)
    assert computing.CROWDED not in computing.picture({"Go": quiet}).alt
    assert computing.CROWDED in computing.picture({"Go": busy}).alt


def own(*pauses: int, threads: int = 2, cliff: int | None = 2) -> Observation:
    return told("scheduler_in_python", {"kernel_threads": threads}, cliff=cliff,
                pauses_ns=[each * MS for each in pauses], read_ns=500 * MS)  # fmt: skip


def test_the_cliff_is_drawn_and_named():
    item = own(11, 12, 500, 501)
    picture = fixed.picture(item)
    assert fixed.sentence(item) == "With 2 threads all hearts stand still from 2 readers on."
    assert "0: 11.0 ms, 1: 12.0 ms, 2: 500 ms" in picture.alt and picture.png()
    assert "beat on with each number of readers" in fixed.sentence(own(11, 12, cliff=None))
    assert "no reader, too: others used" in fixed.sentence(own(500, 12, cliff=0))
    assert "from 1 reader on" in fixed.sentence(own(11, 500, threads=1, cliff=1))
    assert "Hollow: " in fixed.picture(replace(item, source="recorded", date="2026-11-30")).alt


def test_tables_say_what_became_of_whom():
    found = {"1 reads": reading("go", 12, came=1), "100 read": reading("go", 13, came=100)}
    assert tables.readers(found)[2] == ("100 read", "5", "105", "beat on", "13.0 ms")
    old = {"1 reads": replace(found["1 reads"], source="recorded")}
    assert tables.readers(old)[1][0] == "1 reads (recorded)"
    price = tables.prices({"go": waiting("go", FEW, each_ns=1980.0, each_kb=2.7)})
    assert price[1][:4] == ("Go", "M:N", "10,000", "5")
    assert tables.sleeps(found)[1] == ("1 reads", "12.0 ms", "6")
    assert tables.processors({"1": computed("go", 1.0)})[1] == ("1", "1.00", "4")


# The game and the fingerprints --------------------------------------------------------------------
def test_the_best_rule_reads_the_cards_and_no_rule_is_perfect():
    found = tallies.played(200)
    first, each, longest = found.shares
    assert longest - max(first, each) > rules.APART and 0.5 < longest < 1
    assert found.levels == 200 and len(found.rows) == 4
    assert "Computed: " in repr(found) and "<table" in found.html()


def test_every_kind_of_program_leaves_a_fingerprint_of_its_own():
    case = practice.Case(5000, 40, 8)
    prints = [str(practice.seen(kind, case)) for kind in practice.KINDS]
    assert len(set(prints)) == len(practice.KINDS)


def test_a_run_says_what_linux_listed():
    (kind,) = (each for each in practice.KINDS if each.runtime == "go")
    said = practice.run_sentence(kind, {"tasks": 5000, "threads": 6}, "observed here")
    assert said.startswith("Really run (observed here): Go, 5,000 tasks that wait; Linux lists 6")


# Verbs --------------------------------------------------------------------------------------------
BAD = {
    "no tasks": (lambda: verbs.roll_call(3), "^tasks=3: "),
    "too many tasks": (lambda: side_rooms.prices(10**6), "^tasks=1000000: "),
    "words": (lambda: verbs.roll_call("all"), "^tasks='all'"),
    "a crowd": (lambda: verbs.hundred_readers(10**4), "^readers=10000: "),
    "no threads": (lambda: verbs.as_many_readers(0), "^threads=0: "),
    "no levels": (lambda: verbs.by_rules(0), "^levels=0: "),
}


@pytest.mark.parametrize(("asked", "says"), BAD.values(), ids=BAD)
def test_bad_input_of_a_verb_is_refused_before_anything_starts(asked, says, monkeypatch):
    monkeypatch.setattr("conclib.lab.observing._live", lambda *_: pytest.fail("started"))
    with pytest.raises((TypeError, ValueError), match=says):
        asked()


def test_helpers_and_what_was_really_counted_are_told(home):
    item = told("helper_pool", helpers=6, threads=7, threads_lookup=2, lookup_idle_ns=3 * MS,
                lookup_full_ns=603 * MS)  # fmt: skip
    assert tables.helpers(item)[2] == ("all are inside a long call", "6", "603 ms", "7")
    assert counts.beside("2:3") == ()
    assert counts.beside("N:1")[1] == ("threads of Linux, tasks wait", counts.NOTHING)
    for each in (waiting("go", FEW), reading("go", 12, came=1), computed("go", 1.9)):
        kept.keep_observation(here(each))
    rows = dict(counts.beside("M:N"))
    assert rows["threads of Linux, tasks wait"] == "5 (10,000 tasks)"
    assert rows["the other tasks meanwhile"] == words.BEAT
    assert rows["threads before, while one reads"] == "5, 6"
    assert rows["CPUs kept busy, four compute"] == "1.90 of 2"


def here(item: Observation) -> Observation:
    """Return an observation as one of this machine and Python."""
    return replace(item, host=machines.host(), runtime=machines.own_runtime())


def test_the_scheduler_can_be_read():
    assert "class Scheduler" in repr(models.scheduler_to_read())


def test_the_panels_open_with_their_sentences():
    for verb, says in ((models.fixed_threads, "models.as_many_readers(3)"),
                       (models.simulator, "cl.simulate"), (models.play, "")):  # fmt: skip
        with closing(verb()) as panel:
            assert says in repr(panel)


# For real -----------------------------------------------------------------------------------------
SHOWS = {
    "roll-call": ("roll_call", "10,000, then 1, then a handful"),
    "one-reads": ("one_reads", "in asyncio alone"),
    "why-go": ("hundred_readers", "it puts a new thread"),
}


@pytest.mark.worker
@pytest.mark.parametrize(("id", "verb", "option"), [(id, *each) for id, each in SHOWS.items()])
def test_each_verb_shows_what_decides_its_question(home, id, verb, option):
    made = getattr(models, verb)()
    assert f"That speaks for: {option}" in settle.settled(id, None, made)


@pytest.mark.worker
def test_one_line_stops_ten_thousand_tasks_and_a_helper_mends_it(home):
    blocked, helped, own_sleep = models.mended().seen.values()
    assert words.fate(blocked.facts) == words.STILL
    assert helped.facts["pause_ns"] < blocked.facts["pause_ns"] > own_sleep.facts["pause_ns"]
    assert helped.facts["threads_most"] > blocked.facts["threads_most"] == 1


def test_what_is_neither_here_nor_recorded_is_named_and_the_rest_is_shown(monkeypatch):
    def only_go(probe: str, runtime: str, **params: Any) -> Observation:
        if runtime != "go":
            raise Unavailable(f"{runtime} was not found here")
        return replace(reading("go", 12, came=100, readers=100), facts={
            **reading("go", 12, came=100).facts, "version": "go1", "in_call": 100})  # fmt: skip

    monkeypatch.setattr(side_rooms, "observe", only_go)
    made = side_rooms.three_answers()
    assert made.rows[1] == ("Go", "go1", "5", "105", "100", "beat on")
    assert "Not shown, Erlang: erlang was not found here." in made.sentence
    with pytest.raises(Unavailable, match=r"^asyncio was not"):
        side_rooms._those_there("waiting_tasks", ("asyncio", "java"))


def test_without_a_python_that_has_no_lock_the_other_one_is_shown(monkeypatch):
    def nowhere(*_given, **_more):
        raise Unavailable("no Python 3.13t was found here")

    monkeypatch.setattr(lab, "observe_on", nowhere)
    monkeypatch.setattr(side_rooms, "observe", lambda *_given, **_more: computed("threads", 1.0))
    made = side_rooms.without_lock()
    assert made.sentence == "Not shown: no Python 3.13t was found here."
    assert list(made.seen) == ["this Python"]


@pytest.mark.parametrize(("model", "threads"), [("1:1", 4), ("N:1", 1), ("M:N", 2)])
def test_each_model_has_a_chart_to_step_through(home, model, threads):
    made = models.chart(model)
    some = "kernel thread " if threads == 1 else "kernel threads "
    assert made.sentence.startswith(f"Simulated, {model}: 4 tasks on {threads} {some}")
    assert "iframe" in made.picture.html
    assert ("every kernel thread slept" in made.sentence) == (model != "1:1")
    with pytest.raises(ValueError, match="N:M"):
        models.chart("N:M")


def test_what_speaks_against_an_answer_does_not_name_the_right_program_for_it():
    said = texts.entry("practice", "fingerprints")["misconceptions"]
    assert all("your pick" in each and "{name}" not in each for each in said.values())
