"""What a worker says in words of its own, as it may be shown: nothing in it acts, and it ends.

A terminal obeys some characters instead of showing them: a text may colour the screen, erase what
stands there, or write over it. So these are written out.
"""

MAX_SHOWN = 2_000  # characters of a text that reaches the student
ACTS = {*range(32), *range(127, 160)} - {*map(ord, "\n\t")}
WRITTEN = {code: f"\\x{code:02x}" for code in ACTS}


def visible(text: str) -> str:
    r"""Return a text in which control characters are written out, as ``\x1b``."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(WRITTEN)


def shown(text: str) -> str:
    """Return a text without control characters, and cut in its middle if it is too long."""
    text = visible(text)
    if len(text) <= MAX_SHOWN:
        return text
    notice = f" [... {len(text) - MAX_SHOWN:,} characters more ...] "
    return text[: MAX_SHOWN // 2] + notice + text[-(MAX_SHOWN // 2) :]
