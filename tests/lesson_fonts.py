"""matplotlib opens its fonts at the first drawing and never closes them: do it beforehand."""

from conclib.plots import Picture, lettering, sheet, style


def open_fonts() -> None:
    """Draw a word in every font that the course's pictures use."""
    figure = sheet.new_figure(1, 1)
    for family in (style.FONT, style.MONO):
        for weight in ("normal", "bold"):
            figure.text(0, 0, "µ≈▶ x", fontfamily=family, fontweight=weight)
    Picture(figure, "a word").png()
    lettering.text_width("x")
