import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { escapeHtml } from "../../domain/html";
import { SERVICE_SCOPES } from "../../domain/viewer";
import type { DevelopmentMailbox } from "../../integrations/mail/development-mailbox";
import type { Reader } from "../../store/engine/statement";
import type { DevelopmentIssuer } from "../issuer/development-issuer";
import { page } from "./page";
import { readPeople } from "./read-people";
import { newPerson, registerOidc } from "./register-oidc";
import { INVITATION_SCRIPT, SIGN_IN_SCRIPT } from "./scripts";

/** Without the issuer there is no sign-in page, without the mailbox no mail page. */
export interface DevelopmentDependencies {
  issuer: DevelopmentIssuer | null;
  mailbox: DevelopmentMailbox | null;
  database: Reader;
}

/** Registers the development pages: sign-in, explorer, mailbox. Never in production. */
export function registerDevelopmentPages(http: FastifyInstance, dependencies: DevelopmentDependencies): void {
  if (dependencies.issuer) {
    registerSignIn(http, dependencies.issuer, dependencies.database);
    const { issuer, database } = dependencies;
    // In a scope of its own, because only these routes accept forms.
    http.register(async (scope) => registerOidc(scope, issuer, database));
  }
  if (dependencies.mailbox) registerMailbox(http, dependencies.mailbox);
  http.get("/dev/explorer", async (_request, reply) => reply.type("text/html; charset=utf-8").send(await explorer()));
  // Where the console is served, it has these pages.
  if (http.hasRoute({ method: "GET", url: "/" })) return;
  http.get("/", (_request, reply) => reply.redirect("/dev"));
  http.get("/invitations/:token", (_request, reply) => send(reply, page("Invitation", INVITATION, INVITATION_SCRIPT)));
}

function registerSignIn(http: FastifyInstance, issuer: DevelopmentIssuer, database: Reader): void {
  http.get("/dev", async (_request, reply) => {
    const people = await readPeople(database);
    const rows = people.map(
      ({
        id,
        name,
        email,
        emailVerified,
        organizations,
      }) => `<li><span class="grow"><strong>${escapeHtml(name)}</strong>
        <small>${escapeHtml(email ?? "")}${email && !emailVerified ? " (unverified)" : ""}<br>${escapeHtml(organizations.join(", "))}</small></span>
        <button data-person="${escapeHtml(id)}">Sign in</button></li>`,
    );
    const scopes = SERVICE_SCOPES.map((s) => `<label><input type="checkbox" name="scope" value="${s}"> ${s}</label>`);
    return send(reply, page("Sign in", signInBody(rows.join(""), scopes.join("")), SIGN_IN_SCRIPT));
  });
  http.post("/dev/tokens", async (request, reply) => {
    // Other sites must not get tokens through the developer's browser.
    if (isForeign(request)) return reply.code(403).send({ error: "Request tokens only from this server's own pages." });
    const issued = await issueFor(issuer, database, (request.body ?? {}) as Record<string, unknown>);
    return reply.code("error" in issued ? 400 : 200).send(issued);
  });
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

function registerMailbox(http: FastifyInstance, mailbox: DevelopmentMailbox): void {
  http.get("/dev/mailbox", async (_request, reply) => {
    const rows = (await mailbox.list()).map(
      ({ id, to, subject, sentAt }) => `<li><span class="grow"><a href="/dev/mailbox/${id}">${escapeHtml(subject)}</a>
        <small><br>to ${escapeHtml(to)}, ${sentAt.toISOString()}</small></span></li>`,
    );
    const list = rows.length > 0 ? `<ul class="rows">${rows.join("")}</ul>` : "No mail yet: invite somebody.";
    return send(reply, page("Mailbox", `<section>${list}</section>`));
  });
  http.get("/dev/mailbox.json", () => mailbox.list());
  http.get<{ Params: { id: string } }>("/dev/mailbox/:id", async (request, reply) => {
    const mail = await mailbox.read(request.params.id);
    if (!mail) return send(reply.code(404), page("No such mail", ""));
    const frame = `<iframe sandbox="allow-top-navigation-by-user-activation allow-popups" src="/dev/mailbox/${mail.id}/html"></iframe>`;
    const body = `<p class="dim">to ${escapeHtml(mail.to)}</p>${frame}<section><h2>As text</h2><pre>${escapeHtml(mail.text)}</pre></section>`;
    return send(reply, page(mail.subject, body));
  });
  http.get<{ Params: { id: string } }>("/dev/mailbox/:id/html", async (request, reply) => {
    const mail = await mailbox.read(request.params.id);
    const policy =
      "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-top-navigation-by-user-activation allow-popups";
    const html = mail?.html.replaceAll("<a href", '<a target="_top" href') ?? "";
    return reply.header("content-security-policy", policy).type("text/html; charset=utf-8").send(html);
  });
}

async function explorer(): Promise<string> {
  // Not imported above: the page takes 60 MB of memory, also where nobody opens it.
  const { renderGraphiQL } = await import("@graphql-yoga/render-graphiql");
  const query =
    "query Me {\n  viewer {\n    name\n    memberships {\n      role\n      organization { id name viewerPermissions }\n    }\n  }\n}\n";
  const html = renderGraphiQL({
    title: "Explorer",
    endpoint: "/graphql",
    defaultQuery: query,
    defaultEditorToolsVisibility: "headers",
  });
  // The token is in this browser's local storage; the explorer adds it to every request.
  const signedIn = `<script>const plain = window.fetch; window.fetch = (url, options = {}) => {
    const token = localStorage.getItem("token"); const headers = new Headers(options.headers);
    if (token && !headers.has("authorization")) headers.set("authorization", "Bearer " + token);
    return plain(url, { ...options, headers }); };</script>`;
  return html.replace("<head>", `<head>${signedIn}`);
}

function isForeign({ headers }: FastifyRequest): boolean {
  const { origin, host } = headers;
  if (!origin) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}

function send(reply: FastifyReply, { html, policy }: { html: string; policy: string }) {
  return reply.header("content-security-policy", policy).type("text/html; charset=utf-8").send(html);
}

const INVITATION = `<section id="invitation" hidden><p id="text"></p>
<p><button class="main" id="accept">Accept</button> <button id="decline">Decline</button></p></section>
<p id="outcome"></p>
<section><h2>Sign in as the invited person</h2><form id="sign-in"><input name="name" placeholder="Name" required>
<input name="email" type="email" placeholder="E-mail" required><button>Sign in</button></form></section>`;

function signInBody(people: string, scopes: string): string {
  return `<section id="signed-in" hidden><h2>Signed in as <span id="who"></span></h2><textarea id="token" readonly></textarea>
<p><button id="copy">Copy the token</button> &nbsp; <a href="/dev/explorer">Open the explorer</a></p></section>
<section><h2>As a new person</h2><form id="new-person"><input name="name" placeholder="Name" required>
<input name="email" type="email" placeholder="E-mail" required>
<label><input type="checkbox" name="verified" checked> verified</label><button class="main">Sign in</button></form></section>
<section><h2>As an existing person</h2><ul class="rows">${people || "Nobody yet."}</ul></section>
<section><h2>As a service</h2><form id="new-service"><input name="service" placeholder="Name" required>${scopes}<button>Get a token</button></form></section>`;
}
