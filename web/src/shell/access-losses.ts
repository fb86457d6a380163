import { useSyncExternalStore } from "react";
import type { MembershipChange } from "../graph/generated/graphql";

/** An organization that the person lost access to while the console was open. */
export interface AccessLoss {
  name: string;
  at: string;
  change: Extract<MembershipChange, "REMOVED" | "LEFT" | "ORGANIZATION_DELETED"> | null;
}

class AccessLosses {
  private readonly losses = new Map<string, AccessLoss>();
  private readonly views = new Set<() => void>();

  readonly subscribe = (view: () => void) => {
    this.views.add(view);
    return () => void this.views.delete(view);
  };

  of(organizationId: string): AccessLoss | null {
    return this.losses.get(organizationId) ?? null;
  }

  /** The first report counts, but a change replaces the end of a stream, because it says more. */
  record(organizationId: string, loss: AccessLoss): void {
    const known = this.losses.get(organizationId);
    if (known?.change || (known && !loss.change)) return;
    this.losses.set(organizationId, { ...loss, name: loss.name || (known?.name ?? "") });
    this.update();
  }

  forget(organizationId: string): void {
    if (this.losses.delete(organizationId)) this.update();
  }

  forgetAll(): void {
    this.losses.clear();
    this.update();
  }

  private update(): void {
    for (const view of this.views) view();
  }
}

export const accessLosses = new AccessLosses();

export function useAccessLoss(organizationId: string): AccessLoss | null {
  return useSyncExternalStore(accessLosses.subscribe, () => accessLosses.of(organizationId));
}
