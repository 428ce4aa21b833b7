"""A row of ``cited.csv`` as a form that msgspec checks; imported where one is read, because it is."""

import re
import sys
from typing import Annotated

from msgspec import Meta, Struct

from conclib.results import arguments
from conclib.results.quantity import SPELLINGS, TIME

Text = Annotated[str, Meta(min_length=1)]
UNITS = (*TIME.units, "×", "kB", "MB", "GB", "ms/GB")
QUOTED = "as quoted in "


class CitedForm(Struct, forbid_unknown_fields=True):
    """The fields of a figure, as :class:`conclib.textbook.cited.Cited` describes them."""

    id: Text
    value: Annotated[float, Meta(gt=0, le=sys.float_info.max)]
    unit: str
    quantity: Text
    condition: Text
    year: Annotated[int, Meta(ge=1950, le=2099)] | None
    source: str
    opened: str
    tags: Annotated[list[str], Meta(min_length=1)]

    def __post_init__(self) -> None:
        arguments.choice("unit", SPELLINGS.get(self.unit, self.unit), UNITS)
        if self.opened != "yes" and not self.opened.startswith(QUOTED):
            raise ValueError(f"opened={self.opened!r}: must be 'yes' or begin with {QUOTED!r}")
        if not re.match(r"[^,]+, .*https?://\S+$", self.source):
            raise ValueError("source must be who, a comma, the title and an address")
