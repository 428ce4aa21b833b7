"""Variables of comprehensions that hide something: on some Pythons, what hides is what is found."""

import ast
import builtins

FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
COMPREHENSIONS = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


def module_names(tree: ast.Module) -> set[str]:
    """Return the functions, classes and imports of a module, not those inside a function."""
    found, waiting = set(), list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            found |= {alias.asname or alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        else:  # also those under an if, a try or a with
            waiting += ast.iter_child_nodes(node)
    return found


def module_variables(tree: ast.Module) -> set[str]:
    """Return the variables of a module, wherever outside of functions and classes they are set."""
    found, waiting = set(), list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif not isinstance(node, FUNCTIONS | ast.ClassDef | COMPREHENSIONS):
            waiting += ast.iter_child_nodes(node)
    return found


def hiding_variables(tree: ast.Module, hidden: set[str]) -> list[str]:
    """Return the variables of comprehensions that hide something of their module.

    A function that uses both fails on CPython 3.12.0 to 3.12.3 (cpython #118513). One of these
    names is hard to read anyhow, so it is not even to be hidden where it is not used; a variable
    of the module or what is built into Python may be, where the function does not use it.

    Args:
        tree: the module.
        hidden: names of its functions, classes and imports.
    """
    found = {name for name in _loop_names(tree) if name.id in hidden}
    also = module_variables(tree) | set(dir(builtins))
    for function in (node for node in ast.walk(tree) if isinstance(node, FUNCTIONS)):
        loops = [name for name in _loop_names(function) if name.id in also]
        if loops:
            used = _used_from_outside(function)
            found |= {name for name in loops if name.id in used}
    return [f"line {name.lineno}: {name.id}" for name in sorted(found, key=_place)]


def _place(name: ast.Name) -> tuple[int, int]:
    return name.lineno, name.col_offset


def _loop_names(tree: ast.AST) -> list[ast.Name]:
    """Return the variables of all comprehensions."""
    loops = [node for node in ast.walk(tree) if isinstance(node, ast.comprehension)]
    return [name for loop in loops for name in ast.walk(loop.target) if isinstance(name, ast.Name)]


def _used_from_outside(function: ast.AST) -> set[str]:
    """Return the names that a function uses and has made neither itself nor in a comprehension."""
    arguments = {each.arg for each in ast.walk(function) if isinstance(each, ast.arg)}
    found: set[str] = set()
    own: set[str] = set()
    waiting: list[tuple[ast.AST, frozenset[str]]] = [(function, frozenset())]
    while waiting:
        node, made = waiting.pop()
        if isinstance(node, COMPREHENSIONS):
            targets = [name for loop in node.generators for name in ast.walk(loop.target)]
            made |= {name.id for name in targets if isinstance(name, ast.Name)}
            # the first iterable is looked up outside, but it stands in the same function
            waiting.append((node.generators[0].iter, frozenset()))
        elif isinstance(node, ast.Name) and node.id not in made:
            (found if isinstance(node.ctx, ast.Load) else own).add(node.id)
        waiting += [(child, made) for child in ast.iter_child_nodes(node)]
    return found - own - arguments
