import { inOwnBrowser } from "../session/own-storage";

const KEY = "last-place";

/** The person's last place: an organization, and a workspace in it. */
export interface Place {
  organizationId: string;
  workspaceId: string | null;
}

/** The signed-in person's last place in this browser. */
class LastPlace {
  private readonly views = new Set<() => void>();
  /** The last one that was read, so that views see the same object until it changes. */
  private known: { text: string | null; place: Place | null } = { text: null, place: null };

  readonly current = (): Place | null => {
    const text = inOwnBrowser.get(KEY);
    if (text !== this.known.text) this.known = { text, place: parse(text) };
    return this.known.place;
  };

  readonly subscribe = (view: () => void) => {
    this.views.add(view);
    return () => void this.views.delete(view);
  };

  /** A visit to the organization's pages keeps the workspace. */
  visit(organizationId: string, workspaceId: string | null): void {
    const before = this.current();
    const kept = before?.organizationId === organizationId ? before.workspaceId : null;
    const place = { organizationId, workspaceId: workspaceId ?? kept };
    if (JSON.stringify(place) === JSON.stringify(before)) return;
    inOwnBrowser.set(KEY, JSON.stringify(place));
    for (const view of this.views) view();
  }
}

function parse(text: string | null): Place | null {
  try {
    const { organizationId, workspaceId } = JSON.parse(text ?? "null") as Place;
    return { organizationId: String(organizationId), workspaceId: workspaceId ? String(workspaceId) : null };
  } catch {
    return null;
  }
}

export const lastPlace = new LastPlace();
