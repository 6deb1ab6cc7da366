"""A plugin for pytest, with which a claim is a test: `pytest --assay my.toml`, `pytest my.toml`.

It fails unless the verdict on the claim is as required, with the verdict's sentence. It trains
nothing. What it needs of assay is imported when claims are collected.
"""

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from assay.api import Study
    from assay.report.data.rows import ClaimRow
    from assay.report.requirements import Required
    from assay.study.file import Claim

_KNOWN = pytest.StashKey[list["Claim"]]()
"""The claims of every study that was opened."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options, and the same in the configuration file, with `_` for `-`."""
    group = parser.getgroup("assay", "claims of studies as tests")
    study = "A study's file or name, or a folder of evidence, whose claims are tests."
    require = (
        "What a verdict has to be, as C1=supported or C2=supported,open; words alone are for every "
        "claim. If not given, supported."
    )
    store, profile = "Folder of the runs; store if not given.", "How much of the study."
    group.addoption("--assay", action="append", default=[], metavar="STUDY", help=study)
    group.addoption("--assay-require", action="append", default=[], metavar="WORDS", help=require)
    group.addoption("--assay-store", metavar="FOLDER", help=store)
    group.addoption("--assay-profile", metavar="NAME", help=profile)
    parser.addini("assay", study, type="linelist", default=[])
    parser.addini("assay_require", require, type="linelist", default=[])
    parser.addini("assay_store", store, default="")
    parser.addini("assay_profile", profile, default="")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "pytest.Collector | None":
    """A study file that is named among what is to be tested, and no other TOML file."""
    if file_path.suffix != ".toml" or not parent.session.isinitpath(file_path):
        return None
    if "[experiments" not in file_path.read_text(encoding="utf-8", errors="replace"):
        return None
    return StudyFile.from_parent(parent, path=file_path)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Add the claims of the studies that options name; see that every requirement is of a claim."""
    there = {item.nodeid for item in items}
    for name in _studies(config):
        parent = NamedStudy.from_parent(session, name=name, nodeid=_node(config, name))
        items += [item for item in _usage(parent.collect) if item.nodeid not in there]
    if config.stash.get(_KNOWN, []):
        _usage(lambda: _required(config, config.stash[_KNOWN]))


class _Claims(pytest.Collector):
    """The claims of a study."""

    argument: str

    @cached_property
    def study(self) -> "Study":
        """The study, with its store or its evidence."""
        from assay.api import Study
        from assay.store.archive import Archive

        if (Path(self.argument) / "evidence.json").is_file():
            return Study(store=Archive(self.argument))
        return Study(self.argument, _store(self.config))

    @cached_property
    def rows(self) -> "dict[str, ClaimRow]":
        """The verdicts, as the runs that have ended have them."""
        from assay.store.archive import Archive

        store = self.study.store
        own = store.profile if isinstance(store, Archive) else self.study.deciding_profile
        profile = self.config.getoption("--assay-profile") or self.config.getini("assay_profile")
        return {row.id: row for row in self.study.claim_rows(profile or own)}

    def claims(self) -> Iterable["ClaimItem"]:
        """A test a claim; those that were restated are none.

        Raises:
            AssayError: if the study or what is required cannot be.
        """
        from assay.report.requirements import Required

        claims = self.study.claims
        self.config.stash.setdefault(_KNOWN, []).extend(claims)
        asked = {each.claim: each for each in _required(self.config, claims, others=True)}
        for claim in claims:
            if not claim.restated_as:
                wanted = asked.get(claim.id) or Required(claim.id)
                yield ClaimItem.from_parent(self, name=claim.id, claim=claim, required=wanted)


class StudyFile(pytest.File, _Claims):
    """A study file that was named among what is to be tested."""

    def collect(self) -> Iterable["ClaimItem"]:  # noqa: D102 - as in pytest
        from assay.errors import AssayError

        self.argument = str(self.path)
        try:
            return list(self.claims())
        except AssayError as error:
            raise self.CollectError(str(error)) from None


class NamedStudy(_Claims):
    """A study that an option names."""

    def collect(self) -> Iterable["ClaimItem"]:  # noqa: D102 - as in pytest
        self.argument = self.name
        return list(self.claims())


class ClaimItem(pytest.Item):
    """A claim as a test."""

    def __init__(self, *, claim: "Claim", required: "Required", **options: Any) -> None:
        super().__init__(**options)
        self.claim, self.required = claim, required

    def runtest(self) -> None:
        """See that the verdict is as required.

        Raises:
            AssayError: if it is not, or the store cannot be read.
        """
        from assay.errors import NotAsRequired

        assert isinstance(self.parent, _Claims)
        if unmet := self.required.unmet(self.parent.rows[self.claim.id]):
            raise NotAsRequired(unmet)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The sentence, without the way through the code."""
        from assay.errors import AssayError

        if isinstance(excinfo.value, AssayError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Its name in a report."""
        return self.path, None, f"claim {self.claim.id}: {self.claim.sentence}"


def _required(
    config: pytest.Config, claims: "list[Claim]", *, others: bool = False
) -> "list[Required]":
    """What is required of claims; with `others`, what is said of none of them is passed over."""
    from assay.report.requirements import required

    texts = [*config.getini("assay_require"), *config.getoption("--assay-require")]
    ids = {claim.id for claim in claims}
    if others:
        texts = [each for each in texts if each.rpartition("=")[0].strip() in {"", *ids}]
    return required(texts, claims)


def _studies(config: pytest.Config) -> list[str]:
    """Those of the options, and those of the configuration file, which it names from its folder."""
    return [*config.getoption("--assay"), *(_from(config, each) for each in config.getini("assay"))]


def _node(config: pytest.Config, name: str) -> str:
    """The name of a study among tests: of a path that below the root, as files have it."""
    path = Path(name).resolve()
    below = path.exists() and path.is_relative_to(config.rootpath)
    return path.relative_to(config.rootpath).as_posix() if below else name


def _store(config: pytest.Config) -> str:
    named = config.getoption("--assay-store")
    own = config.getini("assay_store")
    return str(named or (_from(config, own, there=False) if own else "store"))


def _from(config: pytest.Config, name: str, *, there: bool = True) -> str:
    """A path that is said from the folder of the configuration file; with `there`, if it exists."""
    path = (config.inipath.parent if config.inipath else config.rootpath) / name
    return str(path) if path.exists() or not there else name


def _usage(of: Any) -> Any:
    """What a function gives, its AssayError as one of pytest's usage."""
    from assay.errors import AssayError

    try:
        return of()
    except AssayError as error:
        raise pytest.UsageError(str(error)) from None
