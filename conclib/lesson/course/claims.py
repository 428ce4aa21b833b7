"""The textbook's claims on one sheet: what each says, in which chapter, and its verdict here."""

from dataclasses import dataclass

from conclib.lesson import texts
from conclib.lesson.judging import verdicts
from conclib.lesson.showing.shown import Shown, show, table_html, table_text
from conclib.results.tables import folded

Row = tuple[str, str, str, str]
HEAD: Row = ("chapter", "claim", "what it says", "verdict")


@dataclass(frozen=True, repr=False)
class Claims(Shown):
    """The textbook's claims by chapter: folded, with how many are settled.

    Attributes:
        rows: chapter, id, what it says, and its verdict, of each.
    """

    rows: tuple[Row, ...]

    def text(self) -> str:
        """Return all of them as a table."""
        return table_text([HEAD, *self.rows])

    def html(self) -> str:
        """Return a fold for each chapter; its head says how many are settled."""
        homes = dict.fromkeys(home for home, *_ in self.rows)
        return "".join(self._fold([row for row in self.rows if row[0] == home]) for home in homes)

    def _fold(self, rows: list[Row]) -> str:
        to_come = "" if rows[0][0] in texts.chapters() else ", in a chapter to come"
        head = f"{rows[0][0]}: {verdicts.tally(word for *_, word in rows)}{to_come}"
        table = table_html([HEAD[1:], *(row[1:] for row in rows)])
        return folded(head, table)


def claims() -> Claims:
    """Show the textbook's claims by chapter, each with the verdict reached on this machine."""
    found = sorted(verdicts.of_claims(), key=lambda each: each.claim.home)
    return show(
        Claims(
            tuple((v.claim.home, v.claim.id, v.claim.text, verdicts.settled_word(v)) for v in found)
        )
    )
