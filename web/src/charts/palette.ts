import "./palette.css";

const COLOURS = 8;

/** The class that gives a series its colour, in a chart and in its legend. */
export function colourOf(index: number): string {
  return `series-${Math.min(index, COLOURS - 1) + 1}`;
}
