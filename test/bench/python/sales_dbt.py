"""
A day of sales with dbt on DuckDB: one batch of a microbatch model, which replaces the day in a table of a database. What
dbt made of its project the last time is kept in `work`, as it usually is.
"""

import json
import os
import sys
import time
from datetime import date, timedelta

from dbt.cli.main import dbtRunner

raw, form, output, day, threads, work = sys.argv[1:7]
project = os.path.join(os.path.dirname(os.path.abspath(__file__)), "dbt")
os.environ.update(SALES_DATABASE=output, SALES_THREADS=threads)
arguments = [
    *["run", "--quiet", "--project-dir", project, "--profiles-dir", project],
    *["--target-path", work, "--log-path", work],
    *["--event-time-start", day],
    *["--event-time-end", str(date.fromisoformat(day) + timedelta(days=1))],
    *["--vars", json.dumps({"raw": raw, "form": form})],
]
started = time.perf_counter()
result = dbtRunner().invoke(arguments)
ms = (time.perf_counter() - started) * 1000
if not result.success:
    failed = [f"{each.node.name}: {each.message}" for each in result.result or []]
    sys.exit(f"dbt failed: {result.exception or failed}")
print(json.dumps({"jobMs": ms}))
