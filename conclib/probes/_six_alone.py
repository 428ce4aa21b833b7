"""A fresh Python that says where six of its objects lie, and ends. Started by a probe.

    python -I -S _six_alone.py

It is given no folder to look for modules in, and makes a package of this one, as ``_start.py`` does.
"""

import os
import sys
import types

package = types.ModuleType("probes")
package.__path__ = [os.path.dirname(os.path.abspath(__file__))]
sys.modules["probes"] = package

from probes import _light, _six  # noqa: E402 -- there is no such package before

_six.during_a_call(lambda addresses: os.write(1, _light.dumps(addresses).encode()))
