"""Devices, each handed out to one run at a time, whichever process of this machine starts it.

`ASSAY_GPUS` lists them, such as `0,1`; without it `CUDA_VISIBLE_DEVICES` does, and without either
the graphics processors that the system shows. A device is held by the lock of a file, which the
system takes back from a process that dies.
"""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from assay.errors import ConfigError

LIST = "ASSAY_GPUS"
VARIABLES = ("CUDA_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES")


def devices() -> list[str]:
    """The devices of this machine, by what the variables call them."""
    for name in (LIST, *VARIABLES):
        if name in os.environ:
            return [each.strip() for each in os.environ[name].split(",") if each.strip()]
    nvidia = sorted(path.name.removeprefix("nvidia") for path in Path("/dev").glob("nvidia[0-9]*"))
    amd = [str(number) for number, _ in enumerate(Path("/dev/dri").glob("renderD*"))]
    return nvidia or (amd if Path("/dev/kfd").exists() else [])


def check(count: int) -> None:
    """See that there are as many.

    Raises:
        ConfigError: if not.
    """
    there = devices()
    if count > len(there):
        named = f" ({', '.join(there)})" if there else ""
        raise ConfigError(
            f"gpus = {count}: this machine has {len(there)}{named}; {LIST} lists them, such as "
            f"{LIST}=0,1"
        )


@contextmanager
def held(count: int, wait: Callable[[], bool]) -> Iterator[list[str] | None]:
    """So many devices for the length of a `with` block; None if they are not waited for.

    `wait` is called again and again while others hold too many; it sleeps, and says whether to go
    on waiting.

    Raises:
        ConfigError: if there are not as many.
    """
    check(count)
    while True:
        with ExitStack() as stack:
            found: list[str] = []
            for device in devices():
                if len(found) < count and _hold(device, stack):
                    found.append(device)
            if len(found) == count:
                yield found
                return
        if not wait():
            yield None
            return


def variables(found: list[str]) -> dict[str, str]:
    """What tells a program which devices it has; nothing where it asked for none."""
    return dict.fromkeys(VARIABLES, ",".join(found)) if found else {}


def _hold(device: str, stack: ExitStack) -> bool:
    """Lock a device until the stack is left; False if another run has it."""
    folder = Path(tempfile.gettempdir(), f"assay-devices-{os.getuid()}")
    folder.mkdir(exist_ok=True)
    file = (folder / hashlib.sha256(device.encode()).hexdigest()[:16]).open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return False
    stack.callback(file.close)
    return True
