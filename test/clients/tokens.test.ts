import { CombinedGraphQLErrors } from "@apollo/client/errors";
import WebSocket from "ws";
import { createClient } from "../../web/src/graph/create-client";
import { MembershipChangesDocument, MyOrganizationsDocument } from "../../web/src/graph/generated/graphql";
import type { Tokens } from "../../web/src/graph/tokens";
import { onlyToken } from "../support/client-tokens";
import { join, organization } from "../support/live-organization";
import { aMoment } from "../support/moment";
import { type Person, RunningService } from "../support/service";

let service: RunningService;
beforeAll(async () => {
  service = await RunningService.start({}, { jobs: false });
});
afterAll(() => service.stop());

const INVALID = "no.good.token";

const connect = (tokens: Tokens) =>
  createClient({ url: `http://127.0.0.1:${service.app.port}/graphql`, tokens, webSocket: WebSocket });

/** Tokens of a person that the provider renews on demand, and the number of renewals. */
function renewable(person: Person, first: string, { lifetime, outages = 0 }: { lifetime: string; outages?: number }) {
  let token = first;
  let failures = 0;
  const renewed: string[] = [];
  const issue = () =>
    service.issuer.issue({ id: person.id, email: person.email, emailVerified: true, name: "Olga" }, lifetime);
  const tokens: Tokens = {
    current: () => token,
    renew: async () => {
      if (failures++ < outages) throw new Error("The provider cannot be reached.");
      token = await issue();
      renewed.push(token);
      return token;
    },
  };
  return { tokens, renewed };
}

/** An organization with a Developer, and the changes of it that one client receives. */
async function watched(owner: Person, tokens: Tokens) {
  const id = await organization(owner);
  const { memberId } = await join(service, owner, id);
  const client = connect(tokens);
  const received: string[] = [];
  const errors: unknown[] = [];
  const stream = client.subscribe({ query: MembershipChangesDocument, variables: { organizationId: id } }).subscribe({
    next: ({ data, error }) => {
      if (error) errors.push(error);
      else received.push(data?.membershipChanged.cursor ?? "");
    },
  });
  const change = async (role: string) => {
    await owner.ask(
      `mutation { changeMemberRole(input: { organizationId: "${id}", memberId: "${memberId}", role: ${role} }) { __typename } }`,
    );
  };
  const stop = async () => {
    stream.unsubscribe();
    client.stop();
    await until(() => service.app.live.size === 0);
  };
  return { received, errors, change, stop };
}

function codesOf(errors: readonly unknown[]): unknown[] {
  return errors.map((error) => CombinedGraphQLErrors.is(error) && error.errors[0]?.extensions?.code);
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await aMoment();
}

test("a stream continues over three tokens, without gaps or repetitions", async () => {
  const owner = await service.person("Olga");
  const first = await service.issuer.issue(
    { id: owner.id, email: owner.email, emailVerified: true, name: "Olga" },
    "2s",
  );
  const { tokens, renewed } = renewable(owner, first, { lifetime: "2s" });
  const { received, errors, change, stop } = await watched(owner, tokens);
  await until(() => service.app.live.size > 0);
  for (const [index, role] of ["VIEWER", "ADMIN", "DEVELOPER"].entries()) {
    await change(role);
    await until(() => received.length === index + 1);
    await until(() => renewed.length > index);
  }
  expect(new Set(received).size).toBe(3);
  expect(errors).toEqual([]);
  await stop();
});

test("a change between the end of a token and the next connection arrives", async () => {
  const owner = await service.person("Olga");
  const first = await service.issuer.issue(
    { id: owner.id, email: owner.email, emailVerified: true, name: "Olga" },
    "2s",
  );
  let changed = async () => {};
  const { tokens } = renewable(owner, first, { lifetime: "1h" });
  const { received, change, stop } = await watched(owner, {
    ...tokens,
    renew: async () => {
      await changed();
      return await tokens.renew();
    },
  });
  await until(() => service.app.live.size > 0);
  await change("VIEWER");
  await until(() => received.length === 1);
  changed = () => change("ADMIN");
  await until(() => received.length === 2);
  await stop();
});

test("a connection that the service refuses is opened with a new token", async () => {
  const owner = await service.person("Olga");
  const { tokens, renewed } = renewable(owner, INVALID, { lifetime: "1h" });
  const { received, change, stop } = await watched(owner, tokens);
  await until(() => service.app.live.size > 0);
  await change("VIEWER");
  await until(() => received.length === 1);
  expect(renewed).toHaveLength(1);
  await stop();
});

test("a renewal is retried while the provider is unreachable", async () => {
  const owner = await service.person("Olga");
  const { tokens, renewed } = renewable(owner, INVALID, { lifetime: "1h", outages: 2 });
  const { received, change, stop } = await watched(owner, tokens);
  await until(() => service.app.live.size > 0);
  await change("VIEWER");
  await until(() => received.length === 1);
  expect(renewed).toHaveLength(1);
  await stop();
});

test("a stream ends with an error if the person has to sign in again", async () => {
  const owner = await service.person("Olga");
  const token = await service.issuer.issue(
    { id: owner.id, email: owner.email, emailVerified: true, name: "Olga" },
    "1s",
  );
  const { errors, stop } = await watched(owner, onlyToken(token));
  await until(() => errors.length > 0);
  expect(codesOf(errors)).toEqual(["UNAUTHENTICATED"]);
  await stop();
});

test("a stream ends with an error if the service refuses the new token, too", async () => {
  const owner = await service.person("Olga");
  let renewals = 0;
  const tokens: Tokens = {
    current: () => (renewals === 0 ? INVALID : `${INVALID}er`),
    renew: async () => {
      renewals += 1;
      return `${INVALID}er`;
    },
  };
  const { errors, stop } = await watched(owner, tokens);
  await until(() => errors.length > 0);
  expect(codesOf(errors)).toEqual(["UNAUTHENTICATED"]);
  expect(renewals).toBe(1);
  await stop();
});

test("requests with a refused token are repeated once, and share one renewal", async () => {
  const owner = await service.person("Olga");
  const { tokens, renewed } = renewable(owner, INVALID, { lifetime: "1h" });
  const client = connect(tokens);
  const ask = () => client.query({ query: MyOrganizationsDocument, fetchPolicy: "network-only" });
  const answers = await Promise.all([ask(), client.query({ query: MyOrganizationsDocument, fetchPolicy: "no-cache" })]);
  expect(answers.map(({ data }) => data?.viewer.id)).toEqual([owner.id, owner.id]);
  expect(renewed).toHaveLength(1);
  client.stop();
});

test("an invalid token is renewed once; a second refusal is an error", async () => {
  let renewals = 0;
  const tokens: Tokens = {
    current: () => INVALID,
    renew: async () => {
      renewals += 1;
      return INVALID;
    },
  };
  await expect(connect(tokens).query({ query: MyOrganizationsDocument })).rejects.toThrow(
    "The token is not valid here. Sign in again.",
  );
  expect(renewals).toBe(1);
});
