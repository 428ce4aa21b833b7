"""What stands chosen on the page but was not kept yet: it is asked for before a prediction locks.

A panel gives a function for its prediction's id. It is called just before a measurement locks that
prediction, so that a choice whose button was not pressed is kept, too. Of several panels of one
prediction the one counts that was made or changed last: an older one may not be seen any more.
"""

import contextlib
from collections.abc import Callable, Iterable

Ask = Callable[[], None]

_waiting: dict[str, Ask] = {}  # by the prediction's id, of this notebook kernel


def wait(id: str, ask: Ask) -> None:
    """Call ``ask`` before the prediction ``id`` locks, in place of what was to be called before."""
    _waiting[id] = ask


def forget(id: str, ask: Ask) -> None:
    """Do not call ``ask`` any more."""
    if _waiting.get(id) == ask:
        del _waiting[id]


def ask_for(ids: Iterable[str]) -> None:
    """Have the choices for these predictions kept; one that fails stops no measurement."""
    for ask in [_waiting[id] for id in ids if id in _waiting]:
        with contextlib.suppress(Exception):
            ask()
