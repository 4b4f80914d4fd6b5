"""What the OpenAPI description cannot say about values, for schemathesis.

A schema tells the form of `q` and `why_not`, not which values mean something: made-up ones are refused with 400, and rightly
so. They are made from values that mean something instead. Nor can it say what fits together.
"""

import schemathesis
from hypothesis import strategies as st
from schemathesis import GenerationMode

WORDS = ["Soldaten", "Waffenlieferungen", "Nordkorea", "treaty", "\"Kim Jong Un\"", "begin*", "Vertrag -Moskau", "Süd*"]

schemathesis.openapi.format("query", st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join))
schemathesis.openapi.format(
    "event-line", st.sampled_from(["AID PRK > RUS", "SUPPORT RUSLEG > PRK, actual, asserted", "ACCUSE KOR > PRK"])
)


@schemathesis.serializer("text/plain", "text/markdown", "text/html", "message/rfc822")
def text(context, value):
    """Everything sent as text is text: what is none in Python goes as nothing."""
    return value.encode() if isinstance(value, str) else b""


@schemathesis.hook
def before_call(context, case, kwargs):
    """Leaves out of sound requests what cannot be made up, a place in a list, and what does not go together."""
    if case.meta.generation.mode == GenerationMode.POSITIVE and case.query:
        case.query.pop("after", None)
        if "why_not" in case.query:
            case.query.pop("event", None)
        if (case.path_parameters or {}).get("format") not in ("csv", "ndjson", "parquet"):
            case.query.pop("table", None)
