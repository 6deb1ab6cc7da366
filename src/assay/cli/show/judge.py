"""The verdict on a table of results, in a terminal."""

from assay.cli.show.study import print_claims
from assay.cli.show.tables import print_json
from assay.judging.verdict import Judgement
from assay.report.data.plain import plain


def print_judgement(found: Judgement, *, as_json: bool) -> None:
    """The strip, the sentences, and what was done with the rows."""
    if as_json:
        print_json({"claims": [plain(each) for each in found.claims], "notes": found.notes})
        return
    print_claims(found.claims, as_json=False)
    for note in found.notes:
        print(f"\n{note}")
