/** Contestants that are written in Python, as far as their libraries are here or can be installed. */
import { Absent, pythonWith, requireJava } from '../../support/python.js';
import { say } from '../terminal.js';

/** The newest that could be installed when they were measured. */
const requirements = {
  polars: ['polars==2.1.0'],
  pandas: ['pandas==3.1.1'],
  'pandas-arrow': ['pandas==3.1.1', 'pyarrow==26.0.1'],
  pyspark: ['pyspark==4.3.0'],
  // A part of dbt-core 1.12.6 is not on PyPI; DuckDB is of the version that the others have.
  dbt: ['dbt-core==1.11.16', 'dbt-duckdb==1.11.1', 'duckdb==1.5.6'],
} as const;

export type Library = keyof typeof requirements;

export interface AbsentContestant {
  readonly name: string;
  readonly reason: string;
}

export interface GatherOptions {
  readonly python: boolean;
  /** Without those that take long to install, to start or to run. */
  readonly quick: boolean;
}

interface Job {
  readonly name: string;
  readonly library: Library;
}

export async function gatherPython<Of extends Job, Contestant>(
  jobs: readonly Of[],
  options: GatherOptions,
  make: (job: Of & { readonly python: string }) => Contestant,
): Promise<{ readonly contestants: Contestant[]; readonly absent: AbsentContestant[] }> {
  const contestants: Contestant[] = [];
  const absent: AbsentContestant[] = [];
  for (const job of jobs) {
    try {
      contestants.push(make({ ...job, python: await interpreterFor(job.library, options) }));
    } catch (error) {
      if (!(error instanceof Absent)) throw error;
      absent.push({ name: job.name, reason: error.message });
    }
  }
  return { contestants, absent };
}

/** Throws Absent. */
async function interpreterFor(library: Library, { python, quick }: GatherOptions): Promise<string> {
  if (!python) throw new Absent('--without-python was given');
  if (library === 'pyspark' && quick) throw new Absent('too slow for --quick');
  if (library === 'pyspark') await requireJava();
  return pythonWith({
    name: library,
    requirements: requirements[library],
    mayInstall: !quick,
    say,
  });
}
