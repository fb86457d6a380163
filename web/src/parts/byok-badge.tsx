import type { ByokStatus } from "../graph/generated/graphql";
import { texts } from "../texts/en";
import { Badge } from "./badge";

const TONES = {
  NOT_CONFIGURED: "neutral",
  ACTIVE: "good",
  PAUSED: "warn",
  EXPIRED: "bad",
  FAILING: "bad",
  PLAN_INACTIVE: "warn",
} as const satisfies Record<ByokStatus, string>;

/** The state of an organization's own key. `isNamed`: says what it is the state of, too. */
export function ByokBadge({ status, isNamed = false }: { status: ByokStatus; isNamed?: boolean }) {
  const word = texts.byokStatuses[status];
  return <Badge tone={TONES[status]}>{isNamed ? texts.ownKey(word) : word}</Badge>;
}
