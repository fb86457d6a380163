import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { parseEmailAddress } from "../../domain/email-address";
import type { Reader } from "../../store/engine/statement";
import { AuthorizationCodes, type AuthorizationRequest } from "../issuer/authorization-codes";
import type { DevelopmentIdentity, DevelopmentIssuer } from "../issuer/development-issuer";
import { html } from "./html";
import { type Page, page } from "./page";
import { readPeople } from "./read-people";
import { send } from "./send";

type Parameters = Readonly<Record<string, string>>;

/**
 * The endpoints of a small OpenID provider: authorization code flow with PKCE, refresh tokens and keys. Its sign-in page
 * lists the people of this database instead of asking for a password. Never in production.
 */
export function registerOidc(http: FastifyInstance, issuer: DevelopmentIssuer, database: Reader): void {
  const codes = new AuthorizationCodes();
  http.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(String(body))));
  });
  http.get("/dev/oidc/keys", () => issuer.publicKeys);
  http.get("/dev/oidc/authorize", async (request, reply) => {
    const parameters = request.query as Parameters;
    const requested = authorizationOf(request, parameters);
    if (typeof requested === "string") return refuse(reply, requested);
    return send(reply, formsTo(requested.redirectUri, await signInPage(database, parameters)));
  });
  http.post("/dev/oidc/authorize", async (request, reply) => {
    const parameters = request.body as Parameters;
    const requested = authorizationOf(request, parameters);
    if (typeof requested === "string") return refuse(reply, requested);
    const person = await personOf(database, parameters);
    if (!person) return refuse(reply, "Choose a person, or give a name and an e-mail address.");
    const back = new URL(requested.redirectUri);
    back.searchParams.set("code", codes.issue(person, requested));
    if (parameters.state) back.searchParams.set("state", parameters.state);
    return reply.redirect(back.href, 303);
  });
  http.post("/dev/oidc/token", async (request, reply) => {
    const tokens = await tokensFor(issuer, codes, (request.body ?? {}) as Parameters);
    reply.header("cache-control", "no-store");
    return tokens ?? reply.code(400).send({ error: "invalid_grant" });
  });
}

async function tokensFor(issuer: DevelopmentIssuer, codes: AuthorizationCodes, body: Parameters) {
  const { grant_type, code = "", refresh_token = "", client_id = "", redirect_uri = "", code_verifier = "" } = body;
  if (grant_type === "refresh_token") return await issuer.refresh(refresh_token);
  if (grant_type !== "authorization_code") return null;
  const client = { clientId: client_id, redirectUri: redirect_uri, codeVerifier: code_verifier };
  const grant = codes.redeem(code, client);
  return grant && (await issuer.signIn(grant.person, { id: grant.clientId, nonce: grant.nonce }));
}

/** The request, or a sentence about its fault. */
function authorizationOf({ headers: { host } }: FastifyRequest, parameters: Parameters): AuthorizationRequest | string {
  const { response_type, client_id, redirect_uri, code_challenge, code_challenge_method, nonce } = parameters;
  if (response_type !== "code") return "'response_type' has to be 'code'.";
  if (!client_id) return "'client_id' is missing.";
  if (!code_challenge || code_challenge_method !== "S256") return "Send a 'code_challenge' with the method S256.";
  if (!redirect_uri || !isLocal(redirect_uri, host))
    return "'redirect_uri' has to lead to this server or this machine.";
  return { clientId: client_id, redirectUri: redirect_uri, codeChallenge: code_challenge, nonce: nonce ?? null };
}

/** Codes must not leave the developer's machine. */
function isLocal(uri: string, host: string | undefined): boolean {
  if (!URL.canParse(uri)) return false;
  const { protocol, hostname, host: target } = new URL(uri);
  return protocol === "http:" && (target === host || ["localhost", "127.0.0.1", "[::1]"].includes(hostname));
}

async function personOf(database: Reader, { personId, name, email, verified }: Parameters) {
  if (personId) {
    const person = (await readPeople(database)).find(({ id }) => id === personId);
    return person ? { ...person, email: person.email ?? "" } : null;
  }
  return newPerson(name ?? "", email ?? "", verified === "on");
}

/** A person by address: the same address always gives the same person. Null if the name or address is unusable. */
export function newPerson(name: string, email: string, emailVerified: boolean): DevelopmentIdentity | null {
  const address = parseEmailAddress(email);
  if (name.trim() === "" || !address) return null;
  const id = `dev-${createHash("sha256").update(address).digest("hex").slice(0, 16)}`;
  return { id, name: name.trim(), email: address, emailVerified };
}

async function signInPage(database: Reader, parameters: Parameters): Promise<Page> {
  const hidden = Object.entries(parameters).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  const people = (await readPeople(database)).map(
    ({ id, name, email, emailVerified, organizations }) =>
      html`<li><span class="grow"><strong>${name}</strong><small>
        ${email ?? ""}${email && !emailVerified ? " (unverified)" : ""}<br>${organizations.join(", ")}
        </small></span><form method="post">${hidden}
        <button name="personId" value="${id}" aria-label="Sign in as ${name}">Sign in</button></form></li>`,
  );
  return page(
    "Sign in",
    html`<section><h2>As somebody new</h2><form method="post">${hidden}
<label>Name <input name="name" autocomplete="off" required></label>
<label>E-mail <input name="email" type="email" autocomplete="off" required value="${parameters.login_hint ?? ""}"></label>
<label><input type="checkbox" name="verified" checked> verified</label><button class="main">Sign up</button></form></section>
<section><h2>As somebody who is here already</h2><ul class="rows">${people.length > 0 ? people : "Nobody yet."}</ul></section>`,
  );
}

function refuse(reply: FastifyReply, reason: string) {
  return send(reply.code(400), page("This request cannot be served", html`<p>${reason}</p>`));
}

/** Allows the page's forms to lead to the target. Browsers also check the redirects of the responses. */
function formsTo(target: string, { html: text, policy }: Page): Page {
  const allowed = `form-action 'self' ${new URL(target).origin}`;
  return { html: text, policy: policy.replace("form-action 'none'", allowed) };
}
