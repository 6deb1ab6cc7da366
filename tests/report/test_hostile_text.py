"""Titles, sentences and names stay text in whatever is written or printed: none is obeyed."""

import csv
import io
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import assay
from assay.cli import call
from assay.errors import printable
from assay.report.pages.markdown import _escaped
from assay.store import Store
from tests.report.made_up_runs import SMALL, fill, write_study

TOKENS = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "](javascript:alert(1)) [x",
    "a|b", "``code``", "\x1b]0;t\x07\x1b[31m", "\x9b2J", "\u202egpj.exe", "\u2066x", "a\nb", "a\rb",
    "![x](http://e.example/x.png)", "<!--", "]]>", "&lt;b&gt;", "$x_{$", "{{ 7 * 7 }}",
    "\\input{x}",
    "%s", "'\"", "\n# heading", "\n- item", "\n| --- |", "</style></svg>", "*a* _b_ ~c~", "\u2028",
    "<a href=javascript:alert(1)>", "<https://e.example>", "\\", "[red]", "[/]", "\n```\n",
)  # fmt: skip
HOSTILE = " ".join(TOKENS)
STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
FREE = ('"Small"', '"Short"', '"Long strings are slower."', '"A lower rate is slower."',
        '"Long ends lower."', '"times as many updates"', '"somewhere"', '"a guess"')  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a study whose every free text is hostile, a store, and all that is written."""
    folder = tmp_path_factory.mktemp("hostile")
    text = SMALL
    for number, field in enumerate(FREE):
        text = text.replace(field, json.dumps(f"{number} {HOSTILE} {number}", ensure_ascii=True))
    text += f'[[figures]]\nid = "1"\ntitle = {json.dumps(HOSTILE)}\nexperiments = ["short"]\n'
    study, store = write_study(folder, text), Store(folder / "store")
    fill(store, study.arms("quick"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield folder


def _said(capfd: pytest.CaptureFixture[str], *words: str) -> str:
    capfd.readouterr()
    assert call(list(words)) in (0, 1, 2)
    out, err = capfd.readouterr()
    return out + err


class _Page(HTMLParser):
    """Its tags, its links, and its attributes that run something."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.runs: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.runs += [name for name, _ in attrs if name.startswith("on")]
        self.links += [
            value or "" for name, value in attrs if name in ("href", "src", "xlink:href")
        ]

    def handle_data(self, data: str) -> None:
        self.text += data


def _checked(page: _Page) -> None:
    assert page.runs == []
    assert not [each for each in page.links if "script" in each or "e.example" in each]
    assert not STEERS.search(page.text)


@pytest.mark.parametrize("format", ["html", "md", "ipynb"])
def test_a_report_shows_it(made: Path, format: str, capfd: pytest.CaptureFixture[str]) -> None:
    said = _said(capfd, "report", "own.toml", "--profile", "quick", "--format", format)
    assert not STEERS.search(said)
    path = Path(said.strip().splitlines()[-1])
    content = path.read_text(encoding="utf-8")
    if format == "html":
        page = _Page(content)
        assert page.tags.count("script") == 1
        assert "alert" not in content[content.index("<script") : content.index("</script")]
        assert content.count("<img") == content.count('<img src="data:')
    else:
        cells = json.loads(content)["cells"] if format == "ipynb" else [{"source": content}]
        text = "\n\n".join("".join(c["source"]) for c in cells if c.get("cell_type") != "code")
        page = _Page(MarkdownIt("commonmark").enable("table").render(text))
        assert not {"script", "img", "a"} & set(page.tags) - ({"img"} if format == "md" else set())
    _checked(page)
    assert "<script>alert(1)</script>" in page.text
    for figure in path.parent.glob("figures/*.svg"):
        ElementTree.fromstring(figure.read_bytes())
        assert not STEERS.search(figure.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "words",
    [
        ("show", "own.toml"), ("plan", "own.toml", "--profile", "quick"), ("studies",),
        ("claims", "own.toml", "--profile", "quick"), ("status",), ("doctor",),
        ("show", HOSTILE), ("claims", "own.toml", "--profile", HOSTILE),
        ("status", "--store", "store" + HOSTILE[:60]), ("judge", HOSTILE, "--metric", HOSTILE),
        ("claims", "own.toml", "--profile", "quick", "--require", f"C1={HOSTILE}"),
    ],
    ids=lambda words: " ".join(words)[:30].encode("unicode_escape").decode(),
)  # fmt: skip
def test_a_terminal_is_not_steered(
    made: Path, words: tuple[str, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    assert not STEERS.search(_said(capfd, *words).replace("\r\n", "\n"))


@pytest.mark.parametrize("format", ["csv", "latex", "json"])
def test_exports_hold_it(made: Path, format: str, capfd: pytest.CaptureFixture[str]) -> None:
    folder = made / "exports" / format
    _said(
        capfd, "export", "own.toml", "--profile", "quick", "--format", format, "--out", str(folder)
    )
    files = [path for path in folder.rglob("*") if path.suffix in (".csv", ".tex", ".txt")]
    for path in files:
        content = path.read_text(encoding="utf-8")
        assert not STEERS.search(content)
        if path.suffix == ".csv":
            widths = {len(row) for row in csv.reader(io.StringIO(content, newline=""))}
            assert len(widths) == 1
        if path.suffix == ".tex":
            assert "\\input{x}" not in content
    assert files or format == "json"


def test_a_verdict_on_a_table_shows_it(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    arms, metric = [f"{HOSTILE} a", f"{HOSTILE} b"], f"{HOSTILE} metric"
    rows = [
        {f"{HOSTILE} model": arm, "seed": seed, metric: at + seed / 100}
        for at, arm in enumerate(arms)
        for seed in range(6)
    ]
    table = tmp_path / "a.jsonl"
    table.write_text("".join(json.dumps(row) + "\n" for row in rows))
    column = f"{HOSTILE} model"
    words = [str(table), "--metric", metric, "--html", str(tmp_path / "page.html")]
    found = assay.judge(str(table), metric, {column: arms[1]}, {column: arms[0]})
    said = _said(capfd, "judge", *words, "--of", f"{column}={arms[1]}")
    assert not STEERS.search(said + _said(capfd, "judge", str(table), "--list"))
    assert found.verdict == "supported"
    from assay.judging.page import write_page
    from assay.judging.question import Question

    question = Question(metric, {column: arms[1]}, {column: arms[0]})
    path = write_page(found, question, tmp_path / "own.html")
    page = _Page(path.read_text(encoding="utf-8"))
    _checked(page)
    assert page.tags.count("script") <= 1
    assert "<script>alert(1)</script>" in page.text


_TEXTS = st.lists(st.one_of(st.sampled_from(TOKENS), st.text(max_size=4)), max_size=5).map("".join)


@given(_TEXTS)
def test_a_text_of_markdown_is_shown_as_it_is(text: str) -> None:
    page = _Page(MarkdownIt("commonmark").enable("table").render(f"a {_escaped(text)}"))
    assert set(page.tags) <= {"p"}
    assert "".join(page.text.split()) == "".join(f"a{printable(text)}".split())


@given(_TEXTS)
def test_what_is_printable_steers_nothing(text: str) -> None:
    assert not STEERS.search(printable(text))
    assert printable(printable(text)) == printable(text)
