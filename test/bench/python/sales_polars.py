"""A day of sales with Polars: read it, add it up, and put it into the output in place of what was there of the day."""

import json
import os
import sys
import time

import polars as pl

KEYS = ["store", "product"]
SALES = {
    "order_id": pl.Int64,
    "sold_at": pl.Datetime,
    "store": pl.String,
    "product": pl.String,
    "pieces": pl.Int64,
    "price": pl.Float64,
}
OUTPUT = {
    "date": pl.String,
    "store": pl.String,
    "product": pl.String,
    "orders": pl.UInt32,
    "pieces": pl.Int64,
    "paid": pl.Float64,
}

raw, form, output, day = sys.argv[1:5]
started = time.perf_counter()
sales = pl.scan_csv(raw, schema=SALES) if form == "csv" else pl.scan_parquet(raw)
rows = (
    sales.group_by(KEYS)
    .agg(
        pl.len().alias("orders"),
        pl.col("pieces").sum(),
        pl.col("price").sum().cast(pl.Float64).alias("paid"),
    )
    .select(pl.lit(day).alias("date"), *KEYS, "orders", "pieces", "paid")
    .collect(engine="streaming")
)
others = pl.read_csv(output, schema=OUTPUT).filter(pl.col("date") != day)
whole = pl.concat([others, rows.cast(OUTPUT)]).sort("date", *KEYS)
whole.write_csv(f"{output}.new", float_precision=2)
os.replace(f"{output}.new", output)
print(json.dumps({"jobMs": (time.perf_counter() - started) * 1000}))
