import { UserManager, WebStorageStateStore } from "oidc-client-ts";

/** The service's settings for signing in (GET /console/config.json). */
interface SignInConfig {
  issuer: string;
  audience: string;
  clientId: string;
  scope: string;
  metadata: Record<string, string> | null;
}

/** The client of the service's identity provider. It keeps tokens in the storage of this tab. */
export async function openUserManager(): Promise<UserManager> {
  const response = await fetch("/console/config.json");
  if (!response.ok) throw new Error(`The console's configuration was answered with ${response.status}.`);
  const { issuer, audience, clientId, scope, metadata } = (await response.json()) as SignInConfig;
  return new UserManager({
    authority: issuer,
    ...(metadata && { metadata }),
    client_id: clientId,
    redirect_uri: `${location.origin}/callback`,
    post_logout_redirect_uri: `${location.origin}/`,
    scope,
    extraQueryParams: { audience },
    ...(URL.canParse(audience) && { resource: audience }),
    // Two tabs that renew at the same time would void each other's refresh token. The session takes a lock.
    automaticSilentRenew: false,
    userStore: new WebStorageStateStore({ store: sessionStorage }),
  });
}
