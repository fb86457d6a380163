const plural = new Intl.PluralRules("en");

/** A number with its noun, such as "1 member" and "2 members". */
export const count = (number: number, one: string, other: string) =>
  `${number.toLocaleString("en")} ${plural.select(number) === "one" ? one : other}`;
