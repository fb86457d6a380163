import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { RunningService } from "../support/service";

const BUILT = path.join(__dirname, "../../dist/web");
const ASSETS = path.join(BUILT, "assets");
const KILOBYTE = 1000;

let service: RunningService;
beforeAll(async () => {
  service = await RunningService.start({ CONSOLE: "", SEED_DEMO: "false" }, { jobs: false });
});
afterAll(() => service.stop());

const get = (url: string, headers: Record<string, string> = { accept: "text/html" }, port = service.app.port) =>
  fetch(`http://127.0.0.1:${port}${url}`, { headers, redirect: "manual" });

test.each([
  "/",
  "/organizations",
  "/organizations/0199/members",
  "/invitations",
  "/invitations/some-token",
  "/account",
  "/callback?code=1",
])("%s is a page of the console", async (url) => {
  const response = await get(url);
  expect(response.status).toBe(200);
  expect(await response.text()).toContain('<div id="root">');
});

test("a page runs only its own scripts, cannot be framed or stored, and leaks no path", async () => {
  const [first, second] = [await get("/"), await get("/")];
  const policy = first.headers.get("content-security-policy") ?? "";
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? "none";
  expect(policy.replace(nonce, "N").split("; ")).toEqual([
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'nonce-N'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "font-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ]);
  expect(second.headers.get("content-security-policy")).not.toBe(policy);
  expect(await first.text()).toContain(`nonce="${nonce}"`);
  expect(Object.fromEntries(first.headers)).toMatchObject({
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "x-content-type-options": "nosniff",
  });
});

test("any other path is a 404: a page for browsers, JSON for everybody else", async () => {
  const page = await get("/nowhere");
  expect(page.status).toBe(404);
  expect(await page.text()).toContain('<div id="root">');
  const other = await get("/nowhere", { accept: "application/json" });
  expect(other.status).toBe(404);
  expect(await other.json()).toEqual({ message: "There is no such page. GraphQL is served at /graphql." });
  expect((await get("/assets/nothing.js", { accept: "*/*" })).status).toBe(404);
});

test("assets are compressed and can be stored for a year", async () => {
  const script = readdirSync(ASSETS).find((name) => name.endsWith(".js")) ?? "";
  const response = await get(`/assets/${script}`, { "accept-encoding": "br" });
  expect(response.headers.get("content-encoding")).toBe("br");
  expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  expect(await response.text()).toBe(readFileSync(path.join(ASSETS, script), "utf8"));
});

test("the first load stays within 245 kB of JavaScript and 15 kB of CSS", () => {
  const html = readFileSync(path.join(BUILT, "index.html"), "utf8");
  const loaded = [...html.matchAll(/\/assets\/([\w.-]+\.(js|css))/g)];
  const size = (extension: string) =>
    loaded
      .filter(([, , type]) => type === extension)
      .reduce((sum, [, name = ""]) => sum + gzipSync(readFileSync(path.join(ASSETS, name))).length, 0);
  expect(size("js")).toBeGreaterThan(0);
  expect(size("js")).toBeLessThanOrEqual(245 * KILOBYTE);
  expect(size("css")).toBeLessThanOrEqual(15 * KILOBYTE);
  expect(statSync(path.join(BUILT, "index.html")).size).toBeLessThan(4 * KILOBYTE);
});

test("the first load does not include the documents of pages", () => {
  const html = readFileSync(path.join(BUILT, "index.html"), "utf8");
  const scripts = [...html.matchAll(/\/assets\/([\w.-]+\.js)/g)].map(([, name = ""]) => name);
  const text = scripts.map((name) => readFileSync(path.join(ASSETS, name), "utf8")).join("\n");
  const pages = path.join(__dirname, "../../web/src/graph/generated/documents/pages");
  const modules = readdirSync(pages, { recursive: true }).map(String);
  const names = modules
    .filter((module) => module.endsWith(".ts"))
    .flatMap((module) => [...readFileSync(path.join(pages, module), "utf8").matchAll(/^export const (\w+)Document/gm)])
    .map(([, name]) => name);
  expect(names.length).toBeGreaterThan(50);
  expect(names.filter((name) => new RegExp(`value:["'\`]${name}["'\`]`).test(text))).toEqual([]);
});

test("the charts are one chunk of at most 130 kB, and not part of the first load", () => {
  const charts = readdirSync(ASSETS).filter((name) => /^usage-chart-.*\.js$/.test(name));
  expect(charts).toHaveLength(1);
  expect(gzipSync(readFileSync(path.join(ASSETS, charts[0] ?? ""))).length).toBeLessThanOrEqual(130 * KILOBYTE);
  expect(readFileSync(path.join(BUILT, "index.html"), "utf8")).not.toContain(charts[0]);
});

test("the configuration has the development issuer", async () => {
  const origin = `http://127.0.0.1:${service.app.port}`;
  const response = await get("/console/config.json");
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(await response.json()).toEqual({
    issuer: service.issuer.issuer,
    audience: service.issuer.audience,
    clientId: "console",
    scope: "openid profile email offline_access",
    metadata: {
      issuer: service.issuer.issuer,
      authorization_endpoint: `${origin}/dev/oidc/authorize`,
      token_endpoint: `${origin}/dev/oidc/token`,
      jwks_uri: `${origin}/dev/oidc/keys`,
    },
  });
});

test("the configuration has the identity provider, to which pages can connect", async () => {
  const provider = {
    CONSOLE: "",
    AUTH_ISSUER: "https://login.example/realm",
    AUTH_AUDIENCE: "organizations",
    AUTH_JWKS_URL: "http://127.0.0.1:9/keys",
    AUTH_CLIENT_ID: "web",
    AUTH_SCOPE: "openid email",
  };
  const { port } = await service.replica(provider, { jobs: false });
  expect(await (await get("/console/config.json", {}, port)).json()).toEqual({
    issuer: "https://login.example/realm",
    audience: "organizations",
    clientId: "web",
    scope: "openid email",
    metadata: null,
  });
  const policy = (await get("/", undefined, port)).headers.get("content-security-policy");
  expect(policy).toContain("connect-src 'self' https://login.example;");
});

test.each([
  ["CONSOLE is false", { CONSOLE: "false" }],
  [
    "a provider is configured without AUTH_CLIENT_ID",
    {
      CONSOLE: "",
      AUTH_ISSUER: "https://login.example",
      AUTH_AUDIENCE: "a",
      AUTH_JWKS_URL: "http://127.0.0.1:9/keys",
    },
  ],
])("there is no console when %s", async (_when, variables) => {
  const { port } = await service.replica(variables, { jobs: false });
  expect((await get("/organizations", undefined, port)).status).toBe(404);
  expect((await get("/console/config.json", undefined, port)).status).toBe(404);
});
