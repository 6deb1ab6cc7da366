"""The question before code that is named by a study runs, and where its answers are kept.

They are kept in the user's state folder, never with a study or a store, which may be a stranger's:
a file for each piece of code in its folder, by its hash, or for a folder all of whose code may run.
Whoever deletes one is asked again.
"""

import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from assay.cli.options import say
from assay.consent import Code, use_gate
from assay.errors import AssayError, TrustError

VARIABLE = "ASSAY_TRUST"
_LONGEST = 300


def asks_before_code(trust: bool) -> None:
    """From here on code runs in this process if it was allowed before, or is now.

    `trust`: the user allows it with `--trust`.
    """
    use_gate(_Gate(_allow if trust else _ask))


def asks_nothing() -> None:
    """From here on code runs in this process if it was allowed before."""
    use_gate(_Gate(_refuse))


def runs_no_code(why: str) -> None:
    """From here on no code that the user brings runs in this process."""
    use_gate(_Closed(why))


def trust_folder() -> Path:
    """Where answers are kept."""
    import platformdirs

    return platformdirs.user_state_path("assay", appauthor=False) / "trusted"


class _Closed:
    def __init__(self, why: str) -> None:
        self._why = why

    def require(self, code: Iterable[Code]) -> None:
        for each in code:
            raise TrustError(f"{_printable(each.what)} does not run: {self._why}")

    def announce(self, code: Callable[[], Iterable[Code]]) -> None:
        """Nothing is asked."""


class _Gate:
    """Lets pass what is trusted; of the rest it asks once, about all that is known of a study."""

    def __init__(self, ask: Callable[[Sequence[Code]], str]) -> None:
        self._ask = ask
        self._all = os.environ.get(VARIABLE, "0").lower() not in ("", "0", "no", "false")
        self._announced: list[Callable[[], Iterable[Code]]] = []
        self._passed: set[Code] = set()
        self._refused = False

    def announce(self, code: Callable[[], Iterable[Code]]) -> None:
        self._announced.append(code)

    def require(self, code: Iterable[Code]) -> None:
        if self._all:
            return
        new = [each for each in code if not self._may(each)]
        if not new:
            return
        asked = list(dict.fromkeys([*new, *self._others()]))
        if self._refused:
            raise _refusal(asked)
        self._refused = True
        answer = self._ask(asked)
        if answer == "n":
            raise _refusal(asked)
        _remember(asked, whole_folders=answer == "a")
        self._passed.update(asked)
        self._refused = False

    def _may(self, code: Code) -> bool:
        if code not in self._passed and _is_trusted(code):
            self._passed.add(code)
        return code in self._passed

    def _others(self) -> list[Code]:
        """What else the study runs; what is wrong with it is told when it is used."""
        found: list[Code] = []
        for of in self._announced:
            try:
                found += [each for each in of() if not self._may(each)]
            except AssayError:
                continue
        return found


def _allow(code: Sequence[Code]) -> str:
    return "y"


def _refuse(code: Sequence[Code]) -> str:
    return "n"


def _ask(code: Sequence[Code]) -> str:
    """Whether code may run: y, n, or a for all in its folder, now and later.

    Raises:
        TrustError: if there is nobody to ask.
    """
    if not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()):
        raise _refusal(code)
    from rich.prompt import Prompt

    from assay.cli.show.tables import error_console

    say("This runs code with your rights, on this machine:")
    for each in code:  # all of it: what is left out here could be what matters
        files = f"  ({each.files})" if each.files else ""
        say(f"  {_printable(each.what + files)}")
    for folder in _folders(code):
        say(f"in {_printable(folder)}")
    try:
        return Prompt.ask(
            "Run it? y: as it is now; a: always, whatever is in the folder; n: no",
            choices=["y", "a", "n"],
            default="n",
            console=error_console(),
        )
    except EOFError:
        raise _refusal(code) from None


def _refusal(code: Sequence[Code]) -> TrustError:
    what, more = _printable(code[0].what), f" and {len(code) - 1} more" if len(code) > 1 else ""
    shown = what if len(what) <= _LONGEST else f"{what[:_LONGEST]}…"
    return TrustError(
        f"{shown}{more} in {_printable(code[0].folder)} is code that nobody has "
        f"allowed to run yet: look at it, and give --trust, or set {VARIABLE}=1 where all code is "
        "your own"
    )


def _is_trusted(code: Code) -> bool:
    above = [code.folder, *map(str, Path(code.folder).parents)]
    return any(path.is_file() for path in (_of_code(code), *map(_of_folder, above)))


def _remember(code: Sequence[Code], *, whole_folders: bool) -> None:
    """Keep an answer; where that cannot be, the question comes again."""
    from assay.store.durable import to_json, write_atomic

    answers = {_of_code(each): {"what": each.what, "folder": each.folder} for each in code}
    if whole_folders:
        answers = {_of_folder(each): {"folder": each} for each in _folders(code)}
    try:
        trust_folder().mkdir(parents=True, exist_ok=True, mode=0o700)
        for path, answer in answers.items():
            write_atomic(path, to_json(answer))
    except OSError as error:
        say(f"note: the answer is not kept: {trust_folder()}: {error.strerror or error}")


def _folders(code: Sequence[Code]) -> list[str]:
    return list(dict.fromkeys(each.folder for each in code))


def _of_code(code: Code) -> Path:
    return _file("code", code.folder, code.what, code.sha256)


def _of_folder(folder: str) -> Path:
    return _file("folder", folder)


def _file(*parts: str) -> Path:
    content = json.dumps(parts).encode()
    return trust_folder() / f"{hashlib.sha256(content).hexdigest()}.json"


def _printable(text: str) -> str:
    """Text that changes nothing of a terminal, and hides nothing of what it says."""
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)
