import { type RefObject, useEffect, useRef } from "react";

/** Whether the component is still on the page, for answers that come late. */
export function useIsShown(): RefObject<boolean> {
  const isShown = useRef(true);
  useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
    };
  }, []);
  return isShown;
}

/**
 * For what a dialog does when its answer comes: once the dialog is gone, it does nothing, so that a late answer does not
 * close another dialog.
 */
export function useWhileShown<Parameters extends unknown[]>(act: (...values: Parameters) => unknown) {
  const isShown = useIsShown();
  return (...values: Parameters): void => {
    if (isShown.current) void act(...values);
  };
}
