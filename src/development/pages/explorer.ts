const QUERY =
  "query Me {\n  viewer {\n    name\n    memberships {\n      role\n      organization { id name viewerPermissions }\n    }\n  }\n}\n";

/**
 * Adds the token of the person who is signed in to the console in another tab. Uses the console's channel between tabs.
 */
const AS_IN_THE_CONSOLE = `<script>
const session = new BroadcastChannel("session"); let user = null;
session.onmessage = ({ data }) => { if (data.user) user = JSON.parse(data.user); if (data.is === "signed-out") user = null; };
session.postMessage({ is: "wanted" });
const plain = window.fetch;
window.fetch = (url, options = {}) => {
  const headers = new Headers(options.headers);
  if (user && !headers.has("authorization")) headers.set("authorization", "Bearer " + user.access_token);
  return plain(url, { ...options, headers });
};</script>`;

/** GraphiQL's own colours of line numbers and of the title have too little contrast. */
const READABLE = `<style>
.graphiql-container .monaco-editor .line-numbers { color: #237893 !important }
.graphiql-container .graphiql-logo, .graphiql-container .graphiql-logo * { color: #4a5568 !important }
body.graphiql-dark .graphiql-container .monaco-editor .line-numbers,
body.graphiql-dark .graphiql-container .graphiql-logo * { color: #aab5c5 !important }
@media (prefers-color-scheme: dark) {
  body:not(.graphiql-light) .graphiql-container .monaco-editor .line-numbers,
  body:not(.graphiql-light) .graphiql-container .graphiql-logo * { color: #aab5c5 !important }
}</style>`;

/** The page with GraphiQL. Without the console, developers paste a token into its header editor. */
export async function explorer(): Promise<string> {
  // Imported on demand, because the page takes 60 MB of memory even if nobody opens it.
  const { renderGraphiQL } = await import("@graphql-yoga/render-graphiql");
  const page = renderGraphiQL({
    title: "Explorer",
    endpoint: "/graphql",
    defaultQuery: QUERY,
    defaultEditorToolsVisibility: "headers",
  });
  return page.replace("<head>", `<head>${READABLE}${AS_IN_THE_CONSOLE}`);
}
