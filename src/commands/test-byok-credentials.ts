import { assertPlanHasByok, type ByokKey, type ByokVerification, parseByokKey } from "../domain/byok";
import { storedPlan } from "../domain/plan";
import { memberCommand } from "./command";
import { verifyKey } from "./verify-key";

export interface TestByokCredentialsInput extends ByokKey {
  organizationId: string;
}

/** Checks a key against AWS, and stores nothing. */
export const testByokCredentials = memberCommand<
  TestByokCredentialsInput,
  { verification: ByokVerification },
  ByokVerification
>({
  name: "testByokCredentials",
  permission: "CONFIGURE_BYOK",
  prepare: async (services, { planCode }, input) => {
    assertPlanHasByok(storedPlan(planCode));
    return await verifyKey(services, parseByokKey(input, services.clock.now()));
  },
  run: async (_scope, _input, verification) => ({ verification }),
});
