"""What the experiments of chapter 11's quiz show: as a rule, and where they do not tell."""

SHOWN = {}
