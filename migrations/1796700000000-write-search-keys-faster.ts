import type { MigrationInterface, QueryRunner } from "typeorm";
import { withShortLocks } from "./support/online";

/**
 * Each change of a member's role writes the member's search keys again. The function no longer removes repeated keys,
 * because the index does, and converts the organization's id once. Keys are merged in portions of 256 kB, of which each
 * is merged faster than four of 64 kB; searches that read through as much were not measurably slower.
 */
export class WriteSearchKeysFaster1796700000000 implements MigrationInterface {
  name = "WriteSearchKeysFaster1796700000000";
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await withShortLocks(runner, [functionOf(FASTER), portionsOf(256)]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await withShortLocks(runner, [functionOf(BEFORE), portionsOf(64)]);
  }
}

const portionsOf = (kilobytes: number) =>
  `ALTER INDEX member_search_keys_index SET (gin_pending_list_limit = ${kilobytes})`;

const functionOf = (body: string) => `
  CREATE OR REPLACE FUNCTION member_search_keys(organization uuid, content text, shortest int) RETURNS bigint[]
  LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 10000 AS $$${body}$$`;
const RUNS = "generate_series(shortest, 3) AS size, generate_series(1, char_length(content) - size + 1) AS at";
// Without OFFSET, the planner would convert the id for each key.
const FASTER = `
  SELECT array_agg(hashtextextended(prefix || substr(content, at, size), 0))
  FROM (SELECT organization::text AS prefix OFFSET 0) AS once, ${RUNS}`;
const BEFORE = `
  SELECT array_agg(DISTINCT hashtextextended(organization::text || substr(content, at, size), 0))
  FROM ${RUNS}`;
