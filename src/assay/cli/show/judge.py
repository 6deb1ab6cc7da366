"""The verdict on a table of results, in a terminal."""

from collections.abc import Mapping

from assay.cli.show.claims import print_claims
from assay.cli.show.tables import paragraph, print_json, print_table, tell
from assay.judging.verdict import Judgement
from assay.report.data.plain import plain


def print_judgement(found: Judgement, *, as_json: bool) -> None:
    """The strip, the sentences, and what was done with the rows."""
    if as_json:
        print_json({"claims": [plain(each) for each in found.claims], "notes": found.notes})
        return
    print_claims(found.claims, as_json=False)
    for note in found.notes:
        tell(f"\n{paragraph(note)}")


def print_columns(columns: Mapping[str, str], source: str, *, as_json: bool) -> None:
    """What there is to ask for, by column."""
    if as_json:
        print_json({"columns": columns, "notes": [source] if source else []})
        return
    print_table(("column", "what is in it"), list(columns.items()))
    if source:
        tell(f"\n{source}")
