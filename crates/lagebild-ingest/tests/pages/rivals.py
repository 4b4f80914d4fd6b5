"""Scores trafilatura and readability on the pages of this directory as the example `pages` scores our extractor.

Usage: python3 rivals.py DIR   (pip install trafilatura readability-lxml)
"""
import collections, json, pathlib, re, sys, time

def bag(text):
    return collections.Counter(re.findall(r"\w+", text.lower()))

def f1(found, gold):
    found, gold = bag(found), bag(gold)
    same = sum((found & gold).values())
    p, r = same / max(1, sum(found.values())), same / max(1, sum(gold.values()))
    return p, r, 2 * p * r / max(1e-9, p + r)

def fold(t):
    return re.sub(r"\W+", "", (t or "").lower())

def trafilatura_(page):
    import trafilatura
    found = trafilatura.bare_extraction(page, include_comments=False, with_metadata=True)
    found = found.as_dict() if found is not None and not isinstance(found, dict) else (found or {})
    return found.get("text") or "", found.get("title"), found.get("date"), (found.get("author") or "").split("; ")

def readability_(page):
    import lxml.html, readability
    document = readability.Document(page.decode("utf-8", "replace"))
    text = lxml.html.fromstring(document.summary()).text_content()
    return text, document.short_title(), None, []

directory = pathlib.Path(sys.argv[1])
verbose = "-v" in sys.argv
for name, tool in [("trafilatura", trafilatura_), ("readability-lxml", readability_)]:
    rows, titles, dates, authors, started = [], 0, 0, 0, time.process_time()
    for path in sorted(directory.glob("*.html")):
        gold = json.loads(path.with_suffix(".json").read_text())
        if not gold["body"]:
            continue
        text, title, date, who = tool(path.read_bytes())
        rows.append(f1(text, "\n".join(gold["body"])))
        titles += fold(title) == fold(gold["title"])
        dates += date == gold["published"]
        authors += sorted(map(fold, filter(None, who))) == sorted(map(fold, gold["authors"]))
        if verbose:
            print(f"  {path.stem:24} {rows[-1][0]:.3f} {rows[-1][1]:.3f} {rows[-1][2]:.3f} {title!r} {date} {who}")
    took = time.process_time() - started
    n = len(rows)
    p, r, f = (sum(x[i] for x in rows) / n for i in range(3))
    print(f"{name:18} body {p:.3f} / {r:.3f} / {f:.3f}  title {titles/n:.3f}  date {dates/n:.3f}  authors {authors/n:.3f}  {n/took:.0f} pages/s")
