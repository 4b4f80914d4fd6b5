"""Reading on a real Spark cluster: a standalone master and two workers on this machine, one of which is killed at work.

Needs Java 17 and the packages of requirements-spark.txt; `.ci/python spark` runs it.
"""

import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest
from conftest import REPORTS

import lagebild

pyspark = pytest.importorskip("pyspark")
if shutil.which("java") is None:
    pytest.skip("Spark needs Java", allow_module_level=True)

PARTITIONS = 12
POISON = {"id": "poison", "text": " "}
SCHEMA = "id string, published string, title string, url string, text string"


def reports(count):
    """Reports of which each has an id of its own, one of them unreadable."""
    made = [{**REPORTS[n % len(REPORTS)], "id": f"r{n:04}"} for n in range(count)]
    return [*made[: count // 2], POISON, *made[count // 2 :]]


def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Cluster:
    """Processes of Spark, each with its log."""

    def __init__(self, folder):
        self.folder, self.processes = folder, {}
        self.home = pathlib.Path(pyspark.__file__).parent
        self.env = {
            **os.environ,
            "SPARK_HOME": str(self.home),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "PYSPARK_PYTHON": sys.executable,
        }
        number = port()
        self.url = f"spark://127.0.0.1:{number}"
        master = "org.apache.spark.deploy.master.Master"
        self.start("master", master, "--host", "127.0.0.1", "--port", number, "--webui-port", 0)
        self.wait("master", "New state: ALIVE")
        for worker in ("worker-1", "worker-2"):
            place = ("--host", "127.0.0.1", "--webui-port", 0, "--work-dir", folder / worker)
            main = "org.apache.spark.deploy.worker.Worker"
            self.start(worker, main, *place, "--cores", 1, "--memory", "1g", self.url)
        for worker in ("worker-1", "worker-2"):
            self.wait(worker, "Successfully registered with master")

    def start(self, name, main, *arguments):
        with open(self.folder / f"{name}.log", "w") as log:
            self.processes[name] = subprocess.Popen(
                [self.home / "bin" / "spark-class", main, *map(str, arguments)],
                env=self.env,
                stdout=log,
                stderr=subprocess.STDOUT,
                # A group of its own, so that a worker dies with its executors.
                start_new_session=True,
            )

    def wait(self, name, words, seconds=120):
        end = time.monotonic() + seconds
        log = self.folder / f"{name}.log"
        while words not in log.read_text():
            assert self.processes[name].poll() is None and time.monotonic() < end, log.read_text()
            time.sleep(0.2)

    def kill(self, name):
        process = self.processes.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    yield cluster
    for name in list(cluster.processes):
        cluster.kill(name)


@pytest.fixture(scope="module")
def spark(cluster):
    os.environ.update({"SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable})
    settings = {
        "spark.executor.memory": "512m",
        "spark.executor.cores": "1",
        "spark.cores.max": "2",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.sql.session.timeZone": "UTC",
        # Small ones, so that a task has several batches.
        "spark.sql.execution.arrow.maxRecordsPerBatch": "4",
    }
    builder = pyspark.sql.SparkSession.builder.master(cluster.url).appName("lagebild")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


def frame(spark, rows):
    names = SCHEMA.replace(" string", "").split(", ")
    data = [tuple(row.get(name) for name in names) for row in rows]
    return spark.createDataFrame(data, SCHEMA).repartition(PARTITIONS)


def here(rows):
    """What reading on this machine gives: reading or reason, by id."""
    return {row["id"]: (reading.to_json(), None) if not reading.error else (None, reading.error.split(": ")[-1])
            for row, reading in zip(rows, lagebild.read_many(rows))}


def there(rows):
    return {row["id"]: (row["record"], row["error"] and row["error"].split(": ")[-1]) for row in rows}


def test_a_cluster_reads_what_one_machine_reads(spark, program, tmp_path):
    rows = reports(24)
    readings = lagebild.spark.read(frame(spark, rows))
    told = readings.collect()
    assert len(told) == len(rows) and there(told) == here(rows)
    [failed] = [row for row in told if row["error"]]
    assert failed["id"] == "poison" and failed["record"] is None and failed["events"] == 0

    # Tables, made on the cluster out of the readings, and directly.
    expected = lagebild.table((r for r in lagebild.read_many(rows) if not r.error), "events").to_pylist()
    by_key = {row["key"]: row for row in expected}
    for events in (lagebild.spark.unfold(readings), lagebild.spark.read(frame(spark, rows), table="events")):
        assert {row["key"]: row.asDict() for row in events.collect()} == by_key

    # Home again: partitions into a store that is the one that `add` makes.
    readings.where("error is null").write.parquet(str(tmp_path / "readings"))
    program("import", "--store", tmp_path / "there.db", tmp_path / "readings")
    (tmp_path / "reports.jsonl").write_text("".join(r.to_json() + "\n" for r in lagebild.read_many(rows) if not r.error))
    program("add", "--store", tmp_path / "here.db", tmp_path / "reports.jsonl")
    stores = [lagebild.Store(tmp_path / f"{name}.db") for name in ("here", "there")]
    question = "SELECT * FROM events ORDER BY key"
    answers = [store.sql(question).drop_columns([c for c in ("added_at", "changed_at") if c in store.views()["events"]]) for store in stores]
    assert answers[0].num_rows == len(expected) and answers[0].to_pylist() == answers[1].to_pylist()


def test_a_worker_that_is_killed_at_work_changes_nothing(spark, cluster):
    rows = reports(120)
    frame_ = lagebild.spark.read(frame(spark, rows))
    told, failed = [], []

    def work():
        try:
            told.extend(frame_.collect())
        except Exception as error:  # Whatever it is, the test tells it.
            failed.append(error)

    tracker = spark.sparkContext.statusTracker()
    job = threading.Thread(target=work)
    job.start()

    def done():
        stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
        return max((s.numCompletedTasks for s in stages if s and s.numTasks == PARTITIONS and s.numActiveTasks), default=0)

    while job.is_alive() and done() == 0:
        time.sleep(0.05)
    assert job.is_alive(), "the job was over before a worker could be killed"
    cluster.kill("worker-1")
    job.join(timeout=300)
    assert not failed and not job.is_alive()
    cluster.wait("master", "Removing worker")
    assert len(told) == len(rows) and there(told) == here(rows)
