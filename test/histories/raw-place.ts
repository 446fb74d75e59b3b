/** Where raw days lie: templates of every kind, and the files of a day under each. */
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { compileTemplate, type PathTemplate } from '../../src/model/path-template.js';
import type { Calendar } from './calendar.js';

/** Which files of a day are a dataset's. */
export type Picked = 'all' | 'some';

interface Form {
  /** Of the folder of a day, or of the beginning of its files' names. */
  readonly template: string;
  written(day: string): string;
}

const index: Readonly<Record<string, Form>> = {
  folders: { template: '{day}/', written: (day) => `${day}/` },
  hive: { template: 'day={day}/', written: (day) => `day=${day}/` },
  nested: { template: 'shop/{day}/', written: (day) => `shop/${day}/` },
  flat: { template: 'sales_{day}_', written: (day) => `sales_${day}_` },
};

const date: Readonly<Record<string, Form>> = {
  folders: index['folders'] as Form,
  hive: { template: 'dt={day}/', written: (day) => `dt=${day}/` },
  nested: { template: '{day:yyyy/MM/dd}/', written: (day) => `${day.replaceAll('-', '/')}/` },
  flat: {
    template: 'sales_{day:yyyyMMdd}_',
    written: (day) => `sales_${day.replaceAll('-', '')}_`,
  },
};

export type FormName = 'folders' | 'hive' | 'nested' | 'flat';

const patterns: Readonly<Record<Picked, string>> = { all: '*', some: '{a,orders}*' };

export const isPicked = (pick: Picked, name: string) => pick === 'all' || /^(a|orders)/.test(name);

/** Files that do not count have such a sign in front. */
const sign = /^[._]/;

export class RawPlace {
  readonly #form: Form;
  /** Whether days have no folders. */
  readonly isFlat: boolean;

  constructor(
    readonly rawDir: string,
    calendar: Calendar,
    form: FormName,
  ) {
    this.#form = (calendar.layout === 'index' ? index : date)[form] as Form;
    this.isFlat = form === 'flat';
  }

  templateOf(pick: Picked, { layout }: Calendar): PathTemplate {
    const text = `${this.rawDir}/${this.#form.template}${patterns[pick]}.csv{,.gz}`;
    const compiled = compileTemplate(text, layout);
    if ('mistakes' in compiled) throw new Error(JSON.stringify(compiled.mistakes));
    return compiled.template;
  }

  folderOf(day: string): string {
    return join(this.rawDir, this.#form.written(day)).replace(/\/$/, '');
  }

  fileOf(day: string, name: string): string {
    const [mark = ''] = sign.exec(name) ?? [];
    return this.isFlat
      ? join(this.rawDir, `${mark}${this.#form.written(day)}${name.slice(mark.length)}`)
      : join(this.folderOf(day), name);
  }

  /** With a folder for them, where days have one. */
  async clear(day: string): Promise<void> {
    await this.remove(day);
    if (!this.isFlat) await mkdir(this.folderOf(day), { recursive: true });
  }

  async remove(day: string): Promise<void> {
    for (const { path } of await this.#entries(day))
      await rm(path, { recursive: true, force: true });
  }

  /** The very files, out of sight. */
  async moveAway(day: string, to = day): Promise<void> {
    await mkdir(this.#aside(to), { recursive: true });
    for (const { path, name } of await this.#entries(day))
      await rename(path, join(this.#aside(to), name));
  }

  async bringBack(from: string, day: string): Promise<void> {
    if (!this.isFlat) {
      await mkdir(dirname(this.folderOf(day)), { recursive: true });
      await rename(join(this.#aside(from), 'folder'), this.folderOf(day));
      return;
    }
    for (const name of await readdir(this.#aside(from))) {
      await rename(join(this.#aside(from), name), this.fileOf(day, name));
    }
  }

  #aside(day: string): string {
    return `${this.rawDir}-aside/${day}`;
  }

  /** The folder of a day, or its files, each by the name that it has without its day. */
  async #entries(day: string): Promise<{ readonly path: string; readonly name: string }[]> {
    if (!this.isFlat) return [{ path: this.folderOf(day), name: 'folder' }];
    const start = this.#form.written(day);
    const names = await readdir(this.rawDir);
    return names
      .filter((name) => name.replace(sign, '').startsWith(start))
      .map((name) => ({ path: join(this.rawDir, name), name: name.replace(start, '') }));
  }
}
