import type { FastifyInstance } from "fastify";
import type { DevelopmentMailbox } from "../../integrations/mail/development-mailbox";
import type { Reader } from "../../store/engine/statement";
import type { DevelopmentIssuer } from "../issuer/development-issuer";
import { explorer } from "./explorer";
import { registerMailbox } from "./register-mailbox";
import { registerOidc } from "./register-oidc";
import { registerTokens } from "./register-tokens";

/** Without an issuer there are no tokens; without a mailbox there is no mail page. */
export interface DevelopmentDependencies {
  issuer: DevelopmentIssuer | null;
  mailbox: DevelopmentMailbox | null;
  database: Reader;
}

/** Registers the pages for developers: tokens, explorer, mailbox. Never in production. */
export function registerDevelopmentPages(http: FastifyInstance, dependencies: DevelopmentDependencies): void {
  const { issuer, mailbox, database } = dependencies;
  if (issuer) {
    registerTokens(http, issuer, database);
    // These routes have a scope of their own, because only they accept forms.
    http.register(async (scope) => registerOidc(scope, issuer, database));
  }
  if (mailbox) registerMailbox(http, mailbox);
  http.get("/dev/explorer", async (_request, reply) => reply.type("text/html; charset=utf-8").send(await explorer()));
  // Without the console, the developer starts here.
  if (!http.hasRoute({ method: "GET", url: "/" })) http.get("/", (_request, reply) => reply.redirect("/dev"));
}
