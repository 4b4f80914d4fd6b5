"""Lagebild reads German and English political news: who did what to whom, who says so, which treaties bind whom.

>>> import lagebild
>>> reading = lagebild.read("Der Bundestag hat das Abkommen mit Israel ratifiziert.", published="2024-10-24")
>>> [(event.type, event.actors[0].code, event.recipients[0].code) for event in reading.events]
[('SUPPORT', 'DEULEG', 'ISR')]

Everything runs in this process, without network. Rules and models are loaded once, when the first report is read, and
shared by all threads; the interpreter's lock is free while reports are read. The same report gives the same reading and
the same ids as the program ``lagebild``, whatever the number of threads.
"""

from lagebild import spark
from lagebild._lagebild import Error
from lagebild._read import Versions, read, read_many, versions
from lagebild.arrow import read_batches, schema, table, unfold
from lagebild.html import render
from lagebild.reading import Reading
from lagebild.store import Store

__version__: str = versions().program

__all__ = [
    "Error",
    "Reading",
    "Store",
    "Versions",
    "read",
    "read_batches",
    "read_many",
    "render",
    "schema",
    "spark",
    "table",
    "unfold",
    "versions",
]
