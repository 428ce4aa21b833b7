"""What the tests of each endless exercise ask of its variants, by id."""

import random
from collections import Counter
from itertools import pairwise

from conclib.lesson import texts
from conclib.lesson.asking import practice
from conclib.lesson.asking.practice import MAX_SEED

SEEDS = range(1, 201)
WIDE = [1, 2, 1000, MAX_SEED - 1, MAX_SEED]


def are_sound_and_no_two_neighbours_alike(id: str) -> None:
    """Assert that each variant has one right option among others with a belief, and is new."""
    made = [practice.variant(id, seed) for seed in SEEDS]
    for item in made:
        variant = item.variant
        assert variant.options.count(variant.right) == 1
        assert len(set(variant.options)) == len(variant.options) > 2
        assert set(variant.beliefs) == set(variant.options) - {variant.right}
    shown = [(i.variant.code, i.words("reasons", i.variant.reason)) for i in made]
    assert [one for one, next_one in pairwise(shown) if one == next_one] == []


def use_every_place_and_every_word(id: str) -> None:
    """Assert that each place is right about as often, and every word of the exercise is used."""
    made = [practice.variant(id, seed).variant for seed in SEEDS]
    places = Counter(variant.options.index(variant.right) for variant in made)
    count = len(made[0].options)
    assert all(places[place] > len(SEEDS) / count / 2 for place in range(count)), places
    entry = texts.entry("practice", id)
    beliefs = Counter(belief for variant in made for belief in variant.beliefs.values())
    assert set(beliefs) == set(entry["misconceptions"])
    assert {variant.reason for variant in made} == set(entry["reasons"])
    assert min(beliefs.values()) > len(SEEDS) / 20, beliefs


def is_the_same_each_time(id: str, seed: int) -> None:
    """Assert that a seed is the same variant each time, and no other chance is touched."""

    def seen() -> tuple:
        item = practice.variant(id, seed)
        return item.variant.code, item.variant.options, item.variant.values, item.variant.beliefs

    random.seed(5)
    state, first = random.getstate(), seen()
    assert random.getstate() == state
    random.seed(6)
    assert seen() == first


def meets_each_answer_in_its_own_words(id: str) -> None:
    """Assert that no word of another kind of answer is said, and nothing is left in braces."""
    for seed in range(1, 21):
        item = practice.variant(id, seed)
        said = [practice.answered(item, option).answer_text() for option in item.variant.options]
        for option, text in zip(item.variant.options, said, strict=True):
            assert ("Yes." in text) == (option == item.variant.right)
            assert "{" not in text and item.words("reasons", item.variant.reason) in text
            if option in item.variant.beliefs:
                assert item.words("misconceptions", item.variant.beliefs[option]) in text
        assert len(set(said)) == len(said)
        assert item.go_on() == f'The next one: cl.practise("{id}", {seed + 1})'
