"""Chapter 03: what settles its choices and its claim, what is said and drawn, the exercises."""

import re
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from conclib import lab
from conclib.chapters import ch03_isolation as isolation
from conclib.chapters.ch03_isolation import pictures, practice, rules, tables, words
from conclib.lesson import texts
from conclib.lesson.asking.practice import practise
from conclib.lesson.judging import settle
from conclib.lesson.judging.verdicts import verdict
from conclib.lesson.showing.looked import Looked
from conclib.probes import _leave_model, _order_beliefs, _order_model
from conclib.results import Observation, Unavailable
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
    "how-many-pages": [(9000, "bytes"), (1, "one"), (3, "packed"), (2, "packed"), (256, "all"),
                       (4, None), (4.0, None)],
    "how-many-locks": [(3, "functions"), (1, "single"), (0, "none"), (2, None)],
}  # fmt: skip
NONSENSE = {
    "how-many-pages": ["4", True, 77, [4], 10**400],
    "how-many-locks": ["two", None.__class__, 9, True, 10**400],
}


@pytest.mark.parametrize(("id", "case"), answers.each(WRONG))
def test_a_wrong_answer_is_met_by_the_belief_behind_it(id, case):
    answers.meets_the_belief(id, case)


def test_every_misconception_of_the_words_is_reached():
    assert answers.unreached("03", WRONG) == set()


@pytest.mark.parametrize(("id", "answer"), answers.each(NONSENSE))
def test_an_answer_of_another_kind_gets_a_sentence_and_raises_nothing(id, answer):
    answers.gets_a_sentence(id, answer)


# What settles the choices -------------------------------------------------------------------------
def looks(of_a: str = "cat", of_b: str = "dog") -> Observation:
    return told("one_address", address=2**44, wrote={"A": "cat", "B": "dog"}, turns=["A", "B"] * 5,
                found=[of_a, of_b] * 5)  # fmt: skip


def pages(copied: int, do: str = "write", count: int = 3) -> Observation:
    written = list(range(count)) if do == "write" else []
    private = {"parent": 0, "child": 4 * copied}
    return told("page_copies", {"do": do, "bytes": count}, copied=copied, pages=256,
                written=written, private_kb=private, how="pagemap", agree=True)  # fmt: skip


def children(read: int, wait: int, write: int) -> Looked:
    """Return how many pages three children copied."""
    copied = {"read": read, "wait": wait, "write": write}
    return Looked({do: pages(n, do) for do, n in copied.items()}, "")


def stray(
    end: str = "SIGSEGV", a_finds: str | None = "cat", neighbour: str = "alive", own: str = "no"
) -> Observation:
    params = {"writer": "process", "neighbour": neighbour, "own_page": own}
    return told("astray", params, a_before="cat", a_alive=neighbour == "alive", a_finds=a_finds,
                writer_end=end, writer_ended=end != "lived", writer_finds=None)  # fmt: skip


def four(ended: str) -> Looked:
    """Return the four runs; ``ended`` says for each whether B was ended: ``+`` or ``-``."""
    ends = ("SIGSEGV" if each == "+" else "lived" for each in ended)
    runs = zip(words.SWITCHES, ends, strict=True)
    return Looked({words.run(n, own): stray(end, None, n, own) for (n, own), end in runs}, "")


def adding(threads: int, processes: int, overlap: float = 0.8) -> Looked:
    """Return how many updates two threads and two processes lost."""
    lost = {"threads": threads, "processes": processes}
    return Looked({
        who: told("million", {"who": who}, expected=2_000_000, found=2_000_000 - n, lost=n,
                  exceptions=[], exits=["exit code 0"], overlap=overlap, python="3.9.18", gil=True,
                  cpus=2)
        for who, n in lost.items()
    }, "")  # fmt: skip


def stepped(losing: int, steps: tuple[str, ...] = ("read", "add", "write"), verified: int = 20):
    ends = {order: 1 if n < losing else 2 for n, order in enumerate(_order_model.orders())}
    return told("stepped", line="x.value += 1", ends=ends, orders=20, losing=losing, errors=[],
                verified=verified, python="3.11.7", gil=True,
                bytecode=[{"name": "X", "step": step} for step in ("", *steps)])  # fmt: skip


def locks(*lost: int) -> Looked:
    """Return how many orders lose with no lock, one for each function, one for the balance."""
    return Looked({
        lock: told("whose_lock", {"lock": lock}, free={"runs": 20, "right": 0, "wrong": 20},
                   counts={"lost": n, "right": 2, "waits": 18 - n},
                   outcomes=dict.fromkeys(_order_model.orders(), "lost"))
        for lock, n in zip(words.LOCKS, lost, strict=True)
    }, "")  # fmt: skip


def aimed(*lived: str) -> Observation:
    """Return five writes, of which these ended nobody."""
    ended = {at: "lived" if at in lived else "SIGSEGV" for at in words.AIMS}
    nothing = dict.fromkeys(words.AIMS)
    return told("aimed", ended=ended, map=nothing, before=nothing, after=nothing, noticed=4)


SETTLED = {
    "own": ("same-address", looks(), "cat"),
    "another's": ("same-address", looks("dog"), "dog"),
    "neither word": ("same-address", looks("cow"), None),
    "a page": ("one-byte", pages(1, count=1), "one page"),
    "all pages": ("one-byte", pages(256, count=1), "all of it"),
    "some pages": ("one-byte", pages(7, count=1), None),
    "writing": ("what-copies", children(0, 0, 3), "the first write"),
    "reading too": ("what-copies", children(256, 0, 256), "any use"),
    "waiting": ("what-copies", children(0, 40, 3), "time"),
    "too many": ("what-copies", children(0, 0, 9), None),
    "ended": ("astray", stray(), "B is ended"),
    "changed": ("astray", stray("lived", "dog"), "A's word"),
    "nothing": ("astray", stray("lived"), "nothing"),
    "own map": ("why-ended", four("+-+-"), "B's own map"),
    "guarded": ("why-ended", four("++--"), "Linux guards"),
    "first": ("why-ended", four("++++"), "A had that"),
    "no pattern": ("why-ended", four("+--+"), None),
    "threads": ("who-loses", adding(5, 0), "with two threads"),
    "processes": ("who-loses", adding(0, 5), "with two processes"),
    "both": ("who-loses", adding(5, 5), "with both"),
    "neither": ("who-loses", adding(0, 0), "with neither"),
    "hardly met": ("who-loses", adding(0, 5, overlap=0.01), None),
    "lost and hardly met": ("who-loses", adding(5, 5, overlap=0.01), "with both"),
    "bad orders": ("why-none", stepped(18), "bad orders"),
    "one step": ("why-none", stepped(0, ("add",)), "+= is a single"),
    "queued": ("why-none", stepped(0), "Python sees"),
    "not verified": ("why-none", stepped(0, verified=3), None),
    "for the balance": ("whose-lock", locks(18, 18, 0), "only one"),
    "for each": ("whose-lock", locks(18, 0, 0), "one for each"),
    "no lock": ("whose-lock", locks(0, 0, 0), "none"),
    "with no lock": ("whose-lock", locks(18, 18, 1), None),
    **{f"silent {at}": ("silent", aimed(at), words.AIMS[at]) for at in words.AIMS},
    "two silent": ("silent", aimed("near zero", "code"), None),
    "none silent": ("silent", aimed(), None),
}


@pytest.mark.parametrize(("id", "result", "option"), SETTLED.values(), ids=SETTLED)
def test_a_result_settles_a_pick_each_way(id, result, option):
    answers.settles_each_pick(id, result, option)


def test_every_option_of_a_choice_can_be_what_a_result_speaks_for_or_is_named_why_not():
    """Nobody was ended in the opening's probe, and pages are what Linux lets one count."""
    reached = {(id, option) for id, _, option in SETTLED.values() if option}
    missing = [
        option
        for id, entry in texts.chapter("03")["choices"].items()
        for option in entry["options"]
        if not any(id == other and option.startswith(begin) for other, begin in reached)
    ]
    assert missing == ["neither: B is stopped", "one byte"]


REFUSED = [
    ("same-address", 7, "needs what was seen of one_address"),
    ("one-byte", pages(3), "page_copies, do='write', bytes=1"),
    ("what-copies", pages(3), "page_copies, do='read'"),
    ("astray", looks(), "needs what was seen of astray"),
    ("why-ended", stray(), "own_page='yes'"),
    ("who-loses", around(5), "million, who='threads'"),
    ("why-none", None.__class__, "needs what was seen of stepped"),
    ("whose-lock", stepped(18), "whose_lock, lock='none'"),
    ("silent", stray(), "needs what was seen of aimed"),
]


@pytest.mark.parametrize(("id", "result", "says"), REFUSED)
def test_a_result_that_does_not_fit_is_refused(id, result, says):
    with pytest.raises(TypeError, match=re.escape(says)):
        settle.settled(id, texts.entry("choices", id)["options"][0], result)


def test_what_an_exception_has_left_out_is_not_lost():
    runs = adding(0, 5).seen
    items = {who: replace(each, facts={**each.facts, "exceptions": ["OSError: no"]})
             for who, each in runs.items()}  # fmt: skip
    found, sentence = rules.who_loses(Looked(items, ""), {}, ["a", "b", "c", "d"])
    assert found is None and "exception" in sentence


@pytest.mark.parametrize(("cpus", "says"), [(1, "they took turns"), (2, "at work together")])
def test_on_one_cpu_nobody_is_said_to_work_at_the_same_time(cpus, says):
    runs = adding(0, 5).seen
    items = {who: replace(each, facts={**each.facts, "cpus": cpus}) for who, each in runs.items()}
    said = words.complaints(items)
    assert says in said and ("at work together" in said) == (cpus > 1)


def test_rules_and_choices_name_each_other():
    named = {entry["settle"]["rule"] for entry in texts.chapter("03")["choices"].values()}
    assert named == set(rules.RULES)


# The claim ----------------------------------------------------------------------------------------
CLAIM = {
    "apart": ([looks(), stray()], "supported"),
    "another's word was found": ([looks("dog"), stray()], "not supported"),
    "another's word was changed": ([looks(), stray("lived", "dog")], "not supported"),
    "the latest counts": ([looks("dog"), looks(), stray()], "supported"),
    "with a page of its own": ([looks(), stray("lived", own="yes")], "not settled yet"),
    "only looks": ([looks()], "not settled yet"),
}


@pytest.mark.parametrize(("items", "word"), CLAIM.values(), ids=CLAIM)
def test_the_claim_is_judged_each_way(items, word):
    found = verdict("process.isolated", *items)
    assert found.word == word
    assert ("Linux gives leave" in repr(found)) == (word != "not settled yet")


# What is said -------------------------------------------------------------------------------------
def frames(before: int | None, a: int | None, b: int | None, why: str | None = None) -> dict:
    return {"frames_before": {"A": before, "B": before}, "frames": {"A": a, "B": b}, "why": why}


def test_whose_page_has_moved_is_said_or_why_it_is_not_known():
    both = words.moved(frames(1, 2, 3))
    assert "one frame" in both and both.endswith("moved: the page of A and B.")
    assert words.moved(frames(1, 2, 1)).endswith("moved: the page of A.")
    assert words.moved(frames(1, 1, 1)).endswith("neither has moved.")
    unknown = frames(None, None, None, "to root only")
    assert words.moved(unknown) == "Not shown here: to root only."
    rows = tables.frames(told("one_address", **unknown))
    assert rows[1] == ("A", "not known", "not known")


def test_how_copies_are_known_is_said():
    said = {
        agree: words.copied({"how": "pagemap", "agree": agree}) for agree in (True, False, None)
    }
    assert all("pagemap, a file of Linux's" in each for each in said.values())
    assert "says the same." in said[True] and "something else" in said[False]
    assert said[None].endswith("only one process has it.")
    closed = words.copied({"how": "smaps", "agree": None, "why": "pagemap is closed"})
    assert "counts as private (pagemap is closed)." in closed


DENIED = "refused: EPERM, operation not permitted"


def asked(scope: int | None, user: int = 1000, *, as_rule: bool = True, barred: bool = False):
    got = {who: _leave_model.allowed(who, scope, user == 0) for who in _leave_model.ASKERS}
    return {
        "answers": {who: "cat" if yes else "EPERM" for who, yes in got.items()}, "got": got,
        "why": {}, "user": user, "may_trace": user == 0, "ptrace_scope": scope,
        "as_the_rule": as_rule, "barred": barred,
        "scope_why": None if scope is not None else "the file does not exist",
    }  # fmt: skip


@pytest.mark.parametrize("scope", [None, 0, 1, 2, 3])
def test_who_may_read_is_said_with_this_machines_rule(scope):
    said = words.leave(asked(scope))
    assert _leave_model.SCOPES[scope or 0] in said and "an ordinary user" in said
    assert ("no ptrace_scope" in said) == (scope is None) and "are what that rule says." in said
    rows = dict(tables.asked(told("with_leave", **asked(scope)))[1:])
    assert rows["itself"] == "got cat" and rows["another user"] == DENIED
    assert rows["child"] == ("got cat" if not scope else DENIED)


def test_what_is_odd_about_leave_is_said():
    assert "as root, who may more" in words.leave(asked(0, 0))
    assert "without root's right" in words.leave({**asked(0, 0), "may_trace": False})
    assert "are not what that rule says." in words.leave(asked(0, as_rule=False))
    assert "bars the call" in words.leave(asked(0, barred=True))
    closed = {**asked(None), "scope_why": "it cannot be read here"}
    assert "is not known (it cannot be read here)" in words.leave(closed)
    assert words.error("EODD") == "EODD"
    fetched = "Linux fetched it for them:"  # a sibling got the word, and isolation stands
    assert fetched in words.leave(asked(0)) and fetched not in words.leave(asked(3))
    facts = {**asked(1), "answers": {"another user": None}, "why": {"another user": "no other"}}
    rows = tables.asked(told("with_leave", **facts))
    assert rows[1] == ("another user", "not asked: no other")


def test_what_a_map_allows_is_said_in_words():
    facts = {**aimed().facts, "map": {**dict.fromkeys(words.AIMS), "code": "r-xp",
             "fence of a stack": "---p"}}  # fmt: skip
    facts |= {"ended": dict.fromkeys(words.AIMS, "SIGSEGV")}
    rows = {row[0]: row[1] for row in tables.aimed(told("aimed", **facts))}
    assert rows["into the program's own code"] == "read, run"
    assert rows["into the fence below a stack"] == "nothing"
    assert rows["near address zero"] == "no entry"


def test_how_all_ended_while_updates_were_lost_is_said():
    said = words.complaints(adding(0, 5).seen)
    assert said.startswith("Errors reported: none. Each ended with exit code 0, as if all were")
    killed = adding(0, 5).seen
    killed["processes"].facts["exits"].append("killed by SIGKILL")
    assert "as if all were well" not in words.complaints(killed)


def test_a_letter_of_the_writer_is_told_apart_from_an_a_that_is_gone():
    assert words.a_after({"a_before": "cat", "a_finds": None}) == "A is gone"
    assert words.a_after({"a_before": "cat", "a_finds": "dog"}) == "A finds dog, no longer cat"


def test_a_recorded_run_says_so():
    item = replace(looks(), source="recorded", date="2026-11-30")
    shown = Looked({"looks": item}, "It came out.", rows=(("a", "b"), ("1", "2")))
    assert "Not from this machine: recorded on" in repr(shown) and "<table>" in shown.html()
    assert "Hollow: recorded on" in pictures.looks(item).alt


def test_the_pictures_have_their_facts_in_words():
    drawn = pictures.looks(looks())
    assert "Look by look: A cat, B dog, A cat" in drawn.alt and drawn.png()


def test_each_python_is_told_with_what_it_lost_or_that_it_is_not_known():
    free = {"3.9": adding(5, 0).seen["threads"], "3.13": adding(0, 0).seen["threads"]}
    in_order = {"3.9": stepped(18)}
    rows = tables.pythons(in_order, free)
    assert rows[1] == ("3.9", "yes", "18 of 20", "5 of 2,000,000")
    assert rows[2] == ("3.13", "yes", "not known", "0 of 2,000,000")
    said = words.pythons(in_order, free)
    assert said == (
        "Orders that lose: on 1 of 1 Pythons. A free run that lost something: on 1 of 2."
    )


# Find the order -----------------------------------------------------------------------------------
@pytest.mark.parametrize("seed", range(1, 41))
def test_the_right_answer_is_the_only_one_that_gives_the_number(seed):
    puzzle, variant = _order_beliefs.drawn(seed), practice.find_the_order(seed)
    ends = _order_model.ends(**practice.game(puzzle))
    hits = [order for order in variant.options if ends.get(order) == puzzle["target"]]
    assert hits == ([] if variant.reason == "never" else [variant.right])
    assert (variant.right == _order_beliefs.NEVER) == (puzzle["target"] not in ends.values())
    assert f"asked: {puzzle['target']} in the end" in variant.code


PUZZLE = {"start": 2, "a": "+3", "b": "*5", "lock": "none", "target": 10,
          "options": ("never", "AAABBB", "BAABAB"), "right": "BAABAB"}  # fmt: skip


def test_a_puzzle_is_told_line_by_line():
    assert practice.shown(PUZZLE).splitlines() == [
        "the number is 2", "A reads it, adds 3, writes it back",
        "B reads it, multiplies by 5, writes it back", "no lock", "asked: 10 in the end",
    ]  # fmt: skip
    assert practice.values(PUZZLE)["each"] == "AAABBB gives 25, BAABAB gives 10"
    locked = practice.values({**PUZZLE, "lock": "one for both"})
    assert "BAABAB cannot happen: one must wait" in locked["each"]


@pytest.mark.parametrize(
    ("right", "end", "how", "says"),
    [
        ("BAABAB", 10, "lost", "gave 10. That is what was computed."),
        ("BAABAB", 25, "right", "gave 25. That is not what was computed above: believe the run."),
        ("BAABAB", 10, "waits", "one had to wait. That is not what"),
        ("never", 25, "right", "0 of them gave 10. That is what was computed."),
        ("never", 10, "right", "1 of them gave 10. That is not what"),
    ],
)
def test_a_run_is_told_whether_it_is_what_was_computed_or_not(right, end, how, says):
    facts = {"ends": {"BAABAB": end}, "outcomes": {"BAABAB": how}}
    assert says in practice.run_sentence({**PUZZLE, "right": right}, facts, "observed here")


@pytest.mark.worker
def test_an_answer_is_followed_by_what_came_out_here():
    shown = practise("find-the-order", 2, answer="a")
    assert shown.ran.startswith("Really run (observed here), by two threads: ")
    assert shown.ran.endswith("That is what was computed.")


@pytest.mark.worker
@pytest.mark.slow
def test_the_model_agrees_with_running():
    for seed in range(1, 21):
        ran = practice.find_the_order(seed).run(None)
        assert ran.endswith("That is what was computed."), (seed, ran)


# For real -----------------------------------------------------------------------------------------
SHOWS = {
    "same-address": ("same_address", "cat"),
    "one-byte": ("one_byte", "one page"),
    "what-copies": ("read_wait_write", "the first write"),
    "astray": ("astray", "B is ended"),
    "why-ended": ("four_runs", "B's own map"),
    "why-none": ("every_order", "bad orders"),
    "whose-lock": ("whose_lock", "only one"),
    "silent": ("aim", "into the record"),
}


@pytest.mark.worker
@pytest.mark.parametrize(("id", "verb", "option"), [(id, *each) for id, each in SHOWS.items()])
def test_each_verb_shows_what_decides_its_question(home, id, verb, option):
    made = getattr(isolation, verb)()
    assert next(iter(made.seen.values())).source == "live"  # an older Python may be recorded
    said = settle.settled(id, None, made)
    assert f"That speaks for: {option}" in said


@pytest.mark.worker
def test_without_an_older_python_the_orders_stand_alone(home, monkeypatch):
    def missing(*_given: Any, **_more: Any) -> Observation:
        raise Unavailable("there is none")

    monkeypatch.setattr(lab, "observe_on", missing)
    made = isolation.every_order()
    assert list(made.seen) == ["orders"] and made.sentence.endswith("in 20 orders.")


@pytest.mark.worker
def test_an_older_python_is_named_with_what_it_lost(home, monkeypatch):
    older = replace(adding(700_000, 0).seen["threads"], source="recorded", date="2026-11-30")
    monkeypatch.setattr(lab, "observe_on", lambda *_given, **_more: older)
    made = isolation.every_order()
    assert "two threads (Python 3.9.18, recorded): 700,000 of 2,000,000" in made.sentence
    assert "Not from this machine, two threads on Python 3.9: recorded on" in repr(made)


@pytest.mark.worker
def test_the_exercise_can_be_tried(home):
    made = isolation.pages_for(9000, first=4000)
    assert made.only.facts["copied"] == 4 and "4 copied (pages 1 to 4)" in made.sentence


@pytest.mark.worker
def test_on_every_python_found_bad_orders_exist(home):
    made = isolation.every_python()
    orders = [item.facts["losing"] for name, item in made.seen.items() if "every order" in name]
    assert orders and set(orders) == {18}


@pytest.mark.worker
@pytest.mark.serial  # where others want the processors the two take turns, and lose nothing
def test_a_million_lost_by_processes_is_seen_to_be_lost(home):
    made = isolation.million(1_000_000)
    lost = made.seen["two processes"].facts
    assert lost["found"] + lost["lost"] == lost["expected"] == 2_000_000
    assert lost["lost"] > 0 or lost["overlap"] < rules.MET
    assert made.picture.png()


TABLES = [
    lambda item: tables.frames(replace(item, facts=frames(1, 2, 3))),
    lambda item: tables.children({"a": replace(item, facts=pages(1).facts)}),
    lambda item: tables.strayed({"a": replace(item, facts=stray().facts)}),
    lambda item: tables.asked(replace(item, facts=asked(1))),
    lambda item: tables.orders(replace(item, facts=stepped(18).facts)),
    lambda item: tables.locks({"a": replace(item, facts=locks(1, 2, 3).seen["none"].facts)}),
    lambda item: tables.aimed(replace(item, facts=aimed("code").facts)),
]


@pytest.mark.parametrize("table", TABLES)
def test_each_row_of_a_table_says_that_it_was_recorded(table):
    item = looks()
    assert not any("(recorded)" in row[0] for row in table(item))
    assert all("(recorded)" in row[0] for row in table(replace(item, source="recorded"))[1:])


def test_the_panels_open_with_their_sentences_more_than_once():
    """A module that is imported only then must not stand in the place of the verb of its name."""
    for name in ("grid_panel", "two_switches", "climb_others") * 2:
        with closing(getattr(isolation, name)()) as shown:
            assert "Run" in repr(shown)


@pytest.mark.parametrize(
    ("verb", "params", "says"),
    [
        ("climb", {"order": "AAAAB"}, "order='AAAAB': order must be at most 3 A and 3 B"),
        ("climb", {"order": ["A"]}, "order=['A']: order must be"),
        ("page_grids", {"count": -1}, "count=-1: count must be"),
        ("pages_for", {"count": 2**30}, "count=1073741824: count must be"),
    ],
)
def test_what_a_verb_cannot_do_is_refused_by_its_own_name_before_it_starts(verb, params, says):
    with pytest.raises((TypeError, ValueError), match=re.escape(says)):
        getattr(isolation, verb)(**params)


@pytest.mark.worker
def test_leave_is_asked_for_by_each(home):
    made = isolation.with_leave()
    assert "They asked as" in repr(made) and "refused: E" in repr(made)
