"""What an installation of assay consists of, as CycloneDX JSON: dist/assay-VERSION.cdx.json.

    python -m tools.sbom

The packages are those that the core needs here, with the versions and the licences that they were
installed with; beside them stand the data that assay itself brings.
"""

import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from assay import __version__

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src/assay"
TARGET = ROOT / f"dist/assay-{__version__}.cdx.json"
# Of licences that a package names by a classifier alone, which is no SPDX identifier.
_SPDX = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
}


@dataclass(frozen=True)
class Data:
    """Files of assay's own package that are somebody else's work, or trained weights."""

    name: str
    files: str
    kind: ComponentType
    licence: str


DATA = (
    Data("MNIST", "tasks/images/mnist/*.gz", ComponentType.DATA, "CC-BY-SA-3.0"),
    Data(
        "classifier of digits",
        "metrics/weights/*",
        ComponentType.MACHINE_LEARNING_MODEL,
        "MIT",
    ),
)


def core() -> list[Distribution]:
    """The packages that assay needs without any extra, with all that they need, by name."""
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    found: dict[str, Distribution] = {}
    _gather(wanted, frozenset({""}), found)
    return [found[name] for name in sorted(found)]


def licence(package: Distribution) -> str:
    """As SPDX writes it, if the package does; else in its own words, as short as they are."""
    told = package.metadata.get("License-Expression")
    classifiers = package.metadata.get_all("Classifier") or []
    names = [each.split(" :: ")[-1] for each in classifiers if each.startswith("License ::")]
    own = package.metadata.get("License", "")
    return told or " AND ".join(_SPDX.get(name, name) for name in names) or own or "not said"


def bom() -> Bom:
    """Packages and data, with assay as what they are parts of."""
    make = LicenseFactory().make_from_string
    found = Bom(
        components=[
            Component(
                name=each.metadata["Name"],
                version=each.version,
                purl=PackageURL("pypi", name=canonicalize_name(each.name), version=each.version),
                bom_ref=f"{each.name}=={each.version}",
                licenses=[make(licence(each))],
            )
            for each in core()
        ]
    )
    found.metadata.component = Component(
        name="assay",
        version=__version__,
        type=ComponentType.APPLICATION,
        bom_ref="assay",
        licenses=[make("MIT")],
        components=[
            Component(name=each.name, type=each.kind, bom_ref=each.name, components=_files(each))
            for each in DATA
        ],
    )
    for each in found.metadata.component.components:
        each.licenses.add(make(next(data.licence for data in DATA if data.name == each.name)))
    found.register_dependency(found.metadata.component, found.components)
    return found


def _files(data: Data) -> list[Component]:
    return [
        Component(
            name=path.relative_to(PACKAGE).as_posix(),
            type=ComponentType.FILE,
            bom_ref=path.relative_to(PACKAGE).as_posix(),
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=_sha256(path))],
        )
        for path in sorted(PACKAGE.glob(data.files))
    ]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _gather(wanted: Iterable[str], extras: frozenset[str], found: dict[str, Distribution]) -> None:
    for requirement in map(Requirement, wanted):
        name, marker = canonicalize_name(requirement.name), requirement.marker
        here = marker is None or any(marker.evaluate({"extra": extra}) for extra in extras)
        if here and name not in found:
            found[name] = distribution(name)
            _gather(found[name].requires or [], frozenset({"", *requirement.extras}), found)


def main(target: Path = TARGET) -> None:
    """Write it."""
    target.parent.mkdir(exist_ok=True)
    target.write_text(JsonV1Dot6(bom()).output_as_string(indent=2) + "\n")
    print(target)


if __name__ == "__main__":
    main()
