"""What MkDocs is told beside `mkdocs.yml`: pages link to files of the repository outside `docs/`.

On a forge such a link leads to the file. Here the file is copied into the site, below `files/`, and
the link leads there: to a folder's `index.html`, and nowhere where it has none. A page of Markdown
is a page of the site as well.
"""

import os
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
_BELOW = "files"
_LINK = re.compile(r"(!?\[(?:[^\[\]]|\[[^\]]*\])*\])\(([^()\s]+)\)")
_FENCE = re.compile(r"(^```.*?^```)", re.DOTALL | re.MULTILINE)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the files outside `docs/` that its pages link to, and those that these link to."""
    waiting = [DOCS / each.src_uri for each in files.documentation_pages()]
    added: set[Path] = set()
    while waiting:
        page = waiting.pop()
        for target in re.findall(_LINK, page.read_text(encoding="utf-8")):
            path = _outside(page, target[1])
            if path is None or path in added:
                continue
            added.add(path)
            files.append(File.generated(config, _uri(path), abs_src_path=str(path)))
            if path.suffix == ".md":
                waiting.append(path)
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Let links lead to the copies."""
    uri = page.file.src_uri
    source = ROOT / uri.removeprefix(f"{_BELOW}/") if uri.startswith(f"{_BELOW}/") else DOCS / uri
    parts = _FENCE.split(markdown)
    parts[::2] = [_LINK.sub(lambda found: _link(found, source, uri), part) for part in parts[::2]]
    return "".join(parts)


def _link(found: re.Match[str], source: Path, uri: str) -> str:
    text, target = found[1], found[2]
    path = _target(source, target)
    if path is None or (path.is_relative_to(DOCS) and source.is_relative_to(DOCS)):
        return found[0]
    if path.is_relative_to(DOCS):
        there = path.relative_to(DOCS).as_posix()
    else:
        copied = _outside(source, target)
        if copied is None:
            return text[1:-1]
        there = _uri(copied)
    _, hash_, anchor = target.partition("#")
    return f"{text}({os.path.relpath(there, Path(uri).parent)}{hash_}{anchor})"


def _outside(page: Path, target: str) -> Path | None:
    """The file outside `docs/` that a link leads to."""
    path = _target(page, target)
    if path is None or path.is_relative_to(DOCS):
        return None
    if path.is_dir():
        path = path / "index.html"
    return path if path.is_file() else None


def _target(page: Path, target: str) -> Path | None:
    """The file or folder of the repository that a link leads to; None if it leads elsewhere."""
    if re.match(r"[a-z]+:|#", target):
        return None
    path = (page.parent / target.partition("#")[0]).resolve()
    return path if path.exists() and path.is_relative_to(ROOT) else None


def _uri(path: Path) -> str:
    return f"{_BELOW}/{path.relative_to(ROOT).as_posix()}"
