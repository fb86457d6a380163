import { serverAudits } from "graphql-http";
import { RunningService } from "../support/service";

let service: RunningService;
beforeAll(async () => {
  service = await RunningService.start({}, { jobs: false });
});
afterAll(() => service.stop());

// Without its preflight header a GET would be refused: protection against forged requests stays on.
const preflighted: typeof fetch = (url, init) =>
  fetch(url, {
    ...init,
    headers: { ...(init?.headers as Record<string, string>), "apollo-require-preflight": "true" },
  });

const audits = serverAudits({
  url: () => `http://127.0.0.1:${service.app.port}/graphql`,
  fetchFn: preflighted,
});

test("there are all the audits", () => expect(audits).toHaveLength(61));

test.each(audits.map(({ id, name, fn }) => [id, name, fn] as const))("%s %s", async (_id, _name, audit) => {
  expect(await audit()).toMatchObject({ status: "ok" });
});
