import { registerEnumType } from "type-graphql";

/** Registers an enum with a description of itself and of each value. */
export function describeEnum<Value extends string>(
  name: string,
  description: string,
  values: Readonly<Record<Value, string>>,
  descriptions: Readonly<Record<Value, string>>,
): void {
  const config = Object.entries<string>(descriptions).map(([value, text]) => [value, { description: text }]);
  registerEnumType(values, { name, description, valuesConfig: Object.fromEntries(config) });
}
