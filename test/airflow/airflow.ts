/** Airflow as its REST API shows it. */
import { inject } from 'vitest';
import { eventually } from '../support/eventually.js';

/** Null where there is no Airflow; then the tests are skipped. */
export const place = inject('airflow');

const stateTimeoutMs = 90_000;
const ended = ['success', 'failed', 'upstream_failed', 'skipped'];

export interface DagRun {
  readonly dagId: string;
  readonly id: string;
}

export interface TaskInstance {
  readonly task_id: string;
  readonly state: string | null;
  readonly try_number: number;
}

interface Trigger {
  /** Null for a run that was triggered without a date. */
  readonly logicalDate?: string | null;
  readonly runId?: string;
  readonly conf?: object;
}

/** Returns what it answers; throws where that is an error. */
// biome-ignore lint/suspicious/noExplicitAny: what an outside client sees has no type.
export async function callAirflow(method: string, path: string, body?: unknown): Promise<any> {
  const response = await fetch(`${place?.url}/api/v2${path}`, {
    method,
    headers: { authorization: `Bearer ${await login()}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? null : JSON.parse(text);
}

let token: Promise<string> | undefined;

function login(): Promise<string> {
  token ??= fetch(`${place?.url}/auth/token`)
    .then((response) => response.json() as Promise<{ access_token: string }>)
    .then((answer) => answer.access_token);
  return token;
}

/** Has the scheduler run a DAG, which is unpaused before. */
export async function trigger(dagId: string, options: Trigger = {}): Promise<DagRun> {
  const { runId, logicalDate = null, conf = {} } = options;
  await unpause(dagId);
  const answer = await callAirflow('POST', `/dags/${dagId}/dagRuns`, {
    logical_date: logicalDate,
    conf,
    ...(runId === undefined ? {} : { dag_run_id: runId }),
  });
  return { dagId, id: answer.dag_run_id };
}

/** The scheduler then makes the run of the last time that the DAG's schedule names; it has ended on return. */
export async function unpause(dagId: string): Promise<void> {
  const dag = await eventually(() => callAirflow('GET', `/dags/${dagId}`), 60_000);
  if (!dag.is_paused) return;
  await callAirflow('PATCH', `/dags/${dagId}`, { is_paused: false });
  if (dag.timetable_summary !== null) await scheduledRun(dagId);
}

/** The run that the scheduler made by itself. */
export function scheduledRun(dagId: string): Promise<{ dag_run_id: string; state: string }> {
  return eventually(async () => {
    const { dag_runs } = await callAirflow('GET', `/dags/${dagId}/dagRuns?run_type=scheduled`);
    const [run] = dag_runs;
    if (!ended.includes(run?.state)) throw new Error(`the scheduled run is ${run?.state}`);
    return run;
  }, stateTimeoutMs);
}

const pathOf = ({ dagId, id }: DagRun) => `/dags/${dagId}/dagRuns/${encodeURIComponent(id)}`;

/** Waits until the run has ended, and says how. */
export function endOf(run: DagRun): Promise<string> {
  return eventually(async () => {
    const { state } = await callAirflow('GET', pathOf(run));
    if (!ended.includes(state)) throw new Error(`${run.dagId} ${run.id} is still ${state}`);
    return state;
  }, stateTimeoutMs);
}

/** Waits until the run has ended; throws, with the logs of what failed, where that was not as it should be. */
export async function success(run: DagRun): Promise<void> {
  const state = await endOf(run);
  if (state === 'success') return;
  const { task_instances } = await callAirflow('GET', `${pathOf(run)}/taskInstances`);
  const failed = (task_instances as TaskInstance[]).filter((task) => task.state === 'failed');
  const logs = await Promise.all(
    failed.map(
      async (task) =>
        `${task.task_id}, attempt ${task.try_number}:\n${await logOf(run, task.task_id, task.try_number)}`,
    ),
  );
  throw new Error(`${run.dagId} ${run.id} is ${state}.\n${logs.join('\n')}`);
}

export async function taskOf(run: DagRun, task: string): Promise<TaskInstance> {
  return callAirflow('GET', `${pathOf(run)}/taskInstances/${task}`);
}

/** Waits until the task is in one of the states. */
export function untilTask(
  run: DagRun,
  task: string,
  states: readonly string[],
): Promise<TaskInstance> {
  return eventually(async () => {
    const found = await taskOf(run, task);
    if (!states.includes(found.state ?? 'none')) {
      throw new Error(`${task} of ${run.id} is ${found.state}, attempt ${found.try_number}`);
    }
    return found;
  }, stateTimeoutMs);
}

/** The task's log as Airflow's UI shows it: one line for an entry, with what it holds besides its message. */
export async function logOf(run: DagRun, task: string, attempt: number): Promise<string> {
  const path = `${pathOf(run)}/taskInstances/${task}/logs/${attempt}?full_content=true`;
  const { content } = await callAirflow('GET', path);
  return content.map((entry: object) => JSON.stringify(entry)).join('\n');
}

/** What a task gave to those after it. */
export async function xcomOf(run: DagRun, task: string): Promise<unknown> {
  const path = `${pathOf(run)}/taskInstances/${task}/xcomEntries/return_value`;
  return (await callAirflow('GET', path)).value;
}

/** As the button of the UI does: the tasks, and those after them, run again in the same DAG run. */
export async function clear(run: DagRun, tasks: readonly string[]): Promise<void> {
  await callAirflow('POST', `/dags/${run.dagId}/clearTaskInstances`, {
    dry_run: false,
    dag_run_id: run.id,
    task_ids: tasks,
    only_failed: false,
    include_downstream: true,
    reset_dag_runs: true,
  });
}
