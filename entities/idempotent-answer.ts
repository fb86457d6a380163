import { Column, Entity, Index, PrimaryColumn } from "typeorm";

/**
 * The first answer to a request that came with an Idempotency-Key. The row is claimed, and each mutation's outcome
 * written, in the mutation's own transaction; the response is what the client was sent.
 */
@Entity("idempotent_answer")
@Index(["createdAt"])
export class IdempotentAnswer {
  @PrimaryColumn("varchar", { length: 300 })
  caller: string;

  @PrimaryColumn("varchar", { length: 255 })
  key: string;

  /** Which operation the key belongs to, by its name or its fields; null where only a gateway knows. */
  @Column("varchar", { length: 80, nullable: true })
  operation: string | null;

  /** Document, operation name and variables of the first request. */
  @Column("bytea")
  requestHash: Buffer;

  /** By response key: the hash of each mutation's name and arguments. */
  @Column("jsonb", { default: {} })
  fieldHashes: Readonly<Record<string, string>>;

  /** By the response key of the mutation: one document may hold several. */
  @Column("jsonb", { default: {} })
  outcomes: Readonly<Record<string, unknown>>;

  /** As it was sent, to the letter: jsonb would reorder its keys. */
  @Column("json", { nullable: true })
  response: unknown;

  /** Responses to the operation's other requests, as text, by their hash in hexadecimal. */
  @Column("jsonb", { default: {} })
  otherResponses: Readonly<Record<string, string>>;

  @Column("timestamp with time zone", { precision: 3 })
  createdAt: Date;
}
