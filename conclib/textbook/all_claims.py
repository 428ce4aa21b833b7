"""All claims, by id."""

from collections.abc import Mapping
from functools import lru_cache

from conclib.results import arguments, encoding, files
from conclib.textbook.claims import Claim


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
