import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { InvalidConfiguration } from "../../src/config/config";
import { developmentEncryptionKeys } from "../../src/development/development-encryption-key";
import { openDevelopmentIssuer } from "../../src/development/issuer/development-issuer";

let directory: string;
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), "kept-files-"));
});
afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

const [x, otherX] = ["11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE"];
const key = (patch: object = {}) =>
  JSON.stringify({
    ...{ kty: "OKP", crv: "Ed25519", alg: "EdDSA", kid: "k", x, d: "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A" },
    ...patch,
  });

const OPENERS: Record<string, () => Promise<unknown>> = {
  "development-issuer.json": () => openDevelopmentIssuer(directory),
  "encryption-keys": () => developmentEncryptionKeys(directory),
};

test.each([
  ["development-issuer.json", ""],
  ["development-issuer.json", " \n"],
  ["development-issuer.json", "null"],
  ["development-issuer.json", "[]"],
  ["development-issuer.json", "{}"],
  ["development-issuer.json", key().slice(0, 90)],
  ["development-issuer.json", key({ kty: "RSA" })],
  ["development-issuer.json", key({ kid: "" })],
  ["development-issuer.json", key({ d: undefined })],
  ["development-issuer.json", key({ d: "AAAA" })],
  ["development-issuer.json", key({ x: otherX })],
  ["development-issuer.json", "\0".repeat(200)],
  ["encryption-keys", ""],
  ["encryption-keys", "\n"],
  ["encryption-keys", "development:c2hvcnQ="],
  ["encryption-keys", "\0".repeat(60)],
])(
  "%s with the content %j stops the start with a line about the next step, and is not changed",
  async (file, content) => {
    const place = path.join(directory, file);
    fs.writeFileSync(place, content);
    const opening = OPENERS[file]?.() ?? Promise.resolve();
    await expect(opening).rejects.toBeInstanceOf(InvalidConfiguration);
    await expect(opening).rejects.toThrow(/^DATA_DIR: [^\n]+ is (empty|damaged)\. [^\n]*([Dd]elete|Restore)[^\n]+$/);
    expect(fs.readFileSync(place, "utf8")).toBe(content);
  },
);

test("an existing file is used unchanged, and a missing one is created once", async () => {
  fs.writeFileSync(path.join(directory, "development-issuer.json"), key());
  expect((await openDevelopmentIssuer(directory)).publicKeys.keys).toMatchObject([{ kid: "k", x }]);
  const made = await Promise.all(Array.from({ length: 8 }, () => developmentEncryptionKeys(directory)));
  for (const keys of made) expect(keys).toEqual(made[0]);
  // Only this account can read the keys, and no parts of files are left.
  expect(fs.readdirSync(directory).sort()).toEqual(["development-issuer.json", "encryption-keys"]);
  expect(fs.statSync(path.join(directory, "encryption-keys")).mode & 0o777).toBe(0o600);
});
