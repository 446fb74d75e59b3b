/**
 * How messages name the settings of a dataset. Messages use environment variables; for a dataset declared in a file
 * they are replaced by its keys there.
 */

export type Say = (message: string) => string;

export const asItIs: Say = (message) => message;

/** `keys`: by variable, the key in the file. */
export function inFile(dataset: string, file: string, keys: Readonly<Record<string, string>>): Say {
  return (message) =>
    message.replace(
      /\b(DAYMARK_[A-Z_]+)\b(?:=(\w+))?/g,
      (all, variable: string, value?: string) => {
        if (!Object.hasOwn(keys, variable)) return all;
        const key = value === undefined ? keys[variable] : `${keys[variable]}: ${value}`;
        return `${key} of ${dataset} in ${file}`;
      },
    );
}
