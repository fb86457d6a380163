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
  return page.replace("<head>", `<head>${AS_IN_THE_CONSOLE}`);
}
