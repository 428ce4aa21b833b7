"""All claims on one sheet: what each says, and in which chapter it is settled."""

from dataclasses import dataclass

from conclib.results.tables import table
from conclib.textbook.claims import Claim, load_claims


@dataclass(frozen=True)
class Overview:
    """The claims in the order of their home chapters; shows itself as a table."""

    claims: tuple[Claim, ...]

    def rows(self) -> list[tuple[str, str, str]]:
        """Return home chapter, id and claim of each."""
        return [(claim.home, claim.id, claim.text) for claim in self.claims]

    def __repr__(self) -> str:
        return "\n".join(f"{home}  {name:<22} {text}" for home, name, text in self.rows())

    def _repr_html_(self) -> str:
        return table("The textbook's claims", ("chapter", "claim", "what it says"), self.rows())


def claims() -> Overview:
    """Return all of the textbook's claims, by home chapter."""
    return Overview(tuple(sorted(load_claims().values(), key=lambda claim: claim.home)))
