/** Memory for numbers that holds one result after the other: what is allocated by the megabyte costs as much as sums. */
export type Room<Values extends Float32Array | Float64Array> = (length: number) => Values;

/**
 * Makes room that grows with what is asked for. What it held is lost with the next use.
 *
 * @param type of the numbers.
 */
export function createRoom<Values extends Float32Array | Float64Array>(
  type: new (length: number) => Values,
): Room<Values> {
  let held = new type(0);
  return (length) => {
    if (held.length < length) held = new type(length);
    return held.subarray(0, length) as Values;
  };
}
