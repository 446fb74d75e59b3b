/** DuckDB takes a path with one of these for a pattern, which can mean another file. */
export const patternSigns = /[*?[]/;
