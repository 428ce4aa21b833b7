"""The verbs of chapter 07's side rooms: Python threads, huge pages, the collector, page tables."""

from conclib.chapters.ch07_memory import pictures
from conclib.chapters.ch07_memory.sizes import in_mb
from conclib.lesson.showing.looked import Looked, looked, observe


def python_threads() -> Looked:
    """Start a few Python threads; show what each of them reserved, and what became resident."""
    item = observe("python_threads")
    each = item.facts["each_mb"]
    sentence = (
        f"Each of {item.facts['there']} Python threads reserved {in_mb(each['virtual'])}, of which "
        f"{in_mb(each['rss'])} became resident."
    )
    return looked({"threads": item}, sentence)


def huge_pages() -> Looked:
    """Let threads touch a little of their stacks, with small pages and with huge ones."""
    seen = {
        pages: observe("more_threads", count=100, touched_kb=4, pages=pages)
        for pages in ("4k", "huge")
    }
    small, huge = (item.facts["each_mb"]["rss"] for item in seen.values())
    sentence = f"Each thread touched one page more: {in_mb(small)} resident with small pages, "
    sentence += f"{in_mb(huge)} where Linux was asked for huge ones."
    if huge < 2 * small:
        sentence += " So Linux gave no huge pages here."
    return looked(seen, sentence)


def collector() -> Looked:
    """Let a child collect garbage, of lists and of tuples, without and with a frozen parent."""
    seen = {
        f"{kind}, {'frozen before the fork' if freeze == 'yes' else 'not frozen'}": observe(
            "collected", of=kind, freeze=freeze
        )
        for kind in ("lists", "tuples")
        for freeze in ("no", "yes")
    }
    title = "How much memory did the child come to own, by collecting?"
    own = {label: max(item.facts["grew_mb"]["uss"], 0.0) for label, item in seen.items()}
    listed = "; ".join(f"{label} {in_mb(mb)}" for label, mb in own.items())
    sentence = f"The child came to own: {listed}."
    if own["tuples, not frozen"] < own["lists, not frozen"] / 2:
        sentence += (
            " Of tuples that hold only numbers the collector soon knows that there is nothing to "
            "find, and looks at them no more."
        )
    return looked(seen, sentence, pictures.arms(seen, title=title))


def page_tables() -> Looked:
    """Let a small and a big parent fork children that wait; show each child's page tables."""
    seen = {
        "children of a small parent": observe("more_processes", count=50),
        "children of a big parent": observe("more_processes", count=50, filled_mb=128),
    }
    each = {label: item.facts["each_mb"] for label, item in seen.items()}
    small, big = each.values()
    sentence = (
        f"A child of the small parent has {in_mb(small['tables'])} of page tables, one of the big "
        f"parent {in_mb(big['tables'])}; what each of them alone holds is {in_mb(small['uss'])} "
        f"and {in_mb(big['uss'])}."
    )
    return looked(seen, sentence)
