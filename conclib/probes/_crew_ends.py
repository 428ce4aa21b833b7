"""How the actors of a crew end, as it is seen from outside: by waitid, in ``/proc``, or by their parent.

A process that the observer has started is collected by it (``waitid``). A thread is missing from
``/proc/PID/task``. Of a child of a host only the host can read the exit code, and reports it.
"""

import os
import time

from . import _beats, _stacks, _watching


class Ends:
    """Tells the ends of one crew; ``noticed_ns`` is when anybody first knew of the faulty one's."""

    def __init__(self, watch):
        self.watch, self.noticed_ns = watch, 0

    def notice(self, t_ns):
        """Note that somebody other than the faulty one knew, at that time."""
        if not self.noticed_ns or t_ns < self.noticed_ns:
            self.noticed_ns = t_ns

    def of_child(self, name, how, code):
        """Tell the end of a child of ours, and of all that lived in it."""
        watch = self.watch
        watch.moved()
        watch.saw.append(f"{name}: exit status {code if how == 'exited' else -code}")
        if name not in watch.insides:
            self.tell(watch.named(name), how, code, by="waitid")
            return
        watch.around[name] = (how, code)
        watch.tell.ending(name, how, by="waitid", code=code)
        for each in watch.seen:
            if each.inside == name and each.known and not each.ended:
                self.of_inner(each, how, code)

    def of_inner(self, each, how, code):
        """Tell the end of one that lived in a process that has ended, or was started by it."""
        if each.kind == "thread" and self.left(each) and how == "exited":
            self.of_thread(each)
        elif each.kind == "thread":
            self.tell(each, how, code, by="/proc")
        elif not self.adopted(each):
            self.tell(each, "exited", None, by="/proc")

    def left(self, each):
        """Whether a thread came to the end of its own code: then it was not ended with the others.

        A main thread does too, and its end is its process's all the same.
        """
        said = self.watch.beats.number(each.row, _beats.WORDS)
        pid, tid = self.watch.task(each)
        return bool(said) and pid != tid

    def of_thread(self, each):
        """Tell the end of a thread that came to the end of its own code."""
        if each.raised and self.watch.container != "thread pool":  # which catches what is raised
            self.tell(each, "raised", None, by="/proc", detail=each.raised)
        else:
            self.tell(each, "exited", None, by="/proc")

    def adopted(self, each):
        """Tell the end of a process that came to us when its parent ended; False if it did not."""
        pid = self.watch.beats.pid(each.row)
        try:
            info = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG)
        except ChildProcessError:
            return False
        if info is not None:
            self.tell(each, *_watching.how_ended(info), by="waitid")
        return True

    def seen_by_host(self, each, code, t_ns):
        """Tell the end of a host's child, whose code only its parent can read."""
        if each.known and not each.ended:
            how = ("signalled", -code) if code < 0 else ("exited", code)
            self.tell(each, *how, by=each.inside, t_ns=each.gone_ns or t_ns)

    def look(self, each):
        """See whether Linux still lists an actor.

        A thread that is missing has ended by itself if it came to the end of its code; else its
        process is about to end with all its threads, and we wait for that.
        """
        if _stacks.exists(*self.watch.task(each)):
            return
        if not each.gone_ns:
            each.gone_ns = time.monotonic_ns()
            self.watch.moved()
        if each.kind == "thread" and self.left(each):
            self.of_thread(each)

    def tell(self, each, how, code, *, by, t_ns=0, detail=""):
        """Tell an actor's end, and what it had noted before it."""
        watch, t_ns = self.watch, t_ns or time.monotonic_ns()
        watch.tell.beats(each.name, watch.beats.news(each.row))
        words, done = (watch.beats.number(each.row, n) for n in (_beats.WORDS, _beats.DONE))
        if words and not done:
            watch.tell.event(each.name, "last words", words, "itself")
        each.ended = (how, code, t_ns, by)
        watch.tell.ending(each.name, how, by=by, code=code, detail=detail, t_ns=t_ns)
        if each is watch.faulty:
            self.notice(t_ns)
