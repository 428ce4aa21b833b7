"""Chapter 04: what does it cost to start a process or a thread?"""

from pathlib import Path

from conclib.chapters.ch04_creation import checks
from conclib.lesson import registry

CHAPTER = registry.register(registry.read(Path(__file__).parent, checks=checks.CHECKS))
