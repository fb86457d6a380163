import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import type { Integrations } from "../../src/commands/runner/unit-of-work";
import { readConfig } from "../../src/config/config";
import { parseMailbox } from "../../src/domain/mailbox";
import { MailRejected } from "../../src/integrations/mail/mailer";
import { createSmtpMailer } from "../../src/integrations/mail/smtp-mailer";
import { sendNoticeMail } from "../../src/jobs/notice-mail";

/** The unfolded From and To headers and the envelope of a mail that is sent with MAIL_FROM. */
async function sentAs(MAIL_FROM: string, to = "gus@example.com") {
  const envelope: string[] = [];
  let received = "";
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onMailFrom: ({ address }, _session, done) => {
      envelope.push(address);
      done();
    },
    onRcptTo: ({ address }, _session, done) => {
      envelope.push(address);
      done();
    },
    onData: (stream, _session, done) => {
      stream.on("data", (chunk) => {
        received += chunk;
      });
      stream.on("end", () => done());
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo;
  const { mail } = readConfig({ SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM });
  if (!mail) throw new Error("There is no mail configuration.");
  const mailer = createSmtpMailer({ url: mail.smtpUrl, from: mail.from });
  try {
    // Twice, because the first mail must not affect the second.
    for (let n = 0; n < 2; n++) {
      received = "";
      envelope.length = 0;
      await mailer.send({ to, subject: "Hello", text: "Hello", html: "<p>Hello</p>" });
    }
  } finally {
    await mailer.close();
    await new Promise<void>((resolve) => server.close(resolve));
  }
  const header = received.slice(0, received.indexOf("\r\n\r\n")).replace(/\r\n[ \t]+/g, " ");
  const line = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(header)?.[1];
  return { from: line("From"), to: line("To"), envelope };
}

/**
 * The name in a From header, as a mail client reads it: with quotes and encoded words decoded, and comments and groups
 * parsed.
 */
function read(from = ""): { name: string; address: string } {
  const [, phrase = "", address = ""] = /^(.*?) ?<([^<>]+)>$/.exec(from) ?? [];
  const quoted = /^"((?:[^"\\]|\\.)*)"$/.exec(phrase);
  if (quoted) return { name: (quoted[1] ?? "").replace(/\\(.)/g, "$1"), address };
  const words = phrase.match(/=\?UTF-8\?[QB]\?[^?]*\?=/gi);
  if (words) return { name: words.map(decode).join(""), address };
  // Unquoted, unencoded text must not contain characters with a meaning in headers.
  if (/[()<>[\]:;@\\,."]/.test(phrase)) throw new Error(`A header is not read as it was meant: ${from}`);
  return { name: phrase, address };
}

function decode(word: string): string {
  const [, encoding = "", text = ""] = /^=\?UTF-8\?([QB])\?([^?]*)\?=$/i.exec(word) ?? [];
  if (encoding.toUpperCase() === "B") return Buffer.from(text, "base64").toString();
  const bytes = text.replaceAll("_", " ").replace(/=([0-9A-F]{2})/gi, (_, hex: string) => `%${hex}`);
  return decodeURIComponent(bytes.replace(/%(?![0-9A-F]{2})/gi, "%25"));
}

const NAMES = [
  "CloudThinker",
  "Acme: Cloud",
  "Acme (EU)",
  "Acme, Inc.",
  "Acme; Sons",
  "a@b.example",
  "R&D [beta]",
  "O'Neill",
  "Back\\slash",
  "undisclosed-recipients:;",
  "Ünïcode Größe",
  "クラウド: 東京",
  "50% off = more_",
  "=?UTF-8?Q?Fake?=",
  "A name that is long enough to be folded over more than one line of a header, because it does not end soon at all",
];

test.each(NAMES)("the name %s arrives unchanged with the address, and nobody else gets the mail", async (name) => {
  const sent = await sentAs(`${name} <no-reply@acme.example>`);
  expect(read(sent.from)).toEqual({ name, address: "no-reply@acme.example" });
  expect(sent.to).toBe("gus@example.com");
  expect(sent.envelope).toEqual(["no-reply@acme.example", "gus@example.com"]);
});

test("quotes around a name are removed; a sender can be only an address", async () => {
  expect(read((await sentAs('"Acme: \\"Cloud\\"" <a@acme.example>')).from)).toEqual({
    name: 'Acme: "Cloud"',
    address: "a@acme.example",
  });
  for (const from of ["a@acme.example", "<a@acme.example>", "  <a@acme.example> ", '"" <a@acme.example>']) {
    expect((await sentAs(from)).from).toBe("a@acme.example");
  }
});

test("a recipient is always one address, whatever characters it has", async () => {
  const sent = await sentAs("Acme <a@acme.example>", "a'b+c&d@example.com");
  expect([sent.to, ...sent.envelope]).toEqual(["a'b+c&d@example.com", "a@acme.example", "a'b+c&d@example.com"]);
});

test.each([
  "",
  "Acme",
  "Acme <>",
  "Acme <no address>",
  "Acme <a@b.example> <c@d.example>",
  "a@b.example, c@d.example",
  "Acme <a@b.example>, c@d.example",
  "Acme: a@b.example;",
  "a@b.example (Acme)",
  "Acme <a(b)@c.example>",
  "Acme\u0000 <a@b.example>",
  "Acme\r\nBcc: x@y.example <a@b.example>",
])("%j is not a valid sender", (text) => {
  expect(parseMailbox(text)).toBeNull();
  if (text) expect(() => readConfig({ MAIL_FROM: text })).toThrow(/^MAIL_FROM: expected an address or NAME <address>/);
});

test("without MAIL_FROM, the sender is CloudThinker at the host of APP_URL", () => {
  const from = (rest: object) => readConfig({ SMTP_URL: "smtp://mail", ...rest }).mail?.from;
  expect(from({ APP_URL: "https://app.example/x" })).toEqual({ name: "CloudThinker", address: "no-reply@app.example" });
  expect(from({})).toEqual({ name: "CloudThinker", address: "no-reply@localhost" });
});

test("a notice is not repeated for an address that rejects it, and is after any other failure", async () => {
  const notice = { subject: "Hello", paragraphs: ["Hello"], page: "/", reason: "You are an Owner." };
  const sendOnce = (failure: Error) => {
    const mailer = { send: () => Promise.reject(failure), close: async () => undefined };
    const integrations = { mailer, appUrl: "https://app.example" } as unknown as Integrations;
    return sendNoticeMail(integrations, "gus@example.com", notice);
  };
  await sendOnce(new MailRejected("550"));
  await expect(sendOnce(new Error("connection refused"))).rejects.toThrow("connection refused");
});
