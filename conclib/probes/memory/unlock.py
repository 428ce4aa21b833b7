"""Who forbids to write to a fixed text: the language, the memory itself, or the list of regions?

One child writes a byte of the text back unchanged, as it is. A second one first calls ``mprotect``,
which asks Linux to change the rights of one page in its list. Then it does just the same: the same
line of code, the same address, the same memory.
"""

from __future__ import annotations  # a worker may be an older Python

from .. import _one_byte, _refuse, _regions, _sacrifice, _six

PROBE = {
    "name": "unlock",
    "title": "The same write, before and after one entry was changed",
    "times": "nothing: it reports who lived, and what changed in the list of regions",
    "unit": "facts",
    "facts": {
        "locked": "dict[str, str]",
        "unlocked": "dict[str, str]",
        "before": "list[dict[str, int | str]]",
        "after": "list[dict[str, int | str]]",
        "others_changed": "int",
    },
    "params": {},
    "takes": {"processes": "1"},
    "baseline": "none",
    "needs": ["fork"],
}
WRITERS = ("Python", "C")
OBJECT = "fixed text"


def locked(report, writer):
    """In a child: write to the text as it is."""
    _one_byte.write_back(_six.lasting()[OBJECT], writer)


def unlocked(report, writer):
    """In a child: have the rights of the text's page changed, then write to it."""
    address = _six.lasting()[OBJECT]
    report(address)
    report(_sacrifice.maps())
    _one_byte.allow_writing(address)
    report(_sacrifice.maps())
    _one_byte.write_back(address, writer)


def entries(regions, start, end):
    """Return the entries between two addresses, and all others apart from them."""
    inside = [each for each in regions if start <= each["start"] and each["end"] <= end]
    return inside, [each for each in regions if each not in inside]


def _three(told):
    """Return the text's address and both lists, or say why they are not there."""
    if len(told.lines) < 3:
        raise RuntimeError(f"the child could not change the page's rights: {told.end}")
    return told.lines


def report(params):
    _refuse.require_proc()
    before_it = {w: _sacrifice.run(lambda report, w=w: locked(report, w)).end for w in WRITERS}
    after_it = {w: _sacrifice.run(lambda report, w=w: unlocked(report, w)) for w in WRITERS}
    address, before, after = _three(after_it["C"])
    old = _regions.locate(before, address)
    was, others_before = entries(before, old["start"], old["end"])
    now, others_after = entries(after, old["start"], old["end"])
    for regions in (before, after):
        _regions.label(regions, old["path"])
    return {
        "locked": before_it,
        "unlocked": {writer: told.end for writer, told in after_it.items()},
        "before": [_six.plain(each) for each in was],
        "after": [_six.plain(each) for each in now],
        "others_changed": len([each for each in others_after if each not in others_before]),
    }
