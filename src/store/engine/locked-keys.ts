/** How long a key counts after its rows were last found locked. */
const REMEMBERED_MS = 60_000;

/** Remembers the owners of rows that others had locked, or that a failed statement writes. */
export class LockedKeys {
  /** When each key is forgotten (performance.now), the first one first. */
  private readonly until = new Map<string, number>();

  add(keys: Iterable<string>): void {
    const now = performance.now();
    for (const [key, until] of this.until) {
      if (until > now) break;
      this.until.delete(key);
    }
    for (const key of keys) {
      // A key that is set again keeps its place in a Map.
      this.until.delete(key);
      this.until.set(key, now + REMEMBERED_MS);
    }
  }

  delete(keys: Iterable<string>): void {
    for (const key of keys) this.until.delete(key);
  }

  /** Whether one of the keys counts. Asks for them only if there is something to find. */
  hasAny(keys: () => Iterable<string>): boolean {
    if (this.until.size === 0) return false;
    const now = performance.now();
    for (const key of keys()) if ((this.until.get(key) ?? now) > now) return true;
    return false;
  }
}
