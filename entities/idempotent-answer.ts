import { Column, Entity, Index, PrimaryColumn } from "typeorm";

/**
 * The first response to a request with an Idempotency-Key. Each mutation locks the row and writes its outcome in its own
 * transaction; the response is stored as it was sent to the client.
 */
@Entity("idempotent_answer")
@Index(["createdAt"])
export class IdempotentAnswer {
  @PrimaryColumn("varchar", { length: 300 })
  caller: string;

  @PrimaryColumn("varchar", { length: 255 })
  key: string;

  /** Identifies the operation of the key, by its name or its fields; null if only the gateway can. */
  @Column("varchar", { length: 80, nullable: true })
  operation: string | null;

  /** Hash of the first request's document, operation name and variables. */
  @Column("bytea")
  requestHash: Buffer;

  /** Hashes of each mutation's name and arguments, by its response key. */
  @Column("jsonb", { default: {} })
  fieldHashes: Readonly<Record<string, string>>;

  /** Outcomes, by the mutation's response key: a document may contain several mutations. */
  @Column("jsonb", { default: {} })
  outcomes: Readonly<Record<string, unknown>>;

  /** The response exactly as it was sent. The type is not jsonb, which would reorder its keys. */
  @Column("json", { nullable: true })
  response: unknown;

  /** Responses to other requests of the same operation, as text, by the request's hash in hexadecimal. */
  @Column("jsonb", { default: {} })
  otherResponses: Readonly<Record<string, string>>;

  @Column("timestamp with time zone", { precision: 3 })
  createdAt: Date;
}
