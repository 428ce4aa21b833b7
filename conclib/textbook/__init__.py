"""What the textbook claims, what others have published, and the verdicts on both."""

from conclib.textbook.cited import Cited, cited_figure, load_cited
from conclib.textbook.claims import Claim, Reading, Spec, claim, load_claims
from conclib.textbook.verdicts import (
    ClaimVerdict,
    ReadingVerdict,
    Verdict,
    judge,
    verdict_of_claim,
    verdict_of_reading,
)

__all__ = [
    "Cited",
    "Claim",
    "ClaimVerdict",
    "Reading",
    "ReadingVerdict",
    "Spec",
    "Verdict",
    "cited_figure",
    "claim",
    "judge",
    "load_cited",
    "load_claims",
    "verdict_of_claim",
    "verdict_of_reading",
]
