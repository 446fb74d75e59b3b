"""Adds up raw day files with Spark; run by Daymark through spark-submit, in client mode.

The plan says which files there are and how their columns are to be read. This job decides nothing: for each
file it tells what Spark saw (rows, bytes, sums by bucket and column, whatever is out of the ordinary, with
examples), and Daymark judges. A bucket is a combination of the values that rows are told apart by. Everything happens in expressions of the JVM, so executors need no Python.
Columns are positions, never names: nothing of a file becomes part of a query.

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
from pyspark.sql import Column, DataFrame, Row, SparkSession
from pyspark.sql import functions as F
from py4j.protocol import Py4JJavaError

FORMAT = 1
LARGEST = 2**53 - 1
LONGEST_LINE_BYTES = 1_048_576
EXAMPLES = 20
EXAMPLE_CHARS = 101
# So many files that cannot be read are no accident of theirs: the raw root is not what it should be.
MOST_TROUBLES = 20

SETTINGS = {
    "spark.sql.ansi.enabled": "false",
    # What cannot be read must be told, never passed over.
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
}

READING = {
    "lineSep": "\n",
    # Hadoop passes longer lines over, in constant memory: the file's bytes then do not add up.
    "mapreduce.input.linerecordreader.line.maxlength": str(2 * LONGEST_LINE_BYTES),
}

# A cell after its comma, in quotes or without. Possessive: java.util.regex then loops, and never recurses.
CELL = r',((?:"(?:[^"]++|"")*+")|[^",]*+)'


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


# ---------------------------------------------------------------- the query


def literal_path(uri: str) -> str:
    """Spark takes paths for patterns."""
    return "".join("\\" + char if char in "\\{}[]*?" else char for char in uri)


def unquoted(cell: Column) -> Column:
    inside = F.substring(cell, F.lit(2), F.char_length(cell) - 2)
    return F.when(F.startswith(cell, F.lit('"')), F.replace(inside, F.lit('""'), F.lit('"'))).otherwise(cell)


def read_lines(spark: SparkSession, files: list[dict], tables: list[dict]) -> DataFrame:
    """Each line with what is to be known of its file."""
    known = known_of(spark, files, tables)
    paths = [literal_path(each["path"]) for each in files]
    lines = spark.read.options(**READING).text(paths)
    lines = lines.select("value", F.col("_metadata.file_path").alias("path"))
    return lines.join(F.broadcast(known), "path").drop("path")


def known_of(spark: SparkSession, files: list[dict], tables: list[dict]) -> DataFrame:
    """As one constant: a data frame of Python rows would need Python on the executors."""
    rows = [
        {"path": each["key"], "file": each["id"], **as_row(tables[each["table"]])} for each in files
    ]
    shape = (
        "array<struct<path: string, file: int, header: string, columns: int, by_at: array<int>, day_at: int, "
        "day_text: string, counted: array<boolean>>>"
    )
    constant = F.from_json(F.lit(json.dumps(rows)), shape)
    return spark.range(0, 1, 1, 1).select(F.inline(constant))


def as_row(table: dict) -> dict[str, Any]:
    counted = set(table["categories"])
    return {
        "header": table["header"],
        "columns": table["columns"],
        "by_at": table["by"],
        "day_at": table["day"],
        "day_text": table["dayText"],
        "counted": [position in counted for position in range(table["columns"])],
    }


def split_lines(lines: DataFrame) -> DataFrame:
    """Adds `mark` ('row', 'header', or what is wrong with the line as a whole) and the line's cells, as written."""
    value, text, cells = F.col("value"), F.col("text"), F.col("cells")
    quote, cr = F.lit('"'), F.lit("\r")
    damage = (
        F.when(F.octet_length(value) >= LONGEST_LINE_BYTES, "long")
        .when(~F.is_valid_utf8(value), "utf8")
        .when(F.contains(value, F.lit("\0")), "nul")
        .when(F.endswith(value, F.lit("\r\r")) | F.contains(text, cr), "cr")
    )
    split = F.when(F.contains(text, quote), F.regexp_extract_all(F.concat(F.lit(","), text), F.lit(CELL), 1))
    split = split.otherwise(F.split(text, ",", -1))
    mark = (
        F.when(F.col("damage").isNotNull(), F.col("damage"))
        .when(text == F.col("header"), "header")
        .when(text == "", "blank")
        .when(F.contains(text, quote) & (F.array_join(cells, ",") != text), "quote")
        .when(F.size(cells) != F.col("columns"), "cells")
        .otherwise("row")
    )
    lines = lines.withColumn("text", F.expr(r"trim(TRAILING '\r' FROM value)")).withColumn("damage", damage)
    lines = lines.withColumn("cells", F.when(F.col("damage").isNull(), split))
    return lines.withColumn("mark", mark)


def bad_by(index: int) -> str:
    return f"bad_by_{index}"


def judge_rows(lines: DataFrame, by: list[dict]) -> DataFrame:
    """Adds the bucket, and the cells that it comes from and the day's where they break the rule."""
    is_row = F.col("mark") == "row"
    bucket = F.lit(0).cast("bigint")
    for index, each in enumerate(by):
        lines = judge_by(lines, index, each)
        size = each["most"] - each["least"] + 1
        bucket = bucket * F.lit(size) + F.col(f"by_{index}") - F.lit(each["least"])
    day_text = unquoted(F.get("cells", F.col("day_at")))
    # Whole numbers may have gone through floats: `3.0` is day 3. No date looks like that.
    day = F.regexp_replace(day_text, r"^([0-9]+)\.0+\z", "$1")
    bad_day = F.when(is_row & F.col("day_at").isNotNull() & (day != F.col("day_text")), day_text)
    return lines.withColumn("bucket", bucket).withColumn("bad_day", bad_day)


def judge_by(lines: DataFrame, index: int, by: dict) -> DataFrame:
    """Adds one of the values that make the bucket, and its cell where that breaks the rule. `8.0` is 8."""
    is_row = F.col("mark") == "row"
    text, value = F.col(f"by_text_{index}"), F.col(f"by_{index}")
    written = unquoted(F.get("cells", F.get("by_at", F.lit(index))))
    sign = "-?" if by["least"] < 0 else ""
    shape = rf"^{sign}[0-9]{{1,{by['digits']}}}(?:\.0+)?\z"
    number = F.when(F.rlike(text, F.lit(shape)), F.substring_index(text, ".", 1).cast("bigint"))
    lines = lines.withColumn(f"by_text_{index}", F.when(is_row, written))
    lines = lines.withColumn(f"by_{index}", number)
    within = value.between(F.lit(by["least"]), F.lit(by["most"]))
    lines = lines.withColumn(f"by_{index}", F.when(within, value))
    return lines.withColumn(bad_by(index), F.when(is_row & value.isNull(), text))


def judge_cells(lines: DataFrame, by: list[dict]) -> DataFrame:
    """One row for each cell that counts, and for each line's first: that one stands for the line, too."""
    first = F.col("at") == 0
    written = F.col("written")
    matters = (written != "0") & (written != "") & F.get("counted", F.col("at"))
    cells = F.when(F.col("mark") == "row", F.col("cells")).otherwise(F.array(F.lit("")))
    lines = lines.select(
        *["file", "mark", "bucket", *map(bad_by, range(len(by))), "bad_day", "counted"],
        (F.octet_length("value") + 1).alias("bytes"),
        F.endswith("value", F.lit("\r")).cast("int").alias("cr"),
        F.posexplode(cells).alias("at", "written"),
    ).where(first | matters)
    digit = (F.octet_length(written) == 1) & (written >= "0") & (written <= "9")
    whole = F.rlike(written, F.lit(r"^[0-9]+(?:\.0+)?\z"))
    exact = F.substring_index(written, ".", 1).try_cast("decimal(38,0)")
    lines = lines.withColumn("matters", F.coalesce(matters, F.lit(False)))
    lines = lines.withColumn("written", unquoted(written))
    lines = lines.withColumn(
        "count",
        F.when(~F.col("matters") | (written == ""), F.lit(0).cast("bigint"))
        .when(digit, (F.ascii(written) - 48).cast("bigint"))
        .when(whole & (exact <= LARGEST), exact.cast("bigint"))
        # A number, but too large for one.
        .when(whole, F.lit(-1).cast("bigint")),
    )
    kind = F.when(F.col("count").isNull(), "number").when(F.col("count") < 0, "large").otherwise("sound")
    return lines.withColumn("kind", kind).where(first | (F.col("count") != 0) | F.col("count").isNull())


def add_up(cells: DataFrame, by: list[dict]) -> DataFrame:
    """At most so many groups a file as it has columns, times buckets. Numbers alone, which need no sorting."""
    first = F.col("at") == 0
    groups = ["file", "mark", "bucket", "at", "kind"]
    return cells.groupBy(*groups).agg(
        F.count(F.lit(1)).alias("cells"),
        F.try_sum(F.when(F.col("kind") == "sound", F.col("count"))).alias("total"),
        F.count(F.when(first, 1)).alias("lines"),
        F.sum(F.when(first, F.col("bytes"))).alias("bytes"),
        F.sum(F.when(first, F.col("cr"))).alias("cr"),
        *(F.count(F.when(first, F.col(name))).alias(name) for name in map(bad_by, range(len(by)))),
        F.count(F.when(first, F.col("bad_day"))).alias("bad_day"),
    )


def judged(spark: SparkSession, files: list[dict], plan: dict) -> DataFrame:
    lines = split_lines(read_lines(spark, files, plan["tables"]))
    return judge_cells(judge_rows(lines, plan["by"]), plan["by"])


def find_examples(cells: DataFrame, by: list[dict]) -> list[Row]:
    """Some bad cells of one file, without looking at all of it."""
    first = F.col("at") == 0
    shape = "struct<kind: string, at: int, value: string>"
    of_cell = F.struct(F.when(F.col("kind") != "sound", F.col("kind")), "at", "written")
    of_line = [
        F.struct(F.when(first & F.col(name).isNotNull(), name), F.lit(None), name)
        for name in [*map(bad_by, range(len(by))), "bad_day"]
    ]
    bad = F.array(*(each.cast(shape) for each in [of_cell, *of_line]))
    examples = cells.select(F.explode(bad).alias("bad")).select("bad.*").where("kind is not null")
    return examples.withColumn("value", F.substring("value", 1, EXAMPLE_CHARS)).limit(EXAMPLES).collect()


# ---------------------------------------------------------------- what became of each file


def describe(file: dict, groups: list[Row], by: list[dict]) -> dict[str, Any]:
    marks: dict[str, int] = defaultdict(int)
    bad_cells = 0
    sums = []
    for group in groups:
        marks[group.mark] += group.lines
        bad_cells += group.bad_day + sum(group[bad_by(index)] for index in range(len(by)))
        if group.kind != "sound":
            bad_cells += group.cells
        elif group.bucket is not None and group.total != 0:
            exact = group.total is not None and group.total <= LARGEST
            sums.append([group.bucket, group["at"], group.total if exact else None])
    return {
        **{"file": file["id"], "sizeBytes": file["seenBytes"], "trouble": None},
        "lines": {mark: lines for mark, lines in marks.items() if lines},
        "plainBytes": sum(group.bytes or 0 for group in groups),
        "crLines": sum(group.cr or 0 for group in groups),
        "badCells": bad_cells,
        "examples": [],
        "sums": sums,
    }


def troubled(file: dict, trouble: str) -> dict[str, Any]:
    return {
        **{"file": file["id"], "sizeBytes": file["seenBytes"], "trouble": trouble, "lines": {}},
        **{"plainBytes": 0, "crLines": 0, "badCells": 0, "examples": [], "sums": []},
    }


class Reader:
    """Reads batches of files; where one fails, halves of it, until what cannot be read stands alone."""

    def __init__(self, spark: SparkSession, plan: dict) -> None:
        self.spark = spark
        self.plan = plan
        self.troubles = 0

    def read(self, files: list[dict]) -> Iterator[dict[str, Any]]:
        there = [each for each in files if self.find(each)]
        yield from (self.count_trouble(each, "it is not there") for each in files if each not in there)
        yield from self.attempt(there)

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

    def attempt(self, files: list[dict]) -> Iterator[dict[str, Any]]:
        if not files:
            return
        try:
            results = self.query(files)
        except (Py4JJavaError, PySparkException) as error:
            if self.spark.sparkContext._jsc.sc().isStopped():
                raise
            if len(files) == 1:
                yield self.count_trouble(files[0], str(error).strip()[:1000], error)
                return
            for part in self.parts_of(files, str(error)):
                yield from self.attempt(part)
            return
        yield from results

    def query(self, files: list[dict]) -> list[dict[str, Any]]:
        groups_of = defaultdict(list)
        for group in add_up(judged(self.spark, files, self.plan), self.plan["by"]).collect():
            groups_of[group.file].append(group)
        results = [describe(file, groups_of[file["id"]], self.plan["by"]) for file in files]
        for file, result in zip(files, results):
            if file["examples"] and result["badCells"]:
                result["examples"] = self.examples_in(file)
        return results

    def examples_in(self, file: dict) -> list[dict[str, Any]]:
        table = self.plan["tables"][file["table"]]
        places = {"bad_day": ("day", table["day"])}
        places.update((bad_by(index), ("by", at)) for index, at in enumerate(table["by"]))
        examples = find_examples(judged(self.spark, [file], self.plan), self.plan["by"])
        told = [(*places.get(each.kind, (each.kind, each["at"])), each.value) for each in examples]
        return [{"column": column, "kind": kind, "value": value} for kind, column, value in told]

    def parts_of(self, files: list[dict], error: str) -> list[list[dict]]:
        """The file that the error names by itself, and all others; halves where it names none."""
        # Errors write `file:///`, where keys have `file:/`.
        error = error.replace("file:///", "file:/")
        blamed = [each for each in files if f" {each['key']}." in error]
        if blamed and len(blamed) < len(files):
            return [*([each] for each in blamed), [each for each in files if each not in blamed]]
        half = len(files) // 2
        return [files[:half], files[half:]]

    def count_trouble(self, file: dict, trouble: str, cause: Exception | None = None) -> dict[str, Any]:
        # Damaged gzip data is the file's own fault, and no sign of anything else.
        self.troubles += not file["gzip"]
        if self.troubles > MOST_TROUBLES:
            raise RuntimeError(f"many files cannot be read; {file['uri']}: {trouble}") from cause
        return troubled(file, trouble)


# ---------------------------------------------------------------- files in the staging folder


def write_file(path: Path, value: Any) -> dict[str, Any]:
    """Under its name only once it is whole. Returns what a reader can check."""
    content = json.dumps(value, separators=(",", ":")).encode()
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_bytes(content)
    temporary.rename(path)
    return {"name": path.name, "sizeBytes": len(content), "sha256": sha256(content).hexdigest()}


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
        for result in reader.read([files[index] for index in batch]):
            day = files[result["file"]]["day"]
            done[day].append(result)
            open_files[day] -= 1
            if open_files[day] == 0:
                content = {"token": plan["token"], "day": day, "files": done.pop(day)}
                results[day] = {"day": day, **write_file(folder / f"day-{day}.json", content)}
        tell(files=batch, batch=number, batches=len(plan["batches"]))

    manifest = {
        "format": FORMAT,
        "token": plan["token"],
        "application": context.applicationId,
        "spark": context.version,
        "days": [results[day] for day in sorted(results)],
    }
    spark.stop()
    write_file(folder / "manifest.json", manifest)


if __name__ == "__main__":
    main(sys.argv[1])
