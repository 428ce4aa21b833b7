"""Two toy chapters: on them the engine's own tests run, and the first is the example to copy.

The fixture ``course`` of ``conftest.py`` makes them the whole course for one test.
"""

from tests.course import ch90_counting, ch91_calling

CHAPTERS = (ch90_counting.CHAPTER, ch91_calling.CHAPTER)
