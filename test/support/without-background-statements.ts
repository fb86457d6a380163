import { LastSeen } from "../../src/server/caller/last-seen";

/**
 * For tests that count statements. The background write of the last-seen days could add one at any moment, and on a busy
 * machine a lane of the pipeline may look stuck, so that its reads are repeated.
 */
export function withoutBackgroundStatements(): void {
  jest.spyOn(LastSeen.prototype, "note").mockImplementation(() => undefined);
  jest.spyOn(global, "setInterval").mockImplementation(() => setTimeout(() => undefined, 0).unref());
}
