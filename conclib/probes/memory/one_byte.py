"""Does one byte, written back unchanged, do any harm?

For each of six objects a child of the measuring process reads its first byte and writes the same
byte to the same place. Nothing would be different afterwards. Which of the children live?
"""

from __future__ import annotations  # a worker may be an older Python

from .. import _one_byte, _refuse, _sacrifice, _six

PROBE = {
    "name": "one_byte",
    "title": "One byte, written back unchanged",
    "times": "nothing: it reports which of the children lived",
    "unit": "facts",
    "facts": {
        "survived": "dict[str, bool]",
        "ended": "dict[str, str]",
        "rights": "dict[str, str]",
        "number": "int",
    },
    "params": {
        "writer": {
            "type": "choice",
            "default": "C",
            "choices": ["Python", "C", "Linux"],
            "help": "who writes: Python by an assignment, the C library, or Linux when asked to",
        },
    },
    "takes": {"processes": "1"},
    "baseline": "none",
    "needs": ["fork"],
}


def write(report, name, writer):
    """In a child: say where the six lie, and write to one of them."""

    def meanwhile(addresses):
        report(addresses)
        try:
            _one_byte.write_back(addresses[name], writer)
        except OSError as error:
            report({"refused": _one_byte.refusal(error)})

    report({"maps": _sacrifice.maps()})
    _six.during_a_call(meanwhile)


def report(params):
    _refuse.require_proc()
    ended, rights = {}, {}
    for name in _six.NAMES:
        told = _sacrifice.run(lambda report, name=name: write(report, name, params["writer"]))
        regions, addresses, *refused = told.lines
        ended[name] = refused[0]["refused"] if refused else told.end
        placed = {each["name"]: each for each in _six.located(regions["maps"], addresses)}
        rights[name] = placed[name]["perms"]
    survived = {name: how == "lived" for name, how in ended.items()}
    number = sum(survived.values())
    return {"survived": survived, "ended": ended, "rights": rights, "number": number}
