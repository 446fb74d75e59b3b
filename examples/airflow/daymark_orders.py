"""Has Daymark take each new day of raw orders into the output, and waits until that is done.

    submit  ──▶  wait_for_result

Two tasks, because a run can take longer than a worker's slot or a connection should be held: the first hands the
work over in milliseconds, the second looks now and then and holds no slot in between.

Needs apache-airflow-providers-http, and a connection named `daymark`; see README.md beside this file.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from airflow.providers.http.hooks.http import HttpHook
from airflow.providers.http.operators.http import HttpOperator
from airflow.providers.http.sensors.http import HttpSensor

try:
    from airflow.sdk import DAG
    from airflow.sdk.exceptions import AirflowException, AirflowFailException
except ImportError:  # Airflow 2, and the first of 3
    from airflow import DAG
    from airflow.exceptions import AirflowException, AirflowFailException

# The DAG and the logical date name the work, so a task that is retried or cleared names it again, and Daymark knows
# it: while the run works, this is the same run; after it succeeded, the same answer (unless a day came since); after
# it failed, a new attempt. A run that was triggered without a date has its id instead. Such keys may hold
# A-Z a-z 0-9 _ . ~ : + / - and need no encoding, as long as the id has none of % ? # and no space.
KEY = (
    "{{ dag.dag_id }}:"
    "{{ dag_run.logical_date.strftime('%Y-%m-%dT%H:%M:%SZ') if dag_run.logical_date else run_id }}"
)

# Which dataset of the service this DAG is for; `orders` is the only one where none are declared. For another one copy
# this file and change the name: the DAG, and with it the keys, are named after it.
DATASET = "orders"
RUNS = f"/v1/datasets/{DATASET}/runs"

# The provider waits for an answer without end unless it is told otherwise: (to connect, between two bytes), in seconds.
TIMEOUT = (5, 30)

# Text, not a dict: the provider would send a dict as a form, which Daymark refuses with 415. The default selection is
# said in full, because the same key with another body is refused (idempotency-mismatch).
BODY = json.dumps({"select": "pending", "onDayFailure": "continue"})
JSON = {"Content-Type": "application/json"}


def run_id_of(response) -> str:
    """What becomes the task's XCom: the id of the run, under which Daymark's log and API have it."""
    return response.json()["id"]


def submit_again(response) -> None:
    """Makes a new attempt under the key whose result was asked for."""
    endpoint = urlsplit(response.url).path.removesuffix("/result")
    hook = HttpHook(method="PUT", http_conn_id="daymark")
    hook.run(endpoint, data=BODY, headers=JSON, extra_options={"timeout": TIMEOUT})


def has_succeeded(response) -> bool:
    """True once the run has succeeded, False to look again later; raises where looking again cannot help.

    The sensor by itself takes every 404 for "not yet", and would wait to its timeout for a run that is not known.
    """
    if response.status_code == 200:
        return True
    try:
        problem = response.json()
    except ValueError:
        problem = {}
    kind = problem.get("type", "")
    if kind == "/problems/run-pending":
        return False
    # Not with the status first: the provider takes an error whose text begins with 404 for "not yet".
    said = f"Daymark answered {response.status_code} {kind}: {problem.get('detail', response.reason)}"
    if kind == "/problems/run-failed" and problem.get("run", {}).get("status") == "interrupted":
        # The service was restarted. Nothing is wrong with the data, and Airflow would not run `submit` again for it.
        submit_again(response)
        return False
    if kind == "/problems/run-failed":
        # It names day, file, line and column. Asking again gives the same answer: fix the file, then clear `submit`.
        raise AirflowFailException(f"{said} {json.dumps(problem.get('errors', []))[:2000]}")
    if kind == "/problems/run-not-found":
        # Daymark keeps the last 1,000 runs (and as many that had nothing to do), and knows none once its state is gone.
        raise AirflowFailException(f"{said} Clear `submit`, which is safe: no day is counted twice.")
    # 401, 503 and others: an error of this attempt, for which there are retries.
    raise AirflowException(said)


with DAG(
    dag_id=f"daymark_{DATASET}",
    description="Aggregates the raw orders of all pending days",
    schedule="0 5 * * *",
    start_date=datetime(2026, 1, 1),
    # A run takes every day that is pending, however late it came, so nothing is to be caught up on one by one,
    catchup=False,
    # and two at a time would only wait for each other.
    max_active_runs=1,
    default_args={
        # Sending the same key again is safe, so retry freely: over a restart or a deployment of the service.
        "retries": 5,
        "retry_delay": timedelta(seconds=30),
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(minutes=10),
    },
    tags=["daymark"],
) as dag:
    submit = HttpOperator(
        task_id="submit",
        http_conn_id="daymark",
        method="PUT",
        endpoint=f"{RUNS}/{KEY}",
        data=BODY,
        headers=JSON,
        extra_options={"timeout": TIMEOUT},
        # 202: it has begun, or waits for its turn. 200: it had succeeded before. All else has raised already.
        response_check=lambda response: response.json()["status"] in ("queued", "running", "succeeded"),
        response_filter=run_id_of,
        # The run as it was answered, in the task's log: without this the log says nothing of it.
        log_response=True,
        execution_timeout=timedelta(minutes=2),
    )

    wait_for_result = HttpSensor(
        task_id="wait_for_result",
        http_conn_id="daymark",
        method="GET",
        endpoint=f"{RUNS}/{KEY}/result",
        # Without this the provider raises for every 4xx and 5xx before `has_succeeded` sees it.
        extra_options={"timeout": TIMEOUT, "check_response": False},
        response_check=has_succeeded,
        # Gives the worker's slot back between two looks; `poke` would hold it all the time.
        mode="reschedule",
        poke_interval=timedelta(seconds=30).total_seconds(),
        # Of the whole wait, over all looks. Longer than your largest day takes.
        timeout=timedelta(hours=2).total_seconds(),
        # Of one look.
        execution_timeout=timedelta(minutes=2),
    )

    submit >> wait_for_result
