import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Config } from "../config/config";

/** The paths of the console's pages. Every other path gets status 404, and the console shows that page too. */
const PAGES = [
  "/",
  "/organizations",
  "/organizations/*",
  "/invitations",
  "/invitations/:token",
  "/account",
  "/callback",
];
const NONCE = "__NONCE__";
const YEAR_SECONDS = 365 * 24 * 3600;
const ASSETS = "assets";

export interface ConsoleOptions {
  settings: NonNullable<Config["console"]>;
  provider: Config["identityProvider"];
  /** The built console. */
  directory: string;
}

/**
 * Finds the built console: its directory and the file of its documents. Null if it was not built, as in an installation
 * without npm workspaces.
 */
export function findConsole(): { directory: string; documents: string } | null {
  // This file runs from dist/src/server and from src/server.
  const candidates = ["../../web", "../../dist/web"].map((each) => path.join(__dirname, each));
  const directory = candidates.find((each) => existsSync(path.join(each, ASSETS)));
  return directory ? { directory, documents: path.join(directory, "trusted-documents.json") } : null;
}

/**
 * Serves the web console: its pages with a content security policy of their own, its files, and its settings for
 * signing people in.
 */
export async function consoleRoutes(http: FastifyInstance, options: ConsoleOptions): Promise<void> {
  const { directory } = options;
  const html = readFileSync(path.join(directory, "index.html"), "utf8");
  const sendPage = (reply: FastifyReply) => {
    const nonce = randomBytes(16).toString("base64");
    return reply.headers(headersFor(nonce, options)).send(html.replaceAll(NONCE, nonce));
  };
  await http.register(fastifyStatic, {
    root: path.join(directory, ASSETS),
    prefix: `/${ASSETS}/`,
    wildcard: false,
    preCompressed: true,
    immutable: true,
    // The names of these files contain hashes of their contents.
    maxAge: YEAR_SECONDS * 1000,
    setHeaders: (reply) => reply.header("x-content-type-options", "nosniff"),
  });
  for (const url of PAGES) http.get(url, (_request, reply) => sendPage(reply));
  http.get("/console/config.json", (request, reply) => {
    return reply.header("cache-control", "no-store").send(configFor(request, options));
  });
  http.get("/*", (request, reply) => {
    if (!request.headers.accept?.includes("text/html")) return reply.callNotFound();
    return sendPage(reply.code(404));
  });
}

function headersFor(nonce: string, { provider }: ConsoleOptions): Record<string, string> {
  const issuer = provider && URL.canParse(provider.issuer) ? ` ${new URL(provider.issuer).origin}` : "";
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    `connect-src 'self'${issuer}`,
    "font-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ];
  return {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": policy.join("; "),
    "cache-control": "no-store",
    // The path of an invitation contains its token.
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "x-content-type-options": "nosniff",
  };
}

/** The console's settings for signing people in. They contain no secret. */
function configFor(request: FastifyRequest, { settings, provider }: ConsoleOptions) {
  const { clientId, scope } = settings;
  if (provider) return { issuer: provider.issuer, audience: provider.audience, clientId, scope, metadata: null };
  const origin = `${request.protocol}://${request.headers.host}`;
  const issuer = "urn:cloudthinker:development";
  const metadata = {
    issuer,
    authorization_endpoint: `${origin}/dev/oidc/authorize`,
    token_endpoint: `${origin}/dev/oidc/token`,
    jwks_uri: `${origin}/dev/oidc/keys`,
  };
  return { issuer, audience: "cloudthinker", clientId, scope, metadata };
}
