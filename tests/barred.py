"""Running a probe where a system call is barred, as containers do it: by a filter on the calls."""

import os
from typing import Any

import pytest

from conclib import lab
from conclib.probes import _kcmp
from conclib.worker import Request, Worker, forms, run_workers

# Installs the filter in the measuring process itself, before it forks: all of its children have it.
TEXT = """
import ctypes, importlib

class Program(ctypes.Structure):
    _fields_ = [("count", ctypes.c_ushort), ("rules", ctypes.c_void_p)]

def report(params):
    libc, words = ctypes.CDLL(None, use_errno=True), []
    for code, met, else_, value in (
        (0x20, 0, 0, 0),  # load the number of the call
        (0x15, 0, 1, {number}),  # is it this one?
        (0x06, 0, 0, 0x50001),  # refuse with EPERM
        (0x06, 0, 0, 0x7fff0000),  # allow
    ):
        words += [code | met << 16 | else_ << 24, value]
    rules = (ctypes.c_uint32 * len(words))(*words)
    program = Program(len(words) // 2, ctypes.addressof(rules))
    assert libc.prctl(38, 1, 0, 0, 0) == 0  # no new privileges: then anybody may install it
    assert libc.prctl(22, 2, ctypes.byref(program), 0, 0) == 0
    return importlib.import_module(".{module}", __package__).report({params})
"""


def without_kcmp(topic: str, name: str, **params: str) -> Any:
    """Return the facts of a probe that may not call kcmp.

    Args:
        topic: the folder of the probe; name: its own; **params: its parameters.
    """
    number = _kcmp.NUMBERS.get(os.uname().machine)
    if number is None:
        pytest.skip("the number of kcmp is not known on this processor")
    whole = lab.catalogue()[name].complete(params)
    text = TEXT.format(number=number, module=f"{topic}.{name}", params=dict(whole))
    return reported(text)


def reported(text: str) -> Any:
    """Return the facts of a probe that is given as a text with ``report(params)``."""

    def use(workers: list[Worker]) -> Any:
        workers[0].send_request()
        workers[0].answer(forms.Ready)
        return workers[0].answer(forms.Facts).data

    return run_workers([Request("own", {}, text)], use, deadline=20)
