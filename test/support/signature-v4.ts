import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** The contents of an Authorization header. */
export interface Claimed {
  accessKeyId: string;
  date: string;
  region: string;
  service: string;
  signed: string[];
  signature: string;
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/, ]+)\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/;
const FIFTEEN_MINUTES_MS = 15 * 60 * 1000;

const sha256 = (data: string | Buffer) => createHash("sha256").update(data).digest("hex");
const hmac = (key: string | Buffer, data: string) => createHmac("sha256", key).update(data).digest();

/** Reads an Authorization header; null if it is not one of Signature Version 4. */
export function claimedBy({ headers }: IncomingMessage): Claimed | null {
  const match = AUTHORIZATION.exec(headers.authorization ?? "");
  if (!match) return null;
  const [, accessKeyId = "", date = "", region = "", service = "", signed = "", signature = ""] = match;
  return { accessKeyId, date, region, service, signed: signed.split(";"), signature };
}

/**
 * The fault of a request's signature, by AWS's description of Signature Version 4; null if there is none. Checks
 * everything that AWS checks: scope, time, the signed headers, the body's hash, the signature.
 */
export function signatureFault(
  request: IncomingMessage,
  body: Buffer,
  expected: { secretAccessKey: string; service: string; now?: Date },
): string | null {
  const claimed = claimedBy(request);
  if (!claimed) return "no Signature Version 4";
  const { headers } = request;
  const time = String(headers["x-amz-date"] ?? "");
  const [, y, m, d, hh, mm, ss] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(time) ?? [];
  const signedAt = Date.parse(`${y}-${m}-${d}T${hh}:${mm}:${ss}Z`);
  const now = (expected.now ?? new Date()).getTime();
  if (!(Math.abs(now - signedAt) < FIFTEEN_MINUTES_MS)) return "the time is not now";
  if (claimed.date !== time.slice(0, 8)) return "the scope has another date";
  if (claimed.service !== expected.service) return "the scope has another service";
  const required = Object.keys(headers).filter((name) => name === "host" || name.startsWith("x-amz-"));
  if (required.some((name) => !claimed.signed.includes(name))) return "a header is not signed";
  if (claimed.signed.join() !== [...claimed.signed].sort().join()) return "the headers are not in order";
  if ((headers["x-amz-content-sha256"] ?? sha256(body)) !== sha256(body)) return "the body is another";
  const wanted = signatureOf(request, body, claimed, expected.secretAccessKey);
  return timingSafeEqual(Buffer.from(wanted), Buffer.from(claimed.signature)) ? null : "the signature is another";
}

function signatureOf(request: IncomingMessage, body: Buffer, claimed: Claimed, secretAccessKey: string): string {
  const { date, region, service, signed } = claimed;
  const { pathname, searchParams } = new URL(request.url ?? "", "http://aws");
  // The path is encoded twice for every service but S3.
  const path = pathname.split("/").map(encoded).join("/");
  searchParams.sort();
  const query = [...searchParams].map((pair) => pair.map(encoded).join("=")).join("&");
  const lines = signed.map(
    (name) =>
      `${name}:${String(request.headers[name] ?? "")
        .trim()
        .replace(/ +/g, " ")}\n`,
  );
  const canonical = [request.method, path, query, lines.join(""), signed.join(";"), sha256(body)].join("\n");
  const scope = `${date}/${region}/${service}/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", request.headers["x-amz-date"], scope, sha256(canonical)].join("\n");
  const key = hmac(hmac(hmac(hmac(`AWS4${secretAccessKey}`, date), region), service), "aws4_request");
  return createHmac("sha256", key).update(text).digest("hex");
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
