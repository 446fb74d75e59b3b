"""The definition `wide`: sums by file, bucket and column. A bucket is a combination of the values of `by` columns."""

from collections import defaultdict
from typing import Any

from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F

from daymark_lines import (
    is_day,
    is_row,
    read_lines,
    sizes_of_line,
    some_examples,
    split_lines,
    unquoted,
)

LARGEST = 2**53 - 1


def bad_by(index: int) -> str:
    return f"bad_by_{index}"


def judge_rows(lines: DataFrame, by: list[dict]) -> DataFrame:
    """Adds the bucket, and the cells that it comes from and the day's where they break the rule."""
    bucket = F.lit(0).cast("bigint")
    for index, each in enumerate(by):
        lines = judge_by(lines, index, each)
        size = each["most"] - each["least"] + 1
        bucket = bucket * F.lit(size) + F.col(f"by_{index}") - F.lit(each["least"])
    day_text = unquoted(F.get("cells", F.col("day_at")), '"')
    bad_day = F.when(is_row() & F.col("day_at").isNotNull() & ~is_day(day_text), day_text)
    return lines.withColumn("bucket", bucket).withColumn("bad_day", bad_day)


def judge_by(lines: DataFrame, index: int, by: dict) -> DataFrame:
    """Adds one of the values that make the bucket, and its cell where that breaks the rule. `8.0` is 8."""
    text, value = F.col(f"by_text_{index}"), F.col(f"by_{index}")
    written = unquoted(F.get("cells", F.get("read_at", F.lit(index))), '"')
    sign = "-?" if by["least"] < 0 else ""
    shape = rf"^{sign}[0-9]{{1,{by['digits']}}}(?:\.0+)?\z"
    number = F.when(F.rlike(text, F.lit(shape)), F.substring_index(text, ".", 1).cast("bigint"))
    lines = lines.withColumn(f"by_text_{index}", F.when(is_row(), written))
    lines = lines.withColumn(f"by_{index}", number)
    within = value.between(F.lit(by["least"]), F.lit(by["most"]))
    lines = lines.withColumn(f"by_{index}", F.when(within, value))
    return lines.withColumn(bad_by(index), F.when(is_row() & value.isNull(), text))


def judge_cells(lines: DataFrame, by: list[dict]) -> DataFrame:
    """One row for each cell that counts, and for each line's first: that one stands for the line, too."""
    first = F.col("at") == 0
    written = F.col("written")
    matters = (written != "0") & (written != "") & F.get("counted", F.col("at"))
    cells = F.when(is_row(), F.col("cells")).otherwise(F.array(F.lit("")))
    lines = lines.select(
        *["file", "mark", "bucket", *map(bad_by, range(len(by))), "bad_day", "counted"],
        *sizes_of_line(),
        F.posexplode(cells).alias("at", "written"),
    ).where(first | matters)
    digit = (F.octet_length(written) == 1) & (written >= "0") & (written <= "9")
    whole = F.rlike(written, F.lit(r"^[0-9]+(?:\.0+)?\z"))
    exact = F.substring_index(written, ".", 1).try_cast("decimal(38,0)")
    lines = lines.withColumn("matters", F.coalesce(matters, F.lit(False)))
    lines = lines.withColumn("written", unquoted(written, '"'))
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


def judged(spark: SparkSession, files: list[dict], plan: dict, by: list[dict]) -> DataFrame:
    lines = split_lines(read_lines(spark, files, plan["tables"]), ",", '"')
    return judge_cells(judge_rows(lines, by), by)


def find_examples(cells: DataFrame, by: list[dict]) -> list[dict[str, Any]]:
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
    return some_examples(examples)


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


def query(spark: SparkSession, files: list[dict], plan: dict, definition: dict) -> list[dict[str, Any]]:
    """What was seen of each file."""
    by = definition["by"]
    groups_of = defaultdict(list)
    for group in add_up(judged(spark, files, plan, by), by).collect():
        groups_of[group.file].append(group)
    results = [describe(file, groups_of[file["id"]], by) for file in files]
    for file, result in zip(files, results):
        if file["examples"] and result["badCells"]:
            result["examples"] = examples_in(spark, file, plan, by)
    return results


def examples_in(spark: SparkSession, file: dict, plan: dict, by: list[dict]) -> list[dict[str, Any]]:
    table = plan["tables"][file["table"]]
    places = {"bad_day": ("day", table["day"])}
    places.update((bad_by(index), ("by", at)) for index, at in enumerate(table["read"]))
    examples = find_examples(judged(spark, [file], plan, by), by)
    told = [(*places.get(each["kind"], (each["kind"], each["at"])), each["value"]) for each in examples]
    return [{"column": column, "kind": kind, "value": value} for kind, column, value in told]
