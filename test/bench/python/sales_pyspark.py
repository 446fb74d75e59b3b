"""
A day of sales with PySpark in local mode: read it, add it up, and overwrite its partition of the output, which is a
folder for each day.
"""

import json
import sys
import time

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

SCHEMA = (
    "order_id BIGINT, sold_at TIMESTAMP, store STRING, product STRING, pieces BIGINT, "
    "price DECIMAL(8,2)"
)

raw, form, output, day, threads = sys.argv[1:6]
spark = (
    SparkSession.builder.master(f"local[{threads}]")
    .config("spark.driver.memory", "4g")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.session.timeZone", "UTC")
    .config("spark.sql.shuffle.partitions", threads)
    .config("spark.sql.sources.partitionOverwriteMode", "dynamic")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("ERROR")
started = time.perf_counter()
sales = (
    spark.read.csv(raw, header=True, schema=SCHEMA) if form == "csv" else spark.read.parquet(raw)
)
rows = sales.groupBy("store", "product").agg(
    F.count("*").alias("orders"), F.sum("pieces").alias("pieces"), F.sum("price").alias("paid")
)
days = rows.withColumn("date", F.lit(day)).coalesce(1)
days.write.mode("overwrite").partitionBy("date").csv(output)
print(json.dumps({"jobMs": (time.perf_counter() - started) * 1000}))
spark.stop()
