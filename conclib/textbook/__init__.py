"""What the textbook claims, what others have published, and the verdicts on the claims."""

from conclib.textbook.all_claims import claim, load_claims
from conclib.textbook.cited import Cited, cited_figure, load_cited
from conclib.textbook.claim_verdicts import ClaimVerdict, ReadingVerdict
from conclib.textbook.claims import Claim, Reading, Spec
from conclib.textbook.judging_claims import verdict_of_claim, verdict_of_reading
from conclib.textbook.verdicts import Verdict, judge

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
