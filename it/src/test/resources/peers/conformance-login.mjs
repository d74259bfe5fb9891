// The client that the conformance suite starts with the URL of a server that demands tokens: a gate is started that is
// its client, a person's browser follows what `masugata credentials login` prints, and then its tool is called through
// the gate. When the gate says that a person is needed once more, the person logs in once more, twice at most.
// usage: PEERS=... GATE_LAUNCHER=.../masugata node conformance-login.mjs URL
import { spawn } from "node:child_process";
import { gate } from "./gate.mjs";
import { load } from "./load.mjs";

const { Client, StreamableHTTPClientTransport } = await load("@modelcontextprotocol/client");

const scenario = process.env.MCP_CONFORMANCE_SCENARIO;
const context = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? "{}");
const server = process.argv[2];

/** Who registered a client somewhere knows where: the issuer is part of what an operator writes down. */
const issuer = async () => {
  const first = await fetch(server, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
  const named = /resource_metadata="([^"]+)"/.exec(first.headers.get("www-authenticate") ?? "")?.[1];
  const { pathname, origin } = new URL(server);
  const places = [named, `${origin}/.well-known/oauth-protected-resource${pathname}`, `${origin}/.well-known/oauth-protected-resource`];
  for (const place of places.filter(it => it)) {
    const answer = await fetch(place);
    if (answer.ok) return (await answer.json()).authorization_servers[0];
  }
  throw new Error("the server does not say where its tokens come from");
};

const registered = async (id, flow) =>
  `{ issuer: "${await issuer()}", flow: ${flow}, client: { id: "${id}", secret: "{secret}" } }`;

/** As whom the gate comes: as the scenario says, else as a client that is registered without a secret. */
const client = async () => {
  if (scenario.startsWith("auth/client-credentials"))
    return [await registered(context.client_id, "client-credentials"), context.client_secret];
  if (context.client_secret) return [await registered(context.client_id, "code"), context.client_secret];
  if (/token-endpoint-auth-(basic|post)/.test(scenario)) return [await registered("test-client-id", "code"), "test-client-secret"];
  if (scenario === "auth/basic-cimd") return ['{ metadata: "https://conformance-test.local/client-metadata.json" }'];
  return ["{ client: { id: test-client-id } }"];
};

/** A person with a browser. Resolves when the command has ended, with its exit code. */
const login = env =>
  new Promise(done => {
    const command = spawn(process.env.GATE_LAUNCHER, ["credentials", "login", "mine"], { env, stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    let opened = false;
    command.stdout.on("data", piece => {
      said += piece;
      const page = /^https?:\/\/\S+$/m.exec(said)?.[0];
      if (!page || opened || !said.includes(`${page}\n`)) return;
      opened = true;
      fetch(page).catch(failed => console.error("the browser failed", failed));
    });
    command.once("exit", done);
  });

const [oauth, secret] = await client();
const between = await gate(server, ["test-tool", "test_tool"], oauth, secret);
process.on("SIGTERM", async () => {
  await between.close();
  process.exit(1);
});
const needsPerson = failed => /masugata credentials login/.test(failed.message);
let left = 2;
const again = async work => {
  for (;;) {
    try {
      return await work();
    } catch (failed) {
      if (!needsPerson(failed) || left-- === 0) throw failed;
      if ((await login(between.env)) !== 0) throw new Error("the login failed", { cause: failed });
    }
  }
};
let code = 0;
try {
  const mcp = new Client({ name: "conformance-login", version: "1.0.0" }, { versionNegotiation: { mode: "auto" } });
  const headers = { Authorization: `Bearer ${between.token}` };
  await mcp.connect(new StreamableHTTPClientTransport(new URL(between.url), { requestInit: { headers } }));
  const { tools } = await again(() => mcp.listTools());
  for (const { name } of tools) {
    const result = await again(async () => {
      const said = await mcp.callTool({ name, arguments: {} });
      const text = JSON.stringify(said);
      if (needsPerson({ message: text })) throw new Error(text);
      return said;
    });
    console.log(JSON.stringify(result));
  }
  await mcp.close();
} catch (failed) {
  console.error(failed);
  code = 1;
} finally {
  await between.close();
}
process.exit(code);
