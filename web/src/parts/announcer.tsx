import { useSyncExternalStore } from "react";

/** The next announcement for screen readers. Announcements within a second are read out together. */
class Announcements {
  private text = "";
  private pending: string[] = [];
  private readonly listeners = new Set<() => void>();

  readonly current = () => this.text;

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  add(sentence: string): void {
    if (this.pending.length === 0) setTimeout(() => this.say(), 1_000);
    if (!this.pending.includes(sentence)) this.pending.push(sentence);
  }

  clear(): void {
    this.pending = [];
    this.say();
  }

  private say(): void {
    this.text = this.pending.join(" ");
    this.pending = [];
    for (const listener of this.listeners) listener();
  }
}

const announcements = new Announcements();

/** Announces a sentence to screen readers, without moving the focus. */
export function announce(sentence: string): void {
  announcements.add(sentence);
}

/** Drops the announcements: they were for the person who has signed out. */
export function clearAnnouncements(): void {
  announcements.clear();
}

/** The element of the announcements. Use it once per page. */
export function Announcer() {
  const text = useSyncExternalStore(announcements.subscribe, announcements.current);
  return (
    // The attribute exempts it from what an open dialog hides from screen readers.
    <div role="log" aria-live="polite" data-live-announcer className="unseen">
      {text}
    </div>
  );
}
