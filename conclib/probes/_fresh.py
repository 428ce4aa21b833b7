"""A fresh program that does as it is told (``_cast.py``): it shares nothing with who started it.

    python -I -S _fresh.py

It is given no folder to look for modules in, and makes a package of this one, as ``_start.py`` does.
"""

import os
import sys
import types

package = types.ModuleType("probes")
package.__path__ = [os.path.dirname(os.path.abspath(__file__))]
sys.modules["probes"] = package

from probes import _cast, _errands, _watching  # noqa: E402 -- there is no such package before

_watching.limit(_cast.LIMIT)
_cast.serve(_cast.TOLD, _cast.ANSWERS, _errands.ERRANDS)
