import { useTitle } from "../../parts/use-title";
import { texts } from "../../texts/en";

export function AuditLog() {
  useTitle(texts.tabs.audit);
  return <h1>{texts.tabs.audit}</h1>;
}
