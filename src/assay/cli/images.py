"""Commands on the generator of a run."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from assay.cli.options import (
    ASK,
    JsonOption,
    OutOption,
    RunName,
    RunOrFile,
    StoreOption,
    TrustOption,
    UpdateOption,
    app,
    examples,
)
from assay.cli.show.busy import busy
from assay.cli.show.tables import tell
from assay.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from assay.inference.run import Run

PathOption = Annotated[
    Literal["linear", "as_reported", "spherical"],
    Parameter(name="--path", help="The way through latent space."),
]
StepsOption = Annotated[int, Parameter(name="--steps", help="Images between the ends.")]
SeedOption = Annotated[int, Parameter(name="--seed", help="Seed of the noise.")]

_FILMS = {".gif": "GIF", ".webp": "WEBP"}


@app.command(
    group=ASK,
    help_epilogue=examples(
        "assay sample 3b1f",
        "assay sample 3b1f -n 25 --seed 7 -o grid.png",
        "assay sample 3b1f -n 100 --single -o images",
        "assay sample exports/gan.onnx -n 25",
    ),
)
def sample(
    run: RunOrFile,
    /,
    *,
    count: Annotated[int, Parameter(name=["--count", "-n"], help="How many images.")] = 25,
    seed: SeedOption = 0,
    digit: Annotated[int | None, Parameter(help="Only images of this class.")] = None,
    update: UpdateOption = None,
    out: OutOption = Path("grid.png"),
    single: Annotated[
        bool, Parameter(negative="", help="A file per image: --out is their folder.")
    ] = False,
    store: StoreOption = "store",
    trust: TrustOption = False,
) -> None:
    """Draw images from a trained generator."""
    from assay.figures.grid import columns_for, grid_png, image_png

    _at_least("-n", count, 1)
    _seed("--seed", seed)
    if not single:
        _suffix(out, (".png",))
    images = _samples(run, store, trust, count, seed, digit, update)
    if not single:
        _write(out, grid_png(images, columns_for(count)))
        return
    width = len(str(count - 1))
    for number, image in enumerate(images):
        _write(out / f"{number:0{width}d}.png", image_png(image), quiet=True)
    tell(out)


def _samples(
    run: str,
    store: str,
    trust: bool,
    count: int,
    seed: int,
    digit: int | None,
    update: int | None,
) -> "NDArray[np.uint8]":
    from assay.inference.portable import Exported, is_exported

    if not is_exported(run):
        return _opened(run, store, trust).sample(count, seed, digit, update)
    if update is not None:
        raise ConfigError(f"--update {update}: {run} holds one generator")
    return Exported(run).sample(count, seed, digit)


@app.command(
    group=ASK,
    help_epilogue=examples("assay film 3b1f -o film.webp"),
)
def film(
    run: RunName, /, *, out: OutOption = Path("film.webp"), store: StoreOption = "store"
) -> None:
    """Make a film of a run's samples over its training."""
    from assay.figures.grid import columns_for
    from assay.figures.grid import film as animate
    from assay.inference.run import Run

    suffix = _suffix(out, tuple(_FILMS))
    frames = [images for _, images in Run(run, store).grids()]
    _write(out, animate(frames, columns_for(len(frames[0])), _FILMS[suffix]))


@app.command(
    group=ASK, help_epilogue=examples("assay interpolate 3b1f --from 3 --to 8 -o strip.png")
)
def interpolate(
    run: RunName,
    /,
    *,
    steps: StepsOption = 7,
    path: PathOption = "linear",
    rows: Annotated[int, Parameter(help="How many pairs of ends.")] = 1,
    from_: Annotated[
        int | None, Parameter(name="--from", help="Class at the start, with --to.")
    ] = None,
    to: Annotated[int | None, Parameter(help="Class at the end, with --from.")] = None,
    from_seed: Annotated[int, Parameter(help="Seed of the start.")] = 0,
    to_seed: Annotated[int, Parameter(help="Seed of the end.")] = 1,
    update: UpdateOption = None,
    out: OutOption = Path("strip.png"),
    store: StoreOption = "store",
    trust: TrustOption = False,
) -> None:
    """Walk through latent space from one image to another."""
    _at_least("--steps", steps, 1)
    _at_least("--rows", rows, 1)
    _seed("--from-seed", from_seed)
    _seed("--to-seed", to_seed)
    if (from_ is None) != (to is None):
        raise ConfigError("--from and --to go together: give both classes, or neither")
    suffix = _suffix(out, (".png", *_FILMS))
    digits = None if from_ is None or to is None else (from_, to)
    with busy("drawing"):
        images = _opened(run, store, trust).interpolate(
            steps, path, rows, (from_seed, to_seed), digits, update
        )
    _write_strip(out, suffix, images)


@app.command(
    group=ASK,
    help_epilogue=examples(
        "assay invert 3b1f three.png", "assay invert 3b1f three.png eight.png -o way.png"
    ),
)
def invert(
    run: RunName,
    image: Annotated[Path, Parameter(help="An image of the size that the generator makes.")],
    other: Annotated[
        Path | None, Parameter(help="A second one: the way between the two is drawn.")
    ] = None,
    /,
    *,
    steps: StepsOption = 7,
    path: PathOption = "linear",
    seed: SeedOption = 0,
    out: OutOption = Path("inverted.png"),
    store: StoreOption = "store",
    trust: TrustOption = False,
    json: JsonOption = False,
) -> None:
    """Find the noise whose image is nearest to an image, or to two."""
    from assay.cli.show.answers import print_inversions

    _at_least("--steps", steps, 1)
    _seed("--seed", seed)
    suffix = _suffix(out, (".png",))
    files = [image] if other is None else [image, other]
    with busy("looking for the noise"):
        found, strip = _opened(run, store, trust).invert(files, steps, path, seed)
    _write_strip(out, suffix, strip[None], quiet=True)
    print_inversions(list(zip(files, found, strict=True)), out, as_json=json)


@app.command(
    group=ASK,
    help_epilogue=examples("assay audit 3b1f -n 1000"),
)
def audit(
    run: RunName,
    /,
    *,
    count: Annotated[int, Parameter(name=["--count", "-n"], help="How many samples.")] = 1_000,
    seed: SeedOption = 0,
    out: OutOption = Path("closest.png"),
    store: StoreOption = "store",
    trust: TrustOption = False,
    json: JsonOption = False,
) -> None:
    """See whether a generator repeats its training images."""
    from assay.cli.show.answers import print_audit
    from assay.figures.audit import audit_figure
    from assay.figures.style import to_png

    _at_least("-n", count, 25)
    _seed("--seed", seed)
    _suffix(out, (".png",))
    with busy("comparing with the training images"):
        found = _opened(run, store, trust).audit(count, seed)
    _write(
        out,
        to_png(
            audit_figure(found.audit.pixels, found.audit.features, found.samples, found.training)
        ),
        quiet=True,
    )
    print_audit(found.audit, out, as_json=json)


def _opened(run: str, store: str, trust: bool) -> "Run":
    """A run to be asked, whose own code asks first."""
    from assay.cli.trust import asks_before_code
    from assay.inference.run import Run

    asks_before_code(trust)
    return Run(run, store)


def _write_strip(
    out: Path, suffix: str, images: "NDArray[np.uint8]", *, quiet: bool = False
) -> None:
    """Rows of images (rows, points, C, H, W) as one picture, or point after point as a film."""
    from assay.figures.grid import columns_for, film, grid_png

    rows, points = images.shape[:2]
    if suffix == ".png":
        content = grid_png(images.reshape(rows * points, *images.shape[2:]), points)
    else:
        # There and back, so that the film has no jump.
        order = [*range(points), *range(points - 2, 0, -1)]
        frames = [images[:, point] for point in order]
        with busy("making the film"):
            content = film(frames, columns_for(rows), _FILMS[suffix])
    _write(out, content, quiet=quiet)


def _write(out: Path, content: bytes, *, quiet: bool = False) -> None:
    from assay.store.durable import write_atomic

    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(out, content)
    except OSError as error:
        raise ConfigError(f"--out = {out}: cannot be written: {error.strerror or error}") from None
    if not quiet:
        tell(out)


def _suffix(out: Path, allowed: tuple[str, ...]) -> str:
    suffix = out.suffix.lower()
    if suffix not in allowed:
        raise ConfigError(f"--out = {out}: should end in {' or '.join(allowed)}")
    return suffix


def _at_least(flag: str, value: int, least: int) -> None:
    if value < least:
        raise ConfigError(f"{flag} = {value}: should be {least} or more")


def _seed(flag: str, value: int) -> None:
    if not 0 <= value < 2**63:
        raise ConfigError(f"{flag} = {value}: should be from 0 to 2**63 - 1")
