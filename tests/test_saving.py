"""Pictures in files: PNG, SVG and PDF by their suffix, the same bytes each time, and no date."""

import re
import struct
from pathlib import Path
from xml.etree import ElementTree

import matplotlib
import matplotlib.style
import pytest

from conclib.lesson.showing import figures
from conclib.plots import saving
from tests import made_up

RUN = made_up.measurement([1e6 + place for place in range(20)])


@pytest.fixture(scope="module", autouse=True)
def fonts(tmp_path_factory):
    """Let matplotlib open its fonts before a test counts open files: it never closes them."""
    for suffix in saving.SUFFIXES:
        figures.plot(RUN).save(tmp_path_factory.mktemp("fonts") / f"x{suffix}")


def story():
    """A moving picture, without a run."""
    from conclib import plots

    return plots.story_lines([{"t": 0, "who": "parent", "what": "print", "text": "one"}])


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf", ".PNG"])
@pytest.mark.parametrize("draw", [lambda: figures.plot(RUN), story], ids=["plot", "story"])
def test_a_picture_is_saved_twice_with_the_same_bytes(tmp_path, draw, suffix):
    one, other = tmp_path / f"one{suffix}", str(tmp_path / f"other{suffix}")
    assert draw().save(one) == one
    assert draw().save(other) == Path(other)
    assert one.read_bytes() == Path(other).read_bytes()


def test_each_suffix_gives_its_kind_of_file(tmp_path):
    picture = figures.plot(RUN).picture
    png, svg, pdf = (picture.save(tmp_path / f"x{each}") for each in saving.SUFFIXES)
    assert png.read_bytes() == picture.png()
    assert pdf.read_bytes().startswith(b"%PDF-")
    drawn = ElementTree.parse(svg).getroot()
    assert drawn.tag == "{http://www.w3.org/2000/svg}svg"
    words = " ".join("".join(drawn.itertext()).split())
    assert " ".join(picture.alt.split()) in words
    across = struct.unpack(">I", png.read_bytes()[16:20])[0]
    assert float(drawn.get("width").removesuffix("pt")) / 72 == pytest.approx(
        across / picture.figure.dpi, rel=0.01
    )


def test_no_file_holds_a_date(tmp_path):
    for suffix in saving.SUFFIXES:
        content = figures.plot(RUN).save(tmp_path / f"x{suffix}").read_bytes()
        assert not re.search(rb"\b20\d\d-\d\d-\d\d|D:20\d\d|CreationDate|tIME", content), suffix


def test_a_file_that_is_there_is_replaced(tmp_path):
    file = tmp_path / "x.svg"
    file.write_text("something else")
    assert figures.plot(RUN).save(file).read_bytes().startswith(b"<?xml")


@pytest.mark.parametrize("suffix", saving.SUFFIXES)
def test_the_students_own_settings_change_no_file_and_stay(tmp_path, suffix):
    plain = figures.plot(RUN).save(tmp_path / f"plain{suffix}").read_bytes()
    with matplotlib.rc_context():
        matplotlib.style.use("dark_background")
        matplotlib.rcParams.update(
            {"savefig.dpi": 10, "savefig.bbox": "tight", "svg.fonttype": "none",
             "svg.hashsalt": "own", "pdf.fonttype": 3, "savefig.transparent": True}
        )  # fmt: skip
        before = dict(matplotlib.rcParams)
        assert figures.plot(RUN).save(tmp_path / f"own{suffix}").read_bytes() == plain
        assert dict(matplotlib.rcParams) == before


def test_a_figure_that_is_changed_shows_and_saves_as_it_is_now(tmp_path):
    picture = figures.plot(RUN).picture
    before, page = picture.save(tmp_path / "x.svg").read_bytes(), picture.to_html()
    picture.figure.axes[0].set_xlabel("time for one fork")
    assert picture.save(tmp_path / "x.svg").read_bytes() != before
    assert picture.to_html() != page


BAD = {
    "x.jpg": "path='x.jpg': path must end in .png, .svg, .pdf, as in 'picture.svg'",
    "x": "path='x': path must end in",
    "": "path='.': path must end in",
    "no/x.svg": "path='no/x.svg': there is no folder 'no'; make it first",
    "folder.svg": "path='folder.svg': is a folder; path must name a file",
    "a\nb.svg": "path must not hold NUL or a line break",
}


@pytest.mark.parametrize(("path", "message"), BAD.items())
def test_a_bad_path_is_refused_by_name(tmp_path, monkeypatch, path, message):
    monkeypatch.chdir(tmp_path)
    Path("folder.svg").mkdir()
    with pytest.raises(ValueError) as caught:
        figures.plot(RUN).save(path)
    assert message in str(caught.value)
    with pytest.raises(TypeError, match="path=7: path must be a str or a Path"):
        figures.plot(RUN).save(7)
    assert sorted(Path().iterdir()) == [Path("folder.svg")]
