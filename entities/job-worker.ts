import { Column, Entity, PrimaryColumn } from "typeorm";

/** The heartbeat of a job worker: the jobs of one that stopped beating are taken over by the others. */
@Entity("job_worker")
export class JobWorker {
  @PrimaryColumn("varchar", { length: 128 })
  id: string;

  @Column("timestamp with time zone", { precision: 3 })
  seenAt: Date;
}
