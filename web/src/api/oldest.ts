/** The smallest of numbers that are too long for a `number`; "", of what has none yet, does not count. */
export function oldestOf(ids: readonly string[]): string | undefined {
  return ids
    .filter(Boolean)
    .reduce<string | undefined>(
      (least, id) => (least === undefined || BigInt(id) < BigInt(least) ? id : least),
      undefined,
    );
}
