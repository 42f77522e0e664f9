/** Version of the tool, part of every result; equal to that of the workspace's package.json (a test compares). */
export const VERSION = '0.1.0';
