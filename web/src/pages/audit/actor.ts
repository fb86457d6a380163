import { auditPage } from "../../texts/en/audit";

/** Who made a change, where the log has no person that the viewer sees: a job, a service, or somebody who left. */
export function nameOf(actorLabel: string): string {
  if (actorLabel === "system") return auditPage.system;
  return actorLabel.startsWith("user:") ? auditPage.unknownPerson : actorLabel;
}
