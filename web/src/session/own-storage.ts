const PREFIX = "own:";

/**
 * What the console keeps in this browser for the signed-in person, such as drafts. Nobody else can read it: signing out
 * deletes it, and so does the next person who signs in.
 */
class OwnStorage {
  private owner: string | null = null;

  constructor(private readonly storage: Storage) {}

  /** Gives the storage to a person; null: to nobody. Deletes what others kept. */
  give(owner: string | null): void {
    this.owner = owner;
    const kept = owner === null ? null : keyOf(owner, "");
    for (const key of Object.keys(this.storage)) {
      if (key.startsWith(PREFIX) && !(kept && key.startsWith(kept))) this.storage.removeItem(key);
    }
  }

  get(name: string): string | null {
    return this.owner === null ? null : this.storage.getItem(keyOf(this.owner, name));
  }

  set(name: string, value: string): void {
    if (this.owner !== null) this.storage.setItem(keyOf(this.owner, name), value);
  }

  remove(name: string): void {
    if (this.owner !== null) this.storage.removeItem(keyOf(this.owner, name));
  }
}

function keyOf(owner: string, name: string): string {
  return `${PREFIX}${encodeURIComponent(owner)}:${name}`;
}

/** Kept as long as the tab. */
export const inOwnTab = new OwnStorage(sessionStorage);
/** Kept for all tabs, until the person signs out. */
export const inOwnBrowser = new OwnStorage(localStorage);
