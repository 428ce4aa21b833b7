"""B, a fresh program that writes a word at an address that it was told. Started by a probe.

    python -I -S _astray_alone.py ADDRESS OWN_PAGE

It says when it is ready, waits, writes, and says what it finds there afterwards: if it still can.
"""

import os
import sys
import types

package = types.ModuleType("probes")
package.__path__ = [os.path.dirname(os.path.abspath(__file__))]
sys.modules["probes"] = package

from probes import _place  # noqa: E402 -- there is no such package before

address, own_page = int(sys.argv[1]), sys.argv[2] == "yes"
if own_page:
    _place.take(address)
os.write(1, b"r")  # ready
if os.read(0, 1):
    _place.put(address, "dog")
    os.write(1, _place.read(address).encode())
