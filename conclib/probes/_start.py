"""The start of a worker: makes a package of this folder and runs its driver.

    python -I -S _start.py REQUEST REPORT LIFELINE     (three file descriptors)

A script is compiled anew at each start and a module only once, so this one is short. The folder is
not put on ``sys.path``: a probe's name could hide a module of the standard library there.
"""

import os
import sys
import types

package = types.ModuleType("probes")
package.__path__ = [os.path.dirname(os.path.abspath(__file__))]
sys.modules["probes"] = package

from probes import _driver  # noqa: E402 -- there is no such package before

_driver.main()
