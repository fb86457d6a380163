import type { FastifyInstance } from "fastify";
import type { DevelopmentMailbox } from "../../integrations/mail/development-mailbox";
import type { Reader } from "../../store/engine/statement";
import type { DevelopmentIssuer } from "../issuer/development-issuer";
import { explorer } from "./explorer";
import { registerMailbox } from "./register-mailbox";
import { registerOidc } from "./register-oidc";
import { registerTokens } from "./register-tokens";

/** Without the issuer there are no tokens, without the mailbox no mail page. */
export interface DevelopmentDependencies {
  issuer: DevelopmentIssuer | null;
  mailbox: DevelopmentMailbox | null;
  database: Reader;
}

/** Registers what a developer needs beside the console: tokens, explorer, mailbox. Never in production. */
export function registerDevelopmentPages(http: FastifyInstance, dependencies: DevelopmentDependencies): void {
  const { issuer, mailbox, database } = dependencies;
  if (issuer) {
    registerTokens(http, issuer, database);
    // In a scope of its own, because only these routes accept forms.
    http.register(async (scope) => registerOidc(scope, issuer, database));
  }
  if (mailbox) registerMailbox(http, mailbox);
  http.get("/dev/explorer", async (_request, reply) => reply.type("text/html; charset=utf-8").send(await explorer()));
  // Without the console, the developer starts here.
  if (!http.hasRoute({ method: "GET", url: "/" })) http.get("/", (_request, reply) => reply.redirect("/dev"));
}
