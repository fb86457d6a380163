import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { claimedBy, signatureFault } from "./signature-v4";

interface KmsRequest {
  KeyId: string;
  Plaintext?: string;
  CiphertextBlob?: string;
  EncryptionContext?: Record<string, string>;
}

/** Its failures: it hangs, resets, returns nothing or nonsense, only a status, or one of its codes. */
export type KmsTrouble = "hang" | "reset" | "empty" | "garbage" | `http-${number}` | `${string}Exception`;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A small AWS KMS: Encrypt and Decrypt, with checked signatures and ciphertexts that are bound to key and context. */
export class KmsStandIn {
  /** The credentials with which the process calls KMS: the platform's own. */
  readonly credentials = { accessKeyId: "AKIAPLATFORMPLATFORM", secretAccessKey: randomBytes(30).toString("base64") };
  readonly regions = new Set<string>();
  trouble: KmsTrouble | null = null;
  throttled = 0;
  /** Runs when a call arrives that gets no response. */
  onHang: () => void = () => undefined;
  /** The encryption contexts of all calls, the newest last. */
  readonly contexts: Array<Record<string, string> | undefined> = [];
  calls = 0;
  private readonly secret = randomBytes(32);

  private constructor(private readonly server: http.Server) {}

  static async start(): Promise<KmsStandIn> {
    const server = http.createServer();
    const standIn = new KmsStandIn(server);
    server.on("request", (request, response) => void standIn.serve(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return standIn;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    this.calls += 1;
    if (this.trouble === "hang") return this.onHang();
    if (this.trouble === "reset") return void request.socket.destroy();
    if (this.trouble === "garbage") return void response.writeHead(200).end("<html>");
    const [, status] = /^http-(\d+)$/.exec(this.trouble ?? "") ?? [];
    if (status) return void response.writeHead(Number(status)).end();
    const refuse = (code: string) => this.send(response, 400, { __type: code, message: "Refused for arn:aws:kms:x." });
    if (this.throttled-- > 0) return refuse("ThrottlingException");
    if (this.trouble?.endsWith("Exception")) return refuse(this.trouble);
    const claimed = claimedBy(request);
    const { accessKeyId, secretAccessKey } = this.credentials;
    const isSigned = claimed?.accessKeyId === accessKeyId;
    if (!isSigned || signatureFault(request, body, { secretAccessKey, service: "kms" }))
      return refuse("InvalidSignatureException");
    this.regions.add(claimed.region);
    if (this.trouble === "empty") return this.send(response, 200, {});
    try {
      this.send(response, 200, this.answer(String(request.headers["x-amz-target"]), JSON.parse(String(body))));
    } catch {
      refuse("InvalidCiphertextException");
    }
  }

  private answer(
    target: string,
    { KeyId, Plaintext = "", CiphertextBlob = "", EncryptionContext }: KmsRequest,
  ): object {
    // A data key is bound to the organization and nothing else, so KMS's log shows whose key was used.
    this.contexts.push(EncryptionContext);
    const { organization = "", ...others } = EncryptionContext ?? {};
    if (!UUID.test(organization) || Object.keys(others).length > 0) throw new Error("The context is another.");
    const key = createHash("sha256").update(this.secret).update(KeyId).digest();
    const bound = Buffer.from(JSON.stringify(EncryptionContext));
    if (target === "TrentService.Encrypt") {
      const iv = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(bound);
      const sealed = Buffer.concat([cipher.update(Plaintext, "base64"), cipher.final()]);
      return { KeyId, CiphertextBlob: Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString("base64") };
    }
    const blob = Buffer.from(CiphertextBlob, "base64");
    const decipher = createDecipheriv("aes-256-gcm", key, blob.subarray(0, 12)).setAAD(bound);
    decipher.setAuthTag(blob.subarray(12, 28));
    const opened = Buffer.concat([decipher.update(blob.subarray(28)), decipher.final()]);
    return { KeyId, Plaintext: opened.toString("base64") };
  }

  private send(response: http.ServerResponse, status: number, answer: object): void {
    response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(answer));
  }
}
