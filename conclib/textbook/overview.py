"""All claims, by id, and on one sheet: what each says, and in which chapter it is settled."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from conclib.results import arguments, encoding, files
from conclib.results.tables import table
from conclib.textbook.claims import Claim


@dataclass(frozen=True)
class Overview:
    """The claims in the order of their home chapters; shows itself as a table."""

    claims: tuple[Claim, ...]

    def rows(self) -> list[tuple[str, str, str]]:
        """Return home chapter, id and claim of each."""
        return [(each.home, each.id, each.text) for each in self.claims]

    def __repr__(self) -> str:
        return "\n".join(f"{home}  {name:<22} {text}" for home, name, text in self.rows())

    def _repr_html_(self) -> str:
        return table("The textbook's claims", ("chapter", "claim", "what it says"), self.rows())


@lru_cache(maxsize=1)
def load_claims() -> Mapping[str, Claim]:
    """Return all claims by id, in the textbook's order; read and checked once.

    Raises:
        RecordError: the file is missing or malformed; the message names claim and field.
    """
    from conclib.textbook.claims_file import parse_claims

    return parse_claims(encoding.read(files.data_path("claims.toml")))


def claim(id: str) -> Claim:
    """Return one of the textbook's claims.

    Raises:
        ValueError: no such id; lists them all and the nearest.
    """
    return load_claims()[arguments.choice("id", id, load_claims())]


def claims() -> Overview:
    """Return all of the textbook's claims, by home chapter."""
    return Overview(tuple(sorted(load_claims().values(), key=lambda each: each.home)))
