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

  /** What tells one request from another: document, operation and variables. */
  @Column("bytea")
  requestHash: Buffer;

  /** By the response key of the mutation: one document may hold several. */
  @Column("jsonb", { default: {} })
  outcomes: Readonly<Record<string, unknown>>;

  /** As it was sent, to the letter: jsonb would reorder its keys. */
  @Column("json", { nullable: true })
  response: unknown;

  @Column("timestamp with time zone", { precision: 3 })
  createdAt: Date;
}
