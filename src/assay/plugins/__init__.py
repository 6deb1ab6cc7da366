"""What the user brings as code: attributes of own modules, each named `module:attribute`.

- `sources`: the files of an own module, those beside it that it imports, and their one hash
- `importing`: modules made of exactly the bytes that were hashed, under names of their own
- `plugin`: an own class or function with its options, checked and called
- `code`: what of it a configuration names, to be asked about
- `faults`: what own code raises and prints
- `scripts`: own files that are run as they are, such as a training script, and their hash
- `files`: the own data, and the fingerprint of what is read of them
- `resolve`: the hashes in a configuration, and where a stored run's own files are now
"""

from assay.plugins.code import code_of, named
from assay.plugins.faults import FAULTS, own_code, place, prints_to_stderr, told, traceback_of
from assay.plugins.files import data_path, fingerprint, is_hidden, is_image
from assay.plugins.importing import is_own, start_afresh
from assay.plugins.plugin import Plugin
from assay.plugins.resolve import located, resolve, what_changed
from assay.plugins.scripts import restamped, script_sha256, script_stamps

__all__ = [
    "FAULTS",
    "Plugin",
    "code_of",
    "data_path",
    "fingerprint",
    "is_hidden",
    "is_image",
    "is_own",
    "located",
    "named",
    "own_code",
    "place",
    "prints_to_stderr",
    "resolve",
    "restamped",
    "script_sha256",
    "script_stamps",
    "start_afresh",
    "told",
    "traceback_of",
    "what_changed",
]
