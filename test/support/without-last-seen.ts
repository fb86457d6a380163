import { LastSeen } from "../../src/server/caller/last-seen";

/** For tests that count statements: the background write of the last-seen days could add one at any moment. */
export function withoutLastSeen(): void {
  jest.spyOn(LastSeen.prototype, "note").mockImplementation(() => undefined);
}
