import { useState } from "react";

/** State that begins again whenever `key` changes, also when it changes back. */
export function useResetState<Value>(key: string, initial: Value) {
  const [state, setState] = useState({ key, value: initial });
  const isCurrent = state.key === key;
  // During rendering, so that no render shows the state of another key.
  if (!isCurrent) setState({ key, value: initial });
  const set = (value: Value) => setState((now) => (now.key === key ? { key, value } : now));
  return [isCurrent ? state.value : initial, set] as const;
}
