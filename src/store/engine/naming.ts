import { DefaultNamingStrategy, type Table, type View } from "typeorm";

/** Names columns in snake_case, and constraints as in hand-written migrations: <table>_<columns>_<kind>. */
export class SnakeCaseNaming extends DefaultNamingStrategy {
  override columnName(propertyName: string, customName: string | undefined): string {
    return customName ?? snakeCase(propertyName);
  }

  override primaryKeyName(table: Table | string): string {
    return `${nameOf(table)}_pkey`;
  }

  override uniqueConstraintName(table: Table | string, columns: string[]): string {
    return `${nameOf(table)}_${columns.map(snakeCase).join("_")}_key`;
  }

  override foreignKeyName(table: Table | string, columns: string[]): string {
    return `${nameOf(table)}_${columns.map(snakeCase).join("_")}_fkey`;
  }

  override indexName(table: Table | View | string, columns: string[]): string {
    return `${nameOf(table)}_${columns.map(snakeCase).join("_")}_index`;
  }
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function nameOf(table: Table | View | string): string {
  const name = typeof table === "string" ? table : table.name;
  return name.slice(name.lastIndexOf(".") + 1);
}
