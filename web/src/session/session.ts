import { ErrorResponse, User, type UserManager } from "oidc-client-ts";
import type { Tokens } from "../graph/tokens";
import { inOwnBrowser, inOwnTab } from "./own-storage";
import { type TabMessage, Tabs } from "./tabs";
import { openUserManager } from "./user-manager";

const RENEW_BEFORE_MS = 5_000;
const OTHER_TAB_MS = 2_000;

/** `ended`: the provider ended the session while pages were open. They keep their content until the person is back. */
export type SessionState = "signed-in" | "signed-out" | "ended";

/**
 * Signs the person in with OpenID Connect (authorization code and PKCE) and holds their tokens. All tabs of the browser
 * have the same session: one renews the tokens for all, and signing out in one signs out the others.
 */
export class Session implements Tokens {
  private state: SessionState = "signed-out";
  /** Whether somebody was signed in since the page was loaded. */
  wasSignedIn = false;
  private subject: string | null = null;
  private releaseSignedIn = () => {};
  private readonly views = new Set<() => void>();

  private constructor(
    private readonly users: UserManager,
    private readonly tabs: Tabs,
  ) {
    tabs.listen((message) => void this.receive(message));
  }

  static async open(): Promise<Session> {
    const session = new Session(await openUserManager(), new Tabs());
    await session.begin();
    return session;
  }

  readonly currentState = () => this.state;

  readonly subscribe = (view: () => void) => {
    this.views.add(view);
    return () => void this.views.delete(view);
  };

  /** The signed-in person; null if nobody is. */
  async person(): Promise<User["profile"] | null> {
    return (await this.users.getUser())?.profile ?? null;
  }

  /** Sends the person to the provider. They come back to `path`. */
  async signIn(path: string = location.pathname + location.search): Promise<void> {
    await this.users.signinRedirect({ state: path });
  }

  /** Signs out here, and makes the provider ask for an account. The person comes back to `path`. */
  async switchAccount(path: string = location.pathname + location.search): Promise<void> {
    await this.leave();
    await this.users.signinRedirect({ state: path, prompt: "login" });
  }

  /** Completes a sign-in. Returns the path from which the person came. */
  async completeSignIn(): Promise<string> {
    const user = await this.users.signinRedirectCallback();
    await this.enter(user);
    this.tabs.post({ is: "signed-in", user: user.toStorageString() });
    return typeof user.state === "string" && user.state.startsWith("/") ? user.state : "/";
  }

  /** Signs out in all tabs and, if the provider supports it, at the provider. */
  async signOut(): Promise<void> {
    const user = await this.users.getUser();
    await this.leave();
    if (!(await this.users.metadataService.getEndSessionEndpoint())) return;
    await this.users.signoutRedirect(user?.id_token ? { id_token_hint: user.id_token } : {});
  }

  async current(): Promise<string | null> {
    const user = await this.users.getUser();
    if (!user) return this.state === "ended" ? await this.untilBack() : null;
    if (!isDue(user)) return user.access_token;
    return await this.renew().catch((error: unknown) => {
      if (user.expired) throw error;
      return user.access_token;
    });
  }

  /** If the provider has ended the session, waits until the person is back, so that none of their requests is lost. */
  async renew(): Promise<string | null> {
    const user = await this.renewed();
    if (user) return user.access_token;
    if (this.state === "signed-out") return null;
    await this.users.removeUser();
    this.change("ended");
    return await this.untilBack();
  }

  /** Finds a session: this tab's own, or that of another tab. */
  private async begin(): Promise<void> {
    const own = await this.users.getUser();
    if (own) {
      // While the provider cannot be reached, the session continues.
      const user = isDue(own) ? await this.renewed().catch(() => own) : own;
      if (user) await this.enter(user);
      else await this.users.removeUser();
    } else if (await this.tabs.isSomebodySignedIn()) {
      const answer = this.tabs.until((message) => message.is === "signed-in", OTHER_TAB_MS);
      this.tabs.post({ is: "wanted" });
      // `receive` copies the session, as after a sign-in in another tab.
      await answer;
    }
  }

  /** Exchanges the refresh token, once for all tabs. Null if the provider has ended the session. */
  private async renewed(): Promise<User | null> {
    const before = await this.users.getUser();
    return await navigator.locks.request("session renewal", async () => {
      const user = await this.newest();
      if (!user?.refresh_token) return null;
      // Another tab or request may have renewed the token.
      return user.access_token === before?.access_token ? await this.exchange(user.refresh_token) : user;
    });
  }

  /** The newest tokens. Tokens from another tab may still be on their way. */
  private async newest(): Promise<User | null> {
    const user = await this.users.getUser();
    const spent = user?.refresh_token;
    if (!spent || !(await this.tabs.isSpent(spent))) return user;
    const isReplaced = async () => (await this.users.getUser())?.refresh_token !== spent;
    if (!(await isReplaced())) await this.tabs.until((message) => message.is === "renewed", OTHER_TAB_MS);
    // A spent token that is sent again ends the session in all tabs.
    return (await isReplaced()) ? await this.users.getUser() : null;
  }

  private async exchange(refreshToken: string): Promise<User | null> {
    try {
      const renewed = await this.users.signinSilent();
      if (renewed?.refresh_token && renewed.refresh_token !== refreshToken) {
        this.tabs.post({ is: "renewed", replaced: refreshToken, user: renewed.toStorageString() });
        await this.tabs.markSpent(refreshToken);
      }
      return renewed;
    } catch (error) {
      if (error instanceof ErrorResponse && error.error === "invalid_grant") return null;
      throw error;
    }
  }

  private async receive(message: TabMessage): Promise<void> {
    if (message.is === "signed-out" && message.subject === this.subject) return await this.forget();
    if (message.is === "wanted" && this.state === "signed-in") {
      const user = await this.users.getUser();
      if (user) this.tabs.post({ is: "signed-in", user: user.toStorageString() });
    }
    if (message.is === "renewed") {
      const own = await this.users.getUser();
      if (own?.refresh_token === message.replaced) await this.users.storeUser(User.fromStorageString(message.user));
    }
    if (message.is === "signed-in" && this.state !== "signed-in") {
      const user = User.fromStorageString(message.user);
      // Open pages belong to the person whose session ended.
      if (this.state === "signed-out" || user.profile.sub === this.subject) await this.enter(user);
    }
  }

  private async enter(user: User): Promise<void> {
    await this.users.storeUser(user);
    this.own(user.profile.sub);
    this.wasSignedIn = true;
    this.releaseSignedIn();
    this.releaseSignedIn = await this.tabs.holdSignedIn();
    this.change("signed-in");
  }

  /** Signs out in all tabs. */
  private async leave(): Promise<void> {
    // The session ends here even if the provider cannot be reached.
    await this.users.revokeTokens(["refresh_token"]).catch(() => undefined);
    if (this.subject) this.tabs.post({ is: "signed-out", subject: this.subject });
    await this.forget();
  }

  private async forget(): Promise<void> {
    await this.users.removeUser();
    this.own(null);
    this.change("signed-out");
  }

  private own(subject: string | null): void {
    this.subject = subject;
    for (const storage of [inOwnTab, inOwnBrowser]) storage.give(subject);
  }

  private async untilBack(): Promise<string | null> {
    await new Promise<void>((resolve) => {
      const end = this.subscribe(() => {
        if (this.state === "ended") return;
        end();
        resolve();
      });
    });
    return (await this.users.getUser())?.access_token ?? null;
  }

  private change(state: SessionState): void {
    this.state = state;
    if (state !== "signed-in") this.releaseSignedIn();
    for (const view of this.views) view();
  }
}

function isDue({ expires_at: seconds }: User): boolean {
  return seconds !== undefined && seconds * 1000 - Date.now() < RENEW_BEFORE_MS;
}
