import type { FastifyInstance, FastifyRequest } from "fastify";
import { SERVICE_SCOPES } from "../../domain/viewer";
import type { Reader } from "../../store/engine/statement";
import type { DevelopmentIssuer } from "../issuer/development-issuer";
import { html } from "./html";
import { page } from "./page";
import { readPeople } from "./read-people";
import { newPerson } from "./register-oidc";
import { send } from "./send";

/** Registers tokens for curl and other tools. People sign in to the console on the issuer's own page. */
export function registerTokens(http: FastifyInstance, issuer: DevelopmentIssuer, database: Reader): void {
  http.get("/dev", async (request, reply) => send(reply, await tokensPage(database, request.headers.host ?? "")));
  http.post("/dev/tokens", async (request, reply) => {
    // Other sites must not get tokens through the developer's browser.
    if (isForeign(request)) return reply.code(403).send({ error: "Request tokens only from this server's own pages." });
    const issued = await issueFor(issuer, database, (request.body ?? {}) as Record<string, unknown>);
    return reply.code("error" in issued ? 400 : 200).send(issued);
  });
}

async function tokensPage(database: Reader, host: string) {
  const people = (await readPeople(database)).map(
    ({ id, name, email, emailVerified, organizations }) =>
      html`<li><span class="grow"><strong>${name}</strong> <small>${email ?? ""}${email && !emailVerified ? " (unverified)" : ""}<br>
${organizations.join(", ")}</small></span><code>${id}</code></li>`,
  );
  return page(
    "Tokens",
    html`<section><p>The <a href="/">console</a> signs you in as anybody. The explorer then asks as the same person.</p></section>
<section><h2>For a person</h2><pre>curl ${host}/dev/tokens -H 'content-type: application/json' -d '{"personId": "…"}'
curl ${host}/dev/tokens -H 'content-type: application/json' -d '{"name": "Ada", "email": "ada@example.com"}'</pre>
<ul class="rows">${people.length > 0 ? people : "Nobody yet."}</ul></section>
<section><h2>For a service</h2><pre>curl ${host}/dev/tokens -H 'content-type: application/json' -d '{"service": "agents", "scopes": ["…"]}'</pre>
<p class="dim">Scopes: ${SERVICE_SCOPES.join(", ")}</p></section>`,
  );
}

async function issueFor(issuer: DevelopmentIssuer, database: Reader, body: Record<string, unknown>) {
  const { personId, service, scopes = [], name, email, emailVerified = true } = body;
  if (typeof personId === "string") {
    const person = (await readPeople(database)).find(({ id }) => id === personId);
    if (!person) return { error: "There is no such person." };
    const token = await issuer.issue({ ...person, email: person.email ?? "" });
    return { token, name: person.name };
  }
  if (typeof service === "string" && service !== "" && Array.isArray(scopes)) {
    return { token: await issuer.issueForService(service, scopes.map(String)), name: service };
  }
  const person = newPerson(String(name ?? ""), String(email ?? ""), emailVerified === true);
  if (!person) return { error: "Give a name and an e-mail address." };
  return { token: await issuer.issue(person), name: person.name };
}

function isForeign({ headers }: FastifyRequest): boolean {
  const { origin, host } = headers;
  if (!origin) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}
