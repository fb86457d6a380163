/** Documents with a key in every place where a client could put it by mistake. */
export function documentsWith(id: string, accessKeyId: string, secretAccessKey: string): string[] {
  const literal = JSON.stringify(secretAccessKey);
  const inline = `organizationId: "${id}", accessKeyId: "${accessKeyId}", secretAccessKey: ${literal}`;
  return [
    `mutation { testByokCredentials(input: { ${inline}, region: "eu-central-1" }) { __typename } }`,
    `mutation { testByokCredentials(input: { ${inline} }) { __typename } }`,
    `mutation { testByokCredentials(input: { ${inline}, region: "x", fallback: ${literal} }) { __typename } }`,
    `mutation { testByokCredentials(input: ${literal}) { __typename } }`,
    `mutation { testByokCredentials(input: { ${inline}, sessionTokenExpiresAt: ${literal} }) { __typename } }`,
    `mutation { testByokCredentials(input: { ${inline}, inferenceProfile: ${accessKeyId} }) { __typename } }`,
    `{ organization(id: ${literal}) { ${accessKeyId} } }`,
    `{ organization(id: [${literal}]) { id } } ${literal}`,
    `{ organization(id: """${secretAccessKey}""") { members(first: ${literal}) { totalCount } } }`,
    `{ organization(id: "${id}") { members(after: ${literal}, search: ${literal}) { totalCount } } }`,
    `{ organization(id: "${id}") { auditLog(types: [${literal}]) { totalCount } } }`,
    `{ ${accessKeyId}: viewer { id } workspace(id: ${literal} { id } }`,
  ];
}

/** The encodings in which a secret could appear. */
export function encodingsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const forms = [secret, bytes.toString("hex"), bytes.toString("base64"), bytes.toString("base64url")];
  return [...new Set([...forms, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), secret.slice(0, 12)])];
}
