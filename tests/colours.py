"""How well a colour is seen, on white and in grey, as WCAG counts it."""

from conclib.plots.style import PAPER


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#RRGGBB``, from 0 (black) to 1 (white), as WCAG does."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return sum(share * x for share, x in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(colour: str, paper: str = PAPER) -> float:
    """Return the WCAG contrast of two colours, from 1 (none) to 21 (black on white)."""
    dark, light = sorted((luminance(colour), luminance(paper)))
    return (light + 0.05) / (dark + 0.05)


def grey(colour: str) -> int:
    """Return the grey, 0 to 255, that a colour becomes on a printer without colour."""
    value = luminance(colour)
    share = 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
    return round(255 * share)
