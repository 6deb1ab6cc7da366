"""Whose database a SQLite file is, by the tables in it."""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

_MAGIC = b"SQLite format 3\0"


def tables(path: str) -> set[str]:
    """The names of its tables; none of what is no SQLite file. Nothing is written."""
    place = Path(path)
    try:
        with place.open("rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                return set()
        address = f"file:{quote(str(place.resolve()))}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as opened:
            return {name for (name,) in opened.execute("select name from sqlite_master")}
    except (OSError, sqlite3.Error):
        return set()
