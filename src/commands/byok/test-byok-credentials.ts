import { assertPlanHasByok, type ByokKey, type ByokVerification } from "../../domain/byok";
import { parseByokKey } from "../../domain/byok-key";
import { storedPlan } from "../../domain/plan";
import { memberCommand } from "../runner/command";
import { verifyKeyFor } from "./verify-key";

export interface TestByokCredentialsInput extends ByokKey {
  organizationId: string;
}

/** Verifies a key against AWS and stores nothing. */
export const testByokCredentials = memberCommand<
  TestByokCredentialsInput,
  { verification: ByokVerification },
  ByokVerification
>({
  permission: "CONFIGURE_BYOK",
  prepare: async (services, { planCode, userId }, input) => {
    assertPlanHasByok(storedPlan(planCode));
    return await verifyKeyFor(services, userId, parseByokKey(input, services.clock.now()));
  },
  run: async (_unit, _input, verification) => ({ verification }),
});
