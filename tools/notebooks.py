"""Run the walk-throughs in notebooks/ and keep what they show: NAME.py becomes NAME.ipynb.

    python tools/notebooks.py [NAME ...]

Each runs the profile `full`; runs that the store has are not trained again.
"""

import os
import sys
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[1] / "notebooks"


def main(names: list[str]) -> None:
    """Write the notebooks of these names, or all."""
    os.environ["ASSAY_PROFILE"] = "full"
    for source in sorted(FOLDER.glob("*.py")):
        if names and source.stem not in names:
            continue
        print(f"running {source.name}")
        notebook = jupytext.read(source, fmt="py:percent")
        client = NotebookClient(
            notebook,
            timeout=None,
            kernel_name="python3",
            record_timing=False,
            resources={"metadata": {"path": str(FOLDER)}},
        )
        client.execute()
        # What would differ from one machine or run to the next, and says nothing.
        notebook.metadata = {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
        for number, cell in enumerate(notebook.cells, start=1):
            cell["id"] = f"cell-{number}"
        nbformat.write(notebook, source.with_suffix(".ipynb"))


if __name__ == "__main__":
    main(sys.argv[1:])
