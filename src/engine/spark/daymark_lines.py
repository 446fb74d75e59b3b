"""Lines of raw files, and their cells as written. What is wrong with a line as a whole is told by its mark."""

import json
from typing import Any

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

LONGEST_LINE_BYTES = 1_048_576
EXAMPLES = 20
EXAMPLE_CHARS = 101

READING = {
    "lineSep": "\n",
    # Hadoop passes longer lines over, in constant memory: the file's bytes then do not add up.
    "mapreduce.input.linerecordreader.line.maxlength": str(2 * LONGEST_LINE_BYTES),
}

def literal_path(uri: str) -> str:
    """Spark takes paths for patterns."""
    return "".join("\\" + char if char in "\\{}[]*?" else char for char in uri)


def sign(char: str) -> str:
    """As a pattern, within brackets and without."""
    return f"\\x{ord(char):02x}"


def cell_pattern(delimiter: str, quote: str) -> str:
    """A cell after its delimiter, in quotes or without. Possessive: java.util.regex then loops, and never recurses."""
    d, q = sign(delimiter), sign(quote)
    return f"{d}((?:{q}(?:[^{q}]++|{q}{q})*+{q})|[^{q}{d}]*+)"


def unquoted(cell: Column, quote: str | None) -> Column:
    if quote is None:
        return cell
    inside = F.substring(cell, F.lit(2), F.char_length(cell) - 2)
    return F.when(F.startswith(cell, F.lit(quote)), F.replace(inside, F.lit(quote * 2), F.lit(quote))).otherwise(cell)


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
        {"path": each["key"], "file": each["id"], "day": each["day"], **as_row(tables[each["table"]])}
        for each in files
    ]
    shape = (
        "array<struct<path: string, file: int, day: int, header: string, columns: int, read_at: array<int>, "
        "day_at: int, day_text: string, counted: array<boolean>>>"
    )
    constant = F.from_json(F.lit(json.dumps(rows)), shape)
    return spark.range(0, 1, 1, 1).select(F.inline(constant))


def as_row(table: dict) -> dict[str, Any]:
    counted = set(table["categories"])
    return {
        "header": table["header"],
        "columns": table["columns"],
        "read_at": table["read"],
        "day_at": table["day"],
        "day_text": table["dayText"],
        "counted": [position in counted for position in range(table["columns"])],
    }


def split_lines(lines: DataFrame, delimiter: str, quote: str | None) -> DataFrame:
    """Adds `mark` ('row', 'header', or what is wrong with the line as a whole) and the line's cells, as written."""
    value, text, cells = F.col("value"), F.col("text"), F.col("cells")
    cr = F.lit("\r")
    damage = (
        F.when(F.octet_length(value) >= LONGEST_LINE_BYTES, "long")
        .when(~F.is_valid_utf8(value), "utf8")
        .when(F.contains(value, F.lit("\0")), "nul")
        .when(F.endswith(value, F.lit("\r\r")) | F.contains(text, cr), "cr")
    )
    split, misquoted = F.split(text, sign(delimiter), -1), F.lit(False)
    if quote is not None:
        has_quote = F.contains(text, F.lit(quote))
        quoted = F.regexp_extract_all(F.concat(F.lit(delimiter), text), F.lit(cell_pattern(delimiter, quote)), 1)
        split = F.when(has_quote, quoted).otherwise(split)
        misquoted = has_quote & (F.array_join(cells, delimiter) != text)
    mark = (
        F.when(F.col("damage").isNotNull(), F.col("damage"))
        .when(text == F.col("header"), "header")
        .when(text == "", "blank")
        .when(misquoted, "quote")
        .when(F.size(cells) != F.col("columns"), "cells")
        .otherwise("row")
    )
    lines = lines.withColumn("text", F.expr(r"trim(TRAILING '\r' FROM value)")).withColumn("damage", damage)
    lines = lines.withColumn("cells", F.when(F.col("damage").isNull(), split))
    return lines.withColumn("mark", mark)


def is_day(text: Column) -> Column:
    """Whole numbers may have gone through floats: `3.0` is day 3. No date looks like that."""
    return F.regexp_replace(text, r"^([0-9]+)\.0+\z", "$1") == F.col("day_text")


def is_row() -> Column:
    return F.col("mark") == "row"


def sizes_of_line() -> list[Column]:
    """With a line end of one byte; and whether it ends with CRLF."""
    return [
        (F.octet_length("value") + 1).alias("bytes"),
        F.endswith("value", F.lit("\r")).cast("int").alias("cr"),
    ]


def some_examples(bad: DataFrame) -> list[dict[str, Any]]:
    """The first that come, of columns named kind, at and value."""
    rows = bad.withColumn("value", F.substring("value", 1, EXAMPLE_CHARS)).limit(EXAMPLES).collect()
    return [row.asDict() for row in rows]
