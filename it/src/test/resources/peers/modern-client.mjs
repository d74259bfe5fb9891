// The SDK of the newer era as a client. Takes its steps one after the other and prints one JSON line for each.
// usage: PEERS=... [CLIENT_ERA=auto|legacy] [ANSWER='{"word":"x"}'] node modern-client.mjs URL TOKEN|- STEPS_JSON
// Steps: "discover" | "list" | "resources" | "prompts" | ["call", NAME, ARGUMENTS] | ["read", URI]
//   | ["prompt", NAME, ARGUMENTS] | ["listen", FILTER] | ["await", N] (prints the next N notifications)
//   | ["abandon", NAME, MILLIS] (calls, then cancels)
// Without CLIENT_ERA it speaks 2026-07-28 or fails. Forms are answered with $ANSWER, or declined.
import { load } from "./load.mjs";

const { Client, StreamableHTTPClientTransport } = await load("@modelcontextprotocol/client");
const [url, token, steps] = process.argv.slice(2);
const say = said => console.log(JSON.stringify(said));

const client = new Client(
  { name: "modern-peer", version: "1.0.0" },
  {
    capabilities: { elicitation: { form: {} } },
    versionNegotiation: { mode: process.env.CLIENT_ERA ?? { pin: "2026-07-28" } },
  },
);
client.setRequestHandler("elicitation/create", async request => {
  say({ asked: request.params.message });
  return process.env.ANSWER ? { action: "accept", content: JSON.parse(process.env.ANSWER) } : { action: "decline" };
});

const heard = [];
let wake = () => {};
for (const method of ["tools/list_changed", "prompts/list_changed", "resources/list_changed", "resources/updated"]) {
  client.setNotificationHandler(`notifications/${method}`, notification => {
    heard.push(notification);
    wake();
  });
}

const STEPS = {
  discover: async () => ({
    version: client.getNegotiatedProtocolVersion(),
    server: client.getServerVersion(),
    capabilities: client.getServerCapabilities(),
  }),
  list: async () => (await client.listTools()).tools.map(it => it.name),
  resources: async () => (await client.listResources()).resources.map(it => it.uri),
  prompts: async () => (await client.listPrompts()).prompts.map(it => it.name),
  call: async (name, args = {}) => client.callTool({ name, arguments: args }),
  read: async uri => client.readResource({ uri }),
  prompt: async (name, args = {}) => client.getPrompt({ name, arguments: args }),
  listen: async filter => ({ listening: (await client.listen(filter)).honoredFilter }),
  await: async count => {
    while (heard.length < count) await new Promise(done => (wake = done));
    return heard.splice(0, count);
  },
  abandon: async (name, millis) => client.callTool({ name, arguments: {} }, { signal: AbortSignal.timeout(millis) }),
};

const headers = token === "-" ? {} : { Authorization: `Bearer ${token}` };
try {
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
} catch (failed) {
  say({ failed: failed.code ?? "not connected", message: failed.message });
  process.exit(1);
}
for (const step of JSON.parse(steps)) {
  const [name, ...rest] = [step].flat(1);
  try {
    say(await STEPS[name](...rest));
  } catch (failed) {
    say({ failed: failed.code ?? failed.name, message: failed.message, data: failed.data });
  }
}
await client.close();
process.exit(0);
