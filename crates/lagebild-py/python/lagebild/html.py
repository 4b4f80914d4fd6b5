"""A reading as HTML: the text with its evidence marked, and its events below."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lagebild.reading import Reading
    from lagebild.records import Event, Party

# Role: colour (readable on white and on black) and underline, so that no colour alone tells them apart. Earlier ones win.
_STYLES = {
    "act": ("#b3261e", "solid 2px"),
    "actor": ("#1f6fb2", "solid 1px"),
    "recipient": ("#2e7d32", "double 3px"),
    "cue": ("#8a5a00", "dashed 1px"),
    "said": ("#8a5a00", "dotted 1px"),
}


def render(reading: Reading, *, page: bool = False) -> str:
    """The text with acts, their parties and claims marked, and a table of the events.

    With ``page`` a whole HTML page, else a fragment for a notebook. Nothing of the report reaches the browser as markup:
    every character of it is escaped, and nothing is loaded or run.
    """
    body = (
        '<div style="font-family:system-ui,sans-serif;line-height:1.6;max-width:60em">'
        f"{_legend()}{_error(reading)}"
        f'<div style="white-space:pre-wrap">{_text(reading)}</div>{_events(reading)}</div>'
    )
    if not page:
        return body
    lang, title = escape(reading.lang or "de"), escape(reading.title or "Lagebild")
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'">'
        f"<title>{title}</title></head><body>{body}</body></html>"
    )


def _mark(role: str, text: str, title: str = "") -> str:
    colour, line = _STYLES[role]
    weight = "font-weight:600;" if role == "act" else ""
    about = f' title="{escape(title)}"' if title else ""
    style = f"background:none;color:inherit;{weight}border-bottom:{line} {colour}"
    return f'<mark style="{style}"{about}>{escape(text)}</mark>'


def _legend() -> str:
    marks = " · ".join(_mark(role, role) for role in _STYLES)
    return f'<div style="font-size:85%;margin-bottom:.5em">{marks}</div>'


def _error(reading: Reading) -> str:
    return f"<p><strong>{escape(reading.error)}</strong></p>" if reading.error is not None else ""


def _text(reading: Reading) -> str:
    """The text, cut wherever a mark begins or ends: marks overlap, elements nest."""
    marks: list[tuple[int, int, str, str]] = []
    for event in reading.events:
        about = _summary(event)
        marks += [(m.trigger.start, m.trigger.end, "act", about) for m in event.mentions]
        for role, parties in (("actor", event.actors), ("recipient", event.recipients)):
            marks += [(p.start, p.end, role, _name(p)) for p in parties if p.start is not None and p.end is not None]
    for claim in reading.claims:
        about = f"{claim.stance}: {_name(claim.holder)}"
        marks.append((claim.cue.start, claim.cue.end, "cue", about))
        marks.append((claim.content.start, claim.content.end, "said", about))
    text = reading.text
    marks = [mark for mark in marks if 0 <= mark[0] < mark[1] <= len(text)]
    order = list(_STYLES)
    cuts = sorted({0, len(text), *(m[0] for m in marks), *(m[1] for m in marks)})
    opening = sorted(marks)
    active: list[tuple[int, int, str, str]] = []
    parts = []
    for start, end in zip(cuts, cuts[1:]):
        while opening and opening[0][0] <= start:
            active.append(opening.pop(0))
        active = [mark for mark in active if mark[1] > start]
        if active:
            role = min((mark[2] for mark in active), key=order.index)
            about = "; ".join(dict.fromkeys(mark[3] for mark in active))
            parts.append(_mark(role, text[start:end], about))
        else:
            parts.append(escape(text[start:end]))
    return "".join(parts)


def _events(reading: Reading) -> str:
    if not reading.events:
        return ""
    head = "".join(f"<th>{name}</th>" for name in ("", "act", "who", "to whom", "status", "certainty", "when", "where"))
    rows = []
    for event in reading.events:
        cells = (
            event.id,
            "/".join(filter(None, (event.type, event.mode))),
            ", ".join(map(_name, event.actors)),
            ", ".join(map(_name, event.recipients)),
            event.status,
            event.certainty,
            " – ".join(dict.fromkeys(filter(None, (event.date.from_, event.date.to)))),
            event.place.name if event.place else "",
        )
        rows.append("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>")
    return f'<table style="font-size:90%;margin-top:1em"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def _summary(event: Event) -> str:
    who = ", ".join(map(_name, event.actors)) or "?"
    whom = "".join(f" → {_name(party)}" for party in event.recipients[:3])
    return f"{event.id} {event.type}: {who}{whom} ({event.status}, {event.certainty})"


def _name(party: Party) -> str:
    return party.name or party.text
