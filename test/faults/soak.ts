/** `DAYMARK_SOAK=1` asks for the long variants: minutes instead of seconds. */
export const soak = process.env['DAYMARK_SOAK'] === '1';
