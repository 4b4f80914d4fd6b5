#!/usr/bin/env python3
"""Whether `lagebild watch` runs in constant memory: follows feeds of a faulty server on this machine and samples the memory.

Usage: bench/soak.py LAGEBILD [--minutes 20] [--feeds 200] [--report FILE]

Each feed has a host of its own (127.0.1.1 and on: Linux takes all of 127.0.0.0/8 as this machine), because the program
asks a host once in two seconds. An interval of five minutes is the shortest there is, so many feeds stand for a long
time. At each poll a feed has new items, changed ones and old ones, or says 304; one answer in eight is a fault: 429
with Retry-After, 500, a connection closed before or within the answer, a gzip body cut off. Pages fail alike.

Prints resident memory and the size of the store each ten seconds as JSON Lines, and at the end what was asked and the means of
the thirds after the first sixth of the time. Exit code 1 when the last third has over a tenth more than the first, or something failed.
"""
import argparse, collections, gzip, hashlib, http.server, json, pathlib, random, signal, statistics, subprocess, sys, tempfile
import threading, time

PLACES = "Russland Frankreich Polen Südkorea Nordkorea Iran Israel Ägypten Sudan Äthiopien China Indien Pakistan Türkei Serbien".split()
DEEDS = ["hat {b} am Montag {n} Panzer geliefert", "verurteilte am Dienstag den Angriff auf {b}", "drohte {b} mit {n} neuen Sanktionen",
         "hat mit {b} ein Abkommen über {n} Projekte unterzeichnet", "schickte am Freitag {n} Soldaten an die Grenze zu {b}",
         "bot {b} Gespräche über {n} Gefangene an", "wies {n} Diplomaten aus {b} aus", "hat Vorwürfe aus {b} zurückgewiesen"]
FAULTS = ["429", "500", "closed", "cut", "cut gzip"]

answers = collections.Counter()
# How often each feed was asked; its hosts are asked one at a time, so nothing needs a lock.
polls = collections.Counter()


def sentences(seed, count):
    dice = random.Random(seed)
    for _ in range(count):
        a, b = dice.sample(PLACES, 2)
        yield f"{a} {dice.choice(DEEDS).format(b=b, n=dice.randint(3, 900))}."


def article(host, item, revision):
    title = next(sentences(f"{host} {item}", 1)).rstrip(".")
    paragraphs = "".join(f"<p>{' '.join(sentences(f'{host} {item} {revision} {n}', 3))}</p>" for n in range(4))
    side = "".join(f'<li><a href="/a/{n}">Meldung {n} aus der Region</a></li>' for n in range(60))
    return (f'<!DOCTYPE html><html lang="de"><head><title>{title} | Soak</title><meta property="article:published_time" '
            f'content="2026-11-{item % 28 + 1:02}T10:00:00Z"></head><body><nav><ul>{side}</ul></nav><article><h1>{title}</h1>'
            f'{paragraphs}</article><aside><ul>{side}</ul></aside></body></html>')


def feed(host, poll):
    """Fifteen items: three of them new at each poll, one of them changed."""
    items = []
    for item in range(3 * poll, 3 * poll + 15):
        revision = 1 if item % 15 == 7 and item < 3 * poll + 6 else 0
        title = next(sentences(f"{host} {item}", 1)).rstrip(".")
        items.append(f"<item><guid>{item}</guid><link>http://{host}/a/{item}</link><title>{title}</title>"
                     f"<description>Fassung {revision}</description></item>")
    return f'<rss version="2.0"><channel><title>Soak {host}</title>{"".join(items)}</channel></rss>'


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def send(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def fail(self, fault, body):
        self.close_connection = True
        if fault == "429":
            self.send(429, b"", [("Retry-After", "20")])
        elif fault == "500":
            self.send(500, b"<h1>Internal Server Error</h1>")
        elif fault != "closed":
            packed = fault == "cut gzip"
            whole = gzip.compress(body) if packed else body
            self.send_response(200)
            self.send_header("Content-Length", str(len(whole)))
            if packed:
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(whole[: len(whole) // 2])

    def do_GET(self):
        host = self.headers["Host"]
        if self.path == "/robots.txt":
            return self.send(404)
        dice = random.Random()
        if self.path.startswith("/a/"):
            item = int(self.path[3:])
            body, kind, headers = article(host, item, polls[host]), "page", [("Content-Type", "text/html; charset=utf-8")]
        else:
            # Every second poll finds nothing new.
            poll = polls[host] // 2
            polls[host] += 1
            body, kind, headers = feed(host, poll), "feed", [("Content-Type", "application/rss+xml")]
            tag = '"' + hashlib.sha256(body.encode()).hexdigest()[:16] + '"'
            if self.headers["If-None-Match"] == tag:
                answers["feed 304"] += 1
                return self.send(304, b"", [("ETag", tag)])
            headers.append(("ETag", tag))
        if dice.random() < 1 / 8:
            fault = dice.choice(FAULTS)
            answers[f"{kind} {fault}"] += 1
            return self.fail(fault, body.encode())
        answers[f"{kind} 200"] += 1
        packed = gzip.compress(body.encode())
        self.send(200, packed, [*headers, ("Content-Encoding", "gzip")])


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_):
        """A client that goes away is none of our faults."""


def resident(pid):
    """Resident memory in MB."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("lagebild")
    options.add_argument("--minutes", type=float, default=20)
    options.add_argument("--feeds", type=int, default=200)
    options.add_argument("--report", type=pathlib.Path, help="log of the program")
    options = options.parse_args()
    server = Server(("0.0.0.0", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    hosts = [f"127.0.{1 + n // 250}.{1 + n % 250}" for n in range(options.feeds)]
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        feeds = "".join(f'[[feed]]\nurl = "http://{host}:{port}/feed.xml"\n' for host in hosts)
        (work / "feeds.toml").write_text(f'interval = "5m"\nallow_hosts = {json.dumps(hosts)}\n{feeds}')
        log = (options.report or work / "log").open("w")
        store = work / "soak.db"
        program = subprocess.Popen([options.lagebild, "watch", work / "feeds.toml", "--store", store, "--log", "json"], stderr=log)
        began, samples = time.monotonic(), []
        while (passed := time.monotonic() - began) < options.minutes * 60 and program.poll() is None:
            samples.append((passed, resident(program.pid)))
            size = store.stat().st_size / 1e6 if store.exists() else 0
            print(json.dumps({"s": round(passed), "rss_mb": round(samples[-1][1], 1), "store_mb": round(size, 1),
                              "answers": answers.total()}), flush=True)
            time.sleep(10)
        program.send_signal(signal.SIGTERM)
        stopping = time.monotonic()
        code = program.wait(60)
        stopped = time.monotonic() - stopping
        log.close()
        check = subprocess.run([options.lagebild, "check", "--store", store], capture_output=True, text=True)
        print(check.stderr.strip() or check.stdout.strip())
    print(f"answers: {dict(sorted(answers.items()))}")
    settled = [rss for at, rss in samples if at >= options.minutes * 10]
    third = max(1, len(settled) // 3)
    first, middle, last = (statistics.mean(part) for part in (settled[:third], settled[third:-third] or settled, settled[-third:]))
    print(f"resident memory: {first:.1f} MB, {middle:.1f} MB, {last:.1f} MB in the thirds after the first sixth, at most "
          f"{max(rss for _, rss in samples):.1f} MB; exit code {code} {stopped:.1f} s after SIGTERM")
    # 2: something could not be read, as it should be here.
    sys.exit(0 if last <= first * 1.1 and code in (0, 2) and check.returncode == 0 else 1)


if __name__ == "__main__":
    main()
