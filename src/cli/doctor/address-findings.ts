import type { Config } from "../../config/config";
import type { Finding } from "./finding";

const LOCAL = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Checks the addresses that other people and services use, without calling them. */
export function addressFindings({ production, appUrl, identityProvider }: Config): Finding[] {
  if (!production) return [];
  const subject = "APP_URL";
  if (appUrl === null || LOCAL.has(new URL(appUrl).hostname)) {
    const text = "the links in mails lead to this machine";
    return [{ level: "problem", subject, text, advice: "Set it to the address at which people reach the console." }];
  }
  const found: Finding[] = [{ level: "ok", subject, text: `the links in mails lead to ${new URL(appUrl).host}` }];
  if (new URL(appUrl).protocol === "http:") {
    const text = "the links in mails are not encrypted";
    found.push({ level: "warning", subject, text, advice: "Serve it by https, and set APP_URL to that address." });
  }
  const jwksUrl = new URL(identityProvider?.jwksUrl ?? appUrl);
  if (identityProvider && jwksUrl.protocol === "http:" && !LOCAL.has(jwksUrl.hostname)) {
    const text = "the keys that verify tokens are read without encryption";
    found.push({ level: "warning", subject: "AUTH_JWKS_URL", text, advice: "Use the provider's https address." });
  }
  return found;
}
