// The client that the conformance suite starts with the URL of a scenario's server: reaches that server through a gate
// and does what the scenario needs. With $GATE_LAUNCHER a gate is started that has the server as its only upstream;
// without it a transparent forwarder stands in the gate's place. $CLIENT_ERA says how the client begins: auto, legacy.
// usage: PEERS=... [GATE_LAUNCHER=.../masugata] [CLIENT_ERA=legacy] node conformance-client.mjs URL
import { forward } from "./forwarder.mjs";
import { gate } from "./gate.mjs";
import { load } from "./load.mjs";

const { Client, StreamableHTTPClientTransport } = await load("@modelcontextprotocol/client");

const scenario = process.env.MCP_CONFORMANCE_SCENARIO;
const context = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? "{}");
const call = (client, name, args = {}) => client.callTool({ name, arguments: args });

/** What a scenario needs beside a connection and the list of tools, and the tools that it calls. */
const SCENARIOS = {
  initialize: { calls: [] },
  "request-metadata": { calls: [] },
  "json-schema-ref-no-deref": { calls: [] },
  tools_call: { calls: ["add_numbers"], run: async client => call(client, "add_numbers", { a: 5, b: 3 }) },
  "elicitation-sep1034-client-defaults": { calls: ["test_client_elicitation_defaults"] },
  "sse-retry": { calls: ["test_reconnection"] },
  "http-custom-headers": {
    calls: ["test_custom_headers", "test_custom_headers_null"],
    run: async client => {
      for (const { name, arguments: args } of context.toolCalls) await call(client, name, args);
    },
  },
  // The invalid ones must be gone from the list: whatever is listed is called.
  "http-invalid-tool-headers": {
    calls: ["valid_tool"],
    run: async (client, tools) => {
      for (const { name } of tools) await call(client, name, name === "valid_tool" ? { region: "us-east1" } : {});
    },
  },
  "http-standard-headers": {
    calls: ["test_headers", "my-hyphenated-tool"],
    run: async (client, tools) => {
      for (const { name } of tools) await call(client, name);
      for (const { uri } of (await client.listResources()).resources) await client.readResource({ uri });
      for (const { name } of (await client.listPrompts()).prompts) await client.getPrompt({ name });
    },
  },
  "json-schema-2020-12-preservation": {
    calls: ["json_schema_echo"],
    run: async (client, tools) => {
      const { inputSchema } = tools.find(it => it.name === "json_schema_2020_12_tool");
      await call(client, "json_schema_echo", { schema: inputSchema });
    },
  },
  "sep-2322-client-request-state": {
    calls: ["test_mrtr_echo_state", "test_mrtr_unrelated", "test_mrtr_no_state", "test_mrtr_no_result_type"],
    run: async client => {
      await Promise.all([call(client, "test_mrtr_echo_state"), call(client, "test_mrtr_unrelated")]);
      await call(client, "test_mrtr_no_state");
      try {
        await call(client, "test_mrtr_no_result_type");
      } catch (refused) {
        // This SDK refuses a result without a type from a server of the newer era; a gate may give it one.
        if (refused.data?.violation !== "missing-resultType") throw refused;
      }
    },
  },
};

/** Fills a form as a person would who changes nothing but what has no default. */
const filled = schema => {
  const given = {};
  for (const [name, { type, default: already }] of Object.entries(schema?.properties ?? {})) {
    if (already === undefined) given[name] = type === "boolean" ? true : type === "string" ? "given" : 1;
  }
  return given;
};

const drive = async (url, token) => {
  const client = new Client(
    { name: "conformance-client", version: "1.0.0" },
    {
      capabilities: { elicitation: { form: { applyDefaults: true } } },
      versionNegotiation: { mode: process.env.CLIENT_ERA ?? "auto" },
    },
  );
  client.setRequestHandler("elicitation/create", async request => ({
    action: "accept",
    content: filled(request.params.requestedSchema),
  }));
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
  const { tools } = await client.listTools();
  const { calls, run } = SCENARIOS[scenario];
  if (run) await run(client, tools);
  else for (const name of calls) await call(client, name);
  await client.close();
};

const server = process.argv[2];
if (SCENARIOS[scenario] === undefined) throw new Error(`no steps for ${scenario}`);
const between = process.env.GATE_LAUNCHER ? await gate(server, SCENARIOS[scenario].calls) : await forward(0, server);
// The suite ends a client that takes too long: nothing may be left behind.
process.on("SIGTERM", async () => {
  await between.close();
  process.exit(1);
});
try {
  await drive(between.url, between.token);
} finally {
  await between.close();
}
// Idle connections of the forwarder would keep the process.
process.exit(0);
