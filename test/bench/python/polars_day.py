"""The classic job with Polars: read a raw day, unpivot, group, append."""

import json
import sys
import time

import polars as pl

IGNORED = ["order_id", "days_since_prior_order"]
KEYS = ["order_dow", "order_hour_of_day"]


def unpivot_first(orders):
    long = orders.unpivot(index=KEYS, variable_name="category", value_name="items")
    return long.group_by([*KEYS, "category"]).agg(pl.col("items").sum())


def sums_first(orders):
    sums = orders.group_by(KEYS).agg(pl.all().sum())
    return sums.unpivot(index=KEYS, variable_name="category", value_name="items")


raw, output, form = sys.argv[1:4]
started = time.perf_counter()
orders = pl.scan_csv(raw).drop(IGNORED)
rows = unpivot_first(orders) if form == "unpivot-first" else sums_first(orders)
with open(output, "ab") as file:
    rows.filter(pl.col("items") > 0).collect().write_csv(file, include_header=False)
print(json.dumps({"jobMs": (time.perf_counter() - started) * 1000}))
