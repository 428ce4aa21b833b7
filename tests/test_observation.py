"""Observations: made up, in words, as JSON both ways, beside measurements; their facts."""

import json
import re
import sys
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conclib import lab, results
from conclib.lab import fact_forms, observing, probe_files
from conclib.lesson import store
from conclib.lesson.store import kept
from conclib.results import (
    Actor,
    ConclibError,
    Ending,
    Event,
    Observation,
    ProtocolError,
    RecordError,
    hooks,
    observation_text,
)
from conclib.results.encoding import from_json
from conclib.worker import Request, forms, messages
from tests import made_up


def observation(**change) -> Observation:
    """Return an observation of two processes, one of which meets a fault."""
    fields = {
        "probe": "made_up",
        "title": "Who lives?",
        "params": {"actors": 2},
        "host": made_up.HOST,
        "runtime": made_up.RUNTIME,
        "facts": {"lines": ["one"], "by": {"child": 2}},
        "actors": (Actor("first", "process", 7), Actor("second", "thread", 7, 8, "first")),
        "events": (
            Event(3_000, "second", "fault", {"address": 0}, "itself"),
            Event(2_000, "second", "beats", {"times_ns": [1_500, 2_000]}),
            Event(1_000, "first", "fork", seen="observer"),
        ),
        "endings": (
            Ending("second", "signalled", 5_000, "waitid", 11),
            Ending("first", "exited", 4_000, "waitid", 0),
        ),
        "conditions": {"cpus_allowed": 2},
        "date": "2026-11-24",
    }
    return Observation(**{**fields, **change})


ITEM = observation()


# The record ---------------------------------------------------------------------------------------
def test_events_and_endings_are_in_order_of_time_not_of_arrival():
    assert [event.t_ns for event in ITEM.events] == [1_000, 2_000, 3_000]
    assert [ending.actor for ending in ITEM.endings] == ["first", "second"]
    assert ITEM.start_ns == 1_000
    assert ITEM.beats("second") == (1_500, 2_000) and ITEM.beats("first") == ()


def test_one_line_says_it_all():
    assert repr(ITEM) == (
        "made_up(actors=2): 2 facts, 2 actors, 3 events, first ended with exit code 0, "
        "second was ended by SIGSEGV (observed here)"
    )


def test_the_text_tells_facts_events_and_endings_in_order():
    assert ITEM.text.splitlines() == [
        "Who lives?: made_up(actors=2) (observed here)",
        '  lines: ["one"]',
        '  by: {"child": 2}',
        "     +0 ns  first: fork",
        "  +1.00 µs  second: 2 beats until then",
        "  +2.00 µs  second: fault, address 0",
        "  +3.00 µs  first ended with exit code 0 (seen by waitid)",
        "  +4.00 µs  second was ended by SIGSEGV (seen by waitid)",
    ]


def test_the_card_escapes_and_names_machine_and_conditions():
    html = observation(title="<b>", notes=("thinned",))._repr_html_()
    assert "&lt;b&gt;" in html and "<b>:" not in html
    assert "live, Linux 6.1, Example CPU" in html and "2 CPUs allowed" in html
    assert "thinned" in html


def test_the_card_has_a_row_for_each_fact_event_and_ending():
    html = observation(facts={"regions": [{"kind": "heap"}] * 40, "rights": "rw-p"})._repr_html_()
    rows = re.findall(r"<tr><th[^>]*>([^<]*)</th><td[^>]*>([^<]*)</td></tr>", html)
    (first, long), *others, conditions, source = rows
    assert first == "regions" and long.startswith("[{&quot;kind&quot;: &quot;heap&quot;}, ")
    assert long.endswith("...") and len(unescape(long)) == observation_text.MAX_FACT
    assert others == [
        ("rights", "rw-p"),
        ("+0 ns", "first: fork"),
        ("+1.00 µs", "second: 2 beats until then"),
        ("+2.00 µs", "second: fault, address 0"),
        ("+3.00 µs", "first ended with exit code 0 (seen by waitid)"),
        ("+4.00 µs", "second was ended by SIGSEGV (seen by waitid)"),
    ]
    assert (conditions[0], source[0]) == ("Conditions", "Source")


def test_a_frame_has_a_row_for_each_event_and_ending():
    frame = ITEM.to_frame()
    assert list(frame["what"]) == ["fork", "beats", "fault", "exited", "signalled"]
    assert frame["seconds"].iloc[-1] == pytest.approx(4e-6)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"source": "cited"}, "source='cited'"),
        ({"actors": (Actor("first", "process"),)}, "actor='second': must be one of the actors"),
        ({"actors": (Actor("a", "task"), Actor("a", "task"))}, "two have the same name"),
    ],
)
def test_what_contradicts_itself_is_refused(change, words):
    with pytest.raises(ValueError, match=words):
        observation(**change)


def test_what_was_inferred_is_marked():
    item = observation(events=(Event(1, "first", "fork", seen="inferred"),))
    assert item.doubts == ("1 of 1 events inferred, not seen",)
    assert "first: fork (inferred)" in item.text


@pytest.mark.parametrize(
    ("ending", "words"),
    [
        (Ending("a", "exited", 0, "waitid", 7), "ended with exit code 7"),
        (Ending("a", "signalled", 0, "waitid", 9), "was ended by SIGKILL"),
        (Ending("a", "signalled", 0, "waitid", 40), "was ended by signal 40"),
        (Ending("a", "raised", 0, "itself", detail="ValueError: no"), "ended by ValueError: no"),
        (Ending("a", "killed", 0, "waitid", 9), "was killed by the measuring process (SIGKILL)"),
        (Ending("a", "alive", 0, "/proc"), "still there"),
    ],
)
def test_an_ending_in_words(ending, words):
    assert ending.text == words


# JSON ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("item", [ITEM, observation(source="recorded", notes=("a", "b"))])
def test_json_both_ways(item):
    assert from_json(json.loads(json.dumps(item.to_json(), allow_nan=False))) == item


def test_a_file_that_mixes_both_is_loaded_in_order(tmp_path):
    file = tmp_path / "mixed.jsonl"
    timed = made_up.measurement([5.0] * 9)
    file.write_text("".join(json.dumps(x.to_json()) + "\n" for x in (ITEM, timed, ITEM)))
    assert results.load(file) == [ITEM, timed, ITEM]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"schema": 2}, "schema=2: this version reads schema 1"),
        ({"type": "dream"}, "type='dream': Invalid enum value 'dream'"),
        ({"facts": [1]}, r"facts=\[1\]: Expected `object`, got `array`"),
        ({"actors": [{"name": "a", "kind": "ghost"}]}, "kind='ghost'"),
        ({"actors": []}, "actor='first': must be one of the actors"),
        ({"events": [{"t_ns": -1}]}, "t_ns=-1"),
        ({"endings": [{"how": 3}]}, "how"),
        ({"machine": {}}, "machine={}: Object missing required field `os`"),
        ({"extra": 1}, "unknown field `extra`"),
    ],
)
def test_a_record_of_another_form_is_refused_by_place(change, words):
    """Row 49, row 64."""
    with pytest.raises(RecordError, match=words):
        from_json({**ITEM.to_json(), **change})


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=5), plain, max_size=4))
def test_any_plain_facts_survive_json(facts):
    item = observation(facts=facts)
    assert from_json(json.loads(json.dumps(item.to_json()))) == item


# Kept ---------------------------------------------------------------------------------------------
def test_it_is_kept_beside_measurements_and_each_is_found_by_itself(home):
    timed = made_up.measurement([5.0] * 9)
    kept.keep([timed])
    kept.keep_observation(ITEM)
    assert kept.observations() == kept.observations("made_up") == [ITEM]
    assert kept.results() == [timed] and kept.observations("fork") == []
    assert store.read(store.RESULTS) == [timed, ITEM]


# Facts --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "good", "bad"),
    [
        ("int", [1], ["1", 1.5, True, None]),
        ("float", [1, 1.5], ["1", None]),
        ("list[str]", [[], ["a"]], [["a", 1], "a"]),
        ("dict[str, list[int]]", [{}, {"a": [1]}], [{"a": 1}, [1]]),
        ("float | None", [1.5, None], ["x"]),
        ("dict[str, bool | str]", [{"a": True, "b": "x"}], [{"a": 1}]),
    ],
)
def test_a_fact_has_the_type_that_is_declared(text, good, bad):
    """Row 67."""
    declared = {"x": fact_forms.parse(text)}
    for value in good:
        assert fact_forms.checked("p", declared, {"x": value}) == {"x": value}
    for value in bad:
        with pytest.raises(ProtocolError, match="p reported facts of another form: x"):
            fact_forms.checked("p", declared, {"x": value})


@pytest.mark.parametrize("facts", [{}, {"x": 1, "y": 2}, None, [1]])
def test_each_fact_and_no_other_is_reported(facts):
    with pytest.raises(ProtocolError, match="facts of another form"):
        fact_forms.checked("p", {"x": int}, facts)


@pytest.mark.parametrize(
    "text", ["object", "list[set]", "dict[int, str]", "__import__('os')", "list[", "", 3, "x.y"]
)
def test_a_type_that_is_none_of_these_is_refused(text):
    with pytest.raises(ValueError, match="facts: "):
        fact_forms.parse(text)


def test_a_probe_that_reports_must_declare_its_facts(tmp_path):
    head = 'PROBE = {"name": "p", "title": "", "times": "", "unit": "facts", "params": {}, '
    file = tmp_path / "p.py"
    file.write_text(head + '"baseline": "", "needs": []}')
    with pytest.raises(ValueError, match=r"p.py: PROBE lacks 'facts'"):
        probe_files.from_file(file)
    file.write_text(head + '"baseline": "", "needs": [], "facts": {}, "phases": {"load": 0}}')
    with pytest.raises(ValueError, match=r"phases.load=0: phases.load must be a number"):
        probe_files.from_file(file)


def test_a_parameter_may_be_a_text_of_a_declared_form(tmp_path):
    steps = {"type": "text", "default": "AB", "pattern": "[AB]{2,6}", "allowed": "A and B"}
    head = {"name": "p", "title": "", "times": "", "unit": "facts", "facts": {}}
    file = tmp_path / "p.py"

    def read(**changed: str) -> probe_files.ProbeInfo:
        entry = {**head, "params": {"order": steps | changed}, "baseline": "", "needs": []}
        file.write_text(f"PROBE = {entry!r}")
        return probe_files.from_file(file)

    assert read().complete({"order": "ABBA"}) == {"order": "ABBA"}
    with pytest.raises(ValueError, match="order='ABC': order must be A and B, such as 'AB'"):
        read().complete({"order": "ABC"})
    for broken in ({"default": "x"}, {"pattern": "("}):
        with pytest.raises(ValueError, match=r"p.py: .*order"):
            read(**broken)


@pytest.mark.worker
def test_nothing_recorded_takes_the_place_of_another_python(monkeypatch):
    monkeypatch.setattr(observing, "_recorded", lambda request: pytest.fail("looked for"))
    with pytest.raises(ConclibError):
        lab.observe("noise", python="/bin/true")


@pytest.mark.worker
def test_another_python_is_not_kept_and_answers_nothing(monkeypatch):
    kept, asked = [], []
    monkeypatch.setattr(hooks.on_observed, "listeners", [kept.append])
    monkeypatch.setattr(hooks.on_start, "listeners", [asked.append])
    seen = lab.observe("noise", python=sys.executable)
    assert seen.source == "live" and not kept
    assert [start.asked_by for start in asked] == ["engine"]


# What a worker streams ----------------------------------------------------------------------------
class Scripted:
    """Stands in for a worker: gives these messages, whatever is expected."""

    def __init__(self, *script: dict) -> None:
        ready = {"type": "ready", "python": "3.11.7", "conditions": {}}
        self.script = [ready, *script]
        self.request = Request("p", {})
        self.deadlines: list[tuple[str, float]] = []

    def send_request(self) -> None:
        """Do nothing."""

    def answer(self, *_: type[forms.Message]) -> forms.Message:
        """Return the next message."""
        return messages.decode(json.dumps(self.script.pop(0)).encode())

    def enter(self, phase: str, seconds: float) -> None:
        """Note a deadline."""
        self.deadlines.append((phase, seconds))


ACTOR = {"type": "actor", "name": "a", "kind": "thread", "tid": 3}
EVENT = {"type": "event", "t_ns": 9, "actor": "a", "what": "fault", "data": {}, "seen": "itself"}
ENDING = {"type": "ending", "actor": "a", "how": "exited", "t_ns": 5, "by": "waitid", "code": 0}
FACTS = {"type": "facts", "data": {}}
DONE = {"type": "done", "verified": None, "conditions": {}}


def watch(*messages: dict, seen: list | None = None, **fields) -> tuple[Observation, Scripted]:
    """Return what is made of a script, by a probe that declares no facts."""
    entry = {"name": "p", "title": "t", "times": "", "unit": "facts", "params": {}, "baseline": "",
             "needs": [], "facts": {}, **fields}  # fmt: skip
    worker = Scripted(*messages)
    watching = observing._Watch(probe_files._info(entry), (seen if seen is not None else []).append)
    return watching([worker]), worker


def test_what_is_streamed_is_handed_on_as_it_arrives_and_recorded_in_order():
    seen: list = []
    item, _ = watch(ACTOR, EVENT, ENDING, FACTS, DONE, seen=seen)
    actor, event = Actor("a", "thread", tid=3), Event(9, "a", "fault")
    ending = Ending("a", "exited", 5, "waitid", 0)
    assert seen == [actor, event, ending]
    assert (item.actors, item.events, item.endings) == ((actor,), (event,), (ending,))


def test_beats_that_were_left_out_are_noted():
    item, _ = watch({**FACTS, "thinned": 1200}, DONE)
    assert item.notes == ("1,200 beats left out: they came faster than they were read",)


def test_a_phase_gets_its_own_deadline_and_is_an_event():
    entered = {"type": "entered", "name": "load", "t_ns": 4}
    item, worker = watch(entered, FACTS, DONE, phases={"load": 2.5})
    assert worker.deadlines == [("load", 2.5)]
    assert item.events == (Event(4, observing.WORKER, "phase", {"name": "load"}),)


@pytest.mark.parametrize(
    ("messages", "words"),
    [
        ([EVENT], "an event of 'a', not named"),
        ([ENDING], "an event of 'a', not named"),
        ([ACTOR, ACTOR], "named actor 'a' twice"),
        ([{"type": "entered", "name": "lunch", "t_ns": 4}], "phase 'lunch', and p declares: none"),
    ],
)
def test_a_stream_that_makes_no_sense_is_a_protocol_error(messages, words):
    """Row 67."""
    with pytest.raises(ProtocolError, match=words):
        watch(*messages, FACTS, DONE)


def test_more_events_than_anybody_wants_are_refused(monkeypatch):
    """Row 67: no worker fills the caller's memory."""
    monkeypatch.setattr(observing, "MAX_MESSAGES", 3)
    with pytest.raises(ProtocolError, match="more than 3 events"):
        watch(ACTOR, EVENT, EVENT, EVENT, FACTS, DONE)


@pytest.mark.parametrize("thing", [3, "print", []])
def test_what_cannot_be_called_is_refused(thing):
    with pytest.raises(TypeError, match=r"on_event=.*must be a function or None"):
        lab.observe("fork_twice", on_event=thing)


@pytest.mark.parametrize("options", [{"cpu": "two"}, {"cpu": 10**6}, {"cpu": True}, {"stop": 3}])
def test_where_and_how_to_stop_it_are_checked_as_for_a_measurement(options):
    (name,) = options
    with pytest.raises((TypeError, ValueError), match=f"^{name}="):
        lab.observe("fork_twice", **options)


@pytest.mark.worker
def test_a_real_observation_is_kept_and_loaded_back(home):
    item = lab.observe("fork_twice")
    assert item.source == "live" and item.facts["lines"] == ["one", "two", "two"]
    assert kept.observations() == [item]
