"""How long is a system call? A question to Linux and its answer: who is my parent?"""

import _thread
import os

PROBE = {
    "name": "system_call",
    "title": "Ask the system a question",
    "times": "the system call getppid, from Python",
    "unit": "ns",
    "params": {},
    "baseline": "a built-in function that asks nobody",
    "needs": [],
}


def body(state, loops):
    ask = os.getppid
    for _ in range(loops):
        ask()


def baseline(state, loops):
    ask = _thread.get_ident
    for _ in range(loops):
        ask()
