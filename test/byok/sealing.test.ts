import { randomBytes, randomUUID } from "node:crypto";
import { createLocalKeyWrapper, type KeyWrapper, MasterKeyMissing } from "../../src/integrations/keys/key-wrapper";
import { open, type SealedCredentials, seal, UnopenableCredentials } from "../../src/integrations/keys/sealer";

const master = (id: string) => ({ id, key: randomBytes(32) });
const credentials = {
  accessKeyId: "ASIAAAAAAAAAAAAAAAAA",
  secretAccessKey: "s".repeat(40),
  sessionToken: "t".repeat(50),
};
const PARTS = ["wrapped", "accessKeyId", "secretAccessKey", "sessionToken"] as const;

const one = master("one");
const wrapper = createLocalKeyWrapper([one]);
const here: string = randomUUID();
const sealHere = () => seal(wrapper, here, credentials);
const partOf = (sealed: SealedCredentials, part: (typeof PARTS)[number]): Buffer => sealed[part] ?? Buffer.alloc(0);

/** Expects that each of these is refused with an error that quotes nothing. */
async function allRefused(variants: Iterable<SealedCredentials>, by: KeyWrapper = wrapper, organizationId = here) {
  let count = 0;
  for (const sealed of variants) {
    const refusal = await open(by, organizationId, sealed).then(
      () => null,
      (error: unknown) => error,
    );
    if (!(refusal instanceof UnopenableCredentials)) throw new Error(`Variant ${count} was opened.`);
    expect(refusal.message).not.toMatch(/ASIA|AKIA|sss|ttt/);
    count += 1;
  }
  return count;
}

test("sealed credentials open, with and without a session token, and reveal nothing", async () => {
  const sealed = await sealHere();
  expect(await open(wrapper, here, sealed)).toEqual(credentials);
  const longTerm = { ...credentials, accessKeyId: "AKIAAAAAAAAAAAAAAAAA", sessionToken: null };
  expect(await open(wrapper, here, await seal(wrapper, here, longTerm))).toEqual(longTerm);
  expect(JSON.stringify(Object.values(sealed).map(String))).not.toMatch(/ASIA|AKIA|sss|ttt/);
  const again = await sealHere();
  for (const part of PARTS) expect(partOf(again, part).equals(partOf(sealed, part))).toBe(false);
});

test("credentials open in no other organization, and with no other master key of the same name", async () => {
  const sealed = await sealHere();
  for (const other of [randomUUID(), here.toUpperCase(), "", `${here} `]) await allRefused([sealed], wrapper, other);
  await allRefused([sealed], createLocalKeyWrapper([master("one")]));
  // They are not lost: an operator can restore that master key.
  await expect(open(wrapper, here, { ...sealed, masterKeyId: "unknown" })).rejects.toBeInstanceOf(MasterKeyMissing);
  const renamed = createLocalKeyWrapper([{ id: "two", key: one.key }]);
  await allRefused([{ ...sealed, masterKeyId: "two" }], renamed);
});

test("a data key itself opens for its own organization only", async () => {
  const dataKey = randomBytes(32);
  const wrapped = await wrapper.wrap(dataKey, here);
  expect(await wrapper.unwrap(wrapped, here)).toEqual(dataKey);
  await expect(wrapper.unwrap(wrapped, randomUUID())).rejects.toThrow("authenticate");
});

test("the data key is erased from memory after each use, also if the credentials do not open", async () => {
  const used: Buffer[] = [];
  const watched: KeyWrapper = {
    ...wrapper,
    wrap: (dataKey, context) => {
      used.push(dataKey);
      return wrapper.wrap(dataKey, context);
    },
    unwrap: async (wrapped, context) => {
      const dataKey = await wrapper.unwrap(wrapped, context);
      used.push(dataKey);
      return dataKey;
    },
  };
  const sealed = await seal(watched, here, credentials);
  expect(await open(watched, here, sealed)).toEqual(credentials);
  await allRefused([{ ...sealed, accessKeyId: sealed.secretAccessKey }], watched);
  expect(used).toEqual([Buffer.alloc(32), Buffer.alloc(32), Buffer.alloc(32)]);
});

test("no part opens in the place of another part of the same key, another key or another organization", async () => {
  const [sealed, other, stranger] = [
    await sealHere(),
    await sealHere(),
    await seal(wrapper, randomUUID(), credentials),
  ];
  const swaps = [sealed, other, stranger].flatMap((from) =>
    PARTS.flatMap((to) =>
      PARTS.filter((part) => from !== sealed || part !== to).map((part) => ({ ...sealed, [to]: partOf(from, part) })),
    ),
  );
  expect(await allRefused(swaps)).toBe(3 * 16 - 4);
  // All parts together still belong to the other organization.
  await allRefused([stranger]);
});

test("credentials with a missing part are refused", async () => {
  const longTerm = { ...credentials, accessKeyId: "AKIAAAAAAAAAAAAAAAAA", sessionToken: null };
  const sealed = await seal(wrapper, here, longTerm);
  const { sessionToken } = await sealHere();
  await allRefused([
    { ...(await sealHere()), sessionToken: null },
    { ...sealed, sessionToken },
  ]);
  for (const part of PARTS) await allRefused([{ ...(await sealHere()), [part]: Buffer.alloc(0) }]);
});

test("credentials with any flipped bit are refused", async () => {
  const sealed = await sealHere();
  function* flips() {
    for (const part of PARTS) {
      const blob = partOf(sealed, part);
      for (let bit = 0; bit < blob.length * 8; bit++) {
        const flipped = Buffer.from(blob);
        flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        yield { ...sealed, [part]: flipped };
      }
    }
  }
  expect(await allRefused(flips())).toBe(PARTS.reduce((sum, part) => sum + partOf(sealed, part).length * 8, 0));
});

test("credentials with a part that is cut at either end, or extended, are refused", async () => {
  const sealed = await sealHere();
  function* cuts() {
    for (const part of PARTS) {
      const blob = partOf(sealed, part);
      for (let length = 0; length < blob.length; length++) {
        yield { ...sealed, [part]: blob.subarray(0, length) };
        yield { ...sealed, [part]: blob.subarray(blob.length - length) };
      }
      yield { ...sealed, [part]: Buffer.concat([blob, Buffer.alloc(1)]) };
      yield { ...sealed, [part]: Buffer.concat([Buffer.alloc(1), blob]) };
    }
  }
  expect(await allRefused(cuts())).toBeGreaterThan(500);
});
