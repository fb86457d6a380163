import { Lexer, Source, TokenKind } from "graphql";
import { Denied } from "../../domain/denial";
import { assertWithin, LIMITS } from "./limits";

const OPENING: ReadonlySet<string> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING: ReadonlySet<string> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/**
 * Refuses a document that nests too deep. Reads only its tokens, because parser, validation and execution recurse once
 * per level until the stack overflows. Syntax errors are left to the parser, which stops at the same token as this.
 * Throws GRAPHQL_VALIDATION_FAILED.
 */
export function limitNesting(text: string): void {
  let depth = 0;
  for (const kind of tokensOf(text)) {
    if (OPENING.has(kind)) depth += 1;
    else if (CLOSING.has(kind)) depth -= 1;
    assertWithin(depth, LIMITS.nesting, "levels of brackets");
  }
}

/** The kinds of the tokens that the parser reads: up to the first error or the limit. */
function* tokensOf(text: string): Generator<TokenKind> {
  const lexer = new Lexer(new Source(text));
  for (let count = 0; count <= LIMITS.tokens; count++) {
    const kind = nextKind(lexer);
    if (kind === null || kind === TokenKind.EOF) return;
    yield kind;
  }
}

function nextKind(lexer: Lexer): TokenKind | null {
  try {
    return lexer.advance().kind;
  } catch {
    return null;
  }
}

/**
 * Refuses variables with too long lists or too deep nesting. Several libraries coerce every item and walk every level
 * before a resolver could refuse them. Throws BAD_USER_INPUT.
 */
export function limitVariables(variables: unknown): void {
  let level: unknown[] = [variables];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth >= LIMITS.nesting) {
      throw new Denied("BAD_USER_INPUT", `The variables may nest at most ${LIMITS.nesting} levels.`);
    }
    level = level.flatMap(objectsIn);
  }
}

/** The objects and lists in a value. */
function objectsIn(value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value) && value.length > LIMITS.items) {
    throw new Denied("BAD_USER_INPUT", `A list in the variables may have at most ${LIMITS.items} items.`);
  }
  return Object.values(value).filter((part) => typeof part === "object" && part !== null);
}
