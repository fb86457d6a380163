import { auditPage } from "../../texts/en/audit";

/** The name of the actor if the log has no person that the viewer can see: a job, a service, or somebody who left. */
export function nameOf(actorLabel: string): string {
  if (actorLabel === "system") return auditPage.system;
  return actorLabel.startsWith("user:") ? auditPage.unknownPerson : actorLabel;
}
