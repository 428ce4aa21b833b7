"""Many tasks by asyncio: all on one thread, and the event loop says whose turn it is."""

import asyncio
import os
import time

from . import _tasks_of_python as common


def run(beats, down, up):
    """Obey commands with a task of asyncio for each task."""
    asyncio.run(obey(common.Rows(beats), down, up))


async def obey(rows, down, up):
    """Obey each command; while nothing is asked the loop waits for the pipe."""
    loop = asyncio.get_running_loop()
    lines = asyncio.Queue()
    os.set_blocking(down, False)
    loop.add_reader(down, hear, down, lines, [b""])
    os.write(up, common.version())
    kept = set()  # asyncio itself holds its tasks by weak references only
    while words := await lines.get():
        what, count = words[0], int(words[1])
        if what == "wait":
            await wait(count, kept)
            os.write(up, b"waiting %d\n" % count)
        elif what == "hearts":
            keep(kept, [heart(rows, rows.next()) for _ in range(count)])
            os.write(up, b"beating %d\n" % count)
        elif what == "call":
            keep(kept, [call(rows, rows.next(), *words[2:]) for _ in range(count)])
        elif what == "lookup":
            os.write(up, b"looked %d\n" % await look_up())
        elif what == "compute":
            await asyncio.gather(*[compute(int(words[2]), words[3]) for _ in range(count)])
            os.write(up, b"computed %d\n" % count)


def hear(down, lines, rest):
    """Take what has come in; each whole line is a command, and the end of all is None."""
    piece = os.read(down, 4096)
    *whole, rest[0] = (rest[0] + piece).split(b"\n")
    for line in whole:
        lines.put_nowait(line.decode().split())
    if not piece:
        asyncio.get_running_loop().remove_reader(down)
        lines.put_nowait(None)


def keep(kept, coroutines):
    """Start tasks, and hold them."""
    kept.update(asyncio.ensure_future(each) for each in coroutines)


async def wait(count, kept):
    """Start tasks that wait for what never happens; return when all of them do."""
    never, begun = asyncio.Event(), []
    all_begun = asyncio.Event()

    async def waiter():
        begun.append(1)
        if len(begun) == count:
            all_begun.set()
        await never.wait()

    keep(kept, [waiter() for _ in range(count)])
    await all_begun.wait()


async def heart(rows, row):
    """Give a sign of life each 10 ms; in between it is the loop that wakes it."""
    while True:
        rows.beat(row)
        await asyncio.sleep(common.EVERY)


async def call(rows, row, how, ns, fd):
    """Make one call that takes a while, in one of several ways."""
    ns, fd = int(ns), int(fd)
    rows.calls(row)
    if how == "read":  # the loop does not know of it, and the only thread is asleep
        os.read(fd, 1)
    elif how == "nanosleep":
        time.sleep(ns / 1e9)
    elif how == "compute":
        common.compute_for(ns)
    elif how == "own_read":
        await readable(fd)
    elif how == "own_sleep":
        await asyncio.sleep(ns / 1e9)
    elif how == "helper":
        await asyncio.to_thread(os.read, fd, 1)
    rows.back(row)


async def look_up():
    """Look a name up, as asyncio does it for every connection; return how long that took, in ns."""
    start = time.monotonic_ns()
    await asyncio.get_running_loop().getaddrinfo("localhost", 80)
    return time.monotonic_ns() - start


async def readable(fd):
    """Read a byte as soon as there is one; until then others have their turn."""
    loop, own = asyncio.get_running_loop(), os.dup(fd)
    os.set_blocking(own, False)
    while True:
        ready = loop.create_future()
        loop.add_reader(own, lambda ready=ready: ready.done() or ready.set_result(None))
        await ready
        loop.remove_reader(own)
        try:
            return os.read(own, 1)
        except BlockingIOError:  # another one was quicker
            continue


async def compute(rounds, how):
    """Do a fixed amount of work, and let others have their turn after each round."""
    for _ in range(rounds):
        common.one_round(how)
        await asyncio.sleep(0)
