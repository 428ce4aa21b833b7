"""Pictures: records or plain data in, a :class:`Picture` out. Nothing here measures.

matplotlib is imported when something is drawn, never before, and pyplot never.
"""

from conclib.plots.amounts import Amount, amounts
from conclib.plots.calibration import calibration
from conclib.plots.comparison import comparison
from conclib.plots.curve import curve
from conclib.plots.distribution import distribution, in_order
from conclib.plots.lanes import lanes, lanes_text
from conclib.plots.moving import Moving, moving
from conclib.plots.moving_lanes import moving_lanes
from conclib.plots.picture import Picture, Table
from conclib.plots.race import race, ruler
from conclib.plots.records import Cited, Guessed, Measured, Range, rows_of
from conclib.plots.space import space
from conclib.plots.space_changes import space_changes
from conclib.plots.story import story_lines

__all__ = [
    "Amount",
    "Cited",
    "Guessed",
    "Measured",
    "Moving",
    "Picture",
    "Range",
    "Table",
    "amounts",
    "calibration",
    "comparison",
    "curve",
    "distribution",
    "in_order",
    "lanes",
    "lanes_text",
    "moving",
    "moving_lanes",
    "race",
    "rows_of",
    "ruler",
    "space",
    "space_changes",
    "story_lines",
]
