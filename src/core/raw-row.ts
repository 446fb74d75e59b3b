/** A raw row longer than this is no row of data; the bound keeps memory constant. The header is a row, too. */
export const longestRawRowBytes = 1_048_576;
