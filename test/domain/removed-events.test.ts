import { joinRanges, type RemovedRange } from "../../src/domain/removed-events";

const hash = (text: string) => Buffer.from(text);
const range = (firstSequence: number, lastSequence: number, lastHash = `h${lastSequence}`): RemovedRange => ({
  ...{ firstSequence, lastSequence, lastHash: hash(lastHash) },
});
const event = (sequence: number) => ({ sequence, hash: hash(`h${sequence}`) });

test("adjacent events become one range with the hash of the last one", () => {
  expect(joinRanges([], [event(3), event(1), event(2)])).toEqual([range(1, 3)]);
});

test("separate events stay separate ranges, in the log's order", () => {
  expect(joinRanges([], [event(9), event(1), event(3)])).toEqual([range(1, 1), range(3, 3), range(9, 9)]);
});

test("an event between two ranges joins them, and an adjacent event extends a range", () => {
  expect(joinRanges([range(1, 4), range(6, 8)], [event(5)])).toEqual([range(1, 8)]);
  expect(joinRanges([range(2, 4)], [event(1), event(5)])).toEqual([range(1, 5)]);
  expect(joinRanges([range(2, 4), range(10, 11)], [event(6)])).toEqual([range(2, 4), range(6, 6), range(10, 11)]);
});

test("an empty removal changes nothing", () => {
  expect(joinRanges([range(1, 4)], [])).toEqual([range(1, 4)]);
  expect(joinRanges([], [])).toEqual([]);
});
