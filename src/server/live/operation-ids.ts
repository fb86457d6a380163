/** graphql-ws writes the id first in every message about an operation. */
const MESSAGE_WITH_ID = /^\{"id":"(\d+)",(.*)$/s;
const LAST_MESSAGE = /^"type":"(?:complete|error)"/;

/**
 * A message to forward to graphql-ws, or the id of a running operation that the message repeats, or null to ignore the
 * message.
 */
export type Incoming = { forward: object } | { duplicate: string } | null;

type Message = { type?: unknown; id?: unknown };

/**
 * Translates the ids of one socket's operations into unique numbers. A client may reuse an id once it has completed the
 * operation, which may still be starting; graphql-ws would take both for the same operation and run both. Messages of
 * an operation that the client has completed are dropped.
 */
export class OperationIds {
  private readonly numbers = new Map<string, string>();
  private readonly ids = new Map<string, string>();
  private last = 0;

  /** Replaces the id in a client's message by the number. Null: the operation is over. */
  incoming(message: Message): Incoming {
    const { type, id } = message;
    if (typeof id !== "string" || id === "") return { forward: message };
    if (type === "subscribe") {
      if (this.numbers.has(id)) return { duplicate: id };
      return { forward: { ...message, id: this.add(id) } };
    }
    if (type !== "complete") return { forward: message };
    const number = this.numbers.get(id);
    if (number === undefined) return null;
    this.remove(number, id);
    return { forward: { ...message, id: number } };
  }

  /** Replaces the number in a message to the client by its id. Null: the client has completed the operation. */
  outgoing(text: string): string | null {
    const [, number, rest] = MESSAGE_WITH_ID.exec(text) ?? [];
    if (number === undefined || rest === undefined) return text;
    const id = this.ids.get(number);
    if (id === undefined) return null;
    // The id is removed before the message is sent, because the client may reuse it as soon as the message arrives.
    if (LAST_MESSAGE.test(rest)) this.remove(number, id);
    return `{"id":${JSON.stringify(id)},${rest}`;
  }

  private add(id: string): string {
    this.last += 1;
    const number = String(this.last);
    this.numbers.set(id, number);
    this.ids.set(number, id);
    return number;
  }

  private remove(number: string, id: string): void {
    this.numbers.delete(id);
    this.ids.delete(number);
  }
}
