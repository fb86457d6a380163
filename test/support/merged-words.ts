import { type Deadline } from "../../src/store/engine/deadline";
import { type MergeableWrite, MergedWrites } from "../../src/store/engine/merged-writes";

// A batch is a word, the value of a statement is its words, and the result of a batch is its word. Words with the same
// first letter write the same rows.
const write: MergeableWrite<string, string, string> = {
  statement: { name: "words", text: "…" },
  limit: 6,
  sizeOf: (word) => word.length,
  keysOf: ([letter = ""]) => [letter],
  areCompatible: (one, other) => (one === one.toLowerCase()) === (other === other.toLowerCase()),
  valuesOf: (words) => [words.join(" ")],
  resultsOf: (rows) => [...rows],
};

interface Sent {
  words: string;
  deadline: Deadline | null;
  /** How long the statement may wait for a lock; null for a batch that is sent separately. */
  lockMs: number | null;
  succeed(): void;
  fail(error: unknown): void;
}

/** Merged writes of words, whose statements end when the test says so. Needs fake timers. */
export class MergedWords {
  readonly sent: Sent[] = [];
  readonly queue = new MergedWrites(write, (deadline) => ({
    together: (_statement, values, lockMs) => this.send(values, deadline, lockMs) as never,
    apart: (_statement, values) => this.send(values, deadline, null) as never,
  }));

  /** The statements' words, in the order in which they were sent. */
  get words(): string[] {
    return this.sent.map((each) => each.words);
  }

  /** Adds batches. The first two occupy both statements that may run at a time. */
  add(...batches: string[]): Array<Promise<string>> {
    return batches.map((batch) => this.queue.add(batch, null));
  }

  /** Sends batches in one statement, the third. Returns their results. */
  async third(...batches: string[]): Promise<Array<Promise<string>>> {
    const results = this.add("x", "y", ...batches);
    for (const n of [0, 1]) await this.succeed(n);
    expect(this.words).toEqual(["x", "y", batches.join(" ")]);
    return results.slice(2);
  }

  async succeed(n: number): Promise<void> {
    this.sent[n]?.succeed();
    await settle();
  }

  async fail(n: number, error: unknown): Promise<void> {
    this.sent[n]?.fail(error);
    await settle();
  }

  private send([words]: readonly unknown[], deadline: Deadline | null, lockMs: number | null) {
    return new Promise((resolve, reject) => {
      const succeed = () => resolve(String(words).split(" "));
      this.sent.push({ words: String(words), deadline, lockMs, succeed, fail: reject });
    });
  }
}

export const settle = () => jest.advanceTimersByTimeAsync(0);
