import { LastSeen } from "../../src/server/caller/last-seen";

/** For tests that count statements: the background write of last-seen days could add one at any time. */
export function withoutLastSeen(): void {
  jest.spyOn(LastSeen.prototype, "note").mockImplementation(() => undefined);
}
