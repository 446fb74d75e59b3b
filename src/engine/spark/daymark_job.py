"""Adds up raw day files with Spark; run by Daymark through spark-submit, in client mode.

The plan says which files there are and how their columns are to be read. This job decides nothing: for each
file it tells what Spark saw (rows, bytes, sums, whatever is out of the ordinary, with examples), and Daymark
judges. Everything happens in expressions of the JVM, so executors need no Python. Columns are positions, never
names: nothing of a file becomes part of a query.

One result a day is written beside the plan, and last of all the manifest. Without a manifest, nothing counts.
"""

import json
import os
import sys
import threading
import time
from collections import defaultdict
from hashlib import sha256
from pathlib import Path
from typing import Any, Iterator

from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from py4j.protocol import Py4JJavaError

import daymark_columns
import daymark_wide

FORMAT = 1
# So many files that cannot be read are no accident of theirs: the raw root is not what it should be.
MOST_TROUBLES = 20

SETTINGS = {
    "spark.sql.ansi.enabled": "false",
    # What cannot be read must be told, never passed over.
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
}


def tell(**event: Any) -> None:
    print("DAYMARK " + json.dumps(event), flush=True)


def watch_owner(pid: int) -> None:
    """Ends this driver when the process that asked for it is gone: nobody would take the results."""
    while True:
        time.sleep(2)
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            os._exit(1)
        except PermissionError:
            pass


# ---------------------------------------------------------------- reading in batches


class Reader:
    """
    Reads batches of files; where one fails, parts of it, until what cannot be read stands alone: a file, or, of the
    definition `columns`, a day.
    """

    def __init__(self, spark: SparkSession, plan: dict) -> None:
        self.spark = spark
        self.plan = plan
        self.troubles = 0
        # By day, of the definition `columns`; None where there are too many.
        self.rows: dict[int, list[str] | None] = {}
        # How many days of `columns` a query may have; less once one came to too many rows.
        self.days_at_once = sys.maxsize

    def read(self, definition: dict, files: list[dict]) -> Iterator[dict[str, Any]]:
        there = [each for each in files if self.find(each)]
        yield from (self.count_trouble(each, "it is not there") for each in files if each not in there)
        units = defaultdict(list)
        for file in there:
            units[file["day" if definition["kind"] == "columns" else "id"]].append(file)
        waiting = list(units.values())
        while waiting:
            at_once = self.days_at_once if definition["kind"] == "columns" else len(waiting)
            yield from self.attempt(definition, waiting[:at_once])
            waiting = waiting[at_once:]

    def find(self, file: dict) -> bool:
        """Looks the file up, as Spark names it."""
        jvm = self.spark._jvm
        path = jvm.org.apache.hadoop.fs.Path(jvm.java.net.URI(file["uri"]))
        system = path.getFileSystem(self.spark._jsc.hadoopConfiguration())
        file["seenBytes"] = None
        try:
            status = system.getFileStatus(path)
        except Py4JJavaError as error:
            if error.java_exception.getClass().getSimpleName() == "FileNotFoundException":
                return False
            raise
        file["seenBytes"] = status.getLen()
        file["path"] = status.getPath().toString()
        # As `_metadata.file_path` has it.
        file["key"] = jvm.org.apache.hadoop.fs.Path(file["path"]).toUri().toString()
        return True

    def attempt(self, definition: dict, units: list[list[dict]]) -> Iterator[dict[str, Any]]:
        if not units:
            return
        cause: Exception
        try:
            results = self.query(definition, [file for unit in units for file in unit])
        except daymark_columns.TooManyRows as error:
            cause = error
        except (Py4JJavaError, PySparkException) as error:
            if self.spark.sparkContext._jsc.sc().isStopped():
                raise
            cause = error
        else:
            yield from results
            return
        if len(units) == 1:
            yield from self.give_up(units[0], cause)
            return
        parts = parts_of(units, str(cause))
        if isinstance(cause, daymark_columns.TooManyRows):
            # Each part is another look at the files, so they are soon small.
            self.days_at_once = max(1, len(units) // 8)
            parts = [units[at : at + self.days_at_once] for at in range(0, len(units), self.days_at_once)]
        for part in parts:
            yield from self.attempt(definition, part)

    def query(self, definition: dict, files: list[dict]) -> list[dict[str, Any]]:
        if definition["kind"] == "wide":
            return daymark_wide.query(self.spark, files, self.plan, definition)
        results, rows = daymark_columns.query(self.spark, files, self.plan, definition)
        self.rows.update(rows)
        return results

    def give_up(self, unit: list[dict], cause: Exception) -> Iterator[dict[str, Any]]:
        if isinstance(cause, daymark_columns.TooManyRows):
            self.rows[unit[0]["day"]] = None
            yield from map(daymark_columns.nothing_of, unit)
            return
        trouble = str(cause).strip()[:1000]
        # Of several files, where none is named, those that can be damaged for Spark.
        damaged = [each for each in unit if is_blamed(each, str(cause))] or [each for each in unit if each["gzip"]]
        for file in unit:
            if file in (damaged or unit[:1]):
                yield self.count_trouble(file, trouble, cause)
            else:
                yield daymark_columns.nothing_of(file)

    def count_trouble(self, file: dict, trouble: str, cause: Exception | None = None) -> dict[str, Any]:
        # Damaged gzip data is the file's own fault, and no sign of anything else.
        self.troubles += not file["gzip"]
        if self.troubles > MOST_TROUBLES:
            raise RuntimeError(f"many files cannot be read; {file['uri']}: {trouble}") from cause
        return troubled(file, trouble)


def troubled(file: dict, trouble: str) -> dict[str, Any]:
    return {**daymark_columns.nothing_of(file), "trouble": trouble}


def is_blamed(file: dict, error: str) -> bool:
    # Errors write `file:///`, where keys have `file:/`.
    return f" {file['key']}." in error.replace("file:///", "file:/")


def parts_of(units: list[list[dict]], error: str) -> list[list[list[dict]]]:
    """What the error names by itself, and all others; halves where it names none."""
    blamed = [unit for unit in units if any(is_blamed(file, error) for file in unit)]
    if blamed and len(blamed) < len(units):
        return [*([unit] for unit in blamed), [unit for unit in units if unit not in blamed]]
    half = len(units) // 2
    return [units[:half], units[half:]]


# ---------------------------------------------------------------- files in the staging folder


def write_json(path: Path, value: Any) -> dict[str, Any]:
    return write_file(path, json.dumps(value, separators=(",", ":")).encode())


def write_file(path: Path, content: bytes) -> dict[str, Any]:
    """Under its name only once it is whole. Returns what a reader can check."""
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_bytes(content)
    temporary.rename(path)
    return {"name": path.name, "sizeBytes": len(content), "sha256": sha256(content).hexdigest()}


def write_rows(path: Path, rows: list[str] | None) -> dict[str, Any] | None:
    """No row holds a line feed: lines of files end there."""
    return None if rows is None else write_file(path, "".join(f"{row}\n" for row in rows).encode())


def main(plan_path: str) -> None:
    folder = Path(plan_path).parent
    plan = json.loads(Path(plan_path).read_text())
    threading.Thread(target=watch_owner, args=(plan["owner"],), daemon=True).start()
    spark = SparkSession.builder.getOrCreate()
    context = spark.sparkContext
    tell(application=context.applicationId, ui=context.uiWebUrl, spark=context.version)
    for name, value in SETTINGS.items():
        spark.conf.set(name, value)

    files = plan["files"]
    # A day is written as soon as its last file is done, so that memory does not grow with the days.
    open_files = defaultdict(int)
    for file in files:
        open_files[file["day"]] += 1
    done: dict[int, list[dict]] = defaultdict(list)
    results = {}
    reader = Reader(spark, plan)
    for number, batch in enumerate(plan["batches"], start=1):
        definition = plan["definitions"][batch["definition"]]
        for result in reader.read(definition, [files[index] for index in batch["files"]]):
            day = files[result["file"]]["day"]
            done[day].append(result)
            open_files[day] -= 1
            if open_files[day] == 0:
                content = {"token": plan["token"], "day": day, "files": done.pop(day)}
                if definition["kind"] == "columns":
                    content["rows"] = write_rows(folder / f"day-{day}.rows", reader.rows.pop(day, []))
                results[day] = {"day": day, **write_json(folder / f"day-{day}.json", content)}
        tell(files=batch["files"], batch=number, batches=len(plan["batches"]))

    manifest = {
        "format": FORMAT,
        "token": plan["token"],
        "application": context.applicationId,
        "spark": context.version,
        "days": [results[day] for day in sorted(results)],
    }
    spark.stop()
    write_json(folder / "manifest.json", manifest)


if __name__ == "__main__":
    main(sys.argv[1])
