"""Chapter 91, a toy with words alone: it comes after 90, and asks what that one taught."""

from pathlib import Path

from conclib.lesson import registry

CHAPTER = registry.register(registry.read(Path(__file__).parent))
