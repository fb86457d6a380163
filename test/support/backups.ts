import { copyDatabase } from "./template-database";

/** A database that the service runs on, and how it is backed up. */
export interface BackedUpDatabase {
  /** Absent: any of the tests' server. */
  url?: string;
  /** Backs the database up. No service is connected. Returns how to restore it. */
  backUp(url: string): Promise<() => Promise<RestoredDatabase>>;
  stop(): Promise<void>;
}

export interface RestoredDatabase {
  url: string;
  drop(): Promise<void>;
}

/** Copies the database on its server: the quick stand-in for a dump. */
export async function copied(): Promise<BackedUpDatabase> {
  const backUp = async (url: string) => {
    const copy = await copyDatabase(url);
    return () => Promise.resolve(copy);
  };
  return { backUp, stop: () => Promise.resolve() };
}
