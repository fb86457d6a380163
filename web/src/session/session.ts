import { type User, UserManager, WebStorageStateStore } from "oidc-client-ts";
import type { Tokens } from "../graph/tokens";

/** What the service says about signing in (GET /console/config.json). */
interface SignInConfig {
  issuer: string;
  audience: string;
  clientId: string;
  scope: string;
  metadata: Record<string, string> | null;
}

const RENEW_BEFORE_MS = 30_000;

/** Signs the person in with OpenID Connect (authorization code and PKCE) and holds their tokens. */
export class Session implements Tokens {
  private constructor(private readonly users: UserManager) {}

  static async open(): Promise<Session> {
    const response = await fetch("/console/config.json");
    if (!response.ok) throw new Error(`The console's configuration was answered with ${response.status}.`);
    const { issuer, audience, clientId, scope, metadata } = (await response.json()) as SignInConfig;
    return new Session(
      new UserManager({
        authority: issuer,
        ...(metadata && { metadata }),
        client_id: clientId,
        redirect_uri: `${location.origin}/callback`,
        post_logout_redirect_uri: `${location.origin}/`,
        scope,
        extraQueryParams: { audience },
        ...(URL.canParse(audience) && { resource: audience }),
        // Two tabs that renew at the same time would void each other's refresh token. `renew` takes a lock.
        automaticSilentRenew: false,
        userStore: new WebStorageStateStore({ store: sessionStorage }),
      }),
    );
  }

  /** The signed-in person; null if nobody is. */
  async person(): Promise<User["profile"] | null> {
    return (await this.users.getUser())?.profile ?? null;
  }

  /** Sends the person to the provider. They come back to `path`. */
  async signIn(path: string = location.pathname + location.search): Promise<void> {
    await this.users.signinRedirect({ state: path });
  }

  /** Completes a sign-in. Returns the path that the person came from. */
  async completeSignIn(): Promise<string> {
    const user = await this.users.signinRedirectCallback();
    return typeof user.state === "string" && user.state.startsWith("/") ? user.state : "/";
  }

  async signOut(): Promise<void> {
    await this.users.removeUser();
  }

  async current(): Promise<string | null> {
    const user = await this.users.getUser();
    if (!user) return null;
    return isDue(user) ? await this.renew() : user.access_token;
  }

  async renew(): Promise<string | null> {
    const before = await this.users.getUser();
    return await navigator.locks.request("renew", async () => {
      const user = await this.users.getUser();
      if (!user?.refresh_token) return null;
      // Another tab or request has renewed it meanwhile.
      if (user.access_token !== before?.access_token) return user.access_token;
      return (await this.users.signinSilent())?.access_token ?? null;
    });
  }
}

function isDue({ expires_at: seconds }: User): boolean {
  return seconds !== undefined && seconds * 1000 - Date.now() < RENEW_BEFORE_MS;
}
