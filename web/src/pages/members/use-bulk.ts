import { useState } from "react";
import { MembersRemoveDocument, MembersSetRoleDocument } from "../../graph/generated/graphql";
import { useCommand } from "../../parts/use-command";
import { useOrganization } from "../../shell/organization-context";
import type { BulkChange } from "./bulk-dialog";
import type { MemberRow } from "./types";

export interface BulkStep {
  state: "waiting" | "running" | "done" | "refused";
  /** Why it was refused. */
  reason?: string;
}

/** Changes members one after the other. A member whose answer was lost keeps its Idempotency-Key for the next try. */
export function useBulk(change: BulkChange) {
  const { organization } = useOrganization();
  const setRole = useCommand(MembersSetRoleDocument);
  const remove = useCommand(MembersRemoveDocument);
  const [steps, setSteps] = useState<ReadonlyMap<string, BulkStep>>(new Map());
  const [isRunning, setRunning] = useState(false);
  const note = (id: string, step: BulkStep) => setSteps((before) => new Map(before).set(id, step));
  const changeOne = async (memberId: string): Promise<BulkStep> => {
    const input = { organizationId: organization.id, memberId };
    const outcome =
      change === "remove" ? await remove.attempt({ input }) : await setRole.attempt({ input: { ...input, ...change } });
    return outcome.problem ? { state: "refused", reason: outcome.problem.message } : { state: "done" };
  };
  const run = async (members: readonly MemberRow[]) => {
    setRunning(true);
    for (const { id } of members) note(id, { state: "waiting" });
    for (const { id } of members) {
      note(id, { state: "running" });
      note(id, await changeOne(id));
    }
    setRunning(false);
  };
  return { steps, isRunning, run };
}
