import type { Config } from "../../config/config";
import { fetchKeys } from "../../server/caller/provider-keys";
import { type Finding, find } from "./finding";

const TIMEOUT_MS = 5_000;
const SKEW_SECONDS = 30;

/** Checks the identity provider: its keys, its clock, and whether its metadata matches the configuration. */
export async function identityFindings({
  identityProvider: provider,
  console,
  production,
}: Config): Promise<Finding[]> {
  const subject = "AUTH_ISSUER";
  if (!provider) return [{ level: "unused", subject, text: "not set: the development issuer signs people in" }];
  const advice = "Check that AUTH_JWKS_URL is the address of the provider's keys, and that this machine can reach it.";
  const found = await find("AUTH_JWKS_URL", advice, async () => [
    await keysFinding(provider.jwksUrl),
    ...(await clockFindings(provider.jwksUrl)),
  ]);
  found.push(...(await descriptionFindings(provider)));
  if (production && !console) {
    found.push({ level: "unused", subject: "AUTH_CLIENT_ID", text: "not set: the console is not served" });
  }
  return found;
}

async function keysFinding(url: string): Promise<Finding> {
  const { size } = await fetchKeys(url);
  if (size === 0) throw new Error("the provider publishes no key");
  return { level: "ok", subject: "AUTH_JWKS_URL", text: `${size} keys can be read` };
}

async function clockFindings(url: string): Promise<Finding[]> {
  const response = await fetch(url, { method: "HEAD", redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
  const date = Date.parse(response.headers.get("date") ?? "");
  const skew = Math.abs(Date.now() - date) / 1000;
  if (Number.isNaN(date) || skew <= SKEW_SECONDS) return [];
  const text = `the provider's clock differs from this machine's by ${skew.toFixed(0)} s`;
  const advice = "Synchronize this machine by NTP. Otherwise tokens are valid too long, or not yet.";
  return [{ level: "warning", subject: "AUTH_ISSUER", text, advice }];
}

/** Compares the configuration with the provider's metadata, for providers that publish them. */
async function descriptionFindings({ issuer, jwksUrl }: NonNullable<Config["identityProvider"]>): Promise<Finding[]> {
  if (!URL.canParse(issuer)) return [];
  const subject = "AUTH_ISSUER";
  const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const metadata = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) })
    .then(async (response) => (response.ok ? ((await response.json()) as Record<string, unknown>) : null))
    .catch(() => null);
  if (!metadata) {
    const advice = "The console needs it to sign people in. Services that only send tokens do not.";
    return [{ level: "warning", subject, text: `no metadata at ${url}`, advice }];
  }
  const found: Finding[] = [];
  const compare = (name: string, expected: string, variable: string) => {
    if (metadata[name] === expected) return;
    const text = `the provider's metadata has the ${name} ${JSON.stringify(metadata[name])}`;
    found.push({ level: "problem", subject: variable, text, advice: `Set ${variable} to exactly this value.` });
  };
  compare("issuer", issuer, "AUTH_ISSUER");
  compare("jwks_uri", jwksUrl, "AUTH_JWKS_URL");
  return found.length > 0 ? found : [{ level: "ok", subject, text: "its metadata matches the configuration" }];
}
