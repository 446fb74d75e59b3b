"""Runs the tasks of a DAG file without Airflow: what its HTTP provider would send is sent, to a real service.

Usage: run_dag.py DAG_FILE BASE_URL TOKEN LOGICAL_DATE RUN_ID
Stands in for the few names that the file imports, and keeps to what the provider does: Basic with the connection's
password, `check_response`, templates in `endpoint`, `data` and `headers`, a dict as a form. Prints one line of JSON
for each request, and one with the end of each task.
"""

import base64
import importlib.util
import json
import re
import sys
import time
import types
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime

dag_file, base_url, token, logical_date, run_id = sys.argv[1:]
tasks = []


class AirflowException(Exception):
    pass


class AirflowFailException(AirflowException):
    pass


class DAG:
    current = None

    def __init__(self, dag_id, **settings):
        self.dag_id = dag_id
        self.settings = settings

    def __enter__(self):
        DAG.current = self
        return self

    def __exit__(self, *_):
        pass


class Task:
    def __init__(self, task_id, **settings):
        self.task_id = task_id
        self.settings = settings
        tasks.append(self)

    def __rshift__(self, other):
        assert tasks.index(self) < tasks.index(other)


class HttpOperator(Task):
    def attempt(self, context):
        settings = self.settings
        response = send(settings, settings.get("data"), context)
        if not settings["response_check"](response):
            raise AirflowException("Response check returned False.")
        return settings["response_filter"](response)


class HttpSensor(Task):
    def attempt(self, context):
        for _ in range(200):
            if self.settings["response_check"](send(self.settings, None, context)):
                return True
            time.sleep(0.05)
        raise AirflowException("timed out")


class Response:
    def __init__(self, status, reason, text):
        self.status_code = status
        self.reason = reason
        self.text = text

    def json(self):
        return json.loads(self.text)


def render(template, context):
    """The templates hold expressions that Jinja and Python read alike."""
    return re.sub(r"\{\{(.*?)\}\}", lambda found: str(eval(found[1], dict(context))), template)


def send(settings, data, context):
    headers = {name: render(value, context) for name, value in settings.get("headers", {}).items()}
    if isinstance(data, dict):
        data = urllib.parse.urlencode(data)
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
    login = base64.b64encode(f"airflow:{token}".encode()).decode()
    request = urllib.request.Request(
        base_url + render(settings["endpoint"], context),
        method=settings["method"],
        data=None if data is None else render(data, context).encode(),
        headers={**headers, "Authorization": f"Basic {login}"},
    )
    options = settings["extra_options"]
    try:
        answer = urllib.request.urlopen(request, timeout=max(options["timeout"]))
    except urllib.error.HTTPError as error:
        answer = error
    response = Response(answer.status, answer.reason, answer.read().decode())
    path = urllib.parse.urlsplit(request.full_url).path
    print(json.dumps({"request": [request.method, path, response.status_code]}))
    if options.get("check_response", True) and response.status_code >= 400:
        raise AirflowException(f"{response.status_code}:{response.reason}")
    return response


def module(name, **names):
    made = types.ModuleType(name)
    made.__dict__.update(names)
    sys.modules[name] = made


for package in ["airflow", "airflow.providers", "airflow.providers.http"]:
    module(package)
module("airflow.sdk", DAG=DAG)
errors = {"AirflowException": AirflowException, "AirflowFailException": AirflowFailException}
module("airflow.sdk.exceptions", **errors)
module("airflow.providers.http.hooks")
# Not called here: test/airflow interrupts runs.
module("airflow.providers.http.hooks.http", HttpHook=None)
module("airflow.providers.http.operators")
module("airflow.providers.http.operators.http", HttpOperator=HttpOperator)
module("airflow.providers.http.sensors")
module("airflow.providers.http.sensors.http", HttpSensor=HttpSensor)

spec = importlib.util.spec_from_file_location("dag_file", dag_file)
spec.loader.exec_module(importlib.util.module_from_spec(spec))

date = None if logical_date == "none" else datetime.fromisoformat(logical_date)
context = {
    "dag": DAG.current,
    "dag_run": types.SimpleNamespace(logical_date=date),
    "run_id": run_id,
}
for task in tasks:
    try:
        end = {"result": task.attempt(context)}
    except AirflowException as error:
        end = {"failed": str(error), "final": isinstance(error, AirflowFailException)}
    print(json.dumps({"task": task.task_id, **end}))
    if "failed" in end:
        break
