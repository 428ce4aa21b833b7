"""A supervisor: starts jobs, starts one anew that has ended badly, and gives up after a few times.

    ended with code 0     -> the job is done
    ended in another way  -> wait, twice as long each time (back-off), then start it again
    too many bad ends     -> give the job up, say why, and go on with the others

It works because it is a process of its own: whatever ends a job, the supervisor only reads of it.
"""

import os
import time

TRIES = 3  # times that one job is started anew
PAUSE = 0.02  # seconds before the first restart
LOOK = 0.002  # seconds between two looks


def supervise(jobs, start, tell):
    """Run jobs until each is done or given up.

    Args:
        jobs: their names.
        start: starts a job, given its name and which life of it this is; returns a process number.
        tell: is called with what happens: job, what, and an exit code (-11: ended by signal 11).
    """
    running = {start(job, 1): (job, 1) for job in jobs}
    waiting = []  # jobs to be started anew: when, which, the number of its next life
    while running or waiting:
        for due in [each for each in waiting if each[0] <= time.monotonic()]:
            waiting.remove(due)
            _, job, life = due
            running[start(job, life)] = (job, life)
            tell(job, life, "restart", None)
        pid, status = os.waitpid(-1, os.WNOHANG) if running else (0, 0)
        if pid == 0:
            time.sleep(LOOK)
            continue
        job, life = running.pop(pid)
        code = os.waitstatus_to_exitcode(status)
        tell(job, life, "ended", code)
        if code != 0 and life > TRIES:
            tell(job, life, "given up", code)
        elif code != 0:
            waiting.append((time.monotonic() + PAUSE * 2 ** (life - 1), job, life + 1))
