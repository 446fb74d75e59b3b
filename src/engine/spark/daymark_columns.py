"""The definition `columns`: a day's rows by their keys, with the measures of each group; and what each file was.

Numbers are counts of their smallest unit, so that no text of one has a point or an exponent. Times are texts in
UTC without their Z, dates and booleans are texts in their one form: all of them are equal, and sorted, as texts.
"""

from typing import Any, Callable

from pyspark.sql import Column, DataFrame, Row, SparkSession
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

# No number needs more, and of a mebibyte of digits none is made.
LONGEST_NUMBER_BYTES = 200
INTEGER = r"^-?[0-9]+(?:\.0+)?\z"

DATE = (
    r"(?:(?!0000)[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    r"|(?!0000)(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)"
)
# The most that a zone is from UTC is 14 hours.
ZONE = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3])(?::?[0-5][0-9])?|14(?::?00)?))"
TIMESTAMP = rf"^{DATE}[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{{1,9}})?{ZONE}?\z"
FIRST_DATE, LAST_DATE = -719_162, 2_932_896  # of the years 0001 and 9999, in days from 1970

# No cell holds it, since raw text must not.
SEPARATOR = "\0"
# What stands for a sum that went beyond 38 digits.
OVERFLOW = "!"


def matches(text: Column, pattern: str) -> Column:
    return F.rlike(text, F.lit(pattern))


# ---------------------------------------------------------------- values of cells: null for what is not of its type


def integer_of(text: Column, _: dict) -> Column:
    return F.when(matches(text, INTEGER), F.substring_index(text, ".", 1).try_cast("bigint"))


def decimal_of(text: Column, column: dict) -> Column:
    precision, scale = column["precision"], column["scale"]
    whole = "0*[0-9]{1,%d}" % (precision - scale) if precision > scale else "0+"
    fraction = "[0-9]{1,%d}0*" % scale if scale > 0 else "0+"
    is_sound = matches(text, rf"^-?{whole}(?:\.{fraction})?\z") & (F.octet_length(text) <= LONGEST_NUMBER_BYTES)
    behind = F.when(F.contains(text, F.lit(".")), F.substring_index(text, ".", -1)).otherwise("")
    digits = F.rpad(F.substring(behind, 1, scale), scale, "0") if scale > 0 else F.lit("")
    units = F.concat(F.substring_index(text, ".", 1), digits).try_cast(f"decimal({precision},0)")
    return F.when(is_sound, units)


def boolean_of(text: Column, _: dict) -> Column:
    is_true, is_false = text.isin("true", "True", "TRUE"), text.isin("false", "False", "FALSE")
    return F.when(is_true, "true").when(is_false, "false")


def date_of(text: Column, _: dict) -> Column:
    return F.when(matches(text, rf"^{DATE}\z"), text)


def timestamp_of(text: Column, _: dict) -> Column:
    zone = r"([+-])([0-9]{2}):?([0-9]{2})?\z"
    part = lambda group: F.regexp_extract(text, zone, group)
    minutes = F.coalesce(part(2).try_cast("int") * 60, F.lit(0)) + F.coalesce(part(3).try_cast("int"), F.lit(0))
    offset = F.when(part(1) == "-", -minutes).otherwise(minutes)
    date, minute, second = F.substring(text, 1, 10), F.substring(text, 12, 5), F.substring(text, 18, 2)
    start = F.when(offset == 0, F.concat(date, F.lit("T"), minute)).otherwise(in_utc(date, minute, offset))
    # Without the zeros at its end.
    broken = F.regexp_extract(text, r"(\.[0-9]*[1-9])", 1)
    return F.when(matches(text, TIMESTAMP), F.concat(start, F.lit(":"), second, broken))


def in_utc(date: Column, minute: Column, offset: Column) -> Column:
    """Null beyond the years 0001 to 9999."""
    own = F.substring(minute, 1, 2).cast("int") * 60 + F.substring(minute, 4, 2).cast("int") - offset
    # The offset is less than a day.
    days = F.unix_date(date.cast("date")) + F.when(own < 0, -1).when(own >= 1440, 1).otherwise(0)
    of_day = F.pmod(own, F.lit(1440))
    hour, rest = F.floor(of_day / 60).cast("string"), F.pmod(of_day, F.lit(60)).cast("string")
    time = F.concat(F.lit("T"), F.lpad(hour, 2, "0"), F.lit(":"), F.lpad(rest, 2, "0"))
    is_told = days.between(FIRST_DATE, LAST_DATE)
    return F.when(is_told, F.concat(F.date_from_unix_date(days.cast("int")).cast("string"), time))


VALUES: dict[str, Callable[[Column, dict], Column]] = {
    "text": lambda text, _: text,
    "integer": integer_of,
    "decimal": decimal_of,
    "boolean": boolean_of,
    "date": date_of,
    "timestamp": timestamp_of,
}


# ---------------------------------------------------------------- rows


def judge_rows(lines: DataFrame, definition: dict) -> DataFrame:
    """Adds the values of a row's cells, and what is wrong with each, as kind, column and value."""
    columns, quote = definition["columns"], definition["quote"]
    places = range(len(columns))
    cell_at = lambda at: F.when(is_row(), unquoted(F.get("cells", at), quote))
    texts = {f"text_{at}": cell_at(F.get("read_at", F.lit(at))) for at in places}
    lines = lines.withColumns({**texts, "day_cell": cell_at(F.col("day_at"))})
    values = {f"value_{at}": value_of(F.col(f"text_{at}"), columns[at], definition["nulls"]) for at in places}
    lines = lines.withColumns(values)
    bad = [*(bad_cell(at, columns[at], definition["nulls"]) for at in places), bad_day(definition)]
    return lines.withColumn("bad", F.array_compact(F.array(*bad)))


def value_of(text: Column, column: dict, nulls: list[str]) -> Column:
    return F.when(~text.isin(nulls), VALUES[column["kind"]](text, column))


def wrong(kind: str, at: Column, value: Column) -> Column:
    return F.struct(F.lit(kind).alias("kind"), at.cast("int").alias("at"), value.alias("value"))


def bad_cell(at: int, column: dict, nulls: list[str]) -> Column:
    text, place = F.col(f"text_{at}"), F.get("read_at", F.lit(at))
    is_empty = text.isin(nulls)
    of_type = F.when(is_row() & ~is_empty & F.col(f"value_{at}").isNull(), wrong("type", place, text))
    return of_type if column["nullable"] else F.when(is_row() & is_empty, wrong("empty", place, text)).otherwise(of_type)


def bad_day(definition: dict) -> Column:
    cell, at = F.col("day_cell"), definition["dayColumn"]
    is_right = is_day(cell)
    if at is not None and definition["columns"][at].get("scale", 0) == 0:
        # In its one form: `08` is day 8.
        is_right = is_right | F.coalesce(F.col(f"value_{at}").cast("string") == F.col("day_text"), F.lit(False))
    return F.when(is_row() & F.col("day_at").isNotNull() & ~is_right, wrong("day", F.col("day_at"), cell))


def key_of(key: dict) -> Column:
    value = F.col(f"value_{key['column']}")
    match key["part"]:
        case "hour":
            return F.substring(value, 12, 2).cast("int")
        case "weekday":
            return F.weekday(F.substring(value, 1, 10).cast("date")) + 1
        case "date":
            return F.substring(value, 1, 10)
    return value


def measure_of(measure: dict, columns: list[dict]) -> Column:
    """As text; of an average the sum and the count. An empty text is an empty cell."""
    if measure["column"] is None:
        return F.count(F.lit(1)).cast("string")
    column = columns[measure["column"]]
    value = F.when(F.col("side") == 1, F.col(f"value_{measure['column']}"))
    match measure["measure"]:
        case "count":
            return F.count(value).cast("string")
        case "distinct":
            return F.count_distinct(value).cast("string")
        case "min":
            return F.coalesce(F.min(value).cast("string"), F.lit(""))
        case "max":
            return F.coalesce(F.max(value).cast("string"), F.lit(""))
    digits = max(19, column.get("precision") or 0)
    sum_of = F.sum(value.cast(f"decimal({digits},0)"))
    count = F.count(value)
    total = F.when(count == 0, "").otherwise(F.coalesce(sum_of.cast("string"), F.lit(OVERFLOW)))
    return total if measure["measure"] == "sum" else F.concat_ws("/", total, count.cast("string"))


def judged(spark: SparkSession, files: list[dict], plan: dict, definition: dict) -> DataFrame:
    lines = read_lines(spark, files, plan["tables"])
    return judge_rows(split_lines(lines, definition["delimiter"], definition["quote"]), definition)


def add_up(lines: DataFrame, definition: dict, most_rows: int) -> DataFrame:
    """Each line once for its file (side 0), and each sound row once more for its day (side 1)."""
    used = {each["column"] for each in [*definition["keys"], *definition["measures"]]} - {None}
    is_sound = is_row() & (F.size("bad") == 0)
    sides = F.when(is_sound, F.array(F.lit(0), F.lit(1))).otherwise(F.array(F.lit(0)))
    rows = lines.select(
        *["file", "day", "mark", *(f"value_{at}" for at in sorted(used))],
        *sizes_of_line(),
        F.size("bad").alias("bad"),
        F.explode(sides).alias("side"),
    )
    of_file, of_day = F.col("side") == 0, F.col("side") == 1
    names = [f"key_{at}" for at in range(len(definition["keys"]))]
    keys = [F.when(of_day, key_of(key)).alias(name) for name, key in zip(names, definition["keys"])]
    files = [F.when(of_file, F.col(name)).alias(name) for name in ["file", "mark"]]
    groups = rows.groupBy("side", *files, F.when(of_day, F.col("day")).alias("day"), *keys).agg(
        F.count(F.lit(1)).alias("lines"),
        F.sum("bytes").alias("bytes"),
        F.sum("cr").alias("cr"),
        F.sum("bad").alias("bad"),
        *(measure_of(each, definition["columns"]).alias(f"m_{at}") for at, each in enumerate(definition["measures"])),
    )
    told = [F.coalesce(F.col(name).cast("string"), F.lit("")) for name in names]
    values = [F.col(f"m_{at}") for at in range(len(definition["measures"]))]
    row = F.concat_ws(SEPARATOR, F.col("lines").cast("string"), *told, *values)
    # One partition from here on.
    return (
        groups.limit(most_rows + 1)
        .sortWithinPartitions("day", *names)
        .select("file", "mark", "day", "lines", "bytes", "cr", "bad", F.when(of_day, row).alias("row"))
    )


# ---------------------------------------------------------------- what is told


class TooManyRows(Exception):
    """More groups than the driver should hold."""


def query(spark: SparkSession, files: list[dict], plan: dict, definition: dict) -> tuple[list[dict], dict[int, list]]:
    """What was seen of each file, and the rows of each day. Throws TooManyRows."""
    lines = judged(spark, files, plan, definition)
    groups = add_up(lines, definition, plan["mostRows"]).collect()
    if len(groups) > plan["mostRows"]:
        raise TooManyRows()
    seen = {file["id"]: nothing_of(file) for file in files}
    rows: dict[int, list] = {file["day"]: [] for file in files}
    for group in groups:
        if group.row is None:
            count_lines(seen[group.file], group)
        else:
            rows[group.day].append(group.row)
    for file in files:
        result = seen[file["id"]]
        if file["examples"] and result["badCells"]:
            own = judged(spark, [file], plan, definition)
            found = some_examples(own.select(F.explode("bad").alias("bad")).select("bad.*"))
            result["examples"] = [{"column": e["at"], "kind": e["kind"], "value": e["value"]} for e in found]
    return list(seen.values()), rows


def nothing_of(file: dict) -> dict[str, Any]:
    return {
        **{"file": file["id"], "sizeBytes": file["seenBytes"], "trouble": None, "lines": {}},
        **{"plainBytes": 0, "crLines": 0, "badCells": 0, "examples": [], "sums": []},
    }


def count_lines(result: dict[str, Any], group: Row) -> None:
    result["lines"][group.mark] = group.lines
    result["plainBytes"] += group.bytes
    result["crLines"] += group.cr
    result["badCells"] += group.bad
