"""The classic job with PySpark in local mode: read a raw day, unpivot, group, append."""

import json
import sys
import time

from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import IntegerType, StructField, StructType

NO_CATEGORIES = {"order_id", "order_dow", "order_hour_of_day", "days_since_prior_order"}
KEYS = ["order_dow", "order_hour_of_day"]


def read(spark, raw):
    """With a schema, which spares Spark a second pass over the file."""
    with open(raw) as file:
        names = file.readline().rstrip("\n").split(",")
    schema = StructType([StructField(name, IntegerType()) for name in names])
    return spark.read.csv(raw, header=True, schema=schema)


def unpivot_first(orders, categories):
    long = orders.unpivot(KEYS, categories, "category", "items")
    return long.groupBy(*KEYS, "category").agg(F.sum("items").alias("items"))


def sums_first(orders, categories):
    sums = orders.groupBy(*KEYS).agg(*[F.sum(f"`{name}`").alias(name) for name in categories])
    return sums.unpivot(KEYS, categories, "category", "items")


raw, output, form, threads = sys.argv[1:5]
spark = (
    SparkSession.builder.master(f"local[{threads}]")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.shuffle.partitions", threads)
    .getOrCreate()
)
spark.sparkContext.setLogLevel("ERROR")
started = time.perf_counter()
orders = read(spark, raw)
categories = [name for name in orders.columns if name not in NO_CATEGORIES]
job = unpivot_first if form == "unpivot-first" else sums_first
rows = job(orders, categories).where("items > 0")
rows.coalesce(1).write.mode("append").csv(output)
print(json.dumps({"jobMs": (time.perf_counter() - started) * 1000}))
spark.stop()
