"""The documentation as a site: it builds strictly, and no page needs another place."""

import re
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config

_LOADED = r"<(?:script|img|source|iframe)[^>]+src(?:set)?=[\"']?([^\"' >]+)"
_STYLE = r"<link[^>]+stylesheet[^>]+href=[\"']?([^\"' >]+)"
ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site; a link or an anchor that leads nowhere ends its build."""
    folder = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("NO_MKDOCS_2_WARNING", "1")
        build(load_config(str(ROOT / "mkdocs.yml"), site_dir=str(folder), strict=True))
    return folder


def test_every_page_is_in_it(site: Path) -> None:
    pages = {path.relative_to(ROOT / "docs").with_suffix("") for path in ROOT.glob("docs/**/*.md")}
    found = {path.relative_to(site).with_suffix("") for path in site.rglob("*.html")}
    assert {
        Path(each.parent, "index") if each.name == "README" else each for each in pages
    } <= found


def test_nothing_of_it_is_loaded_from_elsewhere(site: Path) -> None:
    for path in site.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        loaded = re.findall(
            r"<(?:script|img|source|iframe)[^>]+src(?:set)?=[\"']?([^\"' >]+)", page
        )
        loaded += re.findall(r"<link[^>]+stylesheet[^>]+href=[\"']?([^\"' >]+)", page)
        assert [each for each in loaded if re.match("https?:|//", each)] == [], path
    for path in site.rglob("*.css"):
        assert not re.search(r"url\([\"']?(https?:|//)", path.read_text(encoding="utf-8")), path


def test_what_pages_link_to_beside_docs_is_there(site: Path) -> None:
    page = (site / "explanation/report.html").read_text(encoding="utf-8")
    linked = re.findall(r"(?:href|src)=\"(\.\./files/[^\"#]+)", page)
    assert {Path(each).name for each in linked} >= {"index.html", "figure-A1.png"}
    for each in linked:
        assert (site / "explanation" / each).resolve().is_file(), each
