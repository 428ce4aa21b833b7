"""A choice to click: the options are buttons, the reason a field, the answer stands below them.

Pressing an option keeps it at once, with the reason that stands in the field; another one may be
pressed at any time. What is kept and what is said is that of ``cl.choose``.
"""

import time

from conclib.lesson import texts
from conclib.lesson.asking import choices
from conclib.lesson.asking.choices import Choice
from conclib.lesson.code_lines import code_line
from conclib.widgets import parts

LEFT = 1.0  # seconds: a reason that was left just before a press is meant for what is pressed


class ChoicePanel(parts.Shell):
    """One question with its options, a reason, and what is said to the pick."""

    def __init__(self, item: Choice) -> None:
        self.item = item
        self._reason, self._left = item.because, float("-inf")  # that of the last pick, and when
        self.sentence = f"Choice {item.id}: press one of the options."
        self.options = parts.Options(item.options, self.pressed)
        self.because = parts.reason(item.because)
        self.because.observe(lambda _: self._reasoned(), names="value")
        self.message, self.code = parts.html(), parts.html()
        question = parts.html(parts.strong(item.question))
        inside = [question, self.options.box, self.because, self.message, self.code]
        self.box = parts.form(item.question, inside)
        self._show(aloud=bool(item.complaint))

    def pick(self, option: str) -> Choice:
        """Keep an option with the reason given; return the question as it stands now."""
        if self._is_of_another(option):
            self.because.value = ""
        reason = self._given()
        choices.keep(self.item.id, option, reason)
        self.item = choices.standing(choices.question(self.item.id, *self.item.options))
        self._reason = reason
        self._show(aloud=True)
        return self.item

    def _given(self) -> str | None:
        return texts.given(self.because.value.strip() or None)

    def _is_of_another(self, option: str) -> bool:
        """Tell whether the reason that stands in the field was kept with another option."""
        if not self.item.picked or option == self._now() or self._given() != self._reason:
            return False
        return time.monotonic() - self._left > LEFT

    def _now(self) -> str:
        """Return the option that was pressed last."""
        return self.item.now or self.item.pick

    def pressed(self, option: str) -> None:
        """Keep an option; what goes wrong is said."""
        try:
            self.pick(option)
        except Exception as error:  # it is said, and the buttons can be pressed again
            self.message.value = parts.announced(f"Not kept: {error}")

    def _reasoned(self) -> None:
        """Keep a reason that was written after the pick."""
        if self.item.picked:
            self._left = time.monotonic()
            self.pressed(self._now())

    def _show(self, aloud: bool) -> None:
        item = self.item
        answer = item.answer() if item.picked else ()
        text = "\n\n".join(filter(None, [texts.not_taken(item.complaint), *answer]))
        self.options.mark(item.now or item.pick)
        self.message.value = parts.announced(text, aloud) if text else ""
        named = {"pick": item.now or item.pick or ..., **_because(self.because.value)}
        self.code.value = parts.code(code_line("choose", item.id, **named))


def _because(reason: str) -> dict[str, str]:
    return {"because": reason} if reason.strip() else {}
