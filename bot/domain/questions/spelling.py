"""One spelling of English: British forms, and the American ones that content uses instead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_STEMS: Final = (
    "apolog|author|binar|capital|categor|central|character|critic|custom|digit|emphas|epitom|equal|fertil|final|formal|"
    "general|global|harmon|hypothes|initial|item|legal|linear|local|material|maxim|memor|minim|mobil|modern|modular|"
    "normal|optim|organ|parallel|parameter|penal|person|prior|quant|random|rational|real|recogn|regular|scrutin|serial|"
    "special|stabil|standard|subsid|summar|symbol|synchron|token|util|vector|visual"
)
_ISE: Final = re.compile(rf"\b(\w*(?:{_STEMS}))is(e|ed|es|er|ers|ing|ation|ations)\b", re.IGNORECASE)
_YSE: Final = re.compile(r"\b(\w*(?:anal|paral|catal))ys(e|ed|er|ers|ing)\b", re.IGNORECASE)
_OUR: Final = re.compile(
    r"\b(\w*)(behavi|col|fav|flav|hon|lab|neighb|rum|vap|endeav|harb|hum|arm|sav|tum)our(\w*)\b", re.IGNORECASE
)
_DOUBLE: Final = re.compile(
    r"\b(\w*(?:cance|labe|mode|trave|fue|signa|channe|leve|pane|tunne|pixe|quarre))ll(ed|ing|er|ers)\b", re.IGNORECASE
)
_WORDS: Final = {
    "artefact": "artifact", "artefacts": "artifacts", "catalogue": "catalog", "centre": "center",
    "centred": "centered", "centres": "centers", "centring": "centering", "cheque": "check", "defence": "defense",
 "fibre": "fiber", "fulfil": "fulfill", "grey": "gray", "judgement": "judgment",
    "learnt": "learned", "licence": "license", "litre": "liter", "maths": "math", "metre": "meter",
    "metres": "meters", "mould": "mold", "offence": "offense", "practise": "practice", "practised": "practiced",
    "programme": "program", "sceptical": "skeptical", "skilful": "skillful",
    "storey": "story", "theatre": "theater", "tyre": "tire", "whilst": "while", "amongst": "among",
 "ageing": "aging", "enrol": "enroll", "instalment": "installment",
}  # fmt: skip
_LISTED: Final = re.compile(rf"\b({'|'.join(_WORDS)})\b", re.IGNORECASE)


def british(text: str) -> Iterator[tuple[str, str]]:
    """Yield each British form in a text with the American one."""
    for found in _ISE.finditer(text):
        yield found[0], f"{found[1]}iz{found[2]}"
    for found in _YSE.finditer(text):
        yield found[0], f"{found[1]}yz{found[2]}"
    for found in _OUR.finditer(text):
        if found[2].lower() != "lab" or not found[3].startswith(("at", "i")):  # laboratory, laborious
            yield found[0], f"{found[1]}{found[2]}or{found[3]}"
    for found in _DOUBLE.finditer(text):
        yield found[0], f"{found[1]}l{found[2]}"
    for found in _LISTED.finditer(text):
        yield found[0], _WORDS[found[0].lower()]
