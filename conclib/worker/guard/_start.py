"""The start of a keeper, or of a maker: makes packages of these folders, and runs its program.

    python -I -S _start.py REQUEST REPORT LIFELINE     the keeper (three file descriptors)
    python -I -S _start.py JOB STATUS                  the maker

``conclib`` itself is not imported, only what a lean Python needs of it: so its packages are stood
in for by empty ones, which find their modules in the same folders.
"""

import os
import sys
import types

HERE = os.path.dirname(os.path.abspath(__file__))
WORKER = os.path.dirname(HERE)
TOP = os.path.dirname(WORKER)

for name, folder in (("conclib", TOP), ("conclib.worker", WORKER)):
    package = types.ModuleType(name)
    package.__path__ = [folder]
    sys.modules[name] = package

if len(sys.argv) == 4:
    from conclib.worker.guard import keeper

    keeper.main()
else:
    from conclib.worker.guard import maker

    maker.main()
