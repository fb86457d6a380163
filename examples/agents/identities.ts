import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import { askOrganizations } from "./ask-organizations";

/** How long a token's person is remembered, in milliseconds: a withdrawn token counts no longer than this. */
const REMEMBERED_MS = 60_000;

/** Whose token a request carries. The organizations service verifies it. */
export class Identities {
  private readonly ids = new LRUCache<string, Promise<string>>({ max: 10_000, ttl: REMEMBERED_MS });

  constructor(private readonly url: string) {}

  /** The id of the person; throws UNAUTHENTICATED. */
  idOf(authorization: string | null): Promise<string> {
    const key = createHash("sha256")
      .update(authorization ?? "")
      .digest("base64");
    const known = this.ids.get(key);
    if (known) return known;
    const asked = askOrganizations<{ viewer: { id: string } }>(this.url, authorization, { query: "{ viewer { id } }" });
    const id = asked.then(({ viewer }) => viewer.id);
    this.ids.set(key, id);
    id.catch(() => this.ids.delete(key));
    return id;
  }
}
