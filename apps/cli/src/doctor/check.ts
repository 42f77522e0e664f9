/** Outcome of one check of the machine. */
export interface Check {
  readonly name: string;
  /** `warn`: works, with a limit that may surprise. */
  readonly status: 'ok' | 'warn' | 'fail';
  readonly detail: string;
}

/** A check that fails with whatever it throws. */
export async function checked(name: string, run: () => Promise<Omit<Check, 'name'>>): Promise<Check> {
  try {
    return { name, ...(await run()) };
  } catch (error) {
    return {
      name,
      status: 'fail',
      detail: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    };
  }
}
