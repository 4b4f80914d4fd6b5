"""Measures Lagebild and its rivals on the same texts in the same run, and how Lagebild scales.

`bench/run` calls it. Everything is measured from outside, as a user meets it: a process from start to end, its wall-clock
time, its processor time, and the peak of its resident memory as the system counts it. A tool's speed is that beyond its
start-up, which is the time it takes for one short report. Each figure is the best of several runs. A busy machine makes all
of them worse, processor time the least.
"""

import argparse
import datetime
import importlib.metadata
import itertools
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

import gold

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent
SENTENCE = re.compile(r"(?<=[.!?“”\"])\s+(?=[A-ZÄÖÜ„“\"])")
SEED = 20241024
FEED_ITEMS = 20
# The rivals, by their packages; those that tell words can be judged by gold sentences.
PACKAGES = {
    "spacy": "spaCy",
    "hanta": "HanTa",
    "somajo": "SoMaJo",
    "simplemma": "simplemma",
    "dateparser": "dateparser",
    "trafilatura": "trafilatura",
    "readability": "readability-lxml",
    "warcio": "warcio",
    "feedparser": "feedparser",
}
TAGGERS = ("spacy", "hanta", "somajo", "simplemma")


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
    """The best of some runs in each respect; memory is that of the largest."""
    costs = [cost(command, **options) for _ in range(runs)]
    return Cost(min(c.seconds for c in costs), min(c.busy for c in costs), max(c.megabytes for c in costs), costs[0].output)


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

    def made_up(self, count, length=None):
        """Reports, a line of JSON each, with `length` sentences below the headline or as many as a real one has."""
        chance = random.Random(SEED)
        for number in range(count):
            chosen = chance.choices(self.sentences, k=length or chance.choice(self.lengths))
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
    """A tool on a task. `items` is what it went through, in the unit of the task."""

    tool: str
    does: str
    items: float
    start: Cost
    whole: Cost
    score: gold.Score | None = None

    @property
    def rate(self):
        """Items a second."""
        return self.beyond(self.whole.seconds, self.start.seconds)

    @property
    def busy_rate(self):
        """Items a second of processor time, which others at work on the machine disturb less."""
        return self.beyond(self.whole.busy, self.start.busy)

    def beyond(self, whole, start):
        """Items a second beyond the start-up; 0 where the run is too short to tell one from the other."""
        return self.items / (whole - start) if whole - start > 0.1 * start else 0.0


@dataclass(frozen=True)
class Task:
    """Tools that went through the same."""

    title: str
    unit: str
    reports: int
    rows: list
    judged: str = ""
    """What the scores of the rows are of."""
    inputs: str = "made-up reports"
    """What `reports` counts."""


def tasks(arguments, folder):
    program = arguments.lagebild
    read = [program, "read", "--input", "jsonl", "--format"]
    one, two = ["--threads", "1"], ["--threads", "2"]
    whole = "everything: words, trees, names, times, events, claims, agreements"
    trees = "words, parts of speech, lemmas, trees"
    as_trees = ("Lagebild, one thread, as far as trees", trees, [*read, "conllu", *one])
    of_lagebild = [
        ("Lagebild, one thread", whole, [*read, "jsonl", *one]),
        ("Lagebild, two threads", whole, [*read, "jsonl", *two]),
        as_trees,
    ]
    english = Sources(arguments.english, "en"), gold.treebank(arguments.gold_english)
    only = set(arguments.gold_german_ids.read_text().split("\n")) if arguments.gold_german_ids else None
    german_gold = gold.treebank(arguments.gold_german, only) + gold.treebank(arguments.gold_german_tags, only, lemmas=False)
    german = Sources(arguments.german, "de"), german_gold
    plan = [
        ("English reports", *english, [
            *of_lagebild,
            ("spacy", "words, parts of speech, lemmas, trees, names", None),
        ]),
        ("German reports", *german, [
            *of_lagebild,
            ("hanta", "parts of speech, lemmas", None),
            ("somajo", "words, sentences", None),
            ("simplemma", "lemmas", None),
            ("dateparser", "dates", None),
        ]),
    ]  # fmt: skip
    for title, sources, trees, tools in plan:
        many, short, judged = folder / "many.jsonl", folder / "short.jsonl", folder / "gold.jsonl"
        words = sources.write(many, arguments.reports)
        one_line = {"text": sources.sentences[0], "lang": sources.lang}
        short.write_text(json.dumps(one_line) + "\n")
        judged.write_text("".join(json.dumps({"text": s.text, "lang": sources.lang}) + "\n" for s in trees))
        rows = list(measured(tools, words, short, many, arguments, trees, judged))
        of = f"{len(trees):,} gold sentences, {sum(len(s.words) for s in trees):,} words" if trees else ""
        yield Task(title, "words", arguments.reports, rows, of)
    pages, single = folder / "pages", folder / "page"
    pages.mkdir()
    single.mkdir()
    found = sorted(arguments.pages.glob("*.html"))
    for copy in range(arguments.copies):
        for page in found:
            # Each copy differs, or a program that knows copies would read them once.
            (pages / f"{copy:03}-{page.name}").write_bytes(page.read_bytes() + b"<!-- %d -->\n" % copy)
    shutil.copy(found[0], single)
    extract = [program, "add", "--dry-run", "--store", folder / "none.db"]
    tools = [
        ("Lagebild, one thread", "text, title, dates, author", [*extract, *one]),
        ("trafilatura", "text, title, date, author", None),
        ("readability", "text, title", None),
    ]
    count = len(found) * arguments.copies
    yield Task("Web pages to text", "pages", count, list(measured(tools, count, single, pages, arguments)), inputs="pages")

    archive, record = folder / "many.warc", folder / "one.warc"
    size = write_archive(archive, sorted(pages.glob("*.html"))) / 1e6
    write_archive(record, found[:1])
    tools = [
        ("Lagebild, one thread", "records, pages to text, title, dates, author", [*extract, *one]),
        ("warcio", "records only", None),
    ]
    yield Task("Web archive", "MB", count, list(measured(tools, size, record, archive, arguments)), inputs=f"pages in one file of {size:.1f} MB")

    feeds, feed = folder / "feeds", folder / "feed"
    write_feeds(feeds, german[0], arguments.feeds)
    write_feeds(feed, german[0], 1)
    tools = [
        ("Lagebild, one thread", "items to text, title, date, address", [*extract, *one]),
        ("feedparser", "items, title, date, address, cleaned markup", None),
    ]
    rows = list(measured(tools, arguments.feeds, feed, feeds, arguments))
    yield Task("Feeds", "feeds", arguments.feeds, rows, inputs=f"feeds of {FEED_ITEMS} made-up reports")


def write_archive(path, pages):
    """Writes pages as the responses of an uncompressed web archive; gives its size."""
    with path.open("wb") as out:
        for page in pages:
            response = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page.read_bytes()
            head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://example.org/{page.name}\r\n"
            head += f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(response)}\r\n\r\n"
            out.write(head.encode() + response + b"\r\n\r\n")
        return out.tell()


def write_feeds(folder, sources, count):
    """Writes RSS with the full text of made-up reports."""
    folder.mkdir()
    reports = map(json.loads, sources.made_up(count * FEED_ITEMS))
    for number in range(count):
        items = ""
        for place, report in enumerate(itertools.islice(reports, FEED_ITEMS)):
            title, _, text = report["text"].partition("\n")
            page = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in text.split("\n\n"))
            items += f"<item><title>{escape(title)}</title><link>https://example.org/{number}/{place}</link>"
            items += f"<pubDate>Thu, 24 Oct 2024 18:30:00 +0200</pubDate><description>{escape(page)}</description></item>"
        (folder / f"{number:04}.rss").write_text(f'<rss version="2.0"><channel><title>Feed</title>{items}</channel></rss>')


def measured(tools, items, short, many, arguments, sentences=(), judged=None):
    """A row a tool; with gold sentences, which stand in the file `judged`, also how well it does."""
    for name, does, command in tools:
        rival = command is None
        if rival:
            if name not in arguments.rivals:
                continue
            command = [sys.executable, HERE / "rivals.py", name]
        print(f"  {name}", file=sys.stderr)
        start = best([*command, short], arguments.runs, keep=False)
        whole = best([*command, many], arguments.runs, keep=False)
        score = None
        if sentences and (name in TAGGERS if rival else "conllu" in command):
            told = cost([*command, judged, *(["--words"] if rival else [])]).output
            told = gold.of_json(told) if rival else gold.of_conllu(told, len(sentences))
            score = gold.score(sentences, told)
        yield Row(f"{PACKAGES[name]} {version(name)}" if rival else name, does, items, start, whole, score)


def scaling(arguments, folder):
    """What `read` and `add` take for ever more reports, which come by standard input and are held nowhere."""
    sources = Sources(arguments.german, "de")
    threads = ["--threads", arguments.scale_threads]

    def feed(count):
        def write(out):
            for line in sources.made_up(count, arguments.scale_sentences):
                out.write(line.encode())

        return write

    for count in sorted({*arguments.scale, *arguments.scale_add}):
        if count in arguments.scale:
            print(f"  read {count:,}", file=sys.stderr)
            command = [arguments.lagebild, "read", "--input", "jsonl", "--format", "jsonl", *threads, "-"]
            yield "read", count, cost(command, feed(count), keep=False), os.getloadavg()[0], None
        if count in arguments.scale_add:
            print(f"  add {count:,}", file=sys.stderr)
            store = folder / f"{count}.db"
            command = [arguments.lagebild, "add", "--input", "jsonl", "--store", store, *threads, "-"]
            taken = cost(command, feed(count), keep=False)
            yield "add", count, taken, os.getloadavg()[0], store.stat().st_size / 2**20
            store.unlink()


def version(package):
    return importlib.metadata.version(PACKAGES[package])


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
        "load": f"{os.getloadavg()[0]:.1f}",
        "Lagebild": " ".join(told.split()),
    }


def figure(value):
    if not value:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.2g}" if value < 1 else f"{value:.1f}"


def share(value):
    return "" if value is None else f"{100 * value:.1f}"


def page(title, about):
    """The head of a page of results."""
    lines = [f"# {title}", "", f"Made by `{told(sys.argv[1:])}`; what is measured and how: [README](../README.md).", ""]
    return lines + [f"- {key}: {value}" for key, value in about.items()]


def rivals_page(about, measured_tasks, runs):
    """What the tools took, task by task."""
    lines = page("Lagebild and rivals, measured", about)
    for task in measured_tasks:
        words = task.unit == "words"
        of = f"{task.reports:,} {task.inputs}" + f", {task.rows[0].items:,} words" * words
        lines += ["", f"## {task.title}", "", f"{of}, best of {runs}", "", f"![{task.title}]({slug(task.title)}.svg)", ""]
        heads = ["tool", "does", f"{task.unit} a second", "a second of processor time"]
        heads += ["reports a second"] * words + ["start-up, s", "peak memory, MB"]
        lines += table(heads, 2, [
            [row.tool, row.does, figure(row.rate), figure(row.busy_rate)]
            + [figure(row.rate * task.reports / row.items)] * words
            + [f"{row.start.seconds:.2f}", f"{row.whole.megabytes:,.0f}"]
            for row in task.rows
        ])  # fmt: skip
        scores = [(row.tool, row.score) for row in task.rows if row.score]
        if scores:
            lines += ["", f"How well, on {task.judged} (%; what that says: [README](../README.md#how-well)):", ""]
            heads = ["tool", "words found", "parts of speech right", "lemmas of nouns, verbs and adjectives right"]
            lines += table(heads, 1, [[tool, share(s.found), share(s.tagged), share(s.lemmatised)] for tool, s in scores])
    return "\n".join(lines) + "\n"


def scaling_page(about, steps, arguments):
    """What ever more reports took."""
    length = f"a headline and {arguments.scale_sentences} sentences each" if arguments.scale_sentences else "as long as real ones"
    threads = "one thread" if arguments.scale_threads == 1 else f"{arguments.scale_threads} threads"
    lines = page("Ever more reports", about)
    lines += ["", f"German reports, {length}, {threads}, by standard input; the load is that at the end of the step", ""]
    lines += ["![Time a report](time-a-report.svg)", "", "![Peak memory](peak-memory.svg)", ""]
    heads = ["command", "reports", "seconds", "processor seconds", "ms of processor time a report", "peak memory, MB", "store, MB", "load"]
    lines += table(heads, 1, [
        [name, f"{count:,}", f"{taken.seconds:,.1f}", f"{taken.busy:,.1f}", f"{taken.busy / count * 1000:.2f}"]
        + [f"{taken.megabytes:,.0f}", f"{store:,.1f}" if store else "", f"{load:.1f}"]
        for name, count, taken, load, store in steps
    ])  # fmt: skip
    return "\n".join(lines) + "\n"


def table(heads, words, rows):
    """Lines of a table of which the first columns hold `words`, the others figures."""
    rule = ["---"] * words + ["---:"] * (len(heads) - words)
    return [f"| {' | '.join(cells)} |" for cells in (heads, rule, *rows)]


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


def told(arguments):
    """The command, without the folders of this machine and where the program lay."""
    kept, of = [], None
    for argument in arguments:
        of = argument if argument.startswith("--") else of
        if of not in ("--lagebild", "--out"):
            kept.append(pathlib.PurePath(argument).name if "/" in argument else argument)
    return " ".join(["bench/run", *kept])


def write_rivals(about, made, arguments):
    (arguments.out / "rivals.md").write_text(rivals_page(about, made, arguments.runs))
    for task in made:
        bars = [(row.tool, row.busy_rate) for row in task.rows]
        picture = svg(task.title, f"{task.unit} a second of processor time", bars)
        (arguments.out / f"{slug(task.title)}.svg").write_text(picture)


def write_scaling(about, steps, arguments):
    (arguments.out / "scaling.md").write_text(scaling_page(about, steps, arguments))
    times = [(f"{name} {count:,}", taken.busy / count * 1000) for name, count, taken, _, _ in steps]
    (arguments.out / "time-a-report.svg").write_text(svg("Time a report", "ms of processor time", times))
    memory = [(f"{name} {count:,}", taken.megabytes) for name, count, taken, _, _ in steps]
    (arguments.out / "peak-memory.svg").write_text(svg("Peak memory", "MB", memory))


def counts(text):
    return [int(part.replace("_", "")) for part in text.split(",") if part]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    data = ROOT / "data" / "eval"
    parser.add_argument("--lagebild", type=pathlib.Path, default=ROOT / "target/release/lagebild", help="the program, a release build")
    parser.add_argument("--reports", type=int, default=500, help="made-up reports a language")
    parser.add_argument("--german", type=pathlib.Path, nargs="+", default=sorted(data.glob("wikinews-*.jsonl")), help="reports to take sentences from")
    parser.add_argument("--english", type=pathlib.Path, nargs="+", default=[data / "ntrex-en.jsonl"])
    parser.add_argument("--pages", type=pathlib.Path, default=ROOT / "crates/lagebild-ingest/tests/pages")
    parser.add_argument("--gold-english", type=pathlib.Path, nargs="*", default=[], help="CoNLL-U (.xz too) to judge words by")
    parser.add_argument("--gold-german", type=pathlib.Path, nargs="*", default=[])
    parser.add_argument("--gold-german-tags", type=pathlib.Path, nargs="*", default=[], help="the same, but their lemmas are none")
    parser.add_argument("--gold-german-ids", type=pathlib.Path, help="take only the sentences with the ids in this file")
    parser.add_argument("--copies", type=int, default=20, help="how often each page is taken")
    parser.add_argument("--feeds", type=int, default=100, help="made-up feeds")
    parser.add_argument("--rivals", type=lambda text: text.split(",") if text else [], default=list(PACKAGES), help="which, by commas; empty for none")
    parser.add_argument("--scale", type=counts, default=[1_000, 10_000], help="numbers of reports for `read`: 1000,10000,100000,1000000")
    parser.add_argument("--scale-threads", type=int, default=1, help="of the scaling runs")
    parser.add_argument("--scale-sentences", type=int, help="of a report of the scaling runs, below its headline; as many as a real one has if not given")
    parser.add_argument("--scale-add", type=counts, default=[1_000], help="the same for `add`")
    parser.add_argument("--only", nargs="+", choices=["rivals", "scaling"], default=["rivals", "scaling"], help="one of the two parts")
    parser.add_argument("--runs", type=int, default=3, help="the best of so many")
    parser.add_argument("--out", type=pathlib.Path, default=HERE / "results")
    arguments = parser.parse_args()
    if not arguments.lagebild.exists():
        raise SystemExit(f"{arguments.lagebild}: not there; build it with `cargo build --release -p lagebild` or name it with --lagebild")
    arguments.out.mkdir(parents=True, exist_ok=True)
    parts = {"rivals": (tasks, write_rivals), "scaling": (scaling, write_scaling)}
    for part in arguments.only:
        measure, write = parts[part]
        about, done = machine(arguments), []
        with tempfile.TemporaryDirectory() as folder:
            # Written anew after each step: who ends a long run early has what it measured until then.
            for step in measure(arguments, pathlib.Path(folder)):
                done.append(step)
                load = f"{about['load']} at the start, {os.getloadavg()[0]:.1f} at the end: above the number of cores others were at work"
                write({**about, "load": load}, done, arguments)
        print(arguments.out / f"{part}.md")


if __name__ == "__main__":
    main()
