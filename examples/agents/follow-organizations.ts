import type { AgentStore } from "./agent-store";
import { askOrganizations } from "./ask-organizations";
import { type Check, type Decision, DecisionCache } from "./decision-cache";
import { EventFollower } from "./event-follower";

const CHECK = `query Check($checks: [PermissionCheck!]!) {
  checkPermissions(checks: $checks) { allowed reasons organizationId sequence validUntil }
}`;

/** Checks the permissions of any person, as a service. */
async function checkAsService(url: string, token: string, checks: readonly Check[]): Promise<Decision[]> {
  const variables = {
    checks: checks.map(({ userId, workspaceId }) => ({
      userId,
      workspace: { workspaceId, permission: "RUN_OPERATIONS" },
    })),
  };
  const answer = await askOrganizations<{ checkPermissions: Decision[] }>(url, `Bearer ${token}`, {
    query: CHECK,
    variables,
  });
  return answer.checkPermissions;
}

/** The options to follow events and to check any person's permissions. */
export interface ServiceOptions {
  /** A token with the scopes permissions:read and events:read. */
  token(): Promise<string>;
  /** Where to store the state; without it, a restart forgets which workspaces were deleted. */
  stateFile?: string;
  /** Called when events begin to arrive, and when they stop. */
  onFollowing?(isFollowing: boolean): void;
}

const SAVE_EVERY_MS = 5_000;

/** Keeps decisions in a cache and deletes agents, by the events of the organizations service. */
export function followOrganizations(url: string, store: AgentStore, { token, onFollowing }: ServiceOptions) {
  const cache = new DecisionCache(async (checks) => checkAsService(url, await token(), checks));
  const follower = new EventFollower({
    url,
    token,
    cursor: store.cursor,
    onEvent: (event) => {
      cache.onEvent(event);
      store.onEvent(event);
    },
    onCursor: (cursor) => {
      store.cursor = cursor;
    },
    setFollowing: (isFollowing) => {
      cache.setFollowing(isFollowing);
      onFollowing?.(isFollowing);
    },
  });
  const saving = setInterval(() => store.save(), SAVE_EVERY_MS).unref();
  const stop = async () => {
    clearInterval(saving);
    await follower.stop();
    store.save();
  };
  return { cache, stop };
}
