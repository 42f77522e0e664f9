/**
 * Where results of parts of a comparison are kept, so that several workers make them and a run that was ended goes on
 * where it was.
 */
export interface PartialResults {
  /**
   * The result of that name, made where it is not kept yet, and the caller's to change.
   *
   * @param name everything that the result depends on, but for the version of the evidence and the numeric class.
   * @param make gives numbers, texts, lists, records of them and `Float64Array`s, all of which are kept to the bit.
   */
  get<T>(name: readonly string[], make: () => Promise<T>): Promise<T>;
}

/** Makes each result anew. */
export const NOT_KEPT: PartialResults = { get: (_name, make) => make() };
