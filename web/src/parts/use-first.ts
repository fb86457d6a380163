import { useResetState } from "./use-reset-state";

/**
 * The first defined value since `key` changed. For cursors: a stream continues by itself, and a newer cursor would begin
 * it again.
 */
export function useFirst<Value>(value: Value | undefined, key = ""): Value | undefined {
  const [first, setFirst] = useResetState(key, value);
  if (first === undefined && value !== undefined) setFirst(value);
  return first ?? value;
}
