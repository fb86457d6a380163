import { LastSeen } from "../../src/server/caller/last-seen";

/** For tests that count statements: the background write of who was seen today would be one more at any moment. */
export function withoutLastSeen(): void {
  jest.spyOn(LastSeen.prototype, "note").mockImplementation(() => undefined);
}
