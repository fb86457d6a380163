/** Signs in: requests a token, stores it in this browser, and shows it. */
export const SIGN_IN_SCRIPT = `
const shown = document.querySelector("#signed-in");
async function signIn(body) {
  const answer = await fetch("/dev/tokens", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  const { token, name, error } = await answer.json();
  if (error) return alert(error);
  localStorage.setItem("token", token); localStorage.setItem("name", name); show();
}
function show() {
  const token = localStorage.getItem("token");
  shown.hidden = !token; if (!token) return;
  document.querySelector("#who").textContent = localStorage.getItem("name");
  document.querySelector("#token").value = token;
}
document.querySelectorAll("[data-person]").forEach((button) => button.onclick = () => signIn({ personId: button.dataset.person }));
document.querySelector("#new-person").onsubmit = (event) => { event.preventDefault(); const f = event.target;
  signIn({ name: f.name.value, email: f.email.value, emailVerified: f.verified.checked }); };
document.querySelector("#new-service").onsubmit = (event) => { event.preventDefault(); const f = event.target;
  signIn({ service: f.service.value, scopes: [...f.querySelectorAll("[name=scope]:checked")].map((box) => box.value) }); };
document.querySelector("#copy").onclick = () => navigator.clipboard.writeText(document.querySelector("#token").value);
show();`;

/** The page of an invitation link: shows the preview, and accepts or declines as the signed-in person. */
export const INVITATION_SCRIPT = `
const token = decodeURIComponent(location.pathname.split("/").pop());
const box = document.querySelector("#invitation"), say = (text) => { document.querySelector("#outcome").textContent = text; };
async function ask(query, variables) {
  const headers = { "content-type": "application/json" }; const mine = localStorage.getItem("token");
  if (mine) headers.authorization = "Bearer " + mine;
  return (await fetch("/graphql", { method: "POST", headers, body: JSON.stringify({ query, variables }) })).json();
}
async function show() {
  const { data, errors } = await ask("query($token: String!) { invitation(token: $token) { organizationName invitedByName email role workspaceNames status expiresAt refusal { code message } } }", { token });
  if (errors) return say(errors[0].message);
  const found = data.invitation;
  if (!found) return say("This link is no longer valid. Check for a newer e-mail.");
  document.querySelector("#text").textContent = (found.invitedByName || "Somebody") + " invites " + found.email + " to join " + found.organizationName + " as " + found.role + (found.workspaceNames.length ? ", with " + found.workspaceNames.join(", ") : "") + ". Status: " + found.status + ".";
  box.hidden = false;
  const name = localStorage.getItem("name");
  say(found.refusal ? found.refusal.message : name ? "You are signed in as " + name + "." : "Sign in with the invited address to answer.");
}
async function answer(verb) {
  const { data, errors } = await ask("mutation($input: " + verb + "InvitationInput!) { answer: " + verb.toLowerCase() + "Invitation(input: $input) { __typename ... on Refusal { message } } }", { input: { token } });
  say(errors ? errors[0].message : data.answer.message || (verb === "Accept" ? "Welcome aboard." : "Declined."));
}
document.querySelector("#accept").onclick = () => answer("Accept");
document.querySelector("#decline").onclick = () => answer("Decline");
document.querySelector("#sign-in").onsubmit = async (event) => { event.preventDefault(); const f = event.target;
  const reply = await fetch("/dev/tokens", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ name: f.name.value, email: f.email.value, emailVerified: true }) });
  const { token: mine, name, error } = await reply.json(); if (error) return say(error);
  localStorage.setItem("token", mine); localStorage.setItem("name", name); show(); };
show();`;
