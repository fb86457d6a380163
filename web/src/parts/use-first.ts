import { useState } from "react";

/** The first defined value, for cursors: a stream continues by itself, and a newer cursor would begin it again. */
export function useFirst<Value>(value: Value | undefined): Value | undefined {
  const [first, setFirst] = useState(value);
  if (first === undefined && value !== undefined) setFirst(value);
  return first ?? value;
}
