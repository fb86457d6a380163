import { randomBytes } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { claimedBy, signatureFault } from "./signature-v4";

/** A key that the stand-in knows, and its rights. */
export interface KnownKey {
  secretAccessKey: string;
  sessionToken: string | null;
  expiresAt: Date | null;
  mayInvoke: boolean;
  mayLookUp: boolean;
  mayMint: boolean;
  missingModels: string[];
}

/** A failure of every call, or of those that `on` matches. */
export interface Trouble {
  kind: "hang" | "trickle" | "reset" | "cut" | "garbage" | "empty" | "down" | "throttle";
  on?: RegExp;
  /** The number of calls; all if absent. */
  times?: number;
}

/** A small AWS: STS and Bedrock behind one address. It checks every signature, like AWS (Signature Version 4). */
export class AwsStandIn {
  readonly keys = new Map<string, KnownKey>();
  /** Every call in order, as `ACTION [MODEL]`. */
  readonly calls: string[] = [];
  /** The regions for which calls were signed. */
  readonly regions = new Set<string>();
  /** The user agents of the callers. */
  readonly agents: string[] = [];
  /** The end of each connection so far. Only callers close idle ones. */
  readonly ends: Array<Promise<unknown>> = [];
  trouble: Trouble | null = null;
  /** Runs when a call arrives that gets no response, or a late one. */
  onHang: () => void = () => undefined;
  /** The number of sessions so far, and the lifetime of the next one in seconds. */
  sessions = 0;
  sessionSeconds = 3_600;

  private constructor(private readonly server: http.Server) {}

  static async start(): Promise<AwsStandIn> {
    const server = http.createServer();
    const standIn = new AwsStandIn(server);
    server.on("request", (request, response) => void standIn.serve(request, response));
    server.keepAliveTimeout = 0;
    server.on("connection", (socket) => {
      standIn.ends.push(new Promise((resolve) => socket.once("close", resolve)));
    });
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

  /** A new key, in the form that its owner enters. */
  key(kind: "AKIA" | "ASIA" = "AKIA", rights: Partial<KnownKey> = {}) {
    const accessKeyId = `${kind}${randomBytes(20).toString("hex").toUpperCase().slice(0, 16)}`;
    const secretAccessKey = randomBytes(30).toString("base64");
    const sessionToken = kind === "ASIA" ? `token-${randomBytes(60).toString("base64url")}` : null;
    const may = { mayInvoke: true, mayLookUp: true, mayMint: true };
    const known = { secretAccessKey, sessionToken, expiresAt: null, ...may, missingModels: [] };
    this.keys.set(accessKeyId, { ...known, ...rights });
    return { accessKeyId, secretAccessKey, sessionToken };
  }

  private async serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const call = callOf(request, body.toString());
    this.calls.push(call);
    const { accessKeyId = "", region = "" } = claimedBy(request) ?? {};
    this.regions.add(region);
    this.agents.push(String(request.headers["user-agent"]));
    if (this.makesTrouble(request, response, call)) return;
    const key = this.keys.get(accessKeyId);
    const fault = key ? faultOf(request, body, call, key) : "UnrecognizedClientException";
    if (fault) refuse(response, call, STATUS_OF[fault] ?? 403, fault);
    else this.answer(response, call);
  }

  private makesTrouble({ socket }: http.IncomingMessage, response: http.ServerResponse, call: string): boolean {
    const { trouble } = this;
    if (!trouble || (trouble.on && !trouble.on.test(call)) || trouble.times === 0) return false;
    if (trouble.times !== undefined) trouble.times -= 1;
    if (trouble.kind === "hang") this.onHang();
    if (trouble.kind === "reset") socket.resetAndDestroy();
    if (trouble.kind === "garbage") response.writeHead(200).end("<html>What?");
    if (trouble.kind === "empty") response.writeHead(200, { "content-type": "application/json" }).end();
    if (trouble.kind === "down") response.writeHead(503, { "content-type": "text/html" }).end("<html>Later.");
    if (trouble.kind === "throttle") refuse(response, call, 429, "ThrottlingException");
    if (trouble.kind === "cut") {
      response.writeHead(200, { "content-length": "1000" }).write("{");
      setImmediate(() => socket.destroy());
    }
    if (trouble.kind === "trickle") {
      response.writeHead(200);
      let written = 0;
      const timer = setInterval(() => {
        response.write(" ");
        // The caller has now read the start of the response.
        if (++written === 3) this.onHang();
      }, 200);
      socket.once("close", () => clearInterval(timer));
    }
    return true;
  }

  private answer(response: http.ServerResponse, call: string): void {
    if (call === "GetCallerIdentity") {
      const who = "<Arn>arn:aws:iam::123456789012:user/llm</Arn><UserId>AIDA</UserId><Account>123456789012</Account>";
      xml(response, 200, result(call, who));
    } else if (call === "GetSessionToken") {
      this.sessions += 1;
      const { accessKeyId, secretAccessKey, sessionToken } = this.key("ASIA");
      const end = new Date(Date.now() + this.sessionSeconds * 1000).toISOString();
      const id = `<AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>${secretAccessKey}</SecretAccessKey>`;
      const rest = `<SessionToken>${sessionToken}</SessionToken><Expiration>${end}</Expiration>`;
      xml(response, 200, result(call, `<Credentials>${id}${rest}</Credentials>`));
    } else {
      const profile = { inferenceProfileId: call.split(" ")[1], status: "ACTIVE", models: [] };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(profile));
    }
  }
}

const STATUS_OF: Record<string, number> = { ResourceNotFoundException: 404, ValidationException: 400 };

function faultOf(request: http.IncomingMessage, body: Buffer, call: string, key: KnownKey): string | null {
  const service = isSts(call) ? "sts" : "bedrock";
  if (signatureFault(request, body, { secretAccessKey: key.secretAccessKey, service }))
    return "InvalidSignatureException";
  if ((request.headers["x-amz-security-token"] ?? null) !== key.sessionToken) return "UnrecognizedClientException";
  if (key.expiresAt && key.expiresAt <= new Date()) return "ExpiredTokenException";
  if (call === "GetSessionToken") return key.mayMint ? null : "AccessDeniedException";
  if (call.startsWith("GetInferenceProfile")) {
    if (!key.mayLookUp) return "AccessDeniedException";
    return key.missingModels.some((model) => call.includes(model)) ? "ResourceNotFoundException" : null;
  }
  // AWS checks the right to invoke a model before it refuses the empty body.
  if (call.startsWith("Invoke")) return key.mayInvoke ? "ValidationException" : "AccessDeniedException";
  return null;
}

function isSts(call: string): boolean {
  return call === "GetCallerIdentity" || call === "GetSessionToken";
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

/** STS has different names for the error codes of services with JSON. */
const IN_STS: Record<string, string> = {
  UnrecognizedClientException: "InvalidClientTokenId",
  InvalidSignatureException: "SignatureDoesNotMatch",
  ExpiredTokenException: "ExpiredToken",
  ThrottlingException: "Throttling",
  AccessDeniedException: "AccessDenied",
};

function refuse(response: http.ServerResponse, call: string, status: number, code: string): void {
  const message = "Refused for arn:aws:iam::123456789012:user/llm.";
  if (isSts(call)) {
    const error = `<Type>Sender</Type><Code>${IN_STS[code] ?? code}</Code><Message>${message}</Message>`;
    xml(response, status, `<ErrorResponse><Error>${error}</Error></ErrorResponse>`);
    return;
  }
  response
    .writeHead(status, { "content-type": "application/json", "x-amzn-errortype": code })
    .end(JSON.stringify({ message }));
}

function result(call: string, inner: string): string {
  return `<${call}Response><${call}Result>${inner}</${call}Result></${call}Response>`;
}

function xml(response: http.ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "content-type": "text/xml" }).end(body);
}
