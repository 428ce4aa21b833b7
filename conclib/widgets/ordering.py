"""An order to click: the labels are buttons, pressed from the first to the last."""

from typing import Any

import ipywidgets

from conclib.lesson.predicting.forms import Prediction
from conclib.widgets import keeping, parts


class Ordering(keeping.Keeper):
    """Buttons for the labels, the order so far, and a button to begin again."""

    def __init__(self, item: Prediction) -> None:
        labels = keeping.question(item.id, ["order"])["options"]
        self.order: list[str] = []
        self.labels = parts.Options(labels, self.press)
        self.so_far = parts.html()
        again = parts.button("Begin again", "forget the order so far", self.restart)
        super().__init__(item, [self.labels.box, self.so_far, ipywidgets.HBox([again])])

    def press(self, label: str) -> None:
        """Put a label behind those that were pressed before; twice changes nothing."""
        if label not in self.order:
            self.order.append(label)
        self.changed()

    def restart(self) -> None:
        """Forget the order so far."""
        self.order.clear()
        self.changed()

    @property
    def whole(self) -> bool:
        """Whether every label has its place."""
        return len(self.order) == len(self.labels.buttons)

    def given(self) -> dict[str, Any]:
        """Return the order by its form; a gap until it is whole."""
        return {"order": list(self.order) if self.whole else ...}

    def wanted(self) -> tuple[str, ...]:
        """Return the values that a kept prediction then has."""
        return tuple(self.order) if self.whole else ()

    def changed(self) -> None:
        """Show the order so far, and the code for it."""
        self.so_far.value = parts.paragraph(" < ".join(self.order))
        super().changed()
