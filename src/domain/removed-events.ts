/** A run of removed events in an organization's log. */
export interface RemovedRange {
  firstSequence: number;
  lastSequence: number;
  /** The hash of the last one. The next event's hash covers it. */
  lastHash: Buffer;
}

/**
 * Joins ranges and single removed events into as few ranges as possible, in the log's order. No sequence may occur
 * twice.
 */
export function joinRanges(
  ranges: readonly RemovedRange[],
  removed: ReadonlyArray<{ sequence: number; hash: Buffer }>,
): RemovedRange[] {
  const single = removed.map(({ sequence, hash }) => ({
    ...{ firstSequence: sequence, lastSequence: sequence, lastHash: hash },
  }));
  const sorted = [...ranges, ...single].sort((one, other) => one.firstSequence - other.firstSequence);
  const joined: RemovedRange[] = [];
  for (const range of sorted) {
    const last = joined.at(-1);
    if (last?.lastSequence === range.firstSequence - 1) {
      joined[joined.length - 1] = { ...range, firstSequence: last.firstSequence };
    } else {
      joined.push(range);
    }
  }
  return joined;
}
