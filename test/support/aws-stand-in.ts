import { createHash, createHmac, randomBytes } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";

/** A key that the stand-in knows, and what it may. */
export interface KnownKey {
  secretAccessKey: string;
  sessionToken: string | null;
  expiresAt: Date | null;
  mayInvoke: boolean;
  mayLookUp: boolean;
  missingModels: string[];
}

type Trouble = "hang" | "reset" | "garbage" | { throttle: number };

/** AWS in small: STS and Bedrock behind one address. Every signature is checked, as AWS does (Signature Version 4). */
export class AwsStandIn {
  readonly keys = new Map<string, KnownKey>();
  readonly calls: string[] = [];
  trouble: Trouble | null = null;
  sessions = 0;

  private constructor(private readonly server: http.Server) {}

  static async start(): Promise<AwsStandIn> {
    const server = http.createServer();
    const standIn = new AwsStandIn(server);
    server.on("request", (request, response) => void standIn.serve(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return standIn;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get environment(): Record<string, string> {
    return { BEDROCK_ENDPOINT: this.url, STS_ENDPOINT: this.url };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** A new key, as its owner would type it. */
  key(kind: "AKIA" | "ASIA" = "AKIA", rights: Partial<KnownKey> = {}) {
    const accessKeyId = `${kind}${randomBytes(20).toString("hex").toUpperCase().slice(0, 16)}`;
    const secretAccessKey = randomBytes(30).toString("base64");
    const sessionToken = kind === "ASIA" ? `token-${randomBytes(60).toString("base64url")}` : null;
    const known = {
      secretAccessKey,
      sessionToken,
      expiresAt: null,
      mayInvoke: true,
      mayLookUp: true,
      missingModels: [],
    };
    this.keys.set(accessKeyId, { ...known, ...rights });
    return { accessKeyId, secretAccessKey, sessionToken };
  }

  private async serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const { trouble } = this;
    const call = callOf(request, body.toString());
    this.calls.push(call);
    if (trouble === "hang") return;
    if (trouble === "reset") return void request.socket.resetAndDestroy();
    if (trouble === "garbage") return void response.writeHead(200).end("<html>What?");
    if (trouble && trouble.throttle > 0) {
      trouble.throttle -= 1;
      return refuse(response, call, 429, "ThrottlingException");
    }
    const key = this.keys.get(credentialOf(request).accessKeyId);
    const fault = key ? this.faultOf(request, body, call, key) : "UnrecognizedClientException";
    if (fault)
      return refuse(
        response,
        call,
        fault.startsWith("Resource") ? 404 : fault === "ValidationException" ? 400 : 403,
        fault,
      );
    this.answer(response, call);
  }

  private faultOf(request: http.IncomingMessage, body: Buffer, call: string, key: KnownKey): string | null {
    if (signatureOf(request, body, key.secretAccessKey) !== credentialOf(request).signature)
      return "InvalidSignatureException";
    if ((request.headers["x-amz-security-token"] ?? null) !== key.sessionToken) return "UnrecognizedClientException";
    if (key.expiresAt && key.expiresAt <= new Date()) return "ExpiredTokenException";
    if (call.startsWith("GetInferenceProfile")) {
      if (!key.mayLookUp) return "AccessDeniedException";
      return key.missingModels.some((model) => call.includes(model)) ? "ResourceNotFoundException" : null;
    }
    if (call.startsWith("Invoke")) return key.mayInvoke ? "ValidationException" : "AccessDeniedException";
    return null;
  }

  private answer(response: http.ServerResponse, call: string): void {
    if (call === "GetCallerIdentity") {
      const inner = "<Arn>arn:aws:iam::123456789012:user/llm</Arn><UserId>AIDA</UserId><Account>123456789012</Account>";
      xml(
        response,
        200,
        `<GetCallerIdentityResponse><GetCallerIdentityResult>${inner}</GetCallerIdentityResult></GetCallerIdentityResponse>`,
      );
      return;
    }
    if (call === "GetSessionToken") {
      this.sessions += 1;
      const { accessKeyId, secretAccessKey, sessionToken } = this.key("ASIA");
      const end = new Date(Date.now() + 3_600_000).toISOString();
      const inner = `<AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>${secretAccessKey}</SecretAccessKey><SessionToken>${sessionToken}</SessionToken><Expiration>${end}</Expiration>`;
      xml(
        response,
        200,
        `<GetSessionTokenResponse><GetSessionTokenResult><Credentials>${inner}</Credentials></GetSessionTokenResult></GetSessionTokenResponse>`,
      );
      return;
    }
    response
      .writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify({ status: "ACTIVE", models: [] }));
  }
}

function callOf({ method, url = "" }: http.IncomingMessage, body: string): string {
  const path = decodeURIComponent(url);
  const action = /Action=(\w+)/.exec(body)?.[1];
  if (action) return action;
  if (method === "GET" && path.startsWith("/inference-profiles/"))
    return `GetInferenceProfile ${path.split("/").at(-1)}`;
  if (path.endsWith("/invoke")) return `InvokeModel ${path.split("/")[2]}`;
  if (path.endsWith("/invoke-with-response-stream")) return `InvokeModelWithResponseStream ${path.split("/")[2]}`;
  return `${method} ${path}`;
}

function refuse(response: http.ServerResponse, call: string, status: number, code: string): void {
  const message = `Refused for arn:aws:iam::123456789012:user/llm.`;
  if (call.startsWith("Get") && !call.startsWith("GetInference")) {
    const known: Record<string, string> = {
      UnrecognizedClientException: "InvalidClientTokenId",
      InvalidSignatureException: "SignatureDoesNotMatch",
      ExpiredTokenException: "ExpiredToken",
      ThrottlingException: "Throttling",
    };
    xml(
      response,
      status,
      `<ErrorResponse><Error><Type>Sender</Type><Code>${known[code] ?? code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
    );
    return;
  }
  response
    .writeHead(status, { "content-type": "application/json", "x-amzn-errortype": code })
    .end(JSON.stringify({ message }));
}

function xml(response: http.ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "content-type": "text/xml" }).end(body);
}

function credentialOf({ headers }: http.IncomingMessage) {
  const [, accessKeyId = "", scope = "", signed = "", signature = ""] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([^,]+), ?SignedHeaders=([^,]+), ?Signature=(\w+)$/.exec(
      headers.authorization ?? "",
    ) ?? [];
  return { accessKeyId, scope, signed: signed.split(";"), signature };
}

/** Signature Version 4, from AWS's description of it. */
function signatureOf(request: http.IncomingMessage, body: Buffer, secretAccessKey: string): string {
  const { scope, signed } = credentialOf(request);
  const sha256 = (data: string | Buffer) => createHash("sha256").update(data).digest("hex");
  const hmac = (key: string | Buffer, data: string) => createHmac("sha256", key).update(data).digest();
  const { pathname, searchParams } = new URL(request.url ?? "", "http://aws");
  const path = pathname
    .split("/")
    .map((part) => encodeURIComponent(part))
    .join("/");
  searchParams.sort();
  const query = [...searchParams].map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
  const headers = signed.map((name) => `${name}:${String(request.headers[name] ?? "").trim()}\n`).join("");
  const canonical = [request.method, path, query, headers, signed.join(";"), sha256(body)].join("\n");
  const text = ["AWS4-HMAC-SHA256", request.headers["x-amz-date"], scope, sha256(canonical)].join("\n");
  const [date = "", region = "", service = "", end = ""] = scope.split("/");
  const key = hmac(hmac(hmac(hmac(`AWS4${secretAccessKey}`, date), region), service), end);
  return createHmac("sha256", key).update(text).digest("hex");
}
