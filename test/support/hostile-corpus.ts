import { BEYOND, type Limit, REFUSED, type Reason } from "./hostile-parts";
import { selections } from "./hostile-selections";
import { texts } from "./hostile-texts";

/** A hostile document, with the errors that may refuse it. */
export interface Hostile {
  name: string;
  query: string;
  refusals: RegExp[];
  /** Whether it must be refused before validation. */
  isLimited: boolean;
}

const SIZES = [1, 2, 3, 5];
const isLimit = (reason: Reason): reason is Limit => Object.hasOwn(BEYOND, reason);

export const corpus: Hostile[] = Object.entries({ ...selections, ...texts }).flatMap(([family, [make, ...all]]) =>
  SIZES.map((size) => {
    const reasons = size === SIZES[0] ? all.slice(0, 1) : all;
    const refusals = reasons.map((reason) => (isLimit(reason) ? BEYOND[reason] : REFUSED[reason]));
    return { name: `${family}, size ${size}`, query: make(size), refusals, isLimited: reasons.every(isLimit) };
  }),
);
