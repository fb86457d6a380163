import { createContext, useContext, useEffect, useRef } from "react";
import type {
  OrganizationLiveSubscription,
  OrganizationPermission,
  OrganizationPlaceFragment,
} from "../graph/generated/graphql";

export type OrganizationChange = OrganizationLiveSubscription["organizationChanged"];

/** The organization whose pages are shown. */
export interface OrganizationPlace {
  organization: OrganizationPlaceFragment;
  may(permission: OrganizationPermission): boolean;
  /** Calls the listener for every change of the organization. Returns the function that ends it. */
  onChange(listener: (change: OrganizationChange) => void): () => void;
}

export const OrganizationContext = createContext<OrganizationPlace | null>(null);

export function useOrganization(): OrganizationPlace {
  const place = useContext(OrganizationContext);
  if (!place) throw new Error("There is no organization around this component.");
  return place;
}

/** Calls the listener for every change of the organization while the component is shown. */
export function useOrganizationChanges(listener: (change: OrganizationChange) => void): void {
  const { onChange } = useOrganization();
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => onChange((change) => latest.current(change)), [onChange]);
}
