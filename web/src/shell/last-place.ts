const KEY = "last-place";

/** The person's last place: an organization, and a workspace in it. */
export interface Place {
  organizationId: string;
  workspaceId: string | null;
}

/** The last place in this browser, of every person who uses it. */
class LastPlace {
  private readonly views = new Set<() => void>();
  private place = read();

  readonly current = (): Place | null => this.place;

  readonly subscribe = (view: () => void) => {
    this.views.add(view);
    return () => void this.views.delete(view);
  };

  /** A visit to the organization's pages keeps the workspace. */
  visit(organizationId: string, workspaceId: string | null): void {
    const kept = this.place?.organizationId === organizationId ? this.place.workspaceId : null;
    const place = { organizationId, workspaceId: workspaceId ?? kept };
    if (JSON.stringify(place) === JSON.stringify(this.place)) return;
    this.place = place;
    localStorage.setItem(KEY, JSON.stringify(place));
    for (const view of this.views) view();
  }
}

function read(): Place | null {
  try {
    const { organizationId, workspaceId } = JSON.parse(localStorage.getItem(KEY) ?? "null") as Place;
    return { organizationId: String(organizationId), workspaceId: workspaceId ? String(workspaceId) : null };
  } catch {
    return null;
  }
}

export const lastPlace = new LastPlace();
