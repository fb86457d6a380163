import { texts } from "../../texts/en";

/** Who made a change, where the log has no person that the viewer sees: a job, a service, or somebody who left. */
export function nameOf(actorLabel: string): string {
  if (actorLabel === "system") return texts.auditPage.system;
  return actorLabel.startsWith("user:") ? texts.auditPage.unknownPerson : actorLabel;
}
