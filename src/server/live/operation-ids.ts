/** Every message about an operation begins with its id. */
const ID = /^\{"id":"(\d+)",(.*)$/s;
const LAST = /^"type":"(?:complete|error)"/;

/** What graphql-ws is to do with a message of a client. */
export type Incoming = { forward: object } | { duplicate: string } | null;

type Message = { type?: unknown; id?: unknown };

/**
 * The operations of one socket, each under a number of its own. A client may reuse an id as soon as it has completed the
 * operation, while that operation may still be starting: to graphql-ws both would be the same one, and both would run.
 * What an operation sends after the client has completed it is dropped.
 */
export class OperationIds {
  private readonly numbers = new Map<string, string>();
  private readonly ids = new Map<string, string>();
  private last = 0;

  /** Gives a message of the client the number of its operation. Null: it is about an operation that is over. */
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

  /** Gives a message to the client its own id. Null: the client has completed the operation. */
  outgoing(text: string): string | null {
    const [, number, rest] = ID.exec(text) ?? [];
    if (number === undefined || rest === undefined) return text;
    const id = this.ids.get(number);
    if (id === undefined) return null;
    // The id is free before the client can know that the operation is over.
    if (LAST.test(rest)) this.remove(number, id);
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
