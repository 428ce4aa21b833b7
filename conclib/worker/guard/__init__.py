"""The guard: code that nobody trusts runs so that only itself is harmed (Linux alone).

    caller -- request, report, lifeline --> keeper     outside: counts, has the clock, ends it all
                                              |
                                  job (a pipe), status (a pipe)
                                              v
                                            maker      becomes nobody, sets the limits, watches
                                              |
                                              v
                                            victim     behind the filter: runs the cell's code

The *keeper* is a worker like any other (``session.py``): a session of its own, a lifeline, ended
with its family. It starts the *maker*, another fresh Python, and that forks the *victim*. Behind
the filter nothing can be written, no socket opened, nobody outside signalled or traced, and hardly
anything read but programs. What can still be used up has a limit. Whatever the victim does, the
keeper counts from outside; which limit it met is told from these counts, never from what it says.

Each of these is one small module:

* ``calls.py``: which system calls are refused, in a table with reasons; ``seccomp.py``
  makes a program of it that Linux runs before each call;
* ``files.py``: which files can be seen at all (Landlock);
* ``limits.py``: what may be used up; ``nobody.py``: whose rights are left; ``linux.py``: the calls
  that Python has no function for;
* ``keeper.py``, ``maker.py``, ``victim.py``: the three processes, ``counting.py``: what is counted;
* ``trial.py``: no guard is trusted that has not held here, against a bomb that stops by itself.

It is no barrier against faults in Linux itself. All of it runs in lean Pythons, like probes do.
"""
