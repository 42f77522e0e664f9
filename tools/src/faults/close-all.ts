/** What ends something that was started. */
export type Close = () => Promise<unknown>;

/**
 * Ends what was started, the last first, each whatever becomes of the others: a server that is left would outlive whoever
 * started it.
 *
 * @throws AggregateError with what went wrong, where anything did.
 */
export async function closeAll(started: readonly Close[]): Promise<void> {
  const errors: unknown[] = [];
  for (const close of [...started].reverse()) {
    try {
      await close();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, 'not everything could be ended');
}
