"""Other ways to call Daymark from Airflow, each a DAG that is run by hand: what the operators do with them.

The operators are the provider's, unchanged. What is worth copying is in docs/AIRFLOW.md.
"""

from __future__ import annotations

from datetime import datetime

from airflow.providers.http.operators.http import HttpOperator
from airflow.providers.http.sensors.http import HttpSensor
from airflow.sdk import DAG
from daymark_orders import BODY, JSON, KEY, TIMEOUT, has_succeeded, run_id_of

ENDPOINT = f"/v1/runs/{KEY}"


def dag_of(name: str, **settings) -> DAG:
    return DAG(dag_id=name, schedule=None, start_date=datetime(2026, 1, 1), **settings)


def submit(**settings) -> HttpOperator:
    """As `daymark_orders` does it, where nothing else is said."""
    said = {
        "task_id": "submit",
        "http_conn_id": "daymark",
        "method": "PUT",
        "endpoint": ENDPOINT,
        "data": BODY,
        "headers": JSON,
        "extra_options": {"timeout": TIMEOUT},
        "log_response": True,
    }
    return HttpOperator(**{**said, **settings})


def watch(**settings) -> HttpSensor:
    said = {
        "task_id": "watch",
        "http_conn_id": "daymark",
        "endpoint": f"{ENDPOINT}/result",
        "extra_options": {"timeout": TIMEOUT, "check_response": False},
        "response_check": has_succeeded,
        "mode": "reschedule",
        "poke_interval": 4,
        "timeout": 60,
    }
    return HttpSensor(**{**said, **settings})


# Two runs of the DAG at once: the second waits in Daymark.
with dag_of("two_at_once", max_active_runs=2, default_args={"retries": 2}):
    submit(response_filter=run_id_of) >> watch()

# One task that waits for the end: its retry sends the same key, and so makes a new attempt.
with dag_of("one_task", default_args={"retries": 8}):
    submit(endpoint=f"{ENDPOINT}?wait=600", extra_options={"timeout": (5, 650)})

# One task that waits in the triggerer and holds no worker's slot. aiohttp takes one number, and no pair.
with dag_of("deferrable", default_args={"retries": 2}):
    submit(endpoint=f"{ENDPOINT}?wait=600", deferrable=True, extra_options={"timeout": 650})

with dag_of("deferrable_pair"):
    submit(deferrable=True)

# Without a check of its own the sensor waits in the triggerer. 404 is "not yet"; the receipt's only other answer is 200.
with dag_of("deferrable_receipt", params={"day": "0"}):
    watch(
        endpoint="/v1/days/{{ params.day }}/receipt",
        extra_options={"timeout": 30},
        response_check=None,
        deferrable=True,
    )

# With a check of its own it stays with the worker, whatever `deferrable` says.
with dag_of("deferrable_checked"):
    submit() >> watch(deferrable=True)

with dag_of("sensor_by_itself"):
    watch(endpoint="/v1/runs/unheard-of/result", extra_options={}, response_check=None, timeout=4)

with dag_of("sensor_that_checks"):
    watch(endpoint="/v1/runs/unheard-of/result")

with dag_of("form"):
    submit(data={"select": "pending"}, headers={})

with dag_of("form_called_json"):
    submit(data={"select": "pending"})

with dag_of("whole_body"):
    submit(endpoint=f"{ENDPOINT}?wait=60") >> submit(
        task_id="id_only", endpoint=f"{ENDPOINT}?wait=60", response_filter=run_id_of
    )

# The client gives up long before the run ends, and the task is retried: as often as it takes on a busy machine.
with dag_of("impatient", default_args={"retries": 30}):
    submit(endpoint=f"{ENDPOINT}?wait=60", extra_options={"timeout": (5, 2)})

with dag_of("impatient_post", default_args={"retries": 30}):
    submit(method="POST", endpoint="/v1/runs?wait=60", extra_options={"timeout": (5, 2)})

with dag_of("without_login"):
    submit(http_conn_id="daymark_without_login")

with dag_of("bearer"):
    submit(http_conn_id="daymark_bearer")
