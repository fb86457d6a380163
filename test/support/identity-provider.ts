import http from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from "jose";

export const ISSUER = "https://id.example";
export const AUDIENCE = "organizations";

/** The real time, which a test can advance. */
export class MovableClock {
  private passed = 0;

  now(): Date {
    return new Date(Date.now() + this.passed);
  }

  pass(milliseconds: number): void {
    this.passed += milliseconds;
  }
}

type PrivateKey = Awaited<ReturnType<typeof generateKeyPair>>["privateKey"];
type Answer = (response: http.ServerResponse) => void;

/** A key of the provider, published or not. */
export interface ProviderKey {
  alg: string;
  kid: string | undefined;
  privateKey: PrivateKey;
  jwk: JWK;
}

/** An identity provider by the runtime contract: keys by HTTP, three algorithms. */
export class IdentityProvider {
  published: JWK[] = [];
  /** The number of reads of its keys. */
  reads = 0;
  /** The response that replaces the keys. */
  instead: Answer | null = null;

  private constructor(
    private readonly server: http.Server,
    readonly clock: MovableClock,
  ) {}

  static async start(clock = new MovableClock()): Promise<IdentityProvider> {
    const server = http.createServer((_request, response) => provider.answer(response));
    const provider = new IdentityProvider(server, clock);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return provider;
  }

  /** The variables of a service that trusts it. */
  get environment(): Record<string, string> {
    const { port } = this.server.address() as AddressInfo;
    return { AUTH_ISSUER: ISSUER, AUTH_AUDIENCE: AUDIENCE, AUTH_JWKS_URL: `http://127.0.0.1:${port}/jwks` };
  }

  async key(alg = "ES256", kid: string | undefined = undefined): Promise<ProviderKey> {
    const { publicKey, privateKey } = await generateKeyPair(alg);
    return { alg, kid, privateKey, jwk: { ...(await exportJWK(publicKey)), alg, ...(kid && { kid }) } };
  }

  /** Publishes these keys and no others. */
  publish(...keys: ProviderKey[]): void {
    this.published = keys.map(({ jwk }) => jwk);
  }

  /** A token for an hour. A null claim is left out. */
  async token(key: ProviderKey, claims: Record<string, unknown> = {}): Promise<string> {
    const now = Math.floor(this.clock.now().getTime() / 1000);
    const usual = {
      sub: "ada",
      email: "ada@example.com",
      email_verified: true,
      name: "Ada",
      iss: ISSUER,
      aud: AUDIENCE,
    };
    const all = { ...usual, iat: now, exp: now + 3600, ...claims };
    const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null)) as JWTPayload;
    const header = { alg: key.alg, ...(key.kid !== undefined && { kid: key.kid }) };
    return await new SignJWT(given).setProtectedHeader(header).sign(key.privateKey);
  }

  /** Seconds of its clock, for claims. */
  seconds(from = 0): number {
    return Math.floor(this.clock.now().getTime() / 1000) + from;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(response: http.ServerResponse): void {
    this.reads += 1;
    if (this.instead) this.instead(response);
    else response.end(JSON.stringify({ keys: this.published }));
  }
}
