"""Airflow's own hook for whoever runs a cluster: shortens what the DAGs wait, so that their files stay as they are."""

from datetime import timedelta


def task_policy(task) -> None:
    """Called for each task of each DAG after its file was loaded."""
    task.retry_delay = min(task.retry_delay, timedelta(seconds=1))
    if hasattr(task, "poke_interval"):
        # No shorter: a rescheduled task whose time comes before the scheduler has heard of the end of its last look
        # is taken for one that was killed.
        task.poke_interval = min(task.poke_interval, 4.0)
