import { createContext } from "react";

/** Tells the dialog around a list that something was chosen in it: a choice sends no event of input. */
export const ChoiceContext = createContext<() => void>(() => undefined);
