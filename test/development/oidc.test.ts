import { createHash, randomBytes } from "node:crypto";
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import { RunningService } from "../support/service";

let service: RunningService;
beforeAll(async () => {
  service = await RunningService.start({ SEED_DEMO: "false" }, { jobs: false });
});
afterAll(() => service.stop());

const url = (path: string) => `http://127.0.0.1:${service.app.port}${path}`;
const REDIRECT = "http://localhost:5173/callback";

/** A client's request for a code, and the verifier that the client keeps. */
function request(changes: Record<string, string> = {}) {
  const verifier = randomBytes(32).toString("base64url");
  const parameters = {
    response_type: "code",
    client_id: "console",
    redirect_uri: REDIRECT,
    state: "st",
    nonce: "no",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    ...changes,
  };
  return { verifier, parameters };
}

const post = (path: string, body: Record<string, string>) =>
  fetch(url(path), { method: "POST", body: new URLSearchParams(body), redirect: "manual" });

async function codeFor(parameters: Record<string, string>, person = { name: "Ada", email: "ada@example.com" }) {
  const response = await post("/dev/oidc/authorize", { ...parameters, ...person, verified: "on" });
  expect(response.status).toBe(303);
  const back = new URL(response.headers.get("location") ?? "");
  expect(back.origin + back.pathname).toBe(parameters.redirect_uri);
  expect(back.searchParams.get("state")).toBe("st");
  return back.searchParams.get("code") ?? "";
}

const redeem = (code: string, verifier: string, changes: Record<string, string> = {}) =>
  post("/dev/oidc/token", {
    grant_type: "authorization_code",
    code,
    client_id: "console",
    redirect_uri: REDIRECT,
    code_verifier: verifier,
    ...changes,
  });

test("a code is exchanged for tokens that identify the person to the service", async () => {
  const { verifier, parameters } = request();
  const response = await redeem(await codeFor(parameters), verifier);
  const tokens = await response.json();
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(tokens).toMatchObject({ token_type: "Bearer", expires_in: 3600 });
  const { data } = await service.ask(tokens.access_token)("{ viewer { name email emailVerified } }");
  expect(data.viewer).toEqual({ name: "Ada", email: "ada@example.com", emailVerified: true });
  const keys = (await (await fetch(url("/dev/oidc/keys"))).json()) as JSONWebKeySet;
  const { payload } = await jwtVerify(tokens.id_token, createLocalJWKSet(keys), { audience: "console" });
  expect(payload).toMatchObject({ nonce: "no", name: "Ada", iss: service.issuer.issuer });
});

test("a refresh token gives new tokens for the same person, and cannot be used as an access token", async () => {
  const { verifier, parameters } = request();
  const { refresh_token } = await (await redeem(await codeFor(parameters), verifier)).json();
  const renewed = await post("/dev/oidc/token", { grant_type: "refresh_token", refresh_token });
  const { access_token } = await renewed.json();
  expect((await service.ask(access_token)("{ viewer { name } }")).data.viewer.name).toBe("Ada");
  expect((await service.ask(refresh_token)("{ viewer { name } }")).status).toBe(401);
});

test.each([
  ["another verifier", { code_verifier: "x".repeat(43) }],
  ["another client", { client_id: "other" }],
  ["another address", { redirect_uri: "http://localhost:5173/other" }],
  ["another grant type", { grant_type: "password" }],
])("a code is refused with %s", async (_what, changes) => {
  const { verifier, parameters } = request();
  const code = await codeFor(parameters);
  const refused = await redeem(code, verifier, changes);
  expect([refused.status, await refused.json()]).toEqual([400, { error: "invalid_grant" }]);
});

test("a code can be used once", async () => {
  const { verifier, parameters } = request();
  const code = await codeFor(parameters);
  expect((await redeem(code, verifier)).status).toBe(200);
  expect((await redeem(code, verifier)).status).toBe(400);
});

test("an access token cannot be used as a refresh token", async () => {
  const { verifier, parameters } = request();
  const { access_token } = await (await redeem(await codeFor(parameters), verifier)).json();
  const refused = await post("/dev/oidc/token", { grant_type: "refresh_token", refresh_token: access_token });
  expect(refused.status).toBe(400);
});

test.each([
  ["with a redirect to another host", { redirect_uri: "http://evil.example/callback" }],
  ["with a redirect that is no URL", { redirect_uri: "nowhere" }],
  ["without a challenge", { code_challenge: "" }],
  ["with a plain challenge", { code_challenge_method: "plain" }],
  ["for tokens without a code", { response_type: "token" }],
  ["without a client", { client_id: "" }],
])("a sign-in request %s is refused", async (_what, changes) => {
  const { parameters } = request(changes);
  const page = await fetch(url(`/dev/oidc/authorize?${new URLSearchParams(parameters)}`));
  expect(page.status).toBe(400);
  const person = { name: "Ada", email: "ada@example.com" };
  const response = await post("/dev/oidc/authorize", { ...parameters, ...person });
  expect([response.status, response.headers.get("location")]).toEqual([400, null]);
});

test.each([
  ["no name", { name: " ", email: "ada@example.com" }],
  ["no address", { name: "Ada", email: "nonsense" }],
  ["an unknown person", { personId: "nobody" }],
])("a sign-in with %s is refused", async (_what, person) => {
  const { parameters } = request();
  expect((await post("/dev/oidc/authorize", { ...parameters, ...person })).status).toBe(400);
});

test("the sign-in page shows the request's values as text", async () => {
  const { parameters } = request({ state: '"><script>alert(1)</script>' });
  const page = await fetch(url(`/dev/oidc/authorize?${new URLSearchParams(parameters)}`));
  expect(page.status).toBe(200);
  expect(await page.text()).not.toContain("<script>alert");
});
