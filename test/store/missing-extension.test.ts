import { extensionMissing } from "../../src/store/engine/migrate";

test.each([
  'permission denied to create extension "pg_trgm"',
  'extension "pg_trgm" is not available',
  'could not open extension control file "/usr/share/postgresql/16/extension/pg_trgm.control": No such file',
])("the error %j at the start gets advice", (message) => {
  const cause = new Error(message);
  const { message: advice, cause: reason } = extensionMissing(cause) ?? {};
  expect(advice).toContain(`lacks the extension pg_trgm (${message})`);
  expect(advice).toContain("have a superuser run CREATE EXTENSION pg_trgm in this database, and start again");
  expect(reason).toBe(cause);
});

test.each([[new Error("syntax error")], [new Error('extension "hstore" is not available')], [null], ["pg_trgm"]])(
  "%s is not a missing extension",
  (error) => {
    expect(extensionMissing(error)).toBeNull();
  },
);
