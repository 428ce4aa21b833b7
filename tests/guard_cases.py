"""Bad ideas, each as text for a victim, and what must become of it. Every bomb stops by itself.

In the texts ``%(pid)d`` is a process outside that must come to no harm, ``%(port)d`` a server on
the loopback, ``%(unix)r`` the path of a socket, ``%(shm)d`` and ``%(sem)d`` the numbers of memory
and of a semaphore that programs outside share.
"""

import os
from collections.abc import Callable
from typing import NamedTuple

import pytest

TASKS = "tasks"  # in place of words: the keeper must have counted as many as may be


class Case(NamedTuple):
    """One bad idea.

    Attributes:
        code: what the victim runs.
        ends: each way in which it may end: a code (minus a signal's number), or a limit.
        words: what must stand in its output; or ``TASKS``.
    """

    code: str
    ends: tuple[int | str, ...]
    words: str = ""


def starts_guards(test: Callable[..., None]) -> Callable[..., None]:
    """Mark a test that starts guards.

    An ordinary user's limit is held against all his tasks, so other tests' threads would be taken
    from what a victim may have; root's victim has a user of its own.
    """
    marked = pytest.mark.worker(test)
    return pytest.mark.serial(marked) if os.geteuid() else marked


READ_ONLY, REFUSED = "Read-only file system", "[Errno 1] Operation not permitted"
BOMB = "import os, time\nfor n in range(200):\n"

CASES = {
    # as many processes and threads as possible
    "fork_flat": Case(BOMB + "  try: pid = os.fork()\n  except OSError: break\n"
        "  if not pid: time.sleep(9); os._exit(0)\ntime.sleep(.05)\nprint('forked', n)",
        (0,), TASKS),
    "fork_tree": Case("import os, time\ndef f(d):\n  for _ in range(2):\n    try:\n"
        "      if d and not os.fork(): f(d - 1)\n    except OSError: pass\n  time.sleep(9)\nf(6)",
        ("time",), TASKS),
    "fork_raise": Case(BOMB + "  if not os.fork(): time.sleep(9); os._exit(0)", (1,), TASKS),
    "hydra": Case("import os, time\nfor _ in range(20):\n  if not os.fork():\n"
        "    for g in range(9):\n      try:\n        if os.fork(): os._exit(0)\n"
        "      except OSError: time.sleep(.01)\n"
        "      if os.getpid() != os.getsid(0) and os.getpgrp() != os.getpid(): os.setsid()\n"
        "    os._exit(0)", (0, 1)),
    "orphans": Case("import os, time\nfor n in range(100):\n  try: pid = os.fork()\n"
        "  except OSError: break\n  if pid: os.waitpid(pid, 0); continue\n"
        "  try:\n    if os.fork(): os._exit(0)\n  except OSError: os._exit(0)\n"
        "  os.setsid(); time.sleep(9); os._exit(0)\ntime.sleep(.05)", (0,), TASKS),
    "threads": Case("import threading, time\nfor n in range(200):\n"
        "  threading.Thread(target=time.sleep, args=(9,), daemon=True).start()", (1,), TASKS),
    # memory
    "mem_10GB": Case("b = bytearray(10 << 30)", (1,), "MemoryError"),
    "mem_1GB": Case("b = bytearray(1 << 30)", (1,), "MemoryError"),  # never touched
    "mem_creep": Case("a = []\nfor i in range(90): a.append(b'x' * (10 << 20))", (1, "memory")),
    "mem_shared": Case("import mmap\na = []\nfor i in range(90):\n  m = mmap.mmap(-1, 10 << 20)\n"
        "  m.write(b'x' * (10 << 20)); a.append(m)", ("memory",)),
    "mem_procs": Case("import os, time\nfor i in range(9):\n  if not os.fork():\n"
        "    b = b'x' * (100 << 20); time.sleep(9); os._exit(0)\ntime.sleep(3)", ("memory",)),
    "mem_memfd": Case("import os\nos.memfd_create('x')", (1,), REFUSED),
    "mem_sysv": Case("import ctypes\nl = ctypes.CDLL(None, use_errno=True)\n"
        "print(l.shmget(0x4242, 4 << 20, 0o1666), ctypes.get_errno())", (0,), "-1 1"),
    "mem_of_others": Case("import ctypes\nl = ctypes.CDLL(None, use_errno=True)\n"
        "l.shmat.restype = ctypes.c_void_p\na = l.shmat(%(shm)d, None, 0)\n"
        "print(ctypes.get_errno())\n"
        "if a != 2 ** 64 - 1: ctypes.memset(a, 0, 8)\n"
        "print(l.shmctl(%(shm)d, 0, None), l.semctl(%(sem)d, 0, 0), l.semctl(%(sem)d, 0, 16, 9))",
        (0,), "1\n-1 -1 -1"),
    "machine_wide": Case("import ctypes\nl = ctypes.CDLL(None, use_errno=True)\n"
        "n = {'x86_64': 206, 'aarch64': 0}[__import__('os').uname().machine]\n"
        "print(l.syscall(n, 9, ctypes.byref(ctypes.c_ulong())), ctypes.get_errno())", (0,), "-1 1"),
    "mem_keys": Case("import ctypes\nl = ctypes.CDLL(None, use_errno=True)\n"
        "n = {'x86_64': 248, 'aarch64': 217}[__import__('os').uname().machine]\n"
        "print(l.syscall(n, b'user', b'guard', b'x', 1, -4), ctypes.get_errno())", (0,), "-1 1"),
    # output, files, descriptors
    "output": Case("import sys\nfor i in range(50000): sys.stdout.write('x' * 1000)", ("output",)),
    "output_raw": Case("import os\nfor i in range(5000): os.write(2, b'y' * 10000)", ("output",)),
    "disk_tmp": Case("import tempfile\nf = tempfile.TemporaryFile()\n"
        "for i in range(200): f.write(b'x' * (1 << 20)); f.flush()", (1,), "FileNotFoundError"),
    "disk_home": Case("import os\nf = open(os.path.expanduser('~/big'), 'wb')", (1,), READ_ONLY),
    "disk_many": Case("import os\nfor n in range(8): open(os.path.expanduser(f'~/big{n}'), 'wb')",
        (1,), READ_ONLY),
    "disk_shm": Case("f = open('/dev/shm/big', 'wb')", (1,), READ_ONLY),
    "inodes": Case("import os\nfor i in range(5000):\n"
        "  os.close(os.open(os.path.expanduser(f'~/i{i}'), os.O_CREAT | os.O_WRONLY))",
        (1,), READ_ONLY),
    "descriptors": Case("import os\na = [os.open('/dev/null', os.O_RDONLY) for i in range(500)]",
        (1,), "Too many open files"),
    "inherits": Case("import fcntl\nfound = []\nfor n in range(3, 1024):\n"
        "  try: fcntl.fcntl(n, fcntl.F_GETFD); found.append(n)\n  except OSError: pass\n"
        "print(found)", (0,), "[]"),
    # time
    "forever": Case("while True: pass", ("time",)),
    "sleeper": Case("import time; time.sleep(60)", ("time",)),
    "ignore": Case("import signal\nfor s in range(1, 65):\n"
        "  try: signal.signal(s, signal.SIG_IGN)\n  except (OSError, ValueError): pass\n"
        "while True: pass", ("time",)),
    # signals
    "kill_0": Case("import os; os.kill(0, 9)", (-9,)),
    "kill_1": Case("import os, time\ntry: os.kill(-1, 9)\nexcept PermissionError: pass\n"
        "time.sleep(.3); print('still here')", (0,), "still here"),
    "kill_ppid": Case("import os; os.kill(os.getppid(), 9)", (1,), REFUSED),
    "kill_self": Case("import os; os.kill(os.getpid(), 9)", (-9,)),
    "stop_all": Case("import os\nfor p in (-1, os.getppid(), %(pid)d):\n  try: os.kill(p, 19)\n"
        "  except OSError as e: print(e)", (0,), f"{REFUSED}\n{REFUSED}"),
    "stop_self": Case("import os; os.kill(os.getpid(), 19)", ("time",)),
    "setown": Case("import fcntl, os\nr, w = os.pipe()\ntry:\n"
        "  fcntl.fcntl(r, fcntl.F_SETOWN, %(pid)d); fcntl.fcntl(r, 10, 9)\n"
        "  fcntl.fcntl(r, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)\n"
        "except OSError as e: print(e)\nos.write(w, b'x')", (0,)),
    "setown_socket": Case("import fcntl, socket, struct\na, b = socket.socketpair()\n"
        "for how, what in ((0x8901, %(pid)d), (0x5452, 1)):\n"
        "  try: fcntl.ioctl(a, how, struct.pack('i', what))\n"
        "  except OSError as e: print(e)\nb.send(b'x')", (0,), f"{REFUSED}\n{REFUSED}"),
    # other processes
    "ptrace": Case("import ctypes, os\nl = ctypes.CDLL(None, use_errno=True)\n"
        "for p in (%(pid)d, os.getppid()): print(l.ptrace(16, p, 0, 0), ctypes.get_errno())",
        (0,), "-1 1\n-1 1"),
    "grandchild": Case("import os\nif not os.fork():\n  os.setsid()\n  if not os.fork():\n"
        "    os.closerange(0, 60); os.execve('/bin/sleep', ['sleep', '31.%(pid)d'], {'A': 'b'})\n"
        "  os._exit(0)\nimport time; time.sleep(.2)", (0,)),
    "environ": Case("open('/proc/%(pid)d/environ').read()", (1,), "Permission denied"),
    "prlimit": Case("import resource\nresource.prlimit(%(pid)d, resource.RLIMIT_CORE, (0, 0))",
        (1,), "Operation not permitted"),
    "renice": Case("import os\nos.setpriority(os.PRIO_PROCESS, %(pid)d, 15)", (1,), REFUSED),
    "userns": Case("import ctypes\nl = ctypes.CDLL(None, use_errno=True)\n"
        "print(l.unshare(0x10020000), l.mount(b'none', b'/tmp', b'tmpfs', 0, None))",
        (0,), "-1 -1"),
    "hides": Case("import ctypes\nprint(ctypes.CDLL(None).prctl(4, 0, 0, 0, 0))", (0,), "-1"),
    # the home folder, and what is secret in it
    "rmtree": Case("import os, shutil\nh = os.path.expanduser('~')\n"
        "shutil.rmtree(h, ignore_errors=True)\nopen(h + '/canary/file', 'w')", (1,), READ_ONLY),
    "overwrite": Case("import os\nopen(os.path.expanduser('~/canary/file'), 'w').write('gone')",
        (1,), READ_ONLY),
    "chmod": Case("import os\nos.chmod(os.path.expanduser('~'), 0)", (1,), READ_ONLY),
    "secrets": Case("import os\nprint(open(os.path.expanduser('~/.ssh/secret')).read())",
        (1,), "Permission denied"),
    # sockets
    "connect": Case("import socket\nsocket.create_connection(('127.0.0.1', %(port)d), 1)",
        (1,), REFUSED),
    "unix": Case("import socket\nfor p in (%(unix)r, '\\0guard-abstract-%(pid)d'):\n"
        "  try: s = socket.socket(socket.AF_UNIX); s.connect(p)\n"
        "  except OSError as e: print(e)", (0,), f"{REFUSED}\n{REFUSED}"),
    "bind": Case("import os, socket\na, b = socket.socketpair()\n"
        "for p in (os.path.expanduser('~/made'), '\\0guard-made'):\n"
        "  try: a.bind(p)\n  except OSError as e: print(e)", (0,), f"{REFUSED}\n{REFUSED}"),
    "datagram": Case("import socket\nsocket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)",
        (1,), REFUSED),
    "server": Case("import socket\nsocket.create_server(('127.0.0.1', 0))", (1,), REFUSED),
    # what a crash does, and what is no crash
    "segv": Case("import ctypes; ctypes.string_at(0)", (-11,)),
    "abort": Case("import os; os.abort()", (-6,)),
    "exit7": Case("import os; os._exit(7)", (7,)),
    "divide": Case("1/0", (1,), "ZeroDivisionError: division by zero"),
    "stack": Case("import ctypes\nl = ctypes.CDLL(None)\n"
        "l.regcomp(ctypes.create_string_buffer(4096), b'(' * 1_000_000, 1)", (-11,)),
}  # fmt: skip
