"""Hosts: processes that start the actors of a crew themselves, and see what becomes of them.

A host runs in a child of the observer, so it may have threads. What it sees it reports on the
crew's pipe: ``saw`` is what its program is told, ``end`` how a child of its own ended.
"""

import os

from . import _crew, _supervisor

_here = []  # the crew of this process, for tasks: a pool sends names of functions, and no objects


def play(row):
    """Be a task of a pool."""
    _here[0].play(row)
    return row


def executor(crew, rows, _):
    """Give each worker of a ProcessPoolExecutor one task; report what becomes of each."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    _here.append(crew)
    pool = ProcessPoolExecutor(len(rows), multiprocessing.get_context("fork"))
    futures = {pool.submit(play, row): row for row in rows}
    workers = {process.pid: process for process in pool._processes.values()}
    wait_for(crew, futures)
    pool.shutdown()
    for row in rows:
        process = workers.get(crew.beats.pid(row))
        if process is not None:
            crew.report(end=crew.names[row], code=process.exitcode)


def thread_pool(crew, rows, _):
    """Give each thread of a ThreadPoolExecutor one task; report what becomes of each."""
    from concurrent.futures import ThreadPoolExecutor

    _here.append(crew)
    with ThreadPoolExecutor(len(rows)) as pool:
        wait_for(crew, {pool.submit(play, row): row for row in rows})


def wait_for(crew, futures):
    """Report each task's result or exception, as the program that asked for it is told."""
    from concurrent.futures import as_completed

    for future in as_completed(futures):
        error = future.exception()
        told = _crew.in_words(error).partition("\n")[0] if error else "a result"
        crew.report(actor=crew.names[futures[future]], saw=told)


def supervised(crew, rows, stacks):
    """Run each actor as a job of a supervisor."""
    later = len(rows) - 1  # rows of later lives begin behind those of the first

    def row_of(job, life):
        return job if life == 1 else later + life - 1

    def start(job, life):
        pid = os.fork()  # this process has one thread
        if pid == 0:
            row = row_of(job, life)
            _crew.live(lambda: crew.play(row, life, job), crew, stacks)
        return pid

    def tell(job, life, what, code):
        name = crew.names[row_of(job, life)]
        if what == "ended":
            crew.report(end=name, code=code)
            crew.report(actor=name, saw=f"exit status {code}")
        else:
            crew.report(actor=name, saw=what)

    _supervisor.supervise(rows, start, tell)
