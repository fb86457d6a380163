import { type EvidenceItem, type EvidenceReview, evidenceCsv, evidenceJson } from "../../src/domain/access-evidence";

const startedAt = new Date("2026-03-31T09:00:00Z");
const review: EvidenceReview = {
  ...{ organizationId: "o", id: "r", name: "Q1", status: "COMPLETED", startedAt, startedById: "ada" },
  ...{ dueAt: new Date("2026-04-30T09:00:00Z"), completedAt: new Date("2026-04-01T09:00:00Z"), completedById: "bob" },
};
const alpha = { workspaceId: "w1", workspaceName: "Alpha", roleOverride: null, expiresAt: null };
const beta = {
  ...{ expiresAt: new Date("2026-05-01T00:00:00Z"), workspaceId: "w2" },
  ...{ roleOverride: "ADMIN" as const, workspaceName: "Beta" },
};
const item = (changes: Partial<EvidenceItem> = {}): EvidenceItem => ({
  ...{ id: "i", memberId: "m", userId: "u", userName: "Ada", role: "VIEWER", grants: [alpha, beta] },
  ...{ joinedAt: new Date("2025-01-01T00:00:00Z"), lastSeenAt: new Date("2025-02-01T00:00:00Z"), ownerRank: null },
  ...{ decision: "CHANGE", newRole: "DEVELOPER", newGrants: [alpha], note: "Moved.", decidedById: "bob" },
  ...{ decidedAt: new Date("2026-03-31T10:00:00Z"), outcome: "APPLIED" },
  ...changes,
});
const HEAD =
  '"item","member","user","name","role","workspaces","joined at","last seen at","findings","decision","new role",' +
  '"new workspaces","note","decided by","decided at","outcome"\r\n';

test("the CSV has a header and a line per member", () => {
  expect(evidenceCsv(review, [item()])).toBe(
    `${HEAD}"i","m","u","Ada","VIEWER","Alpha (w1); Beta (w2) as ADMIN until 2026-05-01T00:00:00.000Z",` +
      '"2025-01-01T00:00:00.000Z","2025-02-01T00:00:00.000Z","UNUSED_90_DAYS; RAISED_BY_OVERRIDE","CHANGE",' +
      '"DEVELOPER","Alpha (w1)","Moved.","bob","2026-03-31T10:00:00.000Z","APPLIED"\r\n',
  );
});

test("an absent value is an empty cell", () => {
  const nothing = { lastSeenAt: null, decision: null, newRole: null, newGrants: null, note: null, grants: [] };
  const open = { ...nothing, decidedById: null, decidedAt: null, outcome: null, role: "ADMIN" as const };
  expect(evidenceCsv(review, [item({ ...open, joinedAt: startedAt })])).toBe(
    `${HEAD}"i","m","u","Ada","ADMIN","","2026-03-31T09:00:00.000Z","","","","","","","","",""\r\n`,
  );
  expect(evidenceCsv(review, [])).toBe(HEAD);
});

const cellOf = (note: string) =>
  /"VIEWER".*"Alpha \(w1\)",("(?:[^"]|"")*"),"bob"/s.exec(evidenceCsv(review, [item({ note })]))?.[1];

test("quotes are doubled, and cells can contain line breaks and commas", () => {
  expect(cellOf('He said "no",\nthen left')).toBe('"He said ""no"",\nthen left"');
});

test.each([
  "=1+1",
  "+1",
  "-1",
  "@SUM(A1)",
  "|calc",
  "%x",
  " =1",
  "\u00A0=1",
  "\uFF1D1",
  "\uFF0B1",
  "\uFF0D1",
  "\uFF201",
])("%p is escaped so that a spreadsheet reads text", (note) => {
  expect(cellOf(note)).toBe(`"'${note}"`);
});

test.each(["\t=1", "\r1", "\n1", "\tx"])("formulas after white space are escaped, too", (note) => {
  expect(cellOf(note)).toBe(`"'${note}"`);
});

test.each(["a=b", "1-1", "x@example.com", "a\n=1", "", "Ada"])("%p is not changed", (note) => {
  expect(cellOf(note)).toBe(`"${note}"`);
});

test("names of people and workspaces are escaped like other cells", () => {
  const grants = [{ ...alpha, workspaceName: "=x" }];
  const csv = evidenceCsv(review, [item({ userName: "=cmd", grants, newGrants: grants })]);
  expect(csv).toContain(`"'=cmd","VIEWER","'=x (w1)"`);
  expect(csv).toContain(`"DEVELOPER","'=x (w1)"`);
});

test("the JSON has the same data in a fixed order, without white space", () => {
  const json = evidenceJson({ ...review, extra: 1 } as EvidenceReview, [item()]);
  expect(json).toBe(
    '{"review":{"organizationId":"o","id":"r","name":"Q1","status":"COMPLETED",' +
      '"startedAt":"2026-03-31T09:00:00.000Z","startedById":"ada","dueAt":"2026-04-30T09:00:00.000Z",' +
      '"completedAt":"2026-04-01T09:00:00.000Z","completedById":"bob"},"items":[{"id":"i","memberId":"m","userId":"u",' +
      '"userName":"Ada","role":"VIEWER","grants":[' +
      '{"workspaceId":"w1","workspaceName":"Alpha","roleOverride":null,"expiresAt":null},' +
      '{"workspaceId":"w2","workspaceName":"Beta","roleOverride":"ADMIN","expiresAt":"2026-05-01T00:00:00.000Z"}],' +
      '"joinedAt":"2025-01-01T00:00:00.000Z","lastSeenAt":"2025-02-01T00:00:00.000Z",' +
      '"findings":["UNUSED_90_DAYS","RAISED_BY_OVERRIDE"],"decision":"CHANGE","newRole":"DEVELOPER",' +
      '"newGrants":[{"workspaceId":"w1","workspaceName":"Alpha","roleOverride":null,"expiresAt":null}],' +
      '"note":"Moved.","decidedById":"bob","decidedAt":"2026-03-31T10:00:00.000Z","outcome":"APPLIED"}]}',
  );
  expect(JSON.parse(evidenceJson(review, [item({ newGrants: null })])).items[0].newGrants).toBeNull();
});

test("several members follow each other, and a review of nobody has an empty list", () => {
  const both = [item(), item({ id: "j" })];
  const ids = (items: EvidenceItem[]) =>
    JSON.parse(evidenceJson(review, items)).items.map(({ id }: { id: string }) => id);
  expect([ids([]), ids(both)]).toEqual([[], ["i", "j"]]);
  expect(
    evidenceCsv(review, both)
      .split("\r\n")
      .map((line) => line.slice(0, 3)),
  ).toEqual(['"it', '"i"', '"j"', ""]);
});
