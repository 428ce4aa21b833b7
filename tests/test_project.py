"""The files around the library agree with each other."""

import importlib
import json
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.version import Version

from conclib.chapters import folders

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
SHARED = ROOT / "share" / "jupyter"

# What a package is called on conda-forge, where it is not PyPI's name.
CONDA = {"matplotlib": "matplotlib-base", "playwright": "playwright-python"}


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def required(lines: list[str], names: dict[str, str]) -> dict[str, str]:
    """Return the version range of each requirement, under its conda name."""
    parsed = [Requirement(line) for line in lines]
    return {names.get(item.name, item.name): str(item.specifier) for item in parsed}


def test_environment_and_pyproject_ask_for_the_same():
    environment = yaml.safe_load(read("environment.yml"))
    lines = [line for line in environment["dependencies"] if isinstance(line, str)]
    conda = required([line for line in lines if line != "pip"], {})
    project = PROJECT["project"]
    assert conda.pop("python") == project["requires-python"]
    assert conda == required(
        project["dependencies"] + project["optional-dependencies"]["test"], CONDA
    )
    assert {"pip": ["--editable ."]} in environment["dependencies"]
    assert environment["channels"] == ["conda-forge"]


def test_a_difference_would_be_seen():
    assert required(["matplotlib>=3.9"], CONDA) == {"matplotlib-base": ">=3.9"}
    assert required(["pandas>=2.2"], {}) != required(["pandas>=2.3"], {})


def test_the_extras_are_the_documented_ones():
    extras = PROJECT["project"]["optional-dependencies"]
    assert set(extras) == {"test", "servers", "models", "cluster", "present"}
    assert all(Requirement(line).specifier for lines in extras.values() for line in lines)


def test_the_command_exists(monkeypatch):
    monkeypatch.setattr(sys, "path", [*sys.path])  # a command leaves the current folder out of it
    module, function = PROJECT["project"]["scripts"]["conclib"].split(":")
    assert callable(getattr(importlib.import_module(module), function))


def test_what_is_installed_is_this_version():
    assert metadata.version("conclib") == PROJECT["project"]["version"]


def test_the_changelog_has_the_version_or_announces_it():
    headings = re.findall(r"^## \[(.+?)\]", read("CHANGELOG.md"), re.M)
    assert headings[0] == "Unreleased"
    version = PROJECT["project"]["version"]
    unreleased = read("CHANGELOG.md").split("## [Unreleased]")[1].split("\n## [")[0]
    assert version in headings or version in unreleased
    assert headings[1:] == sorted(headings[1:], key=Version, reverse=True)


def test_the_readme_has_the_two_commands_and_a_way_in_without_make():
    readme = read("README.md")
    assert "make lab" in readme and "make test" in readme
    assert "pip install" in readme
    assert "Windows" in readme
    for path in re.findall(r"\]\(((?!https?://|#)[^)\s]+)\)", readme):
        assert (ROOT / path.split("#")[0]).exists(), f"README links to {path}"


def test_the_makefile_has_the_targets_and_documents_them():
    makefile = read("Makefile")
    for target in ("lab", "test", "check", "outputs", "record", "bench"):
        assert re.search(rf"^{target}: .*## \w", makefile, re.M), target
    assert "|| true" not in makefile


@pytest.mark.parametrize(("target", "asked"), [("lab", "-e '.'"), ("test", "-e '.[test]'")])
@pytest.mark.skipif(shutil.which("make") is None, reason="no make here")
def test_make_installs_what_the_target_needs_and_no_more(tmp_path, target, asked):
    """Asked with an empty .venv, what would it do? Only tests need the tools of tests."""
    command = ["make", "--dry-run", target, f"VENV={tmp_path / 'venv'}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    installed = set(re.findall(r"-e '[^']*'", done.stdout))
    assert installed == {asked}


def test_the_tests_tools_are_not_installed_again_for_the_course():
    assert "@touch $(COURSE) $@" in read("Makefile").split("$(TESTS): pyproject.toml")[1]


def test_conda_installs_the_course_once():
    """What environment.yml installs is not installed again by hand; pip's way stands apart."""
    (line,) = [line for line in read("README.md").splitlines() if "conda env create" in line]
    assert "pip install" not in line and "conclib lab" in line


def test_withdrawn_releases_are_not_asked_for():
    (filelock,) = [
        item for item in map(Requirement, PROJECT["project"]["dependencies"])
        if item.name == "filelock"
    ]  # fmt: skip
    assert not {"3.15.0", "3.15.2"} & set(filelock.specifier.filter(["3.15.0", "3.15.2"]))
    assert list(filelock.specifier.filter(["3.15.1", "3.15.3", "4.3.1"])) == [
        "3.15.1", "3.15.3", "4.3.1",
    ]  # fmt: skip


def test_no_lock_file_is_kept():
    """CONTRIBUTING says why."""
    assert "uv.lock" in read(".gitignore").splitlines() and "uv.lock" in read("CONTRIBUTING.md")
    kept = subprocess.run(
        ["git", "ls-files", "*.lock"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert kept.stdout == ""


def test_modules_that_the_makefile_runs_exist():
    for name in re.findall(r"python -m ((?:conclib|tests|benchmarks)[\w.]*)", read("Makefile")):
        path = ROOT.joinpath(*name.split("."))
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), name


def test_the_licence_is_the_one_that_is_declared():
    assert PROJECT["project"]["license"] == "MIT"
    assert read("LICENSE").startswith("MIT License")
    assert "the conclib developers" in read("LICENSE")


# What the wheel carries ----------------------------------------------------------------------
def test_the_wheel_carries_data_and_notebooks():
    """`conclib.results.files` looks for them under these names."""
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["force-include"] == {"data": "conclib/_data", "notebooks": "conclib/_notebooks"}
    assert wheel["shared-data"] == {"share/jupyter": "share/jupyter"}
    for folder in ("data", "notebooks", "share/jupyter"):
        assert any((ROOT / folder).rglob("*.*")), f"{folder} is empty"


def test_a_built_wheel_holds_them(tmp_path):
    """Built for real, with the build tool of the test requirements."""
    builder = pytest.importorskip("hatchling.builders.wheel", reason="hatchling is not installed")
    import zipfile

    path = next(builder.WheelBuilder(str(ROOT)).build(directory=str(tmp_path)))
    names = set(zipfile.ZipFile(path).namelist())
    assert {"conclib/cli.py", "conclib/_data/claims.toml"} <= names
    assert "conclib/_notebooks/index.ipynb" in names
    words = {f"conclib/chapters/{folder.name}/chapter.toml" for folder in folders().values()}
    assert {"conclib/chapters/to_come.toml", *words} <= names
    probes = {f"conclib/probes/{name}" for name in ("_start.py", "create/fork.py")}
    sources = {
        f"conclib/models/programs/{name}" for name in ("tasks.go", "Tasks.java", "tasks.erl")
    }
    assert probes | sources <= names
    assert any(name.endswith("overrides.d/conclib.json") for name in names)


def test_the_settings_of_jupyterlab_are_valid_and_installed():
    paths = list(SHARED.rglob("*.json"))
    assert paths
    settings = {}
    for path in paths:
        settings |= json.loads(path.read_text())
    kernels = settings["@jupyterlab/apputils-extension:kernels-settings"]
    assert kernels == {"commsOverSubshells": "disabled"}
    news = settings["@jupyterlab/apputils-extension:notification"]
    assert news == {"checkForUpdates": False, "fetchNews": "false"}


@pytest.mark.slow
def test_what_the_settings_change_exists_in_this_jupyterlab():
    """A renamed setting would be ignored in silence; its schema tells."""
    import jupyterlab

    schemas = Path(jupyterlab.__file__).parent / "schemas" / "@jupyterlab" / "apputils-extension"
    for path in SHARED.rglob("*.json"):
        for plugin, values in json.loads(path.read_text()).items():
            schema = json.loads((schemas / f"{plugin.split(':')[1]}.json").read_text())
            for name, value in values.items():
                allowed = schema["properties"][name].get("enum") or schema["properties"][name].get(
                    "oneOf", []
                )
                values_allowed = [item.get("const") if isinstance(item, dict) else item
                                  for item in allowed]  # fmt: skip
                assert not values_allowed or value in values_allowed, (plugin, name)
