import { useRef } from "react";

/** Whether a view still shows the list of an earlier key, such as a filter, because that of the new key is not read yet. */
export function useOutdated(key: string, data: unknown): boolean {
  const shown = useRef(key);
  if (data !== undefined) shown.current = key;
  return shown.current !== key;
}
