import { z } from "zod";

/** A URL with one of the protocols. */
export const url = (...protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    message: `expected a URL starting with ${protocols.map((protocol) => `${protocol}//`).join(" or ")}`,
  });

export const oneLine = z.string().regex(/^\P{C}+$/u, "expected one line of text without invisible characters");

/** Splits a comma-separated text. */
export const listOf = (text: string) =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);
