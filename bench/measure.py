"""Measures Lagebild and its rivals on the same texts in the same run, and how Lagebild scales.

`bench/run` calls it. Everything is measured from outside, as a user meets it: a process from start to end, its wall-clock
time, and the peak of its resident memory as the system counts it. A tool's speed is that beyond its start-up, which is the
time it takes for one short report. Each figure is the best of several runs; a busy machine makes all of them worse.
"""

import argparse
import datetime
import importlib.metadata
import json
import os
import pathlib
import platform
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from html import escape

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent
SENTENCE = re.compile(r"(?<=[.!?“”\"])\s+(?=[A-ZÄÖÜ„“\"])")
SEED = 20241024


@dataclass(frozen=True)
class Cost:
    """What a process took."""

    seconds: float
    busy: float
    """Seconds of processor time."""
    megabytes: float
    output: str


def cost(command, feed=None, keep=True):
    """Runs a command; `feed` writes its standard input."""
    output = subprocess.PIPE if keep else subprocess.DEVNULL
    started = time.perf_counter()
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.PIPE if feed else subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
        )
        feeder = None
        if feed:

            def work():
                with process.stdin:
                    feed(process.stdin)

            feeder = threading.Thread(target=work)
            feeder.start()
        text = process.stdout.read().decode() if keep else ""
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if feeder:
            feeder.join()
        if process.returncode not in (0, 1):
            errors.seek(0)
            raise SystemExit(f"{command[0]} failed ({process.returncode}): {errors.read().decode()[-2000:]}")
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, text)


def best(command, runs, **options):
    """The fastest of some runs."""
    return min((cost(command, **options) for _ in range(runs)), key=lambda c: c.seconds)


class Sources:
    """Reports of one language, and new ones made of their sentences.

    A made-up report has the headline of one report and sentences of others, as many as a real one has; the texts are
    new, the words, names and lengths are those of news. The same seed makes the same reports.
    """

    def __init__(self, files, lang):
        self.lang, self.titles, self.sentences, self.lengths, self.days = lang, [], [], [], []
        for file in files:
            for line in file.read_text().splitlines():
                report = json.loads(line)
                if report.get("lang", lang) != lang:
                    continue
                sentences = [s for block in report["text"].split("\n") for s in SENTENCE.split(block.strip()) if s]
                self.titles.append(sentences[0])
                self.sentences += sentences[1:]
                self.lengths.append(max(3, len(sentences) - 1))
                self.days.append(report.get("published") or "2024-10-24")
        if not self.sentences:
            raise SystemExit(f"no reports in the language {lang} among {', '.join(map(str, files))}")

    def made_up(self, count):
        chance = random.Random(SEED)
        for number in range(count):
            chosen = chance.choices(self.sentences, k=chance.choice(self.lengths))
            paragraphs = [" ".join(chosen[at : at + 3]) for at in range(0, len(chosen), 3)]
            text = "\n\n".join([chance.choice(self.titles), *paragraphs])
            report = {"id": f"m{number}", "lang": self.lang, "published": chance.choice(self.days), "text": text}
            yield json.dumps(report, ensure_ascii=False) + "\n"

    def write(self, path, count):
        """Writes reports; gives the number of words."""
        words = 0
        with open(path, "w") as out:
            for line in self.made_up(count):
                words += len(json.loads(line)["text"].split())
                out.write(line)
        return words


@dataclass(frozen=True)
class Row:
    """A tool on a task. `items` is what it went through: words, or pages."""

    tool: str
    does: str
    items: int
    start: Cost
    whole: Cost

    @property
    def rate(self):
        """Items a second; 0 where the run is too short to tell it from the start-up."""
        beyond = self.whole.seconds - self.start.seconds
        return self.items / beyond if beyond > 0.1 * self.start.seconds else 0.0

    @property
    def busy_rate(self):
        """Items a second of processor time, which others at work on the machine disturb less."""
        beyond = self.whole.busy - self.start.busy
        return self.items / beyond if beyond > 0.1 * self.start.busy else 0.0


def tasks(arguments, folder):
    """The tasks: title, unit, reports, rows."""
    program = arguments.lagebild
    read = [program, "read", "--input", "jsonl", "--format"]
    one, two = ["--threads", "1"], ["--threads", "2"]
    german = Sources(arguments.german, "de")
    english = Sources(arguments.english, "en")
    whole = "everything: words, trees, names, times, events, claims, agreements"
    trees = "words, parts of speech, lemmas, trees"
    plan = [
        ("English reports", english, [
            ("Lagebild, one thread", whole, [*read, "jsonl", *one]),
            ("Lagebild, two threads", whole, [*read, "jsonl", *two]),
            ("Lagebild, one thread, as far as trees", trees, [*read, "conllu", *one]),
            ("spacy", "words, parts of speech, lemmas, trees, names", None),
        ]),
        ("German reports", german, [
            ("Lagebild, one thread", whole, [*read, "jsonl", *one]),
            ("Lagebild, two threads", whole, [*read, "jsonl", *two]),
            ("Lagebild, one thread, as far as trees", trees, [*read, "conllu", *one]),
            ("hanta", "parts of speech, lemmas", None),
            ("somajo", "words, sentences", None),
            ("simplemma", "lemmas", None),
            ("dateparser", "dates", None),
        ]),
    ]
    for title, sources, tools in plan:
        many, short = folder / "many.jsonl", folder / "short.jsonl"
        words = sources.write(many, arguments.reports)
        short.write_text(json.dumps({"text": sources.sentences[0], "lang": sources.lang}) + "\n")
        rows = list(measured(tools, words, short, many, arguments))
        yield title, "words", arguments.reports, rows
    pages, single = folder / "pages", folder / "page"
    pages.mkdir()
    single.mkdir()
    found = sorted(arguments.pages.glob("*.html"))
    for copy in range(arguments.copies):
        for page in found:
            shutil.copy(page, pages / f"{copy:03}-{page.name}")
    shutil.copy(found[0], single)
    extract = [program, "add", "--dry-run", "--store", folder / "none.db"]
    tools = [
        ("Lagebild, one thread", "text, title, dates, author", [*extract, *one]),
        ("trafilatura", "text, title, date, author", None),
    ]
    yield "Web pages to text", "pages", len(found) * arguments.copies, list(
        measured(tools, len(found) * arguments.copies, single, pages, arguments)
    )


def measured(tools, items, short, many, arguments):
    for name, does, command in tools:
        if command is None:
            if name not in arguments.rivals:
                continue
            command = [sys.executable, HERE / "rivals.py", name]
            name = f"{name} {version(name)}"
        print(f"  {name}", file=sys.stderr)
        start = best([*command, short], arguments.runs, keep=False)
        yield Row(name, does, items, start, best([*command, many], arguments.runs, keep=False))


def scaling(arguments, folder):
    """What `read` and `add` take for ever more reports, which come by standard input and are held nowhere."""
    sources = Sources(arguments.german, "de")

    def feed(count):
        def write(out):
            for line in sources.made_up(count):
                out.write(line.encode())

        return write

    for count in arguments.scale:
        print(f"  read {count:,}", file=sys.stderr)
        command = [arguments.lagebild, "read", "--input", "jsonl", "--format", "jsonl", "-"]
        yield "read", count, cost(command, feed(count), keep=False), None
    for count in arguments.scale_add:
        print(f"  add {count:,}", file=sys.stderr)
        store = folder / f"{count}.db"
        command = [arguments.lagebild, "add", "--input", "jsonl", "--store", store, "-"]
        taken = cost(command, feed(count), keep=False)
        yield "add", count, taken, store.stat().st_size / 2**20
        store.unlink()


def version(package):
    package = {"spacy": "spaCy", "hanta": "HanTa", "somajo": "SoMaJo"}.get(package, package)
    return importlib.metadata.version(package)


def machine(arguments):
    """What the figures were measured on."""
    cpu = re.search(r"model name\s*:\s*(.+)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    told = cost([arguments.lagebild, "--version"]).output
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": f"{cpu.group(1) if cpu else platform.processor()}, {len(os.sched_getaffinity(0))} cores for this run",
        "memory": f"{memory:.0f} GB",
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "load": f"{os.getloadavg()[0]:.1f} before the run: others at work make every figure worse",
        "Lagebild": " ".join(told.split()),
    }


def figure(value):
    if not value:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.2g}" if value < 1 else f"{value:.1f}"


def markdown(about, measured_tasks, scaled, command):
    """The results as a page."""
    lines = ["# Lagebild and rivals, measured", "", f"Made by `{command}`; what is measured and how: [README](../README.md).", ""]
    lines += [f"- {key}: {value}" for key, value in about.items()]
    for title, unit, count, rows in measured_tasks:
        of = f"{count:,} made-up reports, {rows[0].items:,} words" if unit == "words" else f"{count:,} pages"
        lines += ["", f"## {title}", "", f"{of}; ![{title}]({slug(title)}.svg)", ""]
        per_report = "reports a second | " if unit == "words" else ""
        lines.append(f"| tool | does | {unit} a second | of processor time | {per_report}start-up, s | peak memory, MB |")
        lines.append("| --- | --- | ---: | ---: |" + (" ---: |" if per_report else "") + " ---: | ---: |")
        for row in rows:
            reports = f"{figure(row.rate * count / row.items)} | " if per_report else ""
            lines.append(
                f"| {row.tool} | {row.does} | {figure(row.rate)} | {figure(row.busy_rate)} | {reports}{row.start.seconds:.2f} | {row.whole.megabytes:,.0f} |"
            )
    if scaled:
        lines += ["", "## Ever more reports", "", "German reports, two threads, by standard input; ![scaling](scaling.svg)", ""]
        lines += ["| command | reports | seconds | reports a second | ms a report | peak memory, MB | store, MB |"]
        lines += ["| --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
        for name, count, taken, store in scaled:
            held = f"{store:,.1f}" if store else ""
            rate, each = count / taken.seconds, taken.seconds / count * 1000
            lines.append(
                f"| {name} | {count:,} | {taken.seconds:,.1f} | {figure(rate)} | {each:.1f} | {taken.megabytes:,.0f} | {held} |"
            )
    return "\n".join(lines) + "\n"


def slug(title):
    return re.sub(r"\W+", "-", title.lower())


def svg(title, unit, bars):
    """Bars with their figures; readable on white and on black, printed and read aloud."""
    most = max(value for _, value in bars) or 1
    height = 30 * len(bars) + 44
    said = "; ".join(f"{name}: {figure(value)}" for name, value in bars)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="720" height="{height}" viewBox="0 0 720 {height}" role="img" '
        f'font-family="system-ui,sans-serif" font-size="13"><title>{escape(title)}: {escape(said)}</title>'
        f'<rect width="720" height="{height}" fill="#fff"/><text x="10" y="22" font-weight="600">{escape(title)}, {escape(unit)}</text>'
    ]
    for number, (name, value) in enumerate(bars):
        y, width = 38 + 30 * number, max(1.0, 330 * value / most)
        fill = "#1f6fb2" if name.startswith(("Lagebild", "read", "add")) else "#8a8a8a"
        out.append(f'<text x="270" y="{y + 15}" text-anchor="end">{escape(name)}</text>')
        out.append(f'<rect x="280" y="{y}" width="{width:.1f}" height="20" fill="{fill}"/>')
        out.append(f'<text x="{286 + width:.1f}" y="{y + 15}">{figure(value)}</text>')
    return "".join(out) + "</svg>\n"


def counts(text):
    return [int(part.replace("_", "")) for part in text.split(",") if part]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    data = ROOT / "data" / "eval"
    rivals = ["spacy", "hanta", "somajo", "simplemma", "dateparser", "trafilatura"]
    parser.add_argument("--lagebild", type=pathlib.Path, default=ROOT / "target/release/lagebild", help="the program, a release build")
    parser.add_argument("--reports", type=int, default=500, help="made-up reports a language")
    parser.add_argument("--german", type=pathlib.Path, nargs="+", default=sorted(data.glob("wikinews-*.jsonl")), help="reports to take sentences from")
    parser.add_argument("--english", type=pathlib.Path, nargs="+", default=[data / "ntrex-en.jsonl"])
    parser.add_argument("--pages", type=pathlib.Path, default=ROOT / "crates/lagebild-ingest/tests/pages")
    parser.add_argument("--copies", type=int, default=20, help="how often each page is taken")
    parser.add_argument("--rivals", type=lambda text: text.split(",") if text else [], default=rivals, help="which, by commas; empty for none")
    parser.add_argument("--scale", type=counts, default=[1_000, 10_000], help="numbers of reports for `read`: 1000,10000,100000,1000000")
    parser.add_argument("--scale-add", type=counts, default=[1_000], help="the same for `add`")
    parser.add_argument("--runs", type=int, default=3, help="the best of so many")
    parser.add_argument("--out", type=pathlib.Path, default=HERE / "results")
    arguments = parser.parse_args()
    if not arguments.lagebild.exists():
        raise SystemExit(f"{arguments.lagebild}: not there; build it with `cargo build --release -p lagebild` or name it with --lagebild")
    about = machine(arguments)
    with tempfile.TemporaryDirectory() as folder:
        made = list(tasks(arguments, pathlib.Path(folder)))
        scaled = list(scaling(arguments, pathlib.Path(folder)))
    arguments.out.mkdir(parents=True, exist_ok=True)
    given = [f"{a}" for a in sys.argv[1:] if not a.startswith(("/", "--lagebild", "--out"))]
    (arguments.out / "README.md").write_text(markdown(about, made, scaled, " ".join(["bench/run", *given])))
    for title, unit, _, rows in made:
        bars = [(row.tool, row.rate) for row in rows]
        (arguments.out / f"{slug(title)}.svg").write_text(svg(title, f"{unit} a second", bars))
    if scaled:
        bars = [(f"{name} {count:,}", count / taken.seconds) for name, count, taken, _ in scaled]
        (arguments.out / "scaling.svg").write_text(svg("Ever more reports", "reports a second", bars))
    print(arguments.out / "README.md")


if __name__ == "__main__":
    main()
