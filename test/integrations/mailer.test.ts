import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { createDevelopmentMailbox } from "../../src/integrations/mail/development-mailbox";
import { MailRejected } from "../../src/integrations/mail/mailer";
import { createSmtpMailer } from "../../src/integrations/mail/smtp-mailer";
import { invitationMessage } from "../../src/jobs/invitation-message";
import { listOf, messagePage } from "../../src/jobs/message-page";

const state = {
  to: "gus@example.com",
  organizationName: "Evil <b>Corp</b>\r\nBcc: all@example.com",
  invitedByName: "https://evil.example",
  role: "DEVELOPER" as const,
  workspaceNames: Array.from({ length: 12 }, (_, n) => `W${n}`),
  link: "https://app.example/invitations/abc",
  expiresAt: new Date("2026-12-01T11:00:00Z"),
};

async function withSmtp(options: SMTPServerOptions, use: (url: string) => Promise<void>): Promise<void> {
  const server = new SMTPServer({ authOptional: true, disabledCommands: ["STARTTLS"], ...options });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await use(`smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`);
  } finally {
    await new Promise<void>((resolve) => server.close(resolve));
  }
}

const SENDER = { name: "CloudThinker", address: "no-reply@example.com" };

async function sendTo(url: string, from = SENDER): Promise<void> {
  const mailer = createSmtpMailer({ url, from });
  await mailer.send(invitationMessage(state)).finally(() => mailer.close());
}

test("an invitation is sent by SMTP to one recipient, as text and HTML with the link", async () => {
  let received = "";
  const recipients: string[] = [];
  const onRcptTo: SMTPServerOptions["onRcptTo"] = ({ address }, _session, done) => {
    recipients.push(address);
    done();
  };
  const onData: SMTPServerOptions["onData"] = (stream, _session, done) => {
    stream.on("data", (chunk) => {
      received += chunk;
    });
    stream.on("end", () => done());
  };
  await withSmtp({ onRcptTo, onData }, sendTo);
  expect(recipients).toEqual(["gus@example.com"]);
  expect(received).toMatch(/^From: CloudThinker <no-reply@example\.com>/m);
  expect(received).toMatch(/^Auto-Submitted: auto-generated/m);
  expect(received).not.toMatch(/^Bcc:/m);
  expect(received).toContain("text/plain");
  expect(received).toContain("text/html");
  expect(received.match(/https:\/\/app\.example\/invitations\/abc/g)?.length).toBeGreaterThanOrEqual(2);
});

test("a rejected recipient is permanent, every other failure is retried, and no error quotes the address", async () => {
  const reject = (responseCode: number): SMTPServerOptions => ({
    onRcptTo: ({ address }, _session, done) =>
      done(Object.assign(new Error(`${address} is not wanted`), { responseCode })),
  });
  await withSmtp(reject(550), async (url) => {
    const failure = await sendTo(url).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(MailRejected);
    expect(String(failure)).not.toContain("gus@");
  });
  await withSmtp(reject(451), async (url) => {
    const failure = await sendTo(url).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(failure).not.toBeInstanceOf(MailRejected);
    expect(String(failure)).not.toContain("gus@");
  });
  const stranger: SMTPServerOptions = {
    allowInsecureAuth: true,
    onAuth: (_credentials, _session, done) => done(new Error("gus@example.com may not sign in")),
  };
  await withSmtp(stranger, async (url) => {
    const failure = await sendTo(url.replace("//", "//user:password@")).catch((error: unknown) => error);
    expect(String(failure)).toMatch(/EAUTH 535/);
    expect(failure).not.toBeInstanceOf(MailRejected);
    expect(String(failure)).not.toContain("gus@");
  });
  await expect(sendTo("smtp://127.0.0.1:1")).rejects.not.toBeInstanceOf(MailRejected);
});

test("names cannot break the mail, become links or fill the subject", () => {
  const { subject, html, text } = invitationMessage({ ...state, organizationName: `<script>${"x".repeat(500)}` });
  expect(subject).not.toMatch(/[\r\n]/);
  expect(subject.length).toBeLessThan(150);
  expect(html).not.toContain("<script>");
  expect(text).not.toContain("https://evil.example");
  expect(text).toContain("and 2 more");
  expect(text).toContain("1 December 2026 at 11:00 UTC");
});

test("a mail lists ten names, and counts the others", () => {
  const names = (count: number) => Array.from({ length: count }, (_, n) => `W${n + 1}`);
  const ten = "W1, W2, W3, W4, W5, W6, W7, W8, W9, W10";
  expect([9, 10, 11].map((count) => listOf(names(count)))).toEqual([ten.slice(0, -5), ten, `${ten} and 1 more`]);
});

test("each colour of a mail for the light theme has one for the dark theme", () => {
  const { html } = invitationMessage(state);
  const [, dark = ""] = /<style>(.*?)<\/style>/s.exec(html) ?? [];
  expect(dark).toContain("@media (prefers-color-scheme: dark)");
  const themed = [...dark.matchAll(/^ {2}\.(\w+)/gm)].map(([, name]) => name);
  const carrying = [
    ...html.matchAll(/<(\w+)([^>]*)style="[^"]*(?:#182230|#5b6778|#f1f4f8|#ffffff;border|[^-]color:#3358d4)/g),
  ];
  expect(carrying.length).toBeGreaterThan(6);
  for (const [, , attributes = ""] of carrying) {
    expect(themed).toContain(/class="(\w+)"/.exec(attributes)?.[1]);
  }
});

/** Would close elements and attributes, and is an element itself. */
const HOSTILE = `"><img src=x onerror='a()'>&amp;<b>`;
const ESCAPED = "&quot;&gt;&lt;img src=x onerror=&#39;a()&#39;&gt;&amp;amp;&lt;b&gt;";

test.each(["organizationName", "invitedByName", "workspaceNames", "link"] as const)(
  "markup in %s is text in every place of the HTML",
  (field) => {
    const plain = invitationMessage({ ...state, organizationName: "Acme", invitedByName: "Olga" }).html;
    const value = field === "workspaceNames" ? [HOSTILE, HOSTILE] : HOSTILE;
    const given = { ...state, organizationName: "Acme", invitedByName: "Olga", [field]: value };
    const { html } = invitationMessage(given);
    expect(html).toContain(ESCAPED);
    expect(html).not.toMatch(/<img|<b>|onerror='/);
    // The mail has the same elements as one with plain names.
    const elements = (text: string) => text.match(/<\/?[a-z1]+/g);
    expect(elements(html)).toEqual(elements(plain));
  },
);

test("a notice's title, paragraphs, label, link and small print are text in the HTML", () => {
  const page = messagePage(HOSTILE, [HOSTILE, HOSTILE], { label: HOSTILE, link: HOSTILE }, [HOSTILE]);
  const plain = messagePage("a", ["b", "c"], { label: "d", link: "e" }, ["f"]);
  expect(page.split(ESCAPED)).toHaveLength(9);
  expect(page.match(/<\/?[a-z1]+/g)).toEqual(plain.match(/<\/?[a-z1]+/g));
});

test("the development mailbox lists mails, newest first, and reads no other files", async () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), "mailbox-"));
  const mailbox = createDevelopmentMailbox(directory);
  await mailbox.send({ ...invitationMessage(state), subject: "first" });
  await mailbox.send({ ...invitationMessage(state), subject: "second" });
  const mails = await mailbox.list();
  expect(mails.map(({ subject }) => subject)).toEqual(["second", "first"]);
  expect(await mailbox.read(mails[0]?.id ?? "")).toMatchObject({ to: state.to, subject: "second" });
  expect(await mailbox.read("../../etc/passwd")).toBeNull();
  const inside = path.join(directory, "inside");
  const other = createDevelopmentMailbox(inside);
  await other.send({ ...invitationMessage(state), subject: "third" });
  expect(await other.read(`../${mails[0]?.id}`)).toBeNull();
  const files = readdirSync(inside);
  expect(files.map((file) => statSync(path.join(inside, file)).mode & 0o777)).toEqual([0o600]);
  // A damaged mail does not hide the others.
  writeFileSync(path.join(inside, `${randomUUID()}.json`), "{");
  expect((await other.list()).map(({ subject }) => subject)).toEqual(["third"]);
  rmSync(directory, { recursive: true });
});

test("the development mailbox keeps the last five hundred mails", async () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), "mailbox-"));
  const mailbox = createDevelopmentMailbox(directory);
  const older = Array.from({ length: 500 }, (_, n) => `00000000-0000-7000-8000-${String(n).padStart(12, "0")}.json`);
  for (const file of older) writeFileSync(path.join(directory, file), "{}");
  await mailbox.send(invitationMessage(state));
  const files = readdirSync(directory);
  expect([files.length, files.includes(older[0] ?? ""), files.includes(older[1] ?? "")]).toEqual([500, false, true]);
  rmSync(directory, { recursive: true });
});
