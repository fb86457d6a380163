import { type NavigateOptions, useRouter } from "@tanstack/react-router";
import { useState } from "react";

/**
 * Navigates only while the page is shown on which the component appeared, so that a late answer does not take a person
 * away from another page. The component itself may be gone, because the live stream often tells of a change first.
 */
export function useNavigateFromHere(): (options: NavigateOptions) => Promise<void> {
  const router = useRouter();
  const here = () => router.latestLocation.pathname;
  const [origin] = useState(here);
  return async (options) => {
    if (here() === origin) await router.navigate(options);
  };
}
