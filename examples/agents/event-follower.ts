import { setTimeout as pause } from "node:timers/promises";
import { type Client, createClient } from "graphql-ws";
import WebSocket from "ws";
import { askOrganizations } from "./ask-organizations";

export interface OrganizationEvent {
  cursor: string;
  organizationId: string;
  sequence: number;
  type: string;
  workspaceId: string | null;
}

interface Page {
  organizationEvents: { events: OrganizationEvent[]; cursor: string; hasMore: boolean };
}

export interface FollowerOptions {
  url: string;
  /** A token with the scope events:read; called again for every connection. */
  token(): Promise<string>;
  /** The cursor after which to continue; null: from now on. */
  cursor: string | null;
  onEvent(event: OrganizationEvent): void;
  /** A cursor that no event belongs to. */
  onCursor(cursor: string): void;
  /** Whether events arrive as they happen. */
  setFollowing(isFollowing: boolean): void;
}

const FIELDS = "cursor organizationId sequence type workspaceId";
const PAGE = `query($after: String) { organizationEvents(after: $after) { cursor hasMore events { ${FIELDS} } } }`;
const EVENTS = `subscription($after: String!) { organizationEvents(after: $after) { ${FIELDS} } }`;
const RETRY_AFTER_MS = 200;
/** How often a ping is sent. A connection whose ping has no answer by the next one is closed. */
const PING_EVERY_MS = 1_000;

/** Follows the events of all organizations: reads what was missed, then subscribes, and starts again when cut off. */
export class EventFollower {
  private readonly stopping = new AbortController();
  private readonly finished: Promise<void>;
  private cursor: string | null;

  constructor(private readonly options: FollowerOptions) {
    this.cursor = options.cursor;
    this.finished = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.finished;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.catchUp()
        .then((cursor) => this.subscribe(cursor))
        .catch((error: unknown) => this.onError(error));
      this.options.setFollowing(false);
      await pause(RETRY_AFTER_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Reads page by page up to the end. Returns the cursor there. */
  private async catchUp(): Promise<string> {
    const { url, token, onCursor } = this.options;
    for (;;) {
      const operation = { query: PAGE, variables: { after: this.cursor } };
      const { organizationEvents } = await askOrganizations<Page>(url, `Bearer ${await token()}`, operation);
      for (const event of organizationEvents.events) this.receive(event);
      this.cursor = organizationEvents.cursor;
      onCursor(this.cursor);
      if (!organizationEvents.hasMore) return this.cursor;
    }
  }

  /** Receives events until the connection ends. */
  private async subscribe(after: string): Promise<void> {
    const { signal } = this.stopping;
    const client = this.connect();
    const end = () => client.terminate();
    signal.addEventListener("abort", end);
    try {
      for await (const { data, errors } of client.iterate<{ organizationEvents: OrganizationEvent }>({
        query: EVENTS,
        variables: { after },
      })) {
        if (errors) throw errors[0];
        if (data) this.receive(data.organizationEvents);
      }
    } finally {
      signal.removeEventListener("abort", end);
      await client.dispose();
    }
  }

  private connect(): Client {
    const { url, token, setFollowing } = this.options;
    let unanswered: NodeJS.Timeout | undefined;
    const client = createClient({
      url: url.replace(/^http/, "ws"),
      webSocketImpl: WebSocket,
      connectionParams: async () => ({ authorization: `Bearer ${await token()}` }),
      retryAttempts: 0,
      keepAlive: PING_EVERY_MS,
      on: {
        connected: () => setFollowing(!this.stopping.signal.aborted),
        ping: (isReceived) => {
          if (!isReceived) unanswered = setTimeout(() => client.terminate(), PING_EVERY_MS);
        },
        pong: (isReceived) => isReceived && clearTimeout(unanswered),
        closed: () => {
          clearTimeout(unanswered);
          setFollowing(false);
        },
      },
    });
    return client;
  }

  private receive(event: OrganizationEvent): void {
    this.cursor = event.cursor;
    this.options.onEvent(event);
  }

  /** A cursor that the service refuses comes from the database before a restore: start again without one. */
  private onError(error: unknown): void {
    const { extensions } = error as { extensions?: { code?: unknown } };
    if (extensions?.code === "BAD_USER_INPUT") this.cursor = null;
  }
}
