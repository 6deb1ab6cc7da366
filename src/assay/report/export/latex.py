"""Tables and text in LaTeX: article with booktabs is enough, and pdfTeX is."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

_LINES = 40
"""As many lines of a table go on a page."""

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "%": r"\%",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "`": r"\textasciigrave{}",
    '"': "''",
    # At the beginning of a row these would be an option of the end of the row before.
    "[": "{[}",
    "]": "{]}",
    "*": "{*}",
}
_SYMBOLS = {
    "\u00a0": "~",
    "–": "--",
    "—": "---",
    "“": "``",
    "”": "''",
    "‘": "`",
    "’": "'",
    "…": r"\ldots{}",
    "−": "$-$",
    "±": r"$\pm$",
    "×": r"$\times$",
    "÷": r"$\div$",
    "·": r"$\cdot$",
    "≤": r"$\leq$",
    "≥": r"$\geq$",
    "≠": r"$\neq$",
    "≈": r"$\approx$",
    "∞": r"$\infty$",
    "→": r"$\rightarrow$",
    "←": r"$\leftarrow$",
    "∂": r"$\partial$",
    "∇": r"$\nabla$",
    "√": r"$\surd$",
    "°": r"$^{\circ}$",
    "²": "$^{2}$",
    "³": "$^{3}$",
    "ⁿ": "$^{n}$",
    "‖": r"$\|$",
    "µ": r"$\mu$",
}


def _greek(letter: str) -> str:
    """Its command, by its name in Unicode, where lambda is called LAMDA."""
    name = unicodedata.name(letter).split()[-1].replace("LAMDA", "LAMBDA")
    return rf"$\{name.capitalize() if letter.isupper() else name.lower()}$"


_KNOWN = _SPECIAL | _SYMBOLS | {each: _greek(each) for each in "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ"}
# What pdfTeX sets as it is, in its own encoding of letters.
_LETTERS = (
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿĀāĆćČčĎďĒēĚěĞğĪīŁłŃńŇňŌōŐőŒœ"
    "ŘřŚśŞşŠšŢţŤťŪūŮůŰűŹźŻżŽž"
)


def escaped(text: str) -> str:
    """A text as LaTeX that shows it; a character that pdfTeX lacks is shown by its number."""
    line = re.sub(r"[^\S\u00a0]+", " ", unicodedata.normalize("NFC", text))
    # Two hyphens would be a dash.
    return "{}".join("".join(map(_character, part)) for part in re.split("(?<=-)(?=-)", line))


def _character(letter: str) -> str:
    if letter in _KNOWN:
        return _KNOWN[letter]
    if (letter.isascii() and letter.isprintable()) or letter in _LETTERS:
        return letter
    return rf"\texttt{{U+{ord(letter):04X}}}" if letter.isprintable() else " "


def table(
    head: Sequence[str],
    columns: str,
    rows: Sequence[Sequence[str]],
    caption: str,
    label: str,
    lines: int = 1,
) -> str:
    """A table, or where it has too many rows for a page several.

    Args:
        head: names of the columns.
        columns: as `tabular` has them.
        rows: texts, not escaped yet.
        caption: not escaped yet.
        label: for references.
        lines: that a row takes.
    """
    size = _LINES // lines
    pages = [rows[start : start + size] for start in range(0, len(rows), size)] or [[]]
    texts = []
    for number, page in enumerate(pages, start=1):
        more = f" (continued, {number} of {len(pages)})" if number > 1 else ""
        mark = label if number == 1 else f"{label}-{number}"
        texts.append(_one(head, columns, page, caption + more, mark))
    return "\n".join(texts)


def _one(
    head: Sequence[str], columns: str, rows: Iterable[Sequence[str]], caption: str, label: str
) -> str:
    lines = [
        r"\begin{table}[htbp]",
        r"\centering\footnotesize\setlength{\tabcolsep}{3pt}",
        rf"\caption{{{escaped(caption)}}}",
        rf"\label{{{label}}}",
        rf"\begin{{tabular}}{{{columns}}}",
        r"\toprule",
        _row(head),
        r"\midrule",
        *map(_row, rows),
        r"\bottomrule",
        r"\end{tabular}",
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"


def _row(cells: Sequence[str]) -> str:
    return " & ".join(map(escaped, cells)) + r" \\"


def document(title: str, inputs: Sequence[str], figures: Sequence[str]) -> str:
    """A document that shows all of it, and how each is put into a paper."""
    return "\n".join(
        [
            r"\documentclass{article}",
            r"\usepackage{booktabs}",
            r"\usepackage{graphicx}",
            rf"\title{{{escaped(title)}}}",
            r"\date{}",
            r"\begin{document}",
            r"\maketitle",
            *(rf"\input{{{name}}}" for name in inputs),
            r"\clearpage",
            *(rf"\noindent\includegraphics[width=\linewidth]{{{name}}}\par" for name in figures),
            r"\end{document}",
            "",
        ]
    )
