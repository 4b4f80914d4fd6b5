"""What the tests share: reports of our own words, the program, a store that it filled."""

import json
import os
import pathlib
import subprocess

import pytest

REPOSITORY = pathlib.Path(__file__).parents[3]

REPORTS = [
    {
        "id": "treaty",
        "published": "2024-10-24",
        "url": "https://example.org/treaty",
        "text": "Das russische Parlament hat den Beistandsvertrag mit Nordkorea ratifiziert. Südkorea verurteilte den Schritt. "
        "Nach Angaben des südkoreanischen Geheimdienstes hat Nordkorea 3.000 Soldaten nach Russland geschickt.",
    },
    {
        "id": "accusation",
        "published": "2024-10-25",
        "title": "US accuses Pyongyang",
        "text": "The United States accused North Korea of sending troops to Russia.\n\n“We will respond,” the US president said on Friday.",
    },
    {"text": "24. Oktober 2024\n\nDer Bundestag hat das Abkommen mit Israel nicht ratifiziert. 😀 Die Ukraine begrüßte das."},
]


def lines(reports):
    return "".join(json.dumps(report, ensure_ascii=False) + "\n" for report in reports)


@pytest.fixture(scope="session")
def program():
    """Runs the program `lagebild` that belongs to this checkout; gives its standard output."""
    path = os.environ["LAGEBILD"]

    def run(*arguments, input=None):
        done = subprocess.run([path, *map(str, arguments)], input=input, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="session")
def store(program, tmp_path_factory):
    """The path of a store with the sample reports."""
    folder = tmp_path_factory.mktemp("store")
    (folder / "reports.jsonl").write_text(lines(REPORTS))
    program("add", "--store", folder / "lagebild.db", folder / "reports.jsonl")
    return folder / "lagebild.db"
