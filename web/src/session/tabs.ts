/** The messages between the tabs of a browser. `user`: a signed-in person with their tokens, as stored. */
export type TabMessage =
  | { is: "wanted" }
  | { is: "signed-in"; user: string }
  | { is: "renewed"; replaced: string; user: string }
  | { is: "signed-out"; subject: string };

const SIGNED_IN = "session signed-in";

/**
 * The other tabs of this browser. Messages carry the tokens. Locks carry facts that must not arrive late: unlike
 * messages, all tabs see locks in one order.
 */
export class Tabs {
  private readonly channel = new BroadcastChannel("session");
  private readonly listeners = new Set<(message: TabMessage) => void>();

  constructor() {
    this.channel.onmessage = ({ data }: MessageEvent<TabMessage>) => {
      for (const listener of this.listeners) listener(data);
    };
  }

  post(message: TabMessage): void {
    this.channel.postMessage(message);
  }

  listen(listener: (message: TabMessage) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Waits for such a message and its other listeners, for at most `milliseconds`. */
  async until(isExpected: (message: TabMessage) => boolean, milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        end();
        // Runs after the other listeners.
        setTimeout(resolve);
      };
      const end = this.listen((message) => {
        if (isExpected(message)) finish();
      });
      const timer = setTimeout(finish, milliseconds);
    });
  }

  /** Marks this tab as having a session, until the returned function is called. */
  async holdSignedIn(): Promise<() => void> {
    return await hold(SIGNED_IN);
  }

  async isSomebodySignedIn(): Promise<boolean> {
    return await isHeld(SIGNED_IN);
  }

  /** Marks a refresh token as exchanged, as long as this tab lives. */
  async markSpent(refreshToken: string): Promise<void> {
    await hold(`session spent ${await digest(refreshToken)}`);
  }

  async isSpent(refreshToken: string): Promise<boolean> {
    return await isHeld(`session spent ${await digest(refreshToken)}`);
  }
}

/** Takes a lock that several tabs can hold. Returns the function that releases it. */
async function hold(name: string): Promise<() => void> {
  return await new Promise((resolve) => {
    void navigator.locks.request(name, { mode: "shared" }, () => new Promise<void>((release) => resolve(release)));
  });
}

async function isHeld(name: string): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some((lock) => lock.name === name);
}

async function digest(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
