"""Words at which a reader who learned English at school would stop are not used."""

import re
from pathlib import Path

import pytest

from tests.notebooks import cells, read, source, stored_notebooks

ROOT = Path(__file__).parent.parent
QUAINT = re.compile(
    r"\b(dear|dearer|dearest|foretold|foretells?|reckon(ed|s)?|by turns|cannot be had|wavers?|"
    r"its kin)\b",
    re.I,
)
# "kernel" alone may be the notebook's or Linux's: it says which
ALONE = re.compile(
    r"(?<!notebook )(?<!ipc\.)\bkernels?\b(?! stack| thread|-hacking|/|\.org| 20)", re.I
)
WRITTEN = [
    *sorted((ROOT / "conclib").rglob("*.py")),
    *sorted((ROOT / "conclib").rglob("*.toml")),
    *sorted((ROOT / "notebooks/presenter").glob("*.md")),
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "data/claims.toml")),
]
FOR_STUDENTS = [p for p in WRITTEN if p.suffix in (".toml", ".md") and p.name != "CONTRIBUTING.md"]


def found(pattern: re.Pattern, text: str) -> list[str]:
    """Return the lines that a pattern is found in."""
    return [line.strip()[:100] for line in text.splitlines() if pattern.search(line)]


def test_no_word_is_quaint():
    texts = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in WRITTEN}
    assert len(texts) > 100
    assert {name: found(QUAINT, text) for name, text in texts.items() if found(QUAINT, text)} == {}


@pytest.mark.parametrize("path", FOR_STUDENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_kernel_says_whose_it_is(path):
    text = re.sub(
        r'^(id|name|\s*\{ name) = "[^"]*"', "", path.read_text(encoding="utf-8"), flags=re.M
    )
    assert found(ALONE, text) == []


@pytest.mark.parametrize("path", stored_notebooks(), ids=lambda path: path.stem)
def test_so_in_the_notebooks(path):
    prose = "\n".join(source(cell) for _, cell in cells(read(path), "markdown"))
    assert found(QUAINT, prose) == found(ALONE, prose) == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [(QUAINT, "A dearer fork."), (QUAINT, "as reckoned"), (ALONE, "The kernel reads."),
     (ALONE, "kernels differ")],
)  # fmt: skip
def test_the_patterns_find_what_they_are_for(pattern, text):
    assert found(pattern, text)
    assert not found(pattern, "The notebook kernel, a kernel stack, a slower fork.")
