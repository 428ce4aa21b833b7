"""The small matrix as a panel: for each cell a list of three fates, before anything is run."""

import ipywidgets

from conclib.chapters.ch06_fate import predicting
from conclib.widgets import controls, parts

OPEN = "?"
HEADS = {"thread": "one of four threads", "process": "one of four processes"}
READY = "Choose a fate for the three others in each cell. Two cells you have seen already."
DONE = "All cells are predicted. Run the next cell: it shows both."


class PredictPanel(parts.Shell):
    """The panel on the page. ``predicted`` is what has been chosen so far."""

    def __init__(self) -> None:
        self.sentence = (
            "The small matrix: choose what becomes of the three others, cell by cell. In text: "
            'fate.predict_cells(thread="...", process="....."), a letter for each open cell: g for '
            "go on, e for end too, s for stop, then go on."
        )
        self.predicted = predicting.Predicted()
        self.lists = {place: self._list(place) for place in predicting.places()}
        self.message = parts.html(parts.announced(READY, aloud=False))
        self.box = parts.form("what becomes of the three others", [self._grid(), self.message])

    def _list(self, place: predicting.Place) -> "ipywidgets.Dropdown":
        made = ipywidgets.Dropdown(
            options=[OPEN, *predicting.WORDS], value=OPEN, tooltip=f"{place[0]}, {HEADS[place[1]]}",
            description="", style=controls.WORDS, layout={"width": "11em"},
        )  # fmt: skip
        made.observe(lambda change: self.chosen(place, change["new"]), "value")
        return made

    def chosen(self, place: predicting.Place, word: str) -> None:
        """Take what was chosen in one list."""
        if word == OPEN:
            self.predicted.pop(place, None)
        else:
            self.predicted.say(*place, word)
        left = self.predicted.left
        text = DONE if not left else f"{left} of {len(self.lists)} cells are open."
        self.message.value = parts.announced(text)

    def _grid(self) -> "ipywidgets.GridBox":
        cells = [
            parts.html(),
            *(parts.html(f"<b>{HEADS[each]}</b>") for each in predicting.CONTAINERS),
        ]
        for fault in predicting.FAULTS:
            cells.append(parts.html(parts.paragraph(fault)))
            for container in predicting.CONTAINERS:
                place = (fault, container)
                seen = predicting.SEEN.get(place)
                cells.append(
                    parts.html(parts.paragraph(f"{seen} (seen)")) if seen else self.lists[place]
                )
        return ipywidgets.GridBox(cells, layout={
            "grid_template_columns": "9em 12em 13em", "grid_gap": "2px 8px", "width": "auto",
        })  # fmt: skip
